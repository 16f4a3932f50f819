//! From an HTTP request to its answer.

use std::future;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on, post};
use hubspot_conversations_api::{OPERATIONS, Operation, OperationId};
use tokio::time::Instant;

use crate::authorization::Credentials;
use crate::call::{Answer, Call};
use crate::connection::{self, Ending};
use crate::errors::ApiError;
use crate::faults::Fault;
use crate::query::Query;
use crate::rate_limit::Admission;
use crate::requests::{self, RecordedRequest};
use crate::routes::{self, Route};
use crate::state::State;
use crate::webhooks::Webhooks;
use crate::{
    actors, assignees, channel_accounts, channels, custom_channels, ids, inboxes, messages, oauth,
    request_body, sending, threads, visitors,
};

const CORRELATION_ID: HeaderName = HeaderName::from_static("x-hubspot-correlation-id");

/// What all requests share.
pub(crate) struct Server {
    pub(crate) base_url: Arc<str>,
    pub(crate) credentials: Credentials,
    pub(crate) webhooks: Webhooks,
    pub(crate) state: Mutex<State>,
}

/// Carries out an operation. It is not async, so the state is never locked across an await.
type Handler = fn(&mut State, &Call) -> Result<Answer, ApiError>;

/// Who serves what. `None` for an operation that is not simulated.
fn handler(id: OperationId) -> Option<Handler> {
    Some(match id {
        OperationId::ListInboxes => inboxes::list,
        OperationId::GetInbox => inboxes::get,
        OperationId::ListChannels => channels::list,
        OperationId::GetChannel => channels::get,
        OperationId::ListChannelAccounts => channel_accounts::list,
        OperationId::GetChannelAccount => channel_accounts::get,
        OperationId::ListThreads => threads::list,
        OperationId::GetThread => threads::get,
        OperationId::UpdateThread => threads::update,
        OperationId::ArchiveThread => threads::archive,
        OperationId::ListMessages => messages::list,
        OperationId::SendMessage => sending::send,
        OperationId::GetMessage => messages::get,
        OperationId::GetOriginalContent => messages::original_content,
        OperationId::AssignThread => assignees::assign,
        OperationId::UnassignThread => assignees::unassign,
        OperationId::GetActor => actors::get,
        OperationId::BatchReadActors => actors::batch_read,
        OperationId::CreateVisitorToken => visitors::create_token,
        OperationId::ListCustomChannels => custom_channels::list,
        OperationId::CreateCustomChannel => custom_channels::create,
        OperationId::GetCustomChannel => custom_channels::get,
        OperationId::UpdateCustomChannel => custom_channels::update,
        OperationId::ArchiveCustomChannel => custom_channels::archive,
        OperationId::ListCustomChannelAccounts => custom_channels::accounts::list,
        OperationId::CreateCustomChannelAccount => custom_channels::accounts::create,
        OperationId::GetCustomChannelAccount => custom_channels::accounts::get,
        OperationId::UpdateCustomChannelAccount => custom_channels::accounts::update,
        OperationId::UpdateStagingToken => custom_channels::staging::update,
        OperationId::PublishCustomChannelMessage => custom_channels::publishing::publish,
        OperationId::GetCustomChannelMessage => custom_channels::deliveries::get,
        OperationId::UpdateCustomChannelMessage => custom_channels::deliveries::update,
        _ => return None,
    })
}

/// Every route of every operation of the document.
pub(crate) fn router(server: &Arc<Server>) -> Router {
    let mut router = Router::new();
    for operation in OPERATIONS {
        for Route { method, path, version } in routes::of(operation) {
            let Ok(method) = MethodFilter::try_from(method) else { continue };
            let server = Arc::clone(server);
            let serve = move |request| Arc::clone(&server).serve(operation, version, request);
            router = router.route(&path, on(method, serve));
        }
    }

    for path in oauth::TOKEN_PATHS {
        let server = Arc::clone(server);
        router = router.route(path, post(move |request| Arc::clone(&server).token(request)));
    }

    let unknown_path = Arc::clone(server);
    let unknown_method = Arc::clone(server);
    router
        .fallback(move |request| Arc::clone(&unknown_path).refuse(request, ApiError::not_found()))
        .method_not_allowed_fallback(move |request| {
            Arc::clone(&unknown_method).refuse(request, ApiError::method_not_allowed())
        })
}

