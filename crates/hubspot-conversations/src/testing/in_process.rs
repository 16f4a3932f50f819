//! A client of a simulator in the same process.

use std::io;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use hubspot_conversations_sim::{Body, Simulator};

use crate::transport::{Transport, TransportBody, TransportError};
use crate::{Client, ClientBuilder};

/// The way to a simulator in the same process. [`client`] has it already; this is for transports of
/// your own that lead there.
pub fn in_process(simulator: &Arc<Simulator>) -> impl Transport {
    InProcess { simulator: Arc::clone(simulator) }
}

/// A client of a simulator in the same process: its address, its token, its developer key, and no
/// socket between.
pub fn client(simulator: &Arc<Simulator>) -> ClientBuilder {
    Client::builder()
        .base_url(simulator.base_url())
        .token(simulator.token())
        .developer_key(simulator.developer_key(), simulator.app_id())
        .transport(in_process(simulator))
}

#[derive(Debug)]
struct InProcess {
    simulator: Arc<Simulator>,
}

impl Transport for InProcess {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        Box::pin(async move {
            let answer =
                self.simulator.answer(request).await.map_err(|error| match error.kind() {
                    io::ErrorKind::ConnectionRefused => TransportError::Unreachable,
                    _ => TransportError::Broken,
                })?;
            Ok(answer.map(|body: Body| TransportBody::from_stream(body.into_data_stream())))
        })
    }
}
