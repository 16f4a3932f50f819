//! Visitors, and the contacts they stand for.

use hubspot_conversations_api::types::{
    Actor, ActorId, ContactId, DeliveryIdentifierType, Participant, VisitorActor,
};

use crate::account::Account;
use crate::account::addresses::Address;
use crate::assumptions;

/// The prefix of a visitor's actor id. The contact's id follows.
const PREFIX: &str = "V-";

impl Account {
    /// The visitor with a participant's address, who is created with the first message.
    ///
    /// An e-mail address or phone number finds or creates a contact. Another kind of address
    /// identifies a visitor without a contact.
    pub(crate) fn visitor_at(&mut self, channel: u64, participant: &Participant) -> ActorId {
        let identifier = &participant.delivery_identifier;
        let address = Address::new(channel, identifier);
        if let Some(known) = self.custom.addresses.visitor(&address) {
            return known.clone();
        }
        let id = assumptions::FIRST_NEW_CONTACT + self.next_serial();
        let mut visitor = VisitorActor::new(actor(&id.to_string()));
        visitor.name.clone_from(&participant.name);
        if identifier.type_ == DeliveryIdentifierType::HsEmailAddress {
            visitor.email = Some(identifier.value.clone());
        }
        let id = visitor.id.clone();
        self.custom.addresses.add(address, id.clone());
        self.actors.insert(id.clone(), Actor::from(visitor));
        id
    }

    /// The visitor who is this contact. `None` if no actor is.
    pub(crate) fn visitor_of_contact(&self, id: i64) -> Option<ActorId> {
        let actor = actor(&id.to_string());
        self.actors.contains_key(&actor).then_some(actor)
    }
}

/// The actor id of a contact, or of a visitor without one.
pub(crate) fn actor(contact: &str) -> ActorId {
    format!("{PREFIX}{contact}").into()
}

/// The id of the contact, or of the visitor without one, that an actor stands for.
pub(crate) fn contact(actor: &ActorId) -> Option<ContactId> {
    actor.as_str().strip_prefix(PREFIX).map(ContactId::from)
}
