//! What every request carries: the root of its version, and what allows it.

use std::fmt;

use hubspot_conversations_api::{Credential, Operation, RequestHook};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::version::Roots;

/// Dresses each request just before it is sent.
#[derive(Debug)]
pub(crate) struct Dress {
    pub(crate) base_path: String,
    pub(crate) roots: Roots,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) developer_key: Option<DeveloperKey>,
}

/// What registers custom channels: the developer key and the app it is for. Shown nowhere.
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

impl RequestHook for Dress {
    fn dress(&self, request: &mut reqwest::Request, operation: &Operation) -> Result<(), String> {
        let path = request.url().path();
        let documented = path.strip_prefix(self.base_path.as_str()).unwrap_or(path);
        let path = format!("{}{}", self.base_path, self.roots.path(operation, documented)?);
        request.url_mut().set_path(&path);

        match operation.credential {
            Credential::DeveloperKey => {
                let key = self.developer_key.as_ref().ok_or_else(|| {
                    "registering custom channels takes a developer key, and there is none"
                        .to_owned()
                })?;
                let mut query = request.url_mut().query_pairs_mut();
                query.append_pair("hapikey", key.key.expose_secret());
                query.append_pair("appId", &key.app_id.to_string());
            }
            _ => {
                let authorization = self.authorization.as_ref();
                let value = authorization.ok_or_else(|| "there is no access token".to_owned())?;
                request.headers_mut().insert(AUTHORIZATION, value.clone());
            }
        }
        Ok(())
    }
}
