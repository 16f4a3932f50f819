//! Why a signature is rejected.

use std::fmt;

/// Why a request is rejected. It shows neither the expected signature nor anything of secret or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureError {
    /// A header is not there. It is named.
    Missing(&'static str),
    /// A header is there more than once, or is not what HubSpot writes in it. It is named.
    Malformed(&'static str),
    /// There is a v1 or v2 signature only, and the [`Verifier`](super::Verifier) does not accept it.
    NotAccepted,
    /// The request was signed longer ago than the time window allows.
    TooOld,
    /// The request was signed further in the future than the time window allows.
    FromTheFuture,
    /// The signature is not that of this request.
    Mismatch,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(header) => write!(f, "the header {header} is missing"),
            Self::Malformed(header) => {
                write!(f, "the header {header} cannot be read, or is there more than once")
            }
            Self::NotAccepted => f.write_str("a signature of v3 is required"),
            Self::TooOld => f.write_str("the request was signed too long ago"),
            Self::FromTheFuture => {
                f.write_str("the request was signed in the future: check the clock")
            }
            Self::Mismatch => f.write_str(
                "the signature does not fit the request: check the client secret and the URL",
            ),
        }
    }
}

impl std::error::Error for SignatureError {}
