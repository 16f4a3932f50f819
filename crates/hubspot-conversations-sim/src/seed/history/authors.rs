//! The senders and recipients of messages.

use hubspot_conversations_api::types::{
    ClientType, DeliveryIdentifier, DeliveryIdentifierType, MessageDirection,
    MessageFailureDetails, MessageStatus, MessageStatusType, Recipient, RecipientField, Sender,
};

use crate::account::{channel_ids, from_sent};
use crate::seed::history::History;

/// The parts of a message that depend on its author.
pub(super) struct Author {
    pub(super) sender: Sender,
    pub(super) recipients: Vec<Recipient>,
    pub(super) direction: MessageDirection,
    pub(super) client: ClientType,
    pub(super) status: MessageStatus,
}

impl History<'_> {
    pub(super) fn visitor(&self) -> Author {
        let mut sender = Sender::new();
        sender.actor_id = Some(self.contact.actor_id());
        sender.name = (!self.contact.anonymous).then(|| self.contact.name.clone());
        sender.delivery_identifier =
            Some(from_sent::address(&self.contact.identifier(self.channel_account.channel)));
        self.incoming_from(sender)
    }

    pub(super) fn address(&self) -> Author {
        let address = self.contact.second_address();
        let mut sender = Sender::new();
        sender.actor_id = Some(format!("E-{address}").into());
        sender.delivery_identifier =
            Some(DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, address));
        self.incoming_from(sender)
    }

    pub(super) fn agent_from_outside(&self) -> Author {
        let email = self.agent.email.clone();
        let mut sender = Sender::new();
        sender.actor_id = Some(self.agent.id.clone());
        sender.name = Some(self.agent.name.clone());
        sender.delivery_identifier =
            Some(DeliveryIdentifier::new(DeliveryIdentifierType::HsEmailAddress, email));
        self.incoming_from(sender)
    }

    pub(super) fn incoming_from(&self, mut sender: Sender) -> Author {
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
    pub(super) fn responsible_agent(&self, status: MessageStatusType) -> Author {
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
}
