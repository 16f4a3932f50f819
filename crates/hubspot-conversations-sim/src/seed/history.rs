//! Telling a thread's history, entry by entry, so that thread and history always agree.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use fastrand::Rng;
use hubspot_conversations_api::types::{
    ActorId, Attachment, ClientType, Comment, ConversationsMessage, DeliveryIdentifier,
    DeliveryIdentifierType, Message, MessageClient, MessageDirection, MessageFailureDetails,
    MessageId, MessageStatus, MessageStatusType, Recipient, RecipientField, Sender, Thread,
    ThreadStatus, WelcomeMessage,
};

use crate::answered;
use crate::channels;
use crate::choices;
use crate::conversation::Conversation;
use crate::history_events::{self, Cause, Event};
use crate::ids;
use crate::seed::LONGEST;
use crate::seed::attachments;
use crate::seed::mail::{self, Letter, Quoted};
use crate::seed::people::{self, Agent, Cast, Contact};
use crate::seed::places::{self, Place};
use crate::seed::plan::{Plan, Situation, Step};
use crate::seed::topics::{FILLERS, Lines, Topic};

/// The time between two entries, at most.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(9);

pub(crate) struct Story<'a> {
    random: &'a mut Rng,
    cast: &'a Cast,
    place: &'static Place,
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
    /// What the visitor, the agent and the notes say next.
    lines: Lines,
}

/// The parts of a message that depend on who writes it.
struct Author {
    sender: Sender,
    recipients: Vec<Recipient>,
    direction: MessageDirection,
    client: ClientType,
    status: MessageStatus,
}

