//! The developer key.

use crate::debug::debug_shows;
use secrecy::SecretString;

/// The credential that registers custom channels: the developer key, and the app it is for.
#[derive(Clone)]
pub(crate) struct DeveloperKey {
    pub(crate) key: SecretString,
    pub(crate) app_id: u64,
}

debug_shows!(DeveloperKey: app_id);
