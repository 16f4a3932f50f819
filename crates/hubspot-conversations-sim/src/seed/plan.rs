//! What happens in a thread, step by step.
//!
//! The first steps are fixed by the kind of thread, so that every kind of entry, actor and
//! attachment occurs whatever the seed. The rest is left to chance.

use fastrand::Rng;

use crate::seed::places::{self, Place};

/// One entry to add to a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The visitor writes.
    Incoming,
    /// The visitor writes something that is shown cut.
    IncomingLong,
    /// The visitor writes from an address HubSpot does not know.
    IncomingFromAddress,
    /// The visitor sends a picture and no words.
    IncomingPicture,
    /// An agent answers from a personal mailbox, which HubSpot takes for an incoming message.
    AgentFromOutside,
    /// An agent answers.
    Outgoing,
    /// An agent answers, and the message cannot be delivered.
    OutgoingFailed,
    /// An agent starts with a message template.
    Template,
    /// The chat greets.
    Welcome,
    /// The bot offers answers to choose from.
    Bot,
    /// HubSpot's customer agent answers.
    CustomerAgent,
    /// An agent notes something for the team.
    Comment,
    /// Another program notes something for the team.
    CommentByApp,
    /// HubSpot or an agent assigns the thread.
    Assign,
    /// HubSpot assigns the agent who just replied.
    AssignReplier,
    /// Nobody is responsible any more.
    Unassign,
    /// The thread moves to another inbox.
    Move,
    /// The thread is closed.
    Close,
    /// The thread is open again.
    Reopen,
}

/// How a thread stands when the next step is looked for.
#[derive(Debug)]
pub(crate) struct Situation {
    /// How many entries are still to come.
    pub(crate) left: usize,
    pub(crate) is_closed: bool,
    pub(crate) is_assigned: bool,
    pub(crate) agent_spoke_last: bool,
    /// Whether the last entry is a reply of somebody the thread is not assigned to.
    pub(crate) replier_not_assigned: bool,
}

/// The kind of a thread, and how far its fixed steps were taken.
#[derive(Debug)]
pub(crate) struct Plan {
    index: usize,
    taken: usize,
}

/// How many kinds of threads there are before they repeat.
const KINDS: usize = 12;

impl Plan {
    pub(crate) fn of(index: usize) -> Self {
        Self { index, taken: 0 }
    }

    pub(crate) fn is_spam(&self) -> bool {
        self.index % KINDS == 8
    }

    pub(crate) fn place(&self) -> &'static Place {
        match self.index % KINDS {
            0 | 6 => &places::SUPPORT_MAIL,
            1 | 7 => &places::CHAT,
            2 | 8 => &places::HELP_DESK_MAIL,
            3 | 9 => &places::WHATSAPP_NUMBER,
            5 | 11 => &places::MESSENGER_PAGE,
            10 => &places::CONTACT_FORM,
            _ => &places::SALES_MAIL,
        }
    }

    fn ends_closed(&self) -> bool {
        matches!(self.index % 5, 0 | 3)
    }

    fn ends_unassigned(&self) -> bool {
        self.index % 4 == 3
    }

    fn beginning(&self) -> &'static [Step] {
        use Step::*;
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

    /// What happens next.
    pub(crate) fn next(&mut self, random: &mut Rng, situation: &Situation) -> Step {
        let left = situation.left;
        let has_begun = self.taken > 0;
        if situation.is_closed {
            return Step::Reopen;
        }
        if left == 1 && has_begun && self.ends_closed() {
            return Step::Close;
        }
        if left == 1 && situation.is_assigned && self.ends_unassigned() {
            return Step::Unassign;
        }
        if situation.replier_not_assigned {
            return Step::AssignReplier;
        }
        self.taken += 1;
        if self.is_spam() {
            return Step::Incoming;
        }
        if let Some(&step) = self.beginning().get(self.taken - 1) {
            return step;
        }
        let agents_turn = !situation.agent_spoke_last;
        match random.u8(..100) {
            // Mostly they take turns.
            0..62 if agents_turn => Step::Outgoing,
            0..48 | 62..66 => Step::Incoming,
            48..62 | 66..70 => Step::IncomingLong,
            70..78 => Step::Outgoing,
            78..90 => Step::Comment,
            90..94 => Step::Assign,
            94..96 if situation.is_assigned => Step::Unassign,
            96..98 => Step::Move,
            // Room is left for what follows a closing.
            98.. if left > 3 => Step::Close,
            _ => Step::Comment,
        }
    }
}
