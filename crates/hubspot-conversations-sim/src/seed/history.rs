//! Builds a thread's history entry by entry, and updates the thread with each.

mod authors;
mod messages;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{
    ActorId, ClientType, Message, MessageId, MessageStatusType, Thread, ThreadStatus,
};

use crate::account::channel_ids;
use crate::account::conversation::Conversation;
use crate::account::history_events::{Cause, Event};
use crate::assumptions;
use crate::seed::attachments;
use crate::seed::channel_accounts::{self, ChannelAccountSeed};
use crate::seed::mail::Quoted;
use crate::seed::people::{self, Agent, Contact, People};
use crate::seed::plan::{Entry, Plan, ThreadState};
use crate::seed::topics::{FILLERS, Lines, Topic};

/// The longest duration of a thread. It is less than the age of the youngest thread.
pub(crate) const MAX_DURATION: TimeDelta = TimeDelta::days(18);

/// The longest time between two entries.
const MAX_PAUSE: TimeDelta = TimeDelta::hours(9);

pub(crate) struct History<'a> {
    random: &'a mut Rng,
    people: &'a People,
    channel_account: &'static ChannelAccountSeed,
    topic: &'static Topic,
    contact: &'a Contact,
    agent: &'a Agent,
    order: u32,
    at: DateTime<Utc>,
    /// The longest pause, in milliseconds.
    pause: i64,
    conversation: Conversation,
    last_mail: Option<Quoted>,
    last_message: Option<MessageId>,
    agent_spoke_last: bool,
    /// The next texts of the visitor, the agent and the notes.
    lines: Lines,
}

impl<'a> History<'a> {
    pub(crate) fn begin(
        random: &'a mut Rng,
        people: &'a People,
        plan: &Plan,
        id: u64,
        begins: DateTime<Utc>,
        messages: usize,
    ) -> Self {
        let channel_account = plan.channel_account();
        let contact = &people.contacts[random.usize(..people.contacts.len())];
        let agent = &people.agents[random.usize(..people.agents.len())];
        let mut thread = Thread::new(id.into());
        thread.status = Some(ThreadStatus::Open);
        thread.inbox_id = Some(channel_account.inbox.into());
        thread.associated_contact_id = Some(contact.id.into());
        thread.original_channel_id = Some(channel_account.channel.into());
        thread.original_channel_account_id = Some(channel_account.id.into());
        thread.created_at = Some(begins);
        thread.spam = Some(plan.is_spam());
        thread.archived = Some(false);

        let topic = if plan.is_spam() { Topic::spam() } else { Topic::any(random) };
        let share = MAX_DURATION / i32::try_from(messages.max(1)).unwrap_or(i32::MAX);
        Self {
            topic,
            order: random.u32(40_000..90_000),
            people,
            channel_account,
            contact,
            agent,
            at: begins,
            pause: share.min(MAX_PAUSE).num_milliseconds().max(3),
            conversation: Conversation::new(thread),
            last_mail: None,
            last_message: None,
            agent_spoke_last: false,
            lines: Lines::of(topic, random.usize(..FILLERS)),
            random,
        }
    }

    pub(crate) fn end(self) -> Conversation {
        self.conversation
    }

    pub(crate) fn random(&mut self) -> &mut Rng {
        self.random
    }

    /// The state of the thread, with `left` entries to come.
    pub(crate) fn state(&self, left: usize) -> ThreadState {
        let thread = &self.conversation.thread;
        let last = self.conversation.history().last();
        ThreadState {
            left,
            is_closed: thread.status == Some(ThreadStatus::Closed),
            is_assigned: thread.assigned_to.is_some(),
            agent_spoke_last: self.agent_spoke_last,
            replier_not_assigned: thread.assigned_to.as_ref() != Some(&self.agent.id)
                && last.and_then(Message::created_by) == Some(&self.agent.id)
                && matches!(last, Some(Message::Message(_))),
        }
    }

