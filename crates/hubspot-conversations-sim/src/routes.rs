//! The methods and paths of each operation, in every version of the API that has it, and its handler.

use axum::http::Method;
use hubspot_conversations_api::{Operation, OperationId};

use crate::resources::{
    Handler, Handlers, actors, assignees, channel_accounts, channels, custom_channels, inboxes,
    messages, sending, threads, visitor_tokens,
};

const HANDLERS: [Handlers; 14] = [
    inboxes::HANDLERS,
    channels::HANDLERS,
    channel_accounts::HANDLERS,
    threads::HANDLERS,
    messages::HANDLERS,
    sending::HANDLERS,
    assignees::HANDLERS,
    actors::HANDLERS,
    visitor_tokens::HANDLERS,
    custom_channels::registration::HANDLERS,
    custom_channels::accounts::HANDLERS,
    custom_channels::staging::HANDLERS,
    custom_channels::publishing::HANDLERS,
    custom_channels::messages::HANDLERS,
];

/// The handler of an operation. `None` if the simulator does not serve it.
pub(crate) fn handler(id: OperationId) -> Option<Handler> {
    let mut handlers = HANDLERS.into_iter().flatten();
    handlers.find(|(operation, _)| *operation == id).map(|(_, handler)| *handler)
}

/// One method and path of an operation.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The version of the API that the path belongs to. Empty if the document names none.
    pub(crate) version: &'static str,
}

/// All routes to an operation, each once.
pub(crate) fn of(operation: &'static Operation) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for (version, path) in paths(operation) {
        for method in std::iter::once(&operation.method).chain(further_methods(operation.id)) {
            // ASSUMPTION: a slash after a path changes nothing, because HubSpot has documented paths
            // with and without it.
            for path in [path.clone(), format!("{path}/")] {
                if !routes.iter().any(|route| route.method == *method && route.path == path) {
                    routes.push(Route { method: method.clone(), path, version });
                }
            }
        }
    }
    routes
}

/// The paths of an operation, each with its version.
fn paths(operation: &'static Operation) -> Vec<(&'static str, String)> {
    let rest = |root: &str| operation.path.strip_prefix(root);
    match operation.root.and_then(|root| Some((root, rest(root.documented())?))) {
        Some((root, rest)) => root
            .paths
            .iter()
            .chain(further_roots(root.name))
            .map(|(version, path)| (*version, format!("{path}{rest}")))
            .collect(),
        None => vec![("", operation.path.to_owned())],
    }
}

/// Methods of an operation that the document does not have.
fn further_methods(id: OperationId) -> &'static [Method] {
    match id {
        // ASSUMPTION: a thread is assigned with PUT and with POST, because HubSpot's document has
        // the one and its guide has the other.
        OperationId::AssignThread => &[Method::POST],
        _ => &[],
    }
}

/// Roots of a group of operations that the document does not have, each with its version.
fn further_roots(root: &str) -> &'static [(&'static str, &'static str)] {
    const V3: (&str, &str) = ("v3", "/conversations/v3/conversations");
    const V2026_09: (&str, &str) = ("2026-09", "/conversations/2026-09/conversations");
    // ASSUMPTION: assignees in v3, and threads in 2026-09, have the root in HubSpot's document and
    // the one in its guide, which differ.
    match root {
        "assignees" => &[V3, V2026_09],
        "conversations" => &[V2026_09],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use hubspot_conversations_api::OPERATIONS;

    use super::*;

    #[test]
    fn every_operation_of_the_document_is_simulated() {
        let missing: Vec<_> = OPERATIONS
            .iter()
            .filter(|operation| handler(operation.id).is_none())
            .map(|operation| operation.name)
            .collect();
        assert!(
            missing.is_empty(),
            "not simulated: {missing:?}: give each a handler in \
             crates/hubspot-conversations-sim/src/resources/"
        );
    }
}
