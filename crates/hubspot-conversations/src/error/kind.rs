//! The kinds of failures.

/// The kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request was not sent, because it cannot succeed.
    InvalidRequest,
    /// The server could not be reached. Nothing was sent.
    Connect,
    /// No secure connection could be made: the server's certificate is rejected, or it does not
    /// speak TLS. Nothing was sent, and a retry does not help.
    Tls,
    /// A proxy requires credentials (407). Nothing reached HubSpot, and a retry does not help.
    Proxy,
    /// No response within the time allowed. Whether the request was executed is not known.
    Timeout,
    /// The connection broke. Whether the request was executed is not known.
    Interrupted,
    /// 401: the access token is missing, wrong or expired.
    Unauthorized,
    /// OAuth: HubSpot rejects the refresh token. The app must be connected to the account again.
    InvalidGrant,
    /// OAuth: [`on_rotation`](crate::OAuthBuilder::on_rotation) did not store a new refresh token in
    /// time. Nothing was sent. The token is kept, and the next call first retries storing it.
    TokenNotStored,
    /// 403: the access token lacks a scope, or the account a feature.
    Forbidden,
    /// 404: there is no such record, or it is archived.
    NotFound,
    /// 429: too many requests. Also if the limiter knows that a request would be too many, and does
    /// not send it.
    RateLimited,
    /// Too little time was left until the deadline to send the request, or to wait for the rate limit.
    /// [`Error::retry_after`](crate::Error::retry_after) is the wait.
    Deadline,
    /// Any other 4xx: HubSpot rejected the request.
    Rejected,
    /// 5xx: HubSpot failed. Whether the request was executed is not known.
    Server,
    /// Another status that is not a success, such as a redirect, which is never followed.
    UnexpectedStatus,
    /// The response is not what the API promises.
    Decode,
    /// The response is larger than [`ClientBuilder::max_body_size`](crate::ClientBuilder::max_body_size),
    /// or a page has more than 10,000 items.
    TooLarge,
    /// HubSpot executed the request, and returned no record of it.
    NoRecord,
    /// A list repeated a cursor, and would never end.
    RepeatedCursor,
    /// A list continues, and the cursor of its next page cannot be read.
    UnusableCursor,
    /// A list returned more empty pages in a row than
    /// [`max_empty_pages`](crate::requests::ListThreads::max_empty_pages), and may never end.
    EmptyPages,
}
