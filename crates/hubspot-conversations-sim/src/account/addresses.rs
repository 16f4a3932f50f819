//! Which visitor writes from which address.

use std::collections::BTreeMap;

use hubspot_conversations_api::types::{ActorId, DeliveryIdentifierType, NewDeliveryIdentifier};

/// An address in the form that is compared. An id that a channel invented is valid only there.
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

/// The known addresses and their visitors.
#[derive(Debug, Default)]
pub(crate) struct AddressBook {
    visitors: BTreeMap<Address, ActorId>,
}

impl AddressBook {
    /// Adds a visitor's address. An address that is known keeps its visitor.
    pub(crate) fn add(&mut self, address: Address, visitor: ActorId) {
        self.visitors.entry(address).or_insert(visitor);
    }

    pub(crate) fn visitor(&self, address: &Address) -> Option<&ActorId> {
        self.visitors.get(address)
    }
}
