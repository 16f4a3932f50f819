//! Turns a request into a response, over a socket or in process.

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

use crate::account::{Account, ids};
use crate::http::authorization::Credentials;
use crate::http::call::Call;
use crate::http::connection::{self, Ending};
use crate::http::errors::ApiError;
use crate::http::query::Query;
use crate::http::response::ApiResponse;
use crate::http::{oauth, request_body, secrets};
use crate::instruments::Instruments;
use crate::instruments::faults::Fault;
use crate::instruments::rate_limit::Admission;
use crate::instruments::recorded_requests::RecordedRequest;
use crate::routes::{self, Route};
use crate::webhooks::Webhooks;

const CORRELATION_ID: HeaderName = HeaderName::from_static("x-hubspot-correlation-id");

/// What all requests share. No code locks the account and the instruments at the same time.
pub(crate) struct Server {
    pub(crate) base_url: Arc<str>,
    pub(crate) credentials: Credentials,
    pub(crate) short_pages: bool,
    pub(crate) webhooks: Webhooks,
    pub(crate) account: Mutex<Account>,
    pub(crate) instruments: Mutex<Instruments>,
}

/// All routes of all operations in the document.
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
        .fallback(move |request| Arc::clone(&unknown_path).reject(request, ApiError::not_found()))
        .method_not_allowed_fallback(move |request| {
            Arc::clone(&unknown_method).reject(request, ApiError::method_not_allowed())
        })
}

impl Server {
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn instruments(&self) -> MutexGuard<'_, Instruments> {
        self.instruments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the account, and hands the events of the change to the webhooks.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.account();
        let result = change(&mut account);
        // The account stays locked, so that events are queued in order. This only queues them.
        self.webhooks.dispatch(std::mem::take(&mut account.outbox));
        result
    }

    async fn serve(
        self: Arc<Self>,
        operation: &'static Operation,
        version: &'static str,
        request: Request,
    ) -> Response {
        let (mut parts, body) = request.into_parts();
        let body = request_body::read(body).await;

        let fault = self.instruments().faults.take(operation.id);
        if fault == Some(Fault::RefuseConnection) {
            return connection::broken(ErrorKind::ConnectionRefused);
        }
        self.record(Some(operation.id), &parts, body.as_ref().ok());
        self.count(operation.id, fault.is_some());
        match fault {
            Some(Fault::Answer { status, headers, body }) => {
                return fault_response(status, &headers, body);
            }
            Some(Fault::LoseRequest) => return connection::broken(ErrorKind::ConnectionReset),
            Some(Fault::HoldRequest) => return future::pending().await,
            _ => {}
        }

        let captures = captures(&mut parts).await;
        let response = self.execute(operation, version, &parts, captures, body, fault.as_ref());

        match fault {
            Some(Fault::ReplaceAnswer { status, headers, body }) => {
                fault_response(status, &headers, body)
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
        let result = body.map(|form| oauth.token(&form, scopes));
        self.respond(result)
    }

    async fn reject(self: Arc<Self>, request: Request, error: ApiError) -> Response {
        let (parts, body) = request.into_parts();
        let body = request_body::read(body).await;
        self.record(None, &parts, body.as_ref().ok());
        self.respond(Err(error))
    }

    fn record(&self, operation: Option<OperationId>, parts: &Parts, body: Option<&Bytes>) {
        let path = parts.uri.path();
        let body = body.map(|body| String::from_utf8_lossy(body).into_owned());
        let request = RecordedRequest {
            operation,
            method: parts.method.to_string(),
            path: path.to_owned(),
            query: secrets::mask_query(path, parts.uri.query().unwrap_or_default()),
            body: secrets::mask_body(path, body.unwrap_or_default()),
        };
        self.instruments().requests.push(request);
    }

    fn count(&self, operation: OperationId, met_fault: bool) {
        let mut instruments = self.instruments();
        let stats = instruments.stats.of(operation);
        stats.arrived += 1;
        stats.met_fault += u64::from(met_fault);
    }

    /// The API's response, without a fault between it and the client.
    fn execute(
        &self,
        operation: &Operation,
        version: &'static str,
        parts: &Parts,
        captures: Vec<(String, String)>,
        body: Result<Bytes, ApiError>,
        fault: Option<&Fault>,
    ) -> Response {
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        if let Err(error) = self.credentials.check(operation, &parts.headers, &query) {
            return self.respond(Err(error));
        }
        let admission = self.admit(operation.id);
        let run = || {
            if let Some(admission) = &admission
                && let Some(policy) = admission.exceeded
            {
                let named = admission.names_policy().then_some(policy);
                return Err(ApiError::rate_limited(named));
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
                short_pages: self.short_pages,
                ignores_encoded_cursor: fault == Some(&Fault::EncodedCursor),
                body,
            };
            let handler = routes::handler(operation.id).ok_or_else(ApiError::not_simulated)?;
            let response = self.change(|account| handler(account, &call))?;
            self.instruments().stats.of(operation.id).carried_out += 1;
            Ok(response)
        };
        let mut response = self.respond(run());
        if let Some(admission) = admission {
            admission.write(response.headers_mut());
        }
        response
    }

    /// The rate limiter's decision on a request. `None` without a rate limit.
    fn admit(&self, operation: OperationId) -> Option<Admission> {
        let mut instruments = self.instruments();
        // ASSUMPTION: all authorized requests count towards the limits, whatever their response,
        // version and credential, and no other requests do; only their responses report the limits.
        let admission = instruments.limiter.as_mut()?.admit(Instant::now());
        let is_rejected = admission.exceeded.is_some();
        instruments.stats.of(operation).rate_limited += u64::from(is_rejected);
        Some(admission)
    }

    fn respond(&self, result: Result<ApiResponse, ApiError>) -> Response {
        let (correlation_id, now) = {
            let mut account = self.account();
            (ids::uuid(&mut account.correlation), account.clock.now())
        };
        let (status, body) = match result {
            Ok(response) => (response.status, response.body),
            Err(error) => (error.status, Some(error.body(&correlation_id))),
        };
        let is_json = body.is_some();
        let mut response = Response::new(body.map_or_else(Body::empty, Body::from));
        *response.status_mut() = status;
        if is_json {
            let json = HeaderValue::from_static("application/json;charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        // The account's clock, which the records' times come from.
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(value) = HeaderValue::try_from(date) {
            response.headers_mut().insert(header::DATE, value);
        }
        if let Ok(value) = HeaderValue::try_from(correlation_id) {
            response.headers_mut().insert(CORRELATION_ID, value);
        }
        response
    }
}

/// The response of a fault, with only the headers that it names.
fn fault_response(status: u16, headers: &[(String, String)], body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
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
