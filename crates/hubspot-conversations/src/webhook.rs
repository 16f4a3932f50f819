#![doc = include_str!("webhook/guide.md")]

mod batch;
mod deduplicator;
mod envelope;
mod escapes;
mod event;
mod event_key;
mod message_type;
mod property_change;
mod signature;
mod signature_error;
#[cfg(feature = "axum")]
mod signed_events;
mod verifier;

pub use batch::events;
pub use deduplicator::Deduplicator;
pub use envelope::Envelope;
pub use event::{
    ChannelAccountEvent, ChannelMessageEvent, Event, NewMessageEvent, PropertyChangeEvent,
    ThreadEvent, UnreadableEvent,
};
pub use event_key::EventKey;
pub use message_type::MessageType;
pub use property_change::PropertyChange;
pub use signature_error::SignatureError;
#[cfg(feature = "axum")]
pub use signed_events::{SignedEvents, SignedEventsRejection};
pub use verifier::Verifier;
