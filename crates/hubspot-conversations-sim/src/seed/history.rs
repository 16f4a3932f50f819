//! Builds a thread's history entry by entry, and updates the thread with each.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{
    ActorId, Attachment, ClientType, Comment, ConversationsMessage, DeliveryIdentifier,
    DeliveryIdentifierType, Message, MessageClient, MessageDirection, MessageFailureDetails,
    MessageId, MessageStatus, MessageStatusType, Recipient, RecipientField, Sender, Thread,
    ThreadStatus, WelcomeMessage,
};

use crate::account::conversation::Conversation;
use crate::account::history_events::{self, Cause, Event};
use crate::account::{channel_ids, from_sent, ids};
use crate::assumptions;
use crate::seed::attachments;
use crate::seed::channel_accounts::{self, ChannelAccountSeed};
use crate::seed::mail::{self, MessageText, Quoted};
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

/// The parts of a message that depend on its author.
struct Author {
    sender: Sender,
    recipients: Vec<Recipient>,
    direction: MessageDirection,
    client: ClientType,
    status: MessageStatus,
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

    // Authors.

    fn visitor(&self) -> Author {
        let mut sender = Sender::new();
        sender.actor_id = Some(self.contact.actor_id());
        sender.name = (!self.contact.anonymous).then(|| self.contact.name.clone());
        sender.delivery_identifier =
            Some(from_sent::address(&self.contact.identifier(self.channel_account.channel)));
        self.incoming_from(sender)
    }

