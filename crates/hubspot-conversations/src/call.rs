//! The attempt loop of a call.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hubspot_conversations_api::{self as api, Credential, Operation};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::Instrument;

use crate::call_options::CallOptions;
use crate::error::Outcome;
use crate::limit::{AcquireError, Patience, Permit, ServerThrottle};
use crate::request::{Request, Success, identifying_field};
use crate::request_hook::Attempt;
use crate::retry::Attempts;
use crate::telemetry;
use crate::{AccessToken, Client, Error, Retry, TokenProvider, retry};

impl Client {
    /// Makes a call. It wraps the generated call as a whole, because only that notices a truncated or
    /// malformed body.
    pub(crate) async fn run<R: Request>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<R::Output, Error> {
        let shared = &*self.0;
        let mut call = Call {
            client: self,
            operation: R::OPERATION.operation(),
            attempt_timeout: options.attempt_timeout.unwrap_or(shared.attempt_timeout),
            // A deadline that overflows is ignored.
            deadline: options
                .deadline
                .or(shared.deadline)
                .and_then(|time| Instant::now().checked_add(time)),
            retry: options.retry.as_ref().unwrap_or(&shared.retry),
            headers: options.headers.get()?,
            attempts: 0,
            token_was_replaced: false,
            throttled: 0,
            throttled_since: None,
        };
        let span = telemetry::call(call.operation);
        let result = call.run(request).instrument(span.clone()).await;
        telemetry::call_ended(&span, call.attempts, result.as_ref().err());
        result
    }
}

struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    attempt_timeout: Duration,
    deadline: Option<Instant>,
    retry: &'a Retry,
    headers: &'a HeaderMap,
    attempts: u32,
    /// Whether an expired token was replaced, which happens once per call.
    token_was_replaced: bool,
    /// How often HubSpot throttled it, and since when.
    throttled: u32,
    throttled_since: Option<Instant>,
}

