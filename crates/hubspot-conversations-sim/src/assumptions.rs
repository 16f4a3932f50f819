//! Constants that HubSpot does not document.
//!
//! **Each value is an assumption.** A program must not rely on any of them. Behaviour that HubSpot
//! does not document is marked with `ASSUMPTION` in the other files; `cargo xtask assumptions` lists
//! all of them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::TimeDelta;

/// The default access token, in the form of a private app's.
pub(crate) const TOKEN: &str = "pat-na1-00000000-0000-4000-8000-000000000000";

/// The app that the token belongs to, which creates the entries for which no one else is named.
pub(crate) const APP_ID: i64 = 1_234_567;

/// The default developer key.
pub(crate) const DEVELOPER_KEY: &str = "00000000-0000-4000-8000-00000000d0ec";

/// The HubSpot account, which webhooks call a portal and OAuth calls a hub.
pub(crate) const PORTAL_ID: u64 = 7_654_321;

/// The app's client id for OAuth.
pub(crate) const CLIENT_ID: &str = "00000000-0000-4000-8000-00000000c11e";

/// The app's default client secret for OAuth.
pub(crate) const CLIENT_SECRET: &str = "00000000-0000-4000-8000-0000005ec4e7";

/// The address of a simulator without a port: local, so that clients send their token to it, and
/// without a listener, so that a request over a socket is refused.
pub(crate) const IN_PROCESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// The page length of every list, without `limit` and `defaultPageLength`.
pub(crate) const PAGE_LENGTH: usize = 100;

/// The largest `limit` of every list except threads, whose 500 is documented. A larger one is
/// rejected with 400.
pub(crate) const MAX_LIMIT: usize = 500;

/// The most actors that one request can read. More are rejected with 400.
pub(crate) const MAX_BATCH_INPUTS: usize = 100;

/// The fields that responses contain whatever `property` names, so that items can be identified and
/// members of unions parsed.
pub(crate) const ALWAYS_SHOWN: [&str; 2] = ["id", "type"];

/// The largest body of a request, in bytes. A larger one is rejected with 413.
pub(crate) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// How much of a larger body is read before it is rejected, in bytes. A client that sends more may
/// find the connection closed before it reads the response.
pub(crate) const MAX_DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// The lists that a body can omit although the document requires them: HubSpot's examples and
/// working apps omit some. `null` is rejected.
pub(crate) const OPTIONAL_LISTS: [&str; 4] =
    ["attachments", "senders", "recipients", "deliveryIdentifiers"];

/// How long after a reply HubSpot assigns the thread to its author: known to be milliseconds.
pub(crate) const ASSIGNED_AFTER_REPLY: TimeDelta = TimeDelta::milliseconds(7);

/// The message of a 415.
pub(crate) const WRONG_TYPE_MESSAGE: &str = "Unsupported media type. Send application/json.";

/// The message of a 400 whose body is truncated or not framed as HTTP requires.
pub(crate) const BROKEN_BODY_MESSAGE: &str = "The body of the request cannot be read to its end.";

/// The message of a 404, which is that of HubSpot's other APIs.
pub(crate) const NOT_FOUND_MESSAGE: &str = "resource not found";

/// The message of a 400 that concerns one parameter or field. The details are in `errors`.
pub(crate) const INVALID_MESSAGE: &str = "Invalid input.";

/// The message of a 400 whose body is not JSON of the expected type.
pub(crate) const INVALID_JSON_MESSAGE: &str = "Invalid input JSON.";

/// The message of a rejected send, even for a single problem.
pub(crate) const INVALID_SEND_MESSAGE: &str = "Multiple errors validating request.";

/// The message of a 429 that does not name the limit.
pub(crate) const RATE_LIMITED_MESSAGE: &str = "You have reached your limit.";

/// The length of the daily limit's day, which begins with the first request that counts. HubSpot's
/// ends at midnight in the account's time zone, which the simulator does not have.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The first id of a registered custom channel, above all ids of the seed.
pub(crate) const FIRST_CUSTOM_CHANNEL: u64 = 1_200_000;

/// The first id of a custom channel's account, above all ids of the seed.
pub(crate) const FIRST_CUSTOM_ACCOUNT: u64 = 200_000;

/// The first id of a contact who writes, above all ids of the seed.
pub(crate) const FIRST_NEW_CONTACT: u64 = 500_000_000;

/// The first id of a thread that begins, above all ids of the seed.
pub(crate) const FIRST_NEW_THREAD: u64 = 500_000_000_000;

/// The user who connects an account of a custom channel.
pub(crate) const CONNECTING_USER: i32 = 2_620_018;

/// How often a webhook request is resent. HubSpot resends it up to ten times within 24 hours.
pub(crate) const WEBHOOK_RETRIES: u32 = 3;

/// How long to wait before a webhook request is resent. HubSpot waits for random times.
pub(crate) const WEBHOOK_RETRY_DELAY: Duration = Duration::from_millis(100);

/// The subscription id of the first webhook's first kind of event. The kinds of one webhook have
/// consecutive ids.
pub(crate) const FIRST_SUBSCRIPTION: u64 = 2_371_000;

/// The `eventId` of the first events.
pub(crate) const FIRST_EVENT_ID: u64 = 3_269_195_000;
