//! The three ways in which HubSpot signs a request.
//!
//! The functions here compute and compare. What is accepted is the [`Verifier`](super::Verifier)'s
//! to say.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::escapes;

/// The text that v3 signs: method, URL, body and time, concatenated.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    /// The whole URL as HubSpot called it.
    pub(super) url: &'a str,
    pub(super) body: &'a [u8],
    /// Milliseconds since 1970, as the header has them.
    pub(super) timestamp: &'a str,
}

impl Signed<'_> {
    /// Base64 of the HMAC-SHA256 of it all.
    pub(super) fn signature(&self, secret: &str) -> String {
        STANDARD.encode(self.mac(secret).finalize().into_bytes())
    }

    /// Only one text is the signature: the engine rejects other encodings of the same bytes.
    pub(super) fn is_signed(&self, secret: &str, signature: &str) -> bool {
        let signature = STANDARD.decode(signature);
        signature.is_ok_and(|signature| self.mac(secret).verify_slice(&signature).is_ok())
    }

    fn mac(&self, secret: &str) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .expect("an HMAC has a key of any length")
            .chain_update(self.method)
            .chain_update(escapes::decoded(self.url))
            .chain_update(self.body)
            .chain_update(self.timestamp)
    }
}

/// v1: the hexadecimal SHA-256 of secret and body.
pub(super) fn is_signed_v1(secret: &str, body: &[u8], signature: &str) -> bool {
    is_digest(Sha256::new().chain_update(secret).chain_update(body), signature)
}

/// v2: the hexadecimal SHA-256 of secret, method, URL and body. The URL stays as it is.
pub(super) fn is_signed_v2(
    secret: &str,
    method: &str,
    url: &str,
    body: &[u8],
    signature: &str,
) -> bool {
    let parts = Sha256::new().chain_update(secret).chain_update(method).chain_update(url);
    is_digest(parts.chain_update(body), signature)
}

/// HubSpot writes small letters. Capital ones would be a second text for the same signature.
fn is_digest(digest: Sha256, signature: &str) -> bool {
    let is_small = !signature.bytes().any(|byte| byte.is_ascii_uppercase());
    let signature = hex::decode(signature).unwrap_or_default();
    is_small && bool::from(digest.finalize().as_slice().ct_eq(&signature))
}
