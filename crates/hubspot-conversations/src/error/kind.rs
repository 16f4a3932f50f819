//! The kinds of failures.

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request was not sent, because it could not have succeeded.
    InvalidRequest,
    /// The server could not be reached. Nothing was sent.
    Connect,
    /// No secure connection could be made: the server's certificate is refused, or what answers does
    /// not speak TLS. Nothing was sent, and trying again does not help.
    Tls,
    /// A proxy on the way wants credentials of its own (407). Nothing reached HubSpot, and trying
    /// again does not help.
    Proxy,
    /// No answer within the time allowed. Whether the request was carried out is not known.
    Timeout,
    /// The connection broke. Whether the request was carried out is not known.
    Interrupted,
    /// 401: the access token is missing, wrong or expired.
    Unauthorized,
    /// OAuth: the refresh token is no longer taken. The app must be connected to the account anew.
    InvalidGrant,
    /// OAuth: a new refresh token was not stored, or not in time, by
    /// [`on_rotation`](crate::OAuthBuilder::on_rotation). Nothing was sent. The token is kept, and the
    /// next call has it stored first.
    TokenNotStored,
    /// 403: the access token lacks a scope, or the account a feature.
    Forbidden,
    /// 404: there is no such thing, or it is archived.
    NotFound,
    /// 429: too many requests. Also where it is known that another one would be too many, and it
    /// was not sent.
    RateLimited,
    /// There was not enough time left until the deadline to send the request, or to wait for its
    /// turn. [`Error::retry_after`](crate::Error::retry_after) says how long it would have been.
    Deadline,
    /// Any other 4xx: HubSpot refused the request.
    Rejected,
    /// 5xx: HubSpot failed. Whether the request was carried out is not known.
    Server,
    /// Another status that is no success, such as a redirect, which is never followed.
    UnexpectedStatus,
    /// The answer is not what the API promises.
    Decode,
    /// The answer is larger than [`ClientBuilder::max_body_size`](crate::ClientBuilder::max_body_size),
    /// or a page has more than 10,000 items.
    TooLarge,
    /// The request was carried out, and HubSpot returned no record of it.
    NoRecord,
    /// A list repeated a cursor, and would have gone on for ever.
    RepeatedCursor,
    /// A list continues, and the cursor of its next page cannot be read.
    UnusableCursor,
    /// A list gave more empty pages in a row than
    /// [`max_empty_pages`](crate::requests::ListThreads::max_empty_pages), and perhaps would have gone on for ever.
    EmptyPages,
}
