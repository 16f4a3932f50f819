//! What HubSpot documents nowhere, and what this simulator does there.
//!
//! **Everything in this file is a choice, not a fact.** A program must not rely on any of it;
//! what it may rely on is written in the other files.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{
    Actor, ActorId, ChannelAccount, CustomChannel, Message, Participant, StagingToken,
    ThreadingModel,
};

use crate::call::Answer;
use crate::custom_channels::accounts::is_of;
use crate::custom_channels::channel_events::{self, AccountChange};
use crate::errors::ApiError;
use crate::history_events;
use crate::messages::Entry;
use crate::oauth::Denied;
use crate::outbox::{Change, Outbox};
use crate::rate_limit::Policy;
use crate::state::State;

/// Choice: the access token of a simulator that was given none. The form is that of a private
/// app's token.
pub(crate) const TOKEN: &str = "pat-na1-00000000-0000-4000-8000-000000000000";

/// Choice: the app the token belongs to. It creates what nobody else is named for.
pub(crate) const APP_ID: i64 = 1_234_567;

/// Choice: the developer key of a simulator that was given none.
pub(crate) const DEVELOPER_KEY: &str = "00000000-0000-4000-8000-00000000d0ec";

/// Choice: a developer key goes with the id of the token's app. Without it, or with another one, a
/// request is refused as if the key were wrong.
pub(crate) fn owns_app(id: Option<&str>) -> bool {
    id.and_then(|id| id.parse().ok()) == Some(APP_ID)
}

/// Choice: the account of HubSpot that everything is in. It is what webhooks call a portal and
/// OAuth a hub.
pub(crate) const PORTAL_ID: u64 = 7_654_321;

/// Choice: the client of OAuth that the app is, and its secret where it was given none.
pub(crate) const CLIENT_ID: &str = "00000000-0000-4000-8000-00000000c11e";
pub(crate) const CLIENT_SECRET: &str = "00000000-0000-4000-8000-0000005ec4e7";

/// Choice: the refresh token after so many refreshes, where each gives another one.
pub(crate) fn refresh_token(refreshes: usize) -> String {
    format!("na1-00000000-0000-4000-8000-{refreshes:012}")
}

/// Choice: the access token that a refresh gives, by how many there were with it.
pub(crate) fn access_token(refresh: usize) -> String {
    format!("oauth-00000000-0000-4000-8000-{refresh:012}")
}

/// Choice: what is answered when something else than a refresh token is to be exchanged, which the
/// simulator does not do.
pub(crate) fn other_grant() -> Denied {
    let message = "expected a form with the grant_type refresh_token";
    Denied {
        error: "unsupported_grant_type",
        error_description: message,
        status: "BAD_GRANT_TYPE",
        message,
    }
}

/// Choice: what is answered when the client id or the client secret is missing or wrong. The
/// status is known by hearsay only.
pub(crate) fn unknown_client() -> Denied {
    let message = "no client has this id and secret";
    Denied { error: "invalid_client", error_description: message, status: "BAD_CLIENT_ID", message }
}

/// Choice: the address of a simulator that has no port. It is one of this machine, so that clients
/// send it their token, and nobody listens there, so that what is sent over a socket by mistake is
/// refused.
pub(crate) const IN_PROCESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// Choice: the page length of every list where neither `limit` nor `defaultPageLength` is given.
pub(crate) const PAGE_LENGTH: usize = 100;

/// Choice: the largest `limit` of every list but that of threads, whose 500 is documented. A
/// larger one is refused with 400.
pub(crate) const MAX_LIMIT: usize = 500;

/// Choice: how many actors can be read at once. More are refused with 400.
pub(crate) const MAX_BATCH_INPUTS: usize = 100;

/// Choice: the fields that are answered whatever `property` names, so that an item can be told
/// from others and a member of a union read.
pub(crate) const ALWAYS_SHOWN: [&str; 2] = ["id", "type"];

/// Choice: how large a request's body can be, in bytes. A larger one is refused with 413.
pub(crate) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Choice: how much of a larger body is read before it is refused, in bytes. A client that sends
/// even more may find the connection closed before it reads why.
pub(crate) const MAX_DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// Choice: which lists a body can lack although the document requires them. HubSpot's own examples,
/// and apps that work, leave some of them out. `null` is refused all the same.
pub(crate) fn can_be_left_out(field: &str) -> bool {
    ["attachments", "senders", "recipients", "deliveryIdentifiers"].contains(&field)
}