impl Server {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and tells the webhooks what that made happen.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let changed = change(&mut state);
        // While the state is locked, so that they are told in the order it happened. They only
        // take note of it here.
        self.webhooks.tell(std::mem::take(&mut state.outbox));
        changed
    }

    async fn serve(
        self: Arc<Self>,
        operation: &'static Operation,
        version: &'static str,
        request: Request,
    ) -> Response {
        let (mut parts, body) = request.into_parts();
        let body = request_body::read(body).await;

        let fault = self.state().faults.take(operation.id);
        if fault == Some(Fault::RefuseConnection) {
            return connection::broken(ErrorKind::ConnectionRefused);
        }
        self.record(Some(operation.id), &parts, body.as_ref().ok());
        self.count(operation.id, fault.is_some());
        match fault {
            Some(Fault::Answer { status, headers, body }) => {
                return self.instead(status, &headers, body);
            }
            Some(Fault::LoseRequest) => return connection::broken(ErrorKind::ConnectionReset),
            Some(Fault::HoldRequest) => return future::pending().await,
            _ => {}
        }

        let captures = captures(&mut parts).await;
        let response = self.carry_out(operation, version, &parts, captures, body, fault.as_ref());

        match fault {
            Some(Fault::ReplaceAnswer { status, headers, body }) => {
                self.instead(status, &headers, body)
            }
            Some(Fault::LoseAnswer) => connection::broken(ErrorKind::ConnectionReset),
            Some(Fault::HoldAnswer) => future::pending().await,
            Some(Fault::Delay(delay)) => {
                tokio::time::sleep(delay).await;
                response
            }
            Some(Fault::CutBody(length)) => connection::ending(response, length, Ending::Cut).await,
            Some(Fault::StallBody(length)) => {
                connection::ending(response, length, Ending::Stall).await
            }
            _ => response,
        }
    }

    async fn token(self: Arc<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = request_body::read(body).await;
        self.record(None, &parts, body.as_ref().ok());
        let Credentials { oauth, scopes, .. } = &self.credentials;
        let outcome = body.map(|form| oauth.token(&form, scopes));
        self.answer(outcome)
    }

    async fn refuse(self: Arc<Self>, request: Request, refusal: ApiError) -> Response {
        let (parts, body) = request.into_parts();
        let body = request_body::read(body).await;
        self.record(None, &parts, body.as_ref().ok());
        self.answer(Err(refusal))
    }

    fn record(&self, operation: Option<OperationId>, parts: &Parts, body: Option<&Bytes>) {
        let body = body.map(|body| String::from_utf8_lossy(body).into_owned());
        let request = RecordedRequest {
            operation,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: requests::without_key(parts.uri.query().unwrap_or_default()),
            body: body.unwrap_or_default(),
        };
        self.state().requests.push(request.without_secrets());
    }

    fn count(&self, operation: OperationId, met_fault: bool) {
        let mut state = self.state();
        let traffic = state.request_stats.of(operation);
        traffic.arrived += 1;
        traffic.met_fault += u64::from(met_fault);
    }

    /// What the API answers, with no fault between it and the client.
    fn carry_out(
        &self,
        operation: &Operation,
        version: &'static str,
        parts: &Parts,
        captures: Vec<(String, String)>,
        body: Result<Bytes, ApiError>,
        fault: Option<&Fault>,
    ) -> Response {
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        if let Err(refusal) = self.credentials.check(operation, &parts.headers, &query) {
            return self.answer(Err(refusal));
        }
        let standing = self.admit(operation.id);
        let run = || {
            if let Some(standing) = &standing {
                standing.check()?;
            }
            let body = body?;
            request_body::check_type(parts, &body)?;
            let call = Call {
                operation: operation.name,
                version,
                base_url: Arc::clone(&self.base_url),
                path: parts.uri.path().to_owned(),
                captures,
                query,
                ignores_encoded_cursor: fault == Some(&Fault::EncodedCursor),
                body,
            };
            self.change(|state| {
                let handler = handler(operation.id).ok_or_else(ApiError::not_simulated)?;
                let answer = handler(state, &call)?;
                state.request_stats.of(operation.id).carried_out += 1;
                Ok(answer)
            })
        };
        let mut response = self.answer(run());
        if let Some(standing) = standing {
            standing.write(response.headers_mut());
        }
        response
    }

    /// Where a request stands among the rate limits, if there are any.
    fn admit(&self, operation: OperationId) -> Option<Admission> {
        let mut state = self.state();
        let standing = state.limiter.as_mut()?.admit(Instant::now());
        state.request_stats.of(operation).rate_limited += u64::from(standing.is_beyond());
        Some(standing)
    }

    fn answer(&self, outcome: Result<Answer, ApiError>) -> Response {
        let (correlation_id, now) = {
            let mut state = self.state();
            (ids::uuid(&mut state.correlation), state.clock.now())
        };
        let (status, body) = match outcome {
            Ok(answer) => (answer.status, answer.body),
            Err(refusal) => (refusal.status, Some(refusal.body(&correlation_id))),
        };
        let is_json = body.is_some();
        let mut response = Response::new(body.map_or_else(Body::empty, Body::from));
        *response.status_mut() = status;
        if is_json {
            let json = HeaderValue::from_static("application/json;charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        // By the clock that the records' times are of.
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(value) = HeaderValue::try_from(date) {
            response.headers_mut().insert(header::DATE, value);
        }
        if let Ok(value) = HeaderValue::try_from(correlation_id) {
            response.headers_mut().insert(CORRELATION_ID, value);
        }
        response
    }

    /// The answer of a fault, which has only the headers it names.
    fn instead(&self, status: u16, headers: &[(String, String)], body: String) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// The parameters of the path, percent-decoded.
async fn captures(parts: &mut Parts) -> Vec<(String, String)> {
    match RawPathParams::from_request_parts(parts, &()).await {
        Ok(params) => {
            params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, handler};

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
             crates/hubspot-conversations-sim/src/server.rs"
        );
    }
}
