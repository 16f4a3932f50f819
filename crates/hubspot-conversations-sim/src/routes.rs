//! Where each operation is served: under its root in every version of the API that has it.

use axum::http::Method;
use hubspot_conversations_api::Operation;

use crate::choices;

/// One method and path that carries an operation out.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The version of the API the path belongs to. Empty if the document does not say.
    pub(crate) version: &'static str,
}

/// Every route to an operation, none of them twice.
pub(crate) fn of(operation: &'static Operation) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for (version, path) in paths(operation).into_iter().flat_map(choices::with_and_without_slash) {
        let further = choices::further_methods(operation.id).iter();
        for method in std::iter::once(&operation.method).chain(further) {
            if !routes.iter().any(|route| route.method == *method && route.path == path) {
                routes.push(Route { method: method.clone(), path: path.clone(), version });
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
            .chain(choices::further_roots(root.name))
            .map(|(version, path)| (*version, format!("{path}{rest}")))
            .collect(),
        None => vec![("", operation.path.to_owned())],
    }
}
