//! The policy loop around every call: time limit, retries, errors, a span.

use hubspot_conversations_api::{self as api, DecodeError, Operation};
use serde::de::DeserializeOwned;
use tracing::{Instrument, debug, info_span};

use crate::endpoint::Endpoint;
use crate::error::{Answer, ErrorBody};
use crate::{Client, Error, retry};

impl Client {
    /// Carries out an operation.
    ///
    /// It wraps the generated call as a whole, because a body that is cut short or does not decode
    /// is seen only from outside of it.
    pub(crate) async fn run<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        let operation = E::OPERATION.operation();
        let span = info_span!(
            "hubspot_conversations",
            otel.name = operation.name,
            otel.kind = "client",
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
        );
        self.attempt(endpoint, operation).instrument(span).await
    }

    async fn attempt<E: Endpoint>(
        &self,
        endpoint: &E,
        operation: &'static Operation,
    ) -> Result<E::Output, Error> {
        let mut attempt = 1;
        loop {
            let error = match self.send_once(endpoint, operation).await {
                Ok(output) => return Ok(output),
                Err(error) => error.with_operation(operation).with_attempts(attempt),
            };
            let Some(wait) = retry::wait(&error, operation, attempt, self.0.retry) else {
                return Err(error);
            };
            debug!(attempt, ?wait, reason = ?error.kind(), "sending again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn send_once<E: Endpoint>(
        &self,
        endpoint: &E,
        operation: &'static Operation,
    ) -> Result<E::Output, Error> {
        let sent = async {
            match endpoint.call(&self.0.api).await {
                Ok(response) => Ok(response.into_inner()),
                Err(error) => Err(self.failure::<E::Output>(error, operation).await),
            }
        };
        match tokio::time::timeout(self.0.timeout, sent).await {
            Ok(result) => result,
            Err(_) => Err(Error::timeout(self.0.timeout)),
        }
    }

    /// Makes an error of ours of the generated client's, whose own would show bodies.
    async fn failure<T: DeserializeOwned>(
        &self,
        error: api::Error<()>,
        operation: &'static Operation,
    ) -> Error {
        match error {
            api::Error::InvalidRequest(reason) | api::Error::Custom(reason) => {
                Error::invalid(reason)
            }
            api::Error::CommunicationError(error)
            | api::Error::InvalidUpgrade(error)
            | api::Error::ResponseBodyError(error) => Error::http(error, self.0.base_url.as_str()),
            api::Error::InvalidResponsePayload(text, _) => {
                Error::decode(DecodeError::of::<T>(&text), &text)
            }
            api::Error::ErrorResponse(response) => Error::answer(
                Answer {
                    status: response.status(),
                    headers: response.headers().clone(),
                    text: Vec::new(),
                    body: ErrorBody::default(),
                },
                operation,
            ),
            api::Error::UnexpectedResponse(response) => {
                let status = response.status();
                let headers = response.headers().clone();
                // A body that breaks off costs its explanation, not the status.
                let text = response.bytes().await.unwrap_or_default().to_vec();
                let body = ErrorBody::read(&text);
                Error::answer(Answer { status, headers, text, body }, operation)
            }
        }
    }
}
