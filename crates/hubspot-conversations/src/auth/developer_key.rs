//! The developer key.

use std::fmt;

use secrecy::SecretString;

/// The credential that registers custom channels: the developer key, and the app it is for.
#[derive(Clone)]
pub(crate) struct DeveloperKey {
    pub(crate) key: SecretString,
    pub(crate) app_id: u64,
}

impl fmt::Debug for DeveloperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeveloperKey").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}
