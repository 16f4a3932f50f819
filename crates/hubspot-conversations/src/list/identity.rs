//! Which list a request asks for.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use hubspot_conversations_api::{self as api, Operation, OperationId, RequestHook};

use super::stable_hash::StableHash;
use crate::endpoint::{ListEndpoint, Request};
use crate::{Client, Error};

/// Parameters that change the pages, but not what is listed.
const NOT_IDENTIFYING: [&str; 3] = ["after", "limit", "defaultPageLength"];

/// Fields by which an item's place among the others never changes.
const FIXED_FIELDS: [&str; 2] = ["id", "createdAt"];

/// Which list it is, told from others across processes and versions of this crate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub(super) operation: OperationId,
    /// A hash of the ids in the path and of the parameters.
    pub(super) list: u64,
    pub(super) order: Order,
}

/// Whether items can change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By something that never changes, such as the id. Items come and go, and keep their order.
    Fixed,
    /// By something that changes, such as the time of the latest message.
    Moving,
}

impl Identity {
    /// The list that a request asks for, and the cursor it asks to begin at.
    ///
    /// It is read off the request itself, which is built and not sent: so no parameter can be
    /// forgotten. The root of the path is left out, for it belongs to the version of the API.
    ///
    /// # Errors
    ///
    /// If the request cannot be built, because an id is none.
    pub(super) fn of<E: ListEndpoint>(
        request: &Request<E>,
    ) -> Result<(Self, Option<String>), Error> {
        let operation = E::OPERATION.operation();
        let url = url(&request.client, &request.endpoint, operation)?;

        let root = operation.root.map_or("", |root| root.documented());
        let path = url.path().strip_prefix(root).unwrap_or(url.path());
        let mut parameters: Vec<(Cow<str>, Cow<str>)> = url.query_pairs().collect();
        // By name only: values of one name, such as those of `sort`, keep their order.
        parameters.sort_by(|(one, _), (other, _)| one.cmp(other));

        let after = parameters.iter().find(|(name, _)| name == "after");
        let after = after.map(|(_, value)| value.to_string());
        let fixed = parameters
            .iter()
            .filter(|(name, _)| name == "sort")
            .all(|(_, field)| FIXED_FIELDS.contains(&field.strip_prefix('-').unwrap_or(field)));
        let identifying =
            parameters.iter().filter(|(name, _)| !NOT_IDENTIFYING.contains(&name.as_ref()));
        let list = identifying.fold(StableHash::new().with(path.as_bytes()), |hash, parameter| {
            hash.with(parameter.0.as_bytes()).with(parameter.1.as_bytes())
        });
        let order = if fixed { Order::Fixed } else { Order::Moving };
        Ok((Self { operation: operation.id, list: list.finish(), order }, after))
    }

    /// A list that cannot be asked for, and so has nothing to tell it from others.
    pub(super) fn none(operation: OperationId) -> Self {
        Self { operation, list: 0, order: Order::Fixed }
    }
}

/// Keeps the address a request would be sent to, and keeps it from being sent.
#[derive(Debug, Default)]
struct Glance(Mutex<Option<reqwest::Url>>);

impl RequestHook for Glance {
    fn dress(&self, request: &mut reqwest::Request, _: &Operation) -> Result<(), String> {
        let mut url = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *url = Some(request.url().clone());
        Err("it is only looked at".to_owned())
    }
}

/// The address of a request as the document has it.
fn url<E: ListEndpoint>(
    client: &Client,
    endpoint: &E,
    operation: &'static Operation,
) -> Result<reqwest::Url, Error> {
    let glance = Arc::new(Glance::default());
    let hook = Arc::clone(&glance) as Arc<dyn RequestHook>;
    let http = client.0.connections.kept().clone();
    let api = api::Client::new_with_client("http://localhost", http, hook);

    let refused = endpoint.call(&api).now_or_never();
    let url = glance.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    url.ok_or_else(|| {
        let reason = match refused {
            Some(Err(api::Error::InvalidRequest(reason))) => reason,
            _ => "the request cannot be built".to_owned(),
        };
        Error::invalid(reason).with_operation(operation)
    })
}
