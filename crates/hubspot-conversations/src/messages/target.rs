//! The recipient of a reply, from the message replied to.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry::{self, Direction, Entry, Field, Kind, Sender};
use crate::types::{
    ActorId, ChannelAccountId, ChannelId, DeliveryIdentifierType, NewDeliveryIdentifier,
    NewRecipient, RecipientField,
};

/// The destination of a reply.
pub(super) struct Target {
    pub(super) channel: ChannelId,
    pub(super) account: ChannelAccountId,
    pub(super) recipient: NewRecipient,
    pub(super) subject: Option<String>,
}

/// The role of an entry for a reply.
pub(super) enum Origin {
    /// It is from the team, or something that happened.
    Team,
    /// It is from outside, and this is where it came from.
    Outside(Target),
    /// It is or may be from outside, and does not say where it came from.
    Unclear(&'static str),
}

impl Target {
    /// Whether both are the same destination.
    pub(super) fn is_same_place(&self, other: &Self) -> bool {
        let addresses = |target: &Self| {
            let addresses = target.recipient.delivery_identifiers.iter();
            let mut addresses: Vec<_> = addresses
                .map(|address| (address.type_.to_string(), address.value.clone()))
                .collect();
            addresses.sort();
            addresses
        };
        self.channel == other.channel
            && self.account == other.account
            && addresses(self) == addresses(other)
    }
}

impl Origin {
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        match (entry.kind(), entry.direction()) {
            (Kind::Comment | Kind::Event, _) | (_, Direction::Outgoing) => Self::Team,
            (_, Direction::Incoming) => incoming(entry).unwrap_or_else(Self::Unclear),
            (_, Direction::Unknown) if entry.is_from_team() => Self::Team,
            (Kind::Message, Direction::Unknown) => {
                Self::Unclear("it does not say whether it is incoming or outgoing")
            }
            (Kind::Other, Direction::Unknown) => Self::Unclear("its type is not known here"),
            (Kind::Unknown, Direction::Unknown) => {
                Self::Unclear("it says neither what it is nor whether it is incoming or outgoing")
            }
        }
    }
}

/// The origin of an incoming message.
fn incoming(entry: &Entry<'_>) -> Result<Origin, &'static str> {
    let no_sender = "it names no sender";
    let senders = entry.senders().require(no_sender, "its senders cannot be read")?;
    if senders.is_empty() {
        return Err(no_sender);
    }
    let mut addresses: Vec<NewDeliveryIdentifier> = Vec::new();
    for sender in senders {
        let sender = sender.ok_or("one of its senders cannot be read")?;
        if let Some(address) = address_outside(&sender)?
            && !addresses.contains(&address)
        {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        // An agent who writes from a personal mailbox appears as incoming, too.
        return Ok(Origin::Team);
    }
    let channel =
        entry::id(entry.channel_id).require("it names no channel", "its channel cannot be read")?;
    let account = entry::id(entry.channel_account_id)
        .require("it names no channel account", "its channel account cannot be read")?;
    let subject = match entry::text(entry.subject) {
        Field::Present(subject) => Some(subject),
        Field::Absent => None,
        Field::Unreadable => {
            tracing::warn!("the subject of the message to answer cannot be read and is left out");
            None
        }
    };
    let recipient = recipient(addresses, RecipientField::To);
    Ok(Origin::Outside(Target { channel, account, recipient, subject }))
}

/// The sender's address. `None` of an agent, who gets no reply.
fn address_outside(sender: &Sender<'_>) -> Result<Option<NewDeliveryIdentifier>, &'static str> {
    match entry::id::<ActorId>(sender.actor_id) {
        Field::Present(actor) if actor.as_str().starts_with("A-") => return Ok(None),
        Field::Present(_) | Field::Absent => {}
        Field::Unreadable => return Err("who its sender is cannot be read"),
    }
    let json = sender.delivery_identifier.ok_or("its sender has no delivery identifier")?;
    let unreadable = "its sender's delivery identifier cannot be read";
    let Address { type_, value } = entry::object(json.get()).ok_or(unreadable)?;
    let (Field::Present(type_), Field::Present(value)) = (entry::text(type_), entry::text(value))
    else {
        return Err(unreadable);
    };
    if type_.trim().is_empty() || value.trim().is_empty() {
        return Err("its sender's delivery identifier is empty");
    }
    Ok(Some(NewDeliveryIdentifier::new(DeliveryIdentifierType::from(&*type_), value)))
}

#[derive(Deserialize)]
struct Address<'a> {
    #[serde(borrow, rename = "type")]
    type_: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// Somebody to send to, on this line of an e-mail.
pub(super) fn recipient(
    addresses: Vec<NewDeliveryIdentifier>,
    field: RecipientField,
) -> NewRecipient {
    let is_email = addresses.iter().any(is_email);
    let mut recipient = NewRecipient::new(addresses);
    recipient.recipient_field = is_email.then_some(field);
    recipient
}

pub(super) fn is_email(address: &NewDeliveryIdentifier) -> bool {
    address.type_ == DeliveryIdentifierType::HsEmailAddress
}