    fn address(&self) -> Author {
        let address = self.contact.second_address();
        let mut sender = Sender::new();
        sender.actor_id = Some(format!("E-{address}").into());
        sender.delivery_identifier =
            Some(DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, address));
        self.incoming_from(sender)
    }

    fn agent_from_outside(&self) -> Author {
        let email = self.agent.email.clone();
        let mut sender = Sender::new();
        sender.actor_id = Some(self.agent.id.clone());
        sender.name = Some(self.agent.name.clone());
        sender.delivery_identifier =
            Some(DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email));
        self.incoming_from(sender)
    }

    fn incoming_from(&self, mut sender: Sender) -> Author {
        sender.sender_field = self.is_email().then(|| "FROM".to_owned());
        let recipient =
            self.channel_account.identifier().filter(|_| self.is_email()).map(|identifier| {
                let mut recipient = Recipient::new();
                recipient.recipient_field = Some(RecipientField::To);
                recipient.delivery_identifier = Some(identifier);
                recipient
            });
        Author {
            sender,
            recipients: recipient.into_iter().collect(),
            direction: MessageDirection::Incoming,
            client: match self.channel_account.channel {
                channel_ids::FORMS => ClientType::Unknown,
                _ => ClientType::System,
            },
            status: MessageStatus::new(MessageStatusType::Received),
        }
    }

    /// In e-mail, HubSpot adds the mailbox's name to the agent's.
    fn responsible_agent(&self, status: MessageStatusType) -> Author {
        let mut sender = Sender::new();
        sender.actor_id = Some(self.agent.id.clone());
        sender.name = Some(match self.is_email() {
            true => format!("{} {}", self.agent.name, self.channel_account.name),
            false => self.agent.name.clone(),
        });
        sender.sender_field = self.is_email().then(|| "FROM".to_owned());
        sender.delivery_identifier = self.channel_account.identifier();

        let mut recipient = Recipient::new();
        recipient.name = Some(self.contact.name.clone());
        recipient.recipient_field = self.is_email().then_some(RecipientField::To);
        recipient.delivery_identifier =
            Some(from_sent::address(&self.contact.identifier(self.channel_account.channel)));

        let has_failed = status == MessageStatusType::Failed;
        let mut status = MessageStatus::new(status);
        if has_failed {
            let mut details = MessageFailureDetails::new();
            details.error_message = Some("The mailbox of the recipient is full.".to_owned());
            status.failure_details = Some(details);
        }
        Author {
            sender,
            recipients: vec![recipient],
            direction: MessageDirection::Outgoing,
            client: ClientType::Hubspot,
            status,
        }
    }

    // Messages.

    fn incoming(&mut self, author: Author, long: bool, attachments: Vec<Attachment>) {
        let is_first = self.last_message.is_none();
        let line = if is_first { self.topic.opening } else { self.lines.visitor.next() };
        let mut text = self.words(line);
        if self.is_email() {
            let name = author.sender.name.as_deref().unwrap_or(self.contact.given_name);
            text = format!("Hello,\n\n{text}\n\nBest regards\n{name}");
            // The times of e-mail come from its headers, without milliseconds.
            if self.random.bool() {
                self.at = self.at.trunc_subsecs(0);
            }
        }
        let text = match &self.last_mail {
            _ if !long || !self.is_email() => mail::whole(text),
            Some(quoted) => mail::reply(text, quoted),
            None => mail::with_log(&text, self.at),
        };
        self.message(author, text, attachments);
    }

    fn picture(&mut self) {
        let rich_text = "<p><img src=\"https://files.example.com/inline/lamp.png\"></p>".to_owned();
        let text = MessageText { rich_text, ..mail::whole(String::new()) };
        let picture = attachments::file(self.random);
        self.message(self.visitor(), text, vec![picture]);
    }

    fn outgoing(&mut self, status: MessageStatusType, attachments: Vec<Attachment>) {
        let line = self.lines.agent.next();
        let mut text = self.words(line);
        if self.is_email() {
            text = format!(
                "Hi {},\n\n{text}\n\nKind regards\n{}\nExample Company",
                self.contact.given_name, self.agent.name
            );
        }
        let author = self.responsible_agent(status);
        self.message(author, mail::whole(text), attachments);
    }

    fn message(&mut self, author: Author, text: MessageText, attachments: Vec<Attachment>) {
        let id = ids::message(self.random);
        if let Some(original) = text.original {
            self.conversation.originals.insert(id.clone(), original);
        }
        if self.is_email() {
            self.last_mail = Some(Quoted {
                at: self.at,
                name: author.sender.name.clone().unwrap_or_else(|| self.contact.name.clone()),
                address: address_of(&author.sender),
                text: text.text.clone(),
            });
        }

        self.agent_spoke_last = author.direction == MessageDirection::Outgoing;

        let mut entry = ConversationsMessage::new(id.clone());
        entry.conversations_thread_id = Some(self.conversation.thread.id.clone());
        entry.created_at = Some(self.at);
        entry.updated_at = Some(self.at);
        entry.created_by.clone_from(&author.sender.actor_id);
        entry.client = Some(MessageClient::new(author.client));
        entry.senders = vec![author.sender];
        entry.recipients = author.recipients;
        entry.archived = Some(false);
        entry.text = Some(text.text);
        entry.rich_text = Some(text.rich_text);
        entry.attachments = attachments;
        entry.subject = self.subject();
        entry.truncation_status = Some(text.truncation);
        entry.status = Some(author.status);
        entry.in_reply_to_id = self.last_message.replace(id).filter(|_| self.is_email());
        entry.direction = Some(author.direction);
        entry.channel_id = Some(self.channel_account.channel.into());
        entry.channel_account_id = Some(self.channel_account.id.into());
        self.conversation.append(entry.into());
    }

    fn subject(&self) -> Option<String> {
        let prefix = if self.last_message.is_some() { "Re: " } else { "" };
        self.is_email().then(|| format!("{prefix}{}", self.words(self.topic.subject)))
    }

    /// Programs have no delivery identifier.
    fn program(&mut self, actor: &str, text: &str, attachments: Vec<Attachment>) {
        let mut author = self.responsible_agent(MessageStatusType::Sent);
        author.sender = Sender::new();
        author.sender.actor_id = Some(actor.into());
        author.client = ClientType::System;
        self.message(author, mail::whole(text.to_owned()), attachments);
    }

    fn welcome(&mut self) {
        let mut sender = Sender::new();
        sender.actor_id = Some(history_events::HUBSPOT.into());
        let mut entry = WelcomeMessage::new(ids::message(self.random));
        entry.conversations_thread_id = Some(self.conversation.thread.id.clone());
        entry.created_at = Some(self.at);
        entry.created_by = Some(history_events::HUBSPOT.into());
        entry.client = Some(MessageClient::new(ClientType::System));
        entry.senders = vec![sender];
        entry.archived = Some(false);
        entry.text = Some("Got a question? We are happy to help.".to_owned());
        entry.channel_id = Some(self.channel_account.channel.into());
        entry.channel_account_id = Some(self.channel_account.id.into());
        self.conversation.append(entry.into());
    }

    fn comment(&mut self, author: ActorId, client: ClientType) {
        let line = self.lines.notes.next();
        let text = self.words(line);
        let is_integration = client == ClientType::Integration;
        let mut client = MessageClient::new(client);
        if is_integration {
            client.integration_app_id = author.as_str().trim_start_matches("I-").parse().ok();
        }
        let mut sender = Sender::new();
        sender.actor_id = Some(author.clone());
        let mut entry = Comment::new(ids::message(self.random));
        entry.conversations_thread_id = Some(self.conversation.thread.id.clone());
        entry.created_at = Some(self.at);
        entry.updated_at = Some(self.at);
        entry.created_by = Some(author);
        entry.client = Some(client);
        entry.senders = vec![sender];
        entry.archived = Some(false);
        entry.rich_text = Some(mail::html(&text));
        entry.text = Some(text);
        self.conversation.append(entry.into());
    }

    fn incoming_attachments(&mut self) -> Vec<Attachment> {
        match (self.channel_account.channel, self.conversation.history().len()) {
            (channel_ids::WHATSAPP, 0) => vec![attachments::location()],
            (channel_ids::WHATSAPP, 3) => vec![attachments::contact_card()],
            (channel_ids::WHATSAPP, 5) => vec![attachments::unsupported()],
            (channel_ids::MESSENGER, 0) => vec![attachments::post(self.random)],
            (channel_ids::EMAIL, 0) => vec![attachments::file(self.random)],
            _ if self.random.u8(..8) == 0 => vec![attachments::file(self.random)],
            _ => Vec::new(),
        }
    }

    // Events.

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

fn address_of(sender: &Sender) -> String {
    sender.delivery_identifier.as_ref().and_then(|to| to.value.clone()).unwrap_or_default()
}
