//! An entry of a history as JSON alone.

use hubspot_conversations_api::{self as api, OperationId};
use serde_json::value::RawValue;

use crate::Client;
use crate::request::{CallOptions, Request, Sealed, Sent};
use crate::requests::GetMessage;

/// `get_message` whose response can be any JSON.
#[derive(Clone, Debug)]
pub(super) struct GetEntry(pub(super) GetMessage);

impl Sealed for GetEntry {}

impl Request for GetEntry {
    const OPERATION: OperationId = GetMessage::OPERATION;

    type Output = Box<RawValue>;

    fn client(&self) -> &Client {
        self.0.client()
    }

    fn call_options(&self) -> &CallOptions {
        self.0.call_options()
    }

    fn call_options_mut(&mut self) -> &mut CallOptions {
        self.0.call_options_mut()
    }

    async fn call(&self, api: &api::Client) -> Sent<Box<RawValue>> {
        match self.0.call(api).await {
            Ok(message) => Ok(message.json().to_owned()),
            Err(api::Error::Decode(undecodable)) => {
                api::from_slice(&undecodable.text).map_err(|_| api::Error::Decode(undecodable))
            }
            Err(error) => Err(error),
        }
    }
}