/// Choice: a body without a content type is read as JSON. One with another type than JSON is
/// refused with 415.
pub(crate) const WRONG_TYPE: &str = "Unsupported media type. Send application/json.";

/// Choice: the message of a 400 whose body breaks off or is not framed as HTTP asks.
pub(crate) const BROKEN_BODY: &str = "The body of the request cannot be read to its end.";

/// Choice: how long after a reply the replier is assigned. HubSpot is known to do it within
/// milliseconds.
pub(crate) const ASSIGNED_AFTER_REPLY: TimeDelta = TimeDelta::milliseconds(7);

/// Choice: the message of a 404, which is that of HubSpot's other APIs.
pub(crate) const NOT_FOUND: &str = "resource not found";

/// Choice: the message of a 400 that concerns one parameter or field. The details are in `errors`.
pub(crate) const INVALID: &str = "Invalid input.";

/// Choice: the message of a 400 whose body is not the JSON that is expected.
pub(crate) const INVALID_JSON: &str = "Invalid input JSON.";

/// Choice: a send that is refused answers this message even for a single problem.
pub(crate) const INVALID_SEND: &str = "Multiple errors validating request.";

/// Choice: the message of a 429 that does not say which limit it is about.
pub(crate) const RATE_LIMITED: &str = "You have reached your limit.";

/// Choice: whether requests that are refused with 429 count for the limits.
///
/// Which further requests count is a choice, too: those that are authorized, whatever they are
/// answered, and with them those to every version of the API, with a token or a developer key. A
/// request without the credentials or scopes it needs does not count, nor does one for what the API
/// does not have, and neither is told how many are left.
pub(crate) const REFUSED_COUNT: bool = false;

/// Choice: how long a day of the daily limit is. The first begins with the first request that
/// counts, and each further one with the first that counts after the end of the last. HubSpot's end
/// at midnight in the account's time zone, and the simulator's account has none.
pub(crate) const DAY: Duration = Duration::from_hours(24);

/// Choice: a request that goes beyond both limits is told of the daily one.
pub(crate) fn policy(beyond_burst: bool, beyond_daily: bool) -> Option<Policy> {
    match (beyond_burst, beyond_daily) {
        (_, true) => Some(Policy::Daily),
        (true, false) => Some(Policy::TenSecondlyRolling),
        (false, false) => None,
    }
}

/// Choice: the length of a page where short pages are asked for. Never less than one, so that a
/// list comes to its end.
pub(crate) fn short_page(limit: usize) -> usize {
    limit.div_ceil(2)
}

/// Choice: a cursor belongs to its list, which is an operation, the ids in its path and an order.
/// One of another list is refused with 400, and so is everything else that is no cursor, also an
/// empty one. What filters the list is not part of it.
pub(crate) fn not_a_cursor() -> ApiError {
    ApiError::invalid("after", "not a cursor of this list")
}

/// Choice: a parameter that takes one value and is sent twice is refused with 400, because which
/// of the values would count is not known.
pub(crate) fn repeated_parameter(name: &str) -> ApiError {
    ApiError::invalid(name, "expected one value, found several")
}

/// Choice: messages, comments and welcome messages move a thread's `latestMessageTimestamp`, and
/// events do not. These three are also what HubSpot's webhooks call new messages.
pub(crate) fn is_message(entry: &Message) -> bool {
    matches!(entry, Message::Message(_) | Message::Comment(_) | Message::WelcomeMessage(_))
}

/// Choice: an id in a path or a query that is not a number is refused with 400, not with 404.
pub(crate) fn malformed_id(name: &str) -> ApiError {
    ApiError::invalid(name, "expected a whole number")
}

/// Choice: archiving a thread that is archived already is refused with 404, because without
/// `archived=true` such a thread is not reached.
pub(crate) fn archived_again() -> ApiError {
    ApiError::not_found()
}

/// Choice: setting the status or the assignee a thread already has adds no event to its history.
pub(crate) fn is_event<T: PartialEq>(before: &T, after: &T) -> bool {
    before != after
}

