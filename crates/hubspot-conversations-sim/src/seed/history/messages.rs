//! Messages, welcome messages and comments.

use chrono::SubsecRound;
use hubspot_conversations_api::types::{
    ActorId, Attachment, ClientType, Comment, ConversationsMessage, MessageClient,
    MessageDirection, MessageStatusType, Sender, WelcomeMessage,
};

use crate::account::{channel_ids, history_events, ids};
use crate::seed::attachments;
use crate::seed::history::History;
use crate::seed::history::authors::Author;
use crate::seed::mail::{self, MessageText, Quoted};

impl History<'_> {
    pub(super) fn incoming(&mut self, author: Author, long: bool, attachments: Vec<Attachment>) {
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

    pub(super) fn picture(&mut self) {
        let rich_text = "<p><img src=\"https://files.example.com/inline/lamp.png\"></p>".to_owned();
        let text = MessageText { rich_text, ..mail::whole(String::new()) };
        let picture = attachments::file(self.random);
        self.message(self.visitor(), text, vec![picture]);
    }

    pub(super) fn outgoing(&mut self, status: MessageStatusType, attachments: Vec<Attachment>) {
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

    pub(super) fn message(
        &mut self,
        author: Author,
        text: MessageText,
        attachments: Vec<Attachment>,
    ) {
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

    pub(super) fn subject(&self) -> Option<String> {
        let prefix = if self.last_message.is_some() { "Re: " } else { "" };
        self.is_email().then(|| format!("{prefix}{}", self.words(self.topic.subject)))
    }

    /// Programs have no delivery identifier.
    pub(super) fn program(&mut self, actor: &str, text: &str, attachments: Vec<Attachment>) {
        let mut author = self.responsible_agent(MessageStatusType::Sent);
        author.sender = Sender::new();
        author.sender.actor_id = Some(actor.into());
        author.client = ClientType::System;
        self.message(author, mail::whole(text.to_owned()), attachments);
    }

    pub(super) fn welcome(&mut self) {
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

    pub(super) fn comment(&mut self, author: ActorId, client: ClientType) {
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

    pub(super) fn incoming_attachments(&mut self) -> Vec<Attachment> {
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
}

fn address_of(sender: &Sender) -> String {
    sender.delivery_identifier.as_ref().and_then(|to| to.value.clone()).unwrap_or_default()
}