    /// Adds an entry.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.at += match entry {
            Entry::AssignReplier => assumptions::ASSIGNED_AFTER_REPLY,
            _ => TimeDelta::milliseconds(self.random.i64(self.pause / 3..self.pause)),
        };
        match entry {
            Entry::Incoming => {
                let attachments = self.incoming_attachments();
                self.incoming(self.visitor(), false, attachments);
            }
            Entry::IncomingLong => self.incoming(self.visitor(), true, Vec::new()),
            Entry::IncomingFromAddress => self.incoming(self.address(), false, Vec::new()),
            Entry::IncomingPicture => self.picture(),
            Entry::AgentFromOutside => self.incoming(self.agent_from_outside(), false, Vec::new()),
            Entry::Outgoing => self.outgoing(MessageStatusType::Sent, Vec::new()),
            Entry::OutgoingFailed => self.outgoing(MessageStatusType::Failed, Vec::new()),
            Entry::Template => {
                let parts = attachments::template(self.contact.id, self.contact.given_name);
                self.outgoing(MessageStatusType::Read, parts);
            }
            Entry::Welcome => self.welcome(),
            Entry::Bot => {
                let text = "Hello! What can we do for you?";
                self.program(people::BOT, text, vec![attachments::quick_replies()]);
            }
            Entry::CustomerAgent => {
                let text = "I found two articles on that. If they do not help, somebody of the \
                            team will be with you shortly.";
                self.program(people::CUSTOMER_AGENT, text, Vec::new());
            }
            Entry::Comment => self.comment(self.agent.id.clone(), ClientType::Hubspot),
            Entry::CommentByApp => self.comment(people::order_sync(), ClientType::Integration),
            Entry::Assign => self.assign(),
            Entry::AssignReplier => {
                let agent = self.agent.id.clone();
                self.set_assignee(Some(agent.clone()), Cause::Agent(agent));
            }
            Entry::Unassign => self.set_assignee(None, Cause::Agent(self.agent.id.clone())),
            Entry::Move => self.change_inbox(),
            Entry::Close => self.set_status(ThreadStatus::Closed),
            Entry::Reopen => self.set_status(ThreadStatus::Open),
        }
    }

    fn is_email(&self) -> bool {
        self.channel_account.channel == channel_ids::EMAIL
    }

    fn words(&self, line: &str) -> String {
        line.replace("{order}", &format!("#{}", self.order))
            .replace("{name}", self.contact.given_name)
    }

    fn event(&mut self, cause: Cause, make: impl FnOnce(&Event<'_>, &mut Rng) -> Message) {
        let event = Event { thread: &self.conversation.thread.id, at: self.at, cause };
        let entry = make(&event, self.random);
        self.conversation.append(entry);
    }

    /// HubSpot assigns the thread first; later an agent reassigns it.
    fn assign(&mut self) {
        let before = self.conversation.thread.assigned_to.clone();
        let cause = match before {
            None => Cause::Hubspot,
            Some(_) => Cause::Agent(self.agent.id.clone()),
        };
        if before.is_some() {
            self.agent = &self.people.agents[self.random.usize(..self.people.agents.len())];
        }
        self.set_assignee(Some(self.agent.id.clone()), cause);
    }

    fn set_assignee(&mut self, to: Option<ActorId>, cause: Cause) {
        let thread = &mut self.conversation.thread;
        let from = std::mem::replace(&mut thread.assigned_to, to.clone());
        self.event(cause, |event, random| event.assignment(random, from, to));
    }

    fn set_status(&mut self, new: ThreadStatus) {
        self.conversation.thread.closed_at = (new == ThreadStatus::Closed).then_some(self.at);
        self.conversation.thread.status = Some(new.clone());
        let cause = match new {
            ThreadStatus::Open => Cause::Hubspot,
            _ => Cause::Agent(self.agent.id.clone()),
        };
        self.event(cause, |event, random| event.status_change(random, new));
    }

    fn change_inbox(&mut self) {
        let from =
            self.conversation.thread.inbox_id.clone().unwrap_or(channel_accounts::SUPPORT.into());
        let inboxes =
            [channel_accounts::SUPPORT, channel_accounts::SALES, channel_accounts::HELP_DESK];
        let others = inboxes.into_iter().filter(|other| *other != id_number(from.as_str()));
        let others: Vec<u64> = others.collect();
        let to = others[self.random.usize(..others.len())];
        self.conversation.thread.inbox_id = Some(to.into());
        let cause = Cause::Agent(self.agent.id.clone());
        self.event(cause, |event, random| event.inbox_change(random, from, to.into()));
    }
}

fn id_number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}