impl<'a> Story<'a> {
    pub(crate) fn begin(
        random: &'a mut Rng,
        cast: &'a Cast,
        plan: &Plan,
        id: u64,
        begins: DateTime<Utc>,
        messages: usize,
    ) -> Self {
        let place = plan.place();
        let contact = &cast.contacts[random.usize(..cast.contacts.len())];
        let agent = &cast.agents[random.usize(..cast.agents.len())];
        let mut thread = Thread::new(id.into());
        thread.status = Some(ThreadStatus::Open);
        thread.inbox_id = Some(place.inbox.into());
        thread.associated_contact_id = Some(contact.id.into());
        thread.original_channel_id = Some(place.channel.into());
        thread.original_channel_account_id = Some(place.id.into());
        thread.created_at = Some(begins);
        thread.spam = Some(plan.is_spam());
        thread.archived = Some(false);

        let topic = if plan.is_spam() { Topic::spam() } else { Topic::any(random) };
        let share = LONGEST / i32::try_from(messages.max(1)).unwrap_or(i32::MAX);
        Self {
            topic,
            order: random.u32(40_000..90_000),
            cast,
            place,
            contact,
            agent,
            at: begins,
            pause: share.min(LONGEST_PAUSE).num_milliseconds().max(3),
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

    /// How the thread stands, with so many entries to come.
    pub(crate) fn situation(&self, left: usize) -> Situation {
        let thread = &self.conversation.thread;
        let last = self.conversation.history().last();
        Situation {
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
    pub(crate) fn tell(&mut self, step: Step) {
        self.at += match step {
            Step::AssignReplier => choices::ASSIGNED_AFTER_REPLY,
            _ => TimeDelta::milliseconds(self.random.i64(self.pause / 3..self.pause)),
        };
        match step {
            Step::Incoming => {
                let attachments = self.incoming_attachments();
                self.incoming(self.visitor(), false, attachments);
            }
            Step::IncomingLong => self.incoming(self.visitor(), true, Vec::new()),
            Step::IncomingFromAddress => self.incoming(self.address(), false, Vec::new()),
            Step::IncomingPicture => self.picture(),
            Step::AgentFromOutside => self.incoming(self.agent_from_outside(), false, Vec::new()),
            Step::Outgoing => self.outgoing(MessageStatusType::Sent, Vec::new()),
            Step::OutgoingFailed => self.outgoing(MessageStatusType::Failed, Vec::new()),
            Step::Template => {
                let parts = attachments::template(self.contact.id, self.contact.given);
                self.outgoing(MessageStatusType::Read, parts);
            }
            Step::Welcome => self.welcome(),
            Step::Bot => {
                let text = "Hello! What can we do for you?";
                self.program(people::BOT, text, vec![attachments::quick_replies()]);
            }
            Step::CustomerAgent => {
                let text = "I found two articles on that. If they do not help, somebody of the \
                            team will be with you shortly.";
                self.program(people::CUSTOMER_AGENT, text, Vec::new());
            }
            Step::Comment => self.comment(self.agent.id.clone(), ClientType::Hubspot),
            Step::CommentByApp => self.comment(people::order_sync(), ClientType::Integration),
            Step::Assign => self.assign(),
            Step::AssignReplier => {
                let agent = self.agent.id.clone();
                self.set_assignee(Some(agent.clone()), Cause::Agent(agent));
            }
            Step::Unassign => self.set_assignee(None, Cause::Agent(self.agent.id.clone())),
            Step::Move => self.change_inbox(),
            Step::Close => self.set_status(ThreadStatus::Closed),
            Step::Reopen => self.set_status(ThreadStatus::Open),
        }
    }

    fn is_email(&self) -> bool {
        self.place.channel == channels::EMAIL
    }

    fn words(&self, line: &str) -> String {
        line.replace("{order}", &format!("#{}", self.order)).replace("{name}", self.contact.given)
    }

    // Authors.

    fn visitor(&self) -> Author {
        let mut sender = Sender::new();
        sender.actor_id = Some(self.contact.actor_id());
        sender.name = (!self.contact.anonymous).then(|| self.contact.name.clone());
        sender.delivery_identifier =
            Some(answered::address(&self.contact.identifier(self.place.channel)));
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
        let recipient = self.place.identifier().filter(|_| self.is_email()).map(|identifier| {
            let mut recipient = Recipient::new();
            recipient.recipient_field = Some(RecipientField::To);
            recipient.delivery_identifier = Some(identifier);
            recipient
        });
        Author {
            sender,
            recipients: recipient.into_iter().collect(),
            direction: MessageDirection::Incoming,
            client: match self.place.channel {
                channels::FORMS => ClientType::Unknown,
                _ => ClientType::System,
            },
            status: MessageStatus::new(MessageStatusType::Received),
        }
    }

    /// HubSpot shows an agent who writes e-mail with the mailbox behind the name.
    fn responsible_agent(&self, status: MessageStatusType) -> Author {
        let mut sender = Sender::new();
        sender.actor_id = Some(self.agent.id.clone());
        sender.name = Some(match self.is_email() {
            true => format!("{} {}", self.agent.name, self.place.name),
            false => self.agent.name.clone(),
        });
        sender.sender_field = self.is_email().then(|| "FROM".to_owned());
        sender.delivery_identifier = self.place.identifier();

        let mut recipient = Recipient::new();
        recipient.name = Some(self.contact.name.clone());
        recipient.recipient_field = self.is_email().then_some(RecipientField::To);
        recipient.delivery_identifier =
            Some(answered::address(&self.contact.identifier(self.place.channel)));

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
            let name = author.sender.name.as_deref().unwrap_or(self.contact.given);
            text = format!("Hello,\n\n{text}\n\nBest regards\n{name}");
            // The times of e-mail come from its headers, which have no milliseconds.
            if self.random.bool() {
                self.at = self.at.trunc_subsecs(0);
            }
        }
        let letter = match &self.last_mail {
            _ if !long || !self.is_email() => mail::whole(text),
            Some(quoted) => mail::answer(text, quoted),
            None => mail::with_log(&text, self.at),
        };
        self.message(author, letter, attachments);
    }

    fn picture(&mut self) {
        let rich_text = "<p><img src=\"https://files.example.com/inline/lamp.png\"></p>".to_owned();
        let letter = Letter { rich_text, ..mail::whole(String::new()) };
        let picture = attachments::file(self.random);
        self.message(self.visitor(), letter, vec![picture]);
    }

    fn outgoing(&mut self, status: MessageStatusType, attachments: Vec<Attachment>) {
        let line = self.lines.agent.next();
        let mut text = self.words(line);
        if self.is_email() {
            text = format!(
                "Hi {},\n\n{text}\n\nKind regards\n{}\nExample Company",
                self.contact.given, self.agent.name
            );
        }
        let author = self.responsible_agent(status);
        self.message(author, mail::whole(text), attachments);
    }

    fn message(&mut self, author: Author, letter: Letter, attachments: Vec<Attachment>) {
        let id = ids::message(self.random);
        if let Some(original) = letter.original {
            self.conversation.originals.insert(id.clone(), original);
        }
        if self.is_email() {
            self.last_mail = Some(Quoted {
                at: self.at,
                name: author.sender.name.clone().unwrap_or_else(|| self.contact.name.clone()),
                address: address_of(&author.sender),
                text: letter.text.clone(),
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
        entry.text = Some(letter.text);
        entry.rich_text = Some(letter.rich_text);
        entry.attachments = attachments;
        entry.subject = self.subject();
        entry.truncation_status = Some(letter.truncation);
        entry.status = Some(author.status);
        entry.in_reply_to_id = self.last_message.replace(id).filter(|_| self.is_email());
        entry.direction = Some(author.direction);
        entry.channel_id = Some(self.place.channel.into());
        entry.channel_account_id = Some(self.place.id.into());
        self.conversation.append(entry.into());
    }

    fn subject(&self) -> Option<String> {
        let answer = if self.last_message.is_some() { "Re: " } else { "" };
        self.is_email().then(|| format!("{answer}{}", self.words(self.topic.subject)))
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
        entry.channel_id = Some(self.place.channel.into());
        entry.channel_account_id = Some(self.place.id.into());
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
        match (self.place.channel, self.conversation.history().len()) {
            (channels::WHATSAPP, 0) => vec![attachments::location()],
            (channels::WHATSAPP, 3) => vec![attachments::contact_card()],
            (channels::WHATSAPP, 5) => vec![attachments::unsupported()],
            (channels::MESSENGER, 0) => vec![attachments::post(self.random)],
            (channels::EMAIL, 0) => vec![attachments::file(self.random)],
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

    /// HubSpot assigns first; later on agents pass the thread on.
    fn assign(&mut self) {
        let before = self.conversation.thread.assigned_to.clone();
        let cause = match before {
            None => Cause::Hubspot,
            Some(_) => Cause::Agent(self.agent.id.clone()),
        };
        if before.is_some() {
            self.agent = &self.cast.agents[self.random.usize(..self.cast.agents.len())];
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
        let from = self.conversation.thread.inbox_id.clone().unwrap_or(places::SUPPORT.into());
        let inboxes = [places::SUPPORT, places::SALES, places::HELP_DESK];
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