/// Choice: a history is archived with its thread and never in part, so that a list asks for all
/// of it or nothing of it. Single entries are answered either way.
pub(crate) fn lists_history(thread_is_archived: bool, asked_for_archived: bool) -> bool {
    thread_is_archived == asked_for_archived
}

/// Choice: an assignee can also be named by the e-mail address of an agent, which is what HubSpot's
/// guide shows, but not by the id of an e-mail actor.
pub(crate) fn names_agent_by_address(id_or_address: &str) -> bool {
    id_or_address.contains('@') && !id_or_address.starts_with("E-")
}

/// Choice: a message needs at least one recipient on every channel, also on those where HubSpot's
/// own messages have none.
pub(crate) const MIN_RECIPIENTS: usize = 1;

/// Choice: messages go through accounts that are inactive or not authorized, because HubSpot's own
/// example has such an account. Archived ones count as unknown.
pub(crate) fn can_send_through(account: &ChannelAccount) -> bool {
    account.archived != Some(true)
}

/// Choice: the agent who sends a message is also who created it.
pub(crate) fn message_creator(agent: &ActorId) -> ActorId {
    agent.clone()
}

/// Choice: a comment, for which nobody is named, is created and sent by the app.
pub(crate) fn comment_creator() -> ActorId {
    history_events::app()
}

/// Choice: a batch of actors is answered in the order of its inputs, each actor once.
pub(crate) fn batch_order(inputs: &[ActorId]) -> impl Iterator<Item = &ActorId> {
    let mut seen = BTreeSet::new();
    inputs.iter().filter(move |&id| seen.insert(id))
}

/// Choice: a visitor token is forty hexadecimal digits.
pub(crate) fn visitor_token(random: &mut fastrand::Rng) -> String {
    format!("{:032x}{:08x}", random.u128(..), random.u32(..))
}

/// Choice: which capabilities a custom channel can have is known; another one is refused as one
/// with a wrong value is.
pub(crate) fn accepts_unknown_capability() -> bool {
    false
}

/// Choice: the ids of what is registered or published begin with these numbers, which are above
/// all that are invented.
pub(crate) const FIRST_CUSTOM_CHANNEL: u64 = 1_200_000;
pub(crate) const FIRST_CUSTOM_ACCOUNT: u64 = 200_000;
pub(crate) const FIRST_NEW_CONTACT: u64 = 500_000_000;
pub(crate) const FIRST_NEW_THREAD: u64 = 500_000_000_000;

/// Choice: how a custom channel threads that does not say it.
pub(crate) fn threading_model(channel: Option<&CustomChannel>) -> ThreadingModel {
    let capabilities = channel.and_then(|channel| channel.capabilities.as_ref());
    let stated = capabilities.and_then(|capabilities| capabilities.threading_model.clone());
    stated.unwrap_or(ThreadingModel::DeliveryIdentifier)
}

/// Choice: the accounts of a custom channel are archived with it, and its webhook is told that
/// they were purged.
pub(crate) fn archive_accounts(state: &mut State, channel: u64, at: DateTime<Utc>) {
    let mut archived = Vec::new();
    let accounts = state.channel_accounts.iter_mut();
    for (&id, account) in accounts.filter(|(_, account)| is_of(account, channel)) {
        if account.archived != Some(true) {
            account.archived = Some(true);
            account.archived_at = Some(at);
            archived.push(id);
        }
    }
    for id in archived {
        channel_events::account(state, channel, id, AccountChange::Purged);
    }
}

/// Choice: the user who connects an account of a custom channel.
pub(crate) const CONNECTING_USER: i32 = 2_620_018;

/// Choice: an account that a user is about to connect is connected as soon as the app gave it a
/// name and an address, and follows later changes of its token. Answers the name.
pub(crate) fn connected_name(token: &StagingToken) -> Option<&str> {
    token.delivery_identifier.as_ref().and(token.account_name.as_deref())
}

/// Choice: a published message needs a text, which can be a single space.
pub(crate) fn is_empty(text: &str) -> bool {
    text.is_empty()
}

