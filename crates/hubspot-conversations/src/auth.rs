use crate::{AccessToken, Error};
use futures_util::future::BoxFuture;
/// stub
pub trait TokenProvider: std::fmt::Debug + Send + Sync + 'static {
    /// stub
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>>;
}
impl TokenProvider for AccessToken {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}
