//! Selects the next entry of a thread's history.
//!
//! The kind of thread determines the first entries, so that every kind of entry, actor and
//! attachment occurs with every seed. The others are random.

use fastrand::Rng;

use crate::seed::channel_accounts::{self, ChannelAccountSeed};

/// A kind of entry in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The visitor writes.
    Incoming,
    /// The visitor writes a text that is shown truncated.
    IncomingLong,
    /// The visitor writes from an address that HubSpot does not know.
    IncomingFromAddress,
    /// The visitor sends a picture without a text.
    IncomingPicture,
    /// An agent replies from a personal mailbox, which HubSpot records as an incoming message.
    AgentFromOutside,
    /// An agent replies.
    Outgoing,
    /// An agent replies, and the message cannot be delivered.
    OutgoingFailed,
    /// An agent starts with a message template.
    Template,
    /// The chat greets.
    Welcome,
    /// The bot offers quick replies.
    Bot,
    /// HubSpot's customer agent replies.
    CustomerAgent,
    /// An agent adds a comment for the team.
    Comment,
    /// Another program adds a comment for the team.
    CommentByApp,
    /// HubSpot or an agent assigns the thread.
    Assign,
    /// HubSpot assigns the thread to the agent who has just replied.
    AssignReplier,
    /// The thread is unassigned.
    Unassign,
    /// The thread moves to another inbox.
    Move,
    /// The thread is closed.
    Close,
    /// The thread is reopened.
    Reopen,
}

/// The state of a thread before its next entry.
#[derive(Debug)]
pub(crate) struct ThreadState {
    /// The number of entries to come.
    pub(crate) left: usize,
    pub(crate) is_closed: bool,
    pub(crate) is_assigned: bool,
    pub(crate) agent_spoke_last: bool,
    /// Whether the last entry is a reply by an agent to whom the thread is not assigned.
    pub(crate) replier_not_assigned: bool,
}

/// The kind of a thread, and the number of its fixed entries so far.
#[derive(Debug)]
pub(crate) struct Plan {
    index: usize,
    taken: usize,
}

/// The number of kinds of threads.
const KINDS: usize = 12;

impl Plan {
    pub(crate) fn of(index: usize) -> Self {
        Self { index, taken: 0 }
    }

    pub(crate) fn is_spam(&self) -> bool {
        self.index % KINDS == 8
    }

    pub(crate) fn channel_account(&self) -> &'static ChannelAccountSeed {
        match self.index % KINDS {
            0 | 6 => &channel_accounts::SUPPORT_MAIL,
            1 | 7 => &channel_accounts::CHAT,
            2 | 8 => &channel_accounts::HELP_DESK_MAIL,
            3 | 9 => &channel_accounts::WHATSAPP_NUMBER,
            5 | 11 => &channel_accounts::MESSENGER_PAGE,
            10 => &channel_accounts::CONTACT_FORM,
            _ => &channel_accounts::SALES_MAIL,
        }
    }

    fn ends_closed(&self) -> bool {
        matches!(self.index % 5, 0 | 3)
    }

    fn ends_unassigned(&self) -> bool {
        self.index % 4 == 3
    }

    fn beginning(&self) -> &'static [Entry] {
        use Entry::*;
        match self.index % KINDS {
            0 => &[Incoming, Assign, Outgoing, IncomingLong, Comment, Move, IncomingFromAddress],
            6 => &[IncomingLong, CommentByApp, Assign, Outgoing, Incoming],
            1 | 7 => &[Welcome, Incoming, Bot, Incoming, CustomerAgent, Assign, Outgoing],
            2 => {
                &[Incoming, Assign, CommentByApp, Outgoing, IncomingLong, Comment, IncomingPicture]
            }
            3 | 9 => &[Incoming, Assign, Template, Incoming, Outgoing, Incoming],
            5 | 11 => &[Incoming, Comment, CustomerAgent, Incoming],
            10 => &[Incoming, Assign, Outgoing],
            _ => &[Incoming, Assign, Outgoing, AgentFromOutside, Unassign, OutgoingFailed],
        }
    }

    /// The next entry.
    pub(crate) fn next(&mut self, random: &mut Rng, state: &ThreadState) -> Entry {
        let left = state.left;
        let has_begun = self.taken > 0;
        if state.is_closed {
            return Entry::Reopen;
        }
        if left == 1 && has_begun && self.ends_closed() {
            return Entry::Close;
        }
        if left == 1 && state.is_assigned && self.ends_unassigned() {
            return Entry::Unassign;
        }
        if state.replier_not_assigned {
            return Entry::AssignReplier;
        }
        self.taken += 1;
        if self.is_spam() {
            return Entry::Incoming;
        }
        if let Some(&entry) = self.beginning().get(self.taken - 1) {
            return entry;
        }
        let agents_turn = !state.agent_spoke_last;
        match random.u8(..100) {
            // Usually they take turns.
            0..62 if agents_turn => Entry::Outgoing,
            0..48 | 62..66 => Entry::Incoming,
            48..62 | 66..70 => Entry::IncomingLong,
            70..78 => Entry::Outgoing,
            78..90 => Entry::Comment,
            90..94 => Entry::Assign,
            94..96 if state.is_assigned => Entry::Unassign,
            96..98 => Entry::Move,
            // This leaves room for the entries after a close.
            98.. if left > 3 => Entry::Close,
            _ => Entry::Comment,
        }
    }
}