impl Call<'_> {
    async fn run<R: Request>(&mut self, request: &R) -> Result<R::Output, Error> {
        let mut ambiguous = false;
        let mut last: Option<Error> = None;
        let mut in_flight = None;
        loop {
            let prepared = match self.prepare().await {
                Ok(prepared) => prepared,
                // Why a retry was needed says more than why it was not sent.
                Err(error) => return Err(last.unwrap_or(error.with_operation(self.operation))),
            };
            self.attempts += 1;
            if self.operation.is_change() && in_flight.is_none() {
                in_flight = Some(self.client.0.in_flight.begin(self.operation));
            }
            let token = prepared.token.clone();
            let error = match self.attempt(request, prepared).await {
                Ok(output) => {
                    self.client.0.budget.succeeded();
                    self.client.0.left_out.report(
                        Some(self.operation.name),
                        None,
                        output.left_out(),
                    );
                    return Ok(output);
                }
                Err(error) => {
                    error.with_operation(self.operation).after_attempts(self.attempts, ambiguous)
                }
            };
            ambiguous |= error.outcome().is_unknown();
            if !ambiguous {
                drop(in_flight.take());
            }
            // HubSpot did not execute a 401, so sends are retried, too.
            if error.is_expired_token() {
                let replaced = self.replace(token.as_ref()).await.map_err(|error| {
                    error.with_operation(self.operation).after_attempts(self.attempts, ambiguous)
                })?;
                if replaced {
                    telemetry::sending_again(self.operation, &error, Duration::ZERO);
                    last = Some(error);
                    continue;
                }
            }
            let pause = self.throttled_by(&error);
            let wait = self.retry.wait(&error, self.operation, self.attempts(pause));
            let Some(wait) = wait else { return Err(error) };
            let failed_at = Instant::now();
            // Retries that HubSpot asks for take nothing from the budget: HubSpot says when.
            if error.outcome() != Outcome::Throttled && !self.client.0.budget.take() {
                let Some(patience) = self.retry.budget_wait() else {
                    return Err(error.out_of_budget());
                };
                telemetry::waiting_for_budget(self.operation);
                let most = self.left().map_or(patience, |left| left.min(patience));
                let has_retry = self.client.0.budget.wait(most).await;
                if !has_retry && self.left().is_some_and(|left| left.is_zero()) {
                    return Err(error.out_of_budget());
                }
            }
            // Both waits began at the failure.
            let wait = wait.saturating_sub(failed_at.elapsed());
            telemetry::sending_again(self.operation, &error, wait);
            sleep(wait).await;
            last = Some(error);
        }
    }

    /// Invalidates an expired token, once per call. Whether there is another one.
    async fn replace(&mut self, expired: Option<&AccessToken>) -> Result<bool, Error> {
        let client = self.client;
        let (Some(tokens), Some(expired)) = (&client.0.tokens, expired) else { return Ok(false) };
        if std::mem::replace(&mut self.token_was_replaced, true) {
            return Ok(false);
        }
        tokens.invalidate(expired);
        Ok(!self.token(&**tokens).await?.is(expired))
    }

    /// Waits for the token, up to the deadline.
    async fn token(&self, tokens: &dyn TokenProvider) -> Result<AccessToken, Error> {
        let token = tokens.access_token();
        let token = match self.deadline {
            None => token.await,
            Some(deadline) => timeout_at(deadline, token)
                .await
                .unwrap_or_else(|_| Err(Error::no_time_left("getting an access token"))),
        };
        token.map_err(Error::not_sent)
    }

    /// Notes a throttled attempt. Returns for how long the limiter sends nothing.
    fn throttled_by(&mut self, error: &Error) -> Duration {
        if error.outcome() == Outcome::Throttled {
            self.throttled += 1;
            self.throttled_since.get_or_insert_with(Instant::now);
        }
        match error.is_rate_limited() {
            true => self.client.0.limiter.on_throttled(throttle(error, self.throttled)),
            false => Duration::ZERO,
        }
    }

    fn attempts(&self, pause: Duration) -> Attempts {
        Attempts {
            failed: self.attempts - self.throttled,
            throttled: self.throttled,
            throttled_for: self.throttled_since.map(|since| since.elapsed()).unwrap_or_default(),
            pause,
            left: self.left(),
        }
    }

    /// Waits for the rate limit and the token.
    async fn prepare(&self) -> Result<Prepared, Error> {
        let patience = match self.deadline {
            Some(deadline) => Patience::Until(deadline),
            None => Patience::AtMost(self.retry.max_wait()),
        };
        let permit = self.client.0.limiter.acquire(patience).await;
        let permit = permit.map_err(|error| match error {
            AcquireError::TooLong { wait } if self.deadline.is_some() => {
                Error::deadline("waiting for the rate limit", wait)
            }
            AcquireError::TooLong { wait } => Error::wait_too_long(wait),
            AcquireError::Daily { reset, of_share } => Error::daily_limit(reset, of_share),
        })?;
        telemetry::waited(self.operation, permit.waited());

        let token = match (self.operation.credential, &self.client.0.tokens) {
            (Credential::AccessToken, Some(tokens)) => Some(self.token(&**tokens).await?),
            _ => None,
        };
        let authorization = token.as_ref().map(AccessToken::header).transpose()?;
        let allowed = match self.left() {
            Some(left) if left.is_zero() => return Err(Error::no_time_left("sending it")),
            left => left.map_or(self.attempt_timeout, |left| left.min(self.attempt_timeout)),
        };
        Ok(Prepared { permit, token, authorization, allowed })
    }

    /// Sends the request once.
    async fn attempt<R: Request>(
        &self,
        request: &R,
        prepared: Prepared,
    ) -> Result<R::Output, Error> {
        let span = telemetry::attempt(
            self.operation,
            &self.client.0.base_url,
            self.attempts,
            prepared.permit.waited(),
        );
        let begun = Instant::now();
        let hook = Arc::new(Attempt {
            client: self.client.clone(),
            authorization: prepared.authorization,
            headers: self.headers.clone(),
            permit: prepared.permit,
            ends: begun.checked_add(prepared.allowed),
            path: OnceLock::new(),
            status: OnceLock::new(),
            failed: OnceLock::new(),
        });
        let http = self.client.0.connections.client(self.operation.idempotent)?;
        let base_url = self.client.0.base_url.as_str();
        let api = api::Client::new_with_client(base_url, http.clone(), hook.clone());

        let sent = async {
            let output = request.call(&api).await;
            match output.and_then(|output| match identifying_field(self.operation.id) {
                Some(field) => output.with_field(field),
                None => Ok(output),
            }) {
                Ok(output) => Ok(output),
                Err(error) => Err(match hook.failed.get() {
                    Some(failed) => Error::transport(failed),
                    None => Error::of_call(error, self.operation, base_url),
                }),
            }
        };
        let result = match timeout(prepared.allowed, sent.instrument(span.clone())).await {
            Ok(result) => result,
            Err(_) => Err(Error::timeout(prepared.allowed)),
        };
        let result = result.map_err(|error| error.with_path(hook.path.get().cloned()));
        telemetry::attempt_ended(
            &span,
            self.operation,
            hook.status.get().copied(),
            result.as_ref().err(),
            begun.elapsed(),
        );
        result
    }

    /// The time until the deadline.
    fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

/// A 429, as reported to the limiter.
fn throttle(error: &Error, throttled: u32) -> ServerThrottle {
    let daily = error.is_daily_limit();
    let wait = match daily {
        true => error.retry_after(),
        false => Some(retry::rate_limit_wait(error, throttled)),
    };
    ServerThrottle { daily, wait }
}

/// An attempt that is ready to be sent.
struct Prepared {
    permit: Permit,
    token: Option<AccessToken>,
    authorization: Option<HeaderValue>,
    /// How long the attempt may take.
    allowed: Duration,
}
