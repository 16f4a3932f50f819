//! Who writes from which address.

use std::collections::BTreeMap;

use hubspot_conversations_api::types::{
    Actor, ActorId, ContactId, DeliveryIdentifierType, NewDeliveryIdentifier, Participant,
    VisitorActor,
};

use crate::choices;
use crate::state::State;

/// An address as it is looked for. What a channel made up means nothing on another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    type_: DeliveryIdentifierType,
    value: String,
    channel: Option<u64>,
}

impl Address {
    pub(crate) fn new(channel: u64, identifier: &NewDeliveryIdentifier) -> Self {
        let NewDeliveryIdentifier { type_, value, .. } = identifier;
        let (value, channel) = match type_ {
            DeliveryIdentifierType::HsEmailAddress => (value.to_lowercase(), None),
            DeliveryIdentifierType::HsPhoneNumber => (value.clone(), None),
            _ => (value.clone(), Some(channel)),
        };
        Self { type_: type_.clone(), value, channel }
    }
}

/// Whom addresses belong to.
#[derive(Debug, Default)]
pub(crate) struct Visitors {
    known: BTreeMap<Address, ActorId>,
}

impl Visitors {
    /// Makes a contact's address known. The first one to have it keeps it.
    pub(crate) fn add(&mut self, channel: u64, identifier: &NewDeliveryIdentifier, actor: ActorId) {
        self.known.entry(Address::new(channel, identifier)).or_insert(actor);
    }
}

/// The visitor who has this address, who comes into being with the first message.
///
/// An e-mail address or a phone number finds or makes a contact. Whoever has another kind of
/// address is a visitor HubSpot knows nothing else of.
pub(crate) fn at(state: &mut State, channel: u64, participant: &Participant) -> ActorId {
    let identifier = &participant.delivery_identifier;
    let address = Address::new(channel, identifier);
    if let Some(known) = state.custom.visitors.known.get(&address) {
        return known.clone();
    }
    let id = choices::FIRST_NEW_CONTACT + state.next_serial();
    let mut actor = VisitorActor::new(self::actor(&id.to_string()));
    actor.name.clone_from(&participant.name);
    if identifier.type_ == DeliveryIdentifierType::HsEmailAddress {
        actor.email = Some(identifier.value.clone());
    }
    state.custom.visitors.known.insert(address, actor.id.clone());
    state.actors.insert(actor.id.clone(), Actor::from(actor.clone()));
    actor.id
}

/// What the actor id of a visitor begins with. The contact's id follows.
const PREFIX: &str = "V-";

/// The visitor who is this contact.
pub(crate) fn of_contact(state: &State, id: i64) -> Option<ActorId> {
    let actor = actor(&id.to_string());
    state.actors.contains_key(&actor).then_some(actor)
}

/// The actor who is this contact or visitor.
pub(crate) fn actor(contact: &str) -> ActorId {
    format!("{PREFIX}{contact}").into()
}

/// The contact, or the visitor who is none yet, that an actor stands for.
pub(crate) fn contact(actor: &ActorId) -> Option<ContactId> {
    actor.as_str().strip_prefix(PREFIX).map(ContactId::from)
}
