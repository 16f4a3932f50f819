use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
/// stub
#[derive(Clone, Debug, Default)]
pub struct RateLimit;
#[derive(Debug)]
pub(crate) struct Limiter;
pub(crate) struct Permit;
pub(crate) enum Refusal {
    TooLong { wait: Duration },
    Daily { reset: Option<Duration> },
}
impl Limiter {
    pub(crate) fn new(_: &RateLimit) -> Arc<Self> {
        Arc::new(Self)
    }
    pub(crate) async fn acquire(self: &Arc<Self>, _: Option<Instant>) -> Result<Permit, Refusal> {
        Ok(Permit)
    }
    pub(crate) fn refused(&self, _daily: bool, _asked: Option<Duration>, _wait: Duration) {}
}
impl Permit {
    pub(crate) fn answered(&self, _: reqwest::StatusCode, _: &reqwest::header::HeaderMap) {}
}
