//! A call: its turn, its time, its attempts, and what is reported of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hubspot_conversations_api::{self as api, Credential, Operation};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::Instrument;

use crate::call_options::CallOptions;
use crate::error::changes;
use crate::limit::{AcquireError, Patience, Permit, ServerThrottle};
use crate::request::{Request, Success, needed_field};
use crate::request_hook::Attempt;
use crate::retry::Tries;
use crate::telemetry;
use crate::{AccessToken, Client, Error, ErrorKind, Retry, TokenProvider, retry};

impl Client {
    /// Carries out an operation.
    ///
    /// It wraps the generated call as a whole, because a body that is cut short or does not decode
    /// is seen only from outside of it.
    pub(crate) async fn run<R: Request>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<R::Output, Error> {
        let shared = &*self.0;
        let mut call = Call {
            client: self,
            operation: R::OPERATION.operation(),
            timeout: options.timeout.unwrap_or(shared.timeout),
            // One beyond the end of time is none.
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

/// One call, of one attempt or several.
struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    timeout: Duration,
    deadline: Option<Instant>,
    retry: &'a Retry,
    headers: &'a HeaderMap,
    /// How often it was sent so far.
    attempts: u32,
    /// Whether a token that expired was given back for another one, which is done once.
    token_was_replaced: bool,
    /// How often HubSpot throttled it so far, and since when.
    throttled: u32,
    throttled_since: Option<Instant>,
}

impl Call<'_> {
    async fn run<R: Request>(&mut self, request: &R) -> Result<R::Output, Error> {
        let mut ambiguous = false;
        let mut last: Option<Error> = None;
        let mut in_flight = None;
        loop {
            let ready = match self.prepare().await {
                Ok(ready) => ready,
                // Why it was to be sent again says more than why it could not be.
                Err(error) => return Err(last.unwrap_or(error.with_operation(self.operation))),
            };
            self.attempts += 1;
            if changes(self.operation) && in_flight.is_none() {
                in_flight = Some(self.client.0.in_flight.begin(self.operation));
            }
            let token = ready.token.clone();
            let error = match self.attempt(request, ready).await {
                Ok(output) => {
                    self.client.0.budget.succeeded();
                    self.client.0.left_out.report(self.operation, output.left_out());
                    return Ok(output);
                }
                Err(error) => {
                    error.with_operation(self.operation).after_attempts(self.attempts, ambiguous)
                }
            };
            ambiguous |= error.may_be_carried_out();
            if !ambiguous {
                drop(in_flight.take());
            }
            // A 401 was not carried out, so also a send is sent again.
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
            let wait = self.retry.wait(&error, self.operation, self.tries(pause));
            let Some(wait) = wait else { return Err(error) };
            let failed_at = Instant::now();
            // What HubSpot asks to send again amplifies nothing: it says when.
            if !error.is_paced_by_hubspot() && !self.client.0.budget.take() {
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
            // Both waits began with the failure.
            let wait = wait.saturating_sub(failed_at.elapsed());
            telemetry::sending_again(self.operation, &error, wait);
            sleep(wait).await;
            last = Some(error);
        }
    }

    /// Gives back a token that has expired, once a call. Whether there is another one.
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

    /// Notes whether HubSpot throttled the last attempt. Gives for how long nothing will be sent.
    fn throttled_by(&mut self, error: &Error) -> Duration {
        if error.is_paced_by_hubspot() {
            self.throttled += 1;
            self.throttled_since.get_or_insert_with(Instant::now);
        }
        match error.is_rate_limited() {
            true => self.client.0.limiter.on_throttled(refusal(error, self.throttled)),
            false => Duration::ZERO,
        }
    }

    fn tries(&self, pause: Duration) -> Tries {
        Tries {
            failed: self.attempts - self.throttled,
            throttled: self.throttled,
            throttled_for: self.throttled_since.map(|since| since.elapsed()).unwrap_or_default(),
            pause,
            left: self.left(),
        }
    }

    /// Waits for the call's turn, and for the token.
    async fn prepare(&self) -> Result<Ready, Error> {
        let patience = match self.deadline {
            Some(deadline) => Patience::Until(deadline),
            None => Patience::AtMost(self.retry.max_wait()),
        };
        let permit = self.client.0.limiter.acquire(patience).await;
        let permit = permit.map_err(|refusal| match refusal {
            AcquireError::TooLong { wait } if self.deadline.is_some() => {
                Error::deadline("waiting for the rate limit", wait)
            }
            AcquireError::TooLong { wait } => Error::turn_too_far_off(wait),
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
            left => left.map_or(self.timeout, |left| left.min(self.timeout)),
        };
        Ok(Ready { permit, token, authorization, allowed })
    }

    /// Sends it once.
    async fn attempt<R: Request>(&self, request: &R, ready: Ready) -> Result<R::Output, Error> {
        let span = telemetry::attempt(
            self.operation,
            &self.client.0.base_url,
            self.attempts,
            ready.permit.waited(),
        );
        let begun = Instant::now();
        let hook = Arc::new(Attempt {
            client: self.client.clone(),
            authorization: ready.authorization,
            headers: self.headers.clone(),
            permit: ready.permit,
            ends: begun.checked_add(ready.allowed),
            path: OnceLock::new(),
            status: OnceLock::new(),
            failed: OnceLock::new(),
        });
        let http = self.client.0.connections.client(self.operation.idempotent)?;
        let base_url = self.client.0.base_url.as_str();
        let api = api::Client::new_with_client(base_url, http.clone(), hook.clone());

        let sent = async {
            let output = request.call(&api).await;
            match output.and_then(|output| match needed_field(self.operation.id) {
                Some(field) => output.with_field(field),
                None => Ok(output),
            }) {
                Ok(output) => Ok(output),
                Err(_) if let Some(failed) = hook.failed.get() => Err(Error::transport(failed)),
                Err(error) => Err(self.failure(error)),
            }
        };
        let result = match timeout(ready.allowed, sent.instrument(span.clone())).await {
            Ok(result) => result,
            Err(_) => Err(Error::timeout(ready.allowed)),
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

    /// The error of this crate for one of the generated client.
    fn failure(&self, error: api::Error) -> Error {
        match error {
            api::Error::InvalidRequest(reason) => Error::invalid(reason),
            api::Error::Connection(error) => Error::http(error, self.client.0.base_url.as_str()),
            api::Error::Answer(answer) => Error::answer((*answer).into(), self.operation),
            api::Error::Decode(undecodable) => Error::unreadable(*undecodable, self.operation),
            api::Error::TooLarge(too_large) => Error::too_large(*too_large, self.operation),
            api::Error::NoRecord { is_empty, has_arrived, .. } => {
                Error::no_record(is_empty, has_arrived, self.operation)
            }
            other => Error::new(ErrorKind::Decode, other.to_string()),
        }
    }
}

/// What the limiter is told of a 429.
fn refusal(error: &Error, throttled: u32) -> ServerThrottle {
    let daily = error.is_daily_limit();
    let wait = match daily {
        true => error.retry_after(),
        false => Some(retry::rate_limit_wait(error, throttled)),
    };
    ServerThrottle { daily, wait }
}

/// What an attempt needs before it can be sent.
struct Ready {
    permit: Permit,
    token: Option<AccessToken>,
    authorization: Option<HeaderValue>,
    /// How long it may take.
    allowed: Duration,
}
