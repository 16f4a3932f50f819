//! A page of whatever a server sends is read or refused, item by item, and what was read is written
//! and read again as the same.

#![no_main]

use hubspot_conversations::types::{
    Actor, ActorBatch, Channel, ChannelAccount, CustomChannel, Inbox, Message, Thread,
};
use hubspot_conversations::{Item, Page};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|data: &[u8]| {
    page::<Thread>(data);
    page::<Message>(data);
    page::<Inbox>(data);
    page::<Channel>(data);
    page::<ChannelAccount>(data);
    page::<CustomChannel>(data);
    if let Ok(batch) = hubspot_conversations_api::from_slice::<ActorBatch>(data) {
        batch.results.iter().for_each(item::<Actor>);
    }
});

fn page<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(data: &[u8]) {
    match hubspot_conversations_api::from_slice::<Page<T>>(data) {
        Ok(page) => {
            page.results.iter().for_each(item);
            let written = serde_json::to_vec(&page).expect("what was read can be written");
            let again: Page<T> =
                hubspot_conversations_api::from_slice(&written).expect("what was written can be read");
            assert_eq!(again, page);
        }
        Err(error) => shown(&error.to_string()),
    }
}

fn item<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(item: &Item<T>) {
    match item.decode() {
        Ok(value) => {
            let written = serde_json::to_vec(&value).expect("what was read can be written");
            let again: T =
                hubspot_conversations_api::from_slice(&written).expect("what was written can be read");
            assert_eq!(again, value);
        }
        Err(error) => shown(&error.to_string()),
    }
}

/// Of what could not be read, only names and types are told.
fn shown(error: &str) {
    assert!(error.chars().all(|c| !c.is_control()), "{error:?}");
}