/// Choice: whoever is named by id in a published message exists, a visitor on one side and an agent
/// on the other.
pub(crate) fn can_take_part(state: &State, as_visitor: bool, participant: &Participant) -> bool {
    let Some(id) = &participant.sender_actor_id else { return true };
    match state.actors.get(id) {
        Some(Actor::Visitor(_)) => as_visitor,
        Some(Actor::Agent(_)) => !as_visitor,
        _ => false,
    }
}

/// Choice: a published message has the time it says, but never before what its thread ends with
/// and never after the clock, because a history is in order of time.
pub(crate) fn published_at(
    state: &State,
    thread: Option<u64>,
    stated: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let thread = thread.and_then(|id| state.threads.get(&id));
    let last = thread.and_then(|thread| thread.history().last()?.created_at());
    last.map_or(stated, |last| stated.max(last)).min(now)
}

/// Choice: an incoming message opens a closed thread again.
pub(crate) const REOPENS: bool = true;

/// Choice: a message that was published before, by the app's id for it, is answered again as it is
/// now, whatever else the repetition says. Nothing is stored twice.
pub(crate) fn repeated(message: &Message) -> Answer {
    Answer::json(StatusCode::CREATED, &Entry::new(message))
}

/// Choice: webhooks are told of a thread that is archived by its deletion alone, and not by
/// `isArchived` too.
pub(crate) fn archived(outbox: &mut Outbox, at: DateTime<Utc>, thread: u64) {
    outbox.thread_changed(at, thread, Change::Archived);
}

/// Choice: an archived thread that is deleted for good, because nobody restored it in time, is
/// what webhooks call a privacy deletion. The API cannot ask for another one.
pub(crate) fn purged(outbox: &mut Outbox, at: DateTime<Utc>, thread: u64) {
    outbox.thread_changed(at, thread, Change::Purged);
}

/// Choice: how often something is delivered to a webhook again, and after how long. HubSpot tries
/// up to ten times within 24 hours, after random times.
pub(crate) const WEBHOOK_RETRIES: u32 = 3;
pub(crate) const WEBHOOK_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Choice: what a webhook answers with a redirect counts as taken. HubSpot documents that 4xx and
/// 5xx do not.
pub(crate) fn is_taken(status: u16) -> bool {
    status < 400
}

/// Choice: each kind of event is a subscription with an id of its own, as with HubSpot; those of
/// one webhook follow each other. This is the first of them.
pub(crate) fn first_subscription(webhook: usize) -> u64 {
    const FIRST: u64 = 2_371_000;
    FIRST + 10 * webhook as u64
}

/// Choice: everything that happens at once has the same `eventId`, because HubSpot does not promise
/// that none is given twice, and an app that relies on it is to notice.
pub(crate) fn event_id(occasion: u64) -> u64 {
    const FIRST: u64 = 3_269_195_000;
    FIRST + occasion
}

/// Choice: what custom channels are told is signed in version 3 alone. HubSpot does not say whether
/// it is signed at all; an app is known that verifies it so.
pub(crate) const NOTICES_HAVE_V1: bool = false;

/// Choice: the time of what custom channels are told is written as those of the API are, while
/// events of conversations have milliseconds.
pub(crate) fn notice_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Choice: further methods that carry an operation out.
///
/// HubSpot's document assigns a thread with PUT and its guide with POST; the simulator takes both.
pub(crate) fn further_methods(id: OperationId) -> &'static [Method] {
    match id {
        OperationId::AssignThread => &[Method::POST],
        _ => &[],
    }
}

/// Choice: further roots that operations are served under, each with its version.
///
/// HubSpot's guide has other roots than its document, in v3 for the assignee and in 2026-09 for
/// everything about threads; the simulator takes both.
pub(crate) fn further_roots(root: &str) -> &'static [(&'static str, &'static str)] {
    const V3: (&str, &str) = ("v3", "/conversations/v3/conversations");
    const V2026_09: (&str, &str) = ("2026-09", "/conversations/2026-09/conversations");
    match root {
        "assignees" => &[V3, V2026_09],
        "conversations" => &[V2026_09],
        _ => &[],
    }
}

/// Choice: a slash after a path changes nothing. HubSpot has documented paths with and without.
pub(crate) fn with_and_without_slash<V: Copy>((version, path): (V, String)) -> [(V, String); 2] {
    let slashed = format!("{path}/");
    [(version, path), (version, slashed)]
}
