//! What HubSpot documents nowhere, and what this simulator does there.
//!
//! **Everything in this file is a choice, not a fact.** A program must not rely on any of it;
//! what it may rely on is written in the other files.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::TimeDelta;
use hubspot_conversations_api::OperationId;
use hubspot_conversations_api::types::{ActorId, ChannelAccount, Message};

use crate::errors::Refusal;
use crate::events;

/// Choice: the access token of a simulator that was given none. The form is that of a private
/// app's token.
pub(crate) const TOKEN: &str = "pat-na1-00000000-0000-4000-8000-000000000000";

/// Choice: the app the token belongs to. It creates what nobody else is named for.
pub(crate) const APP_ID: i64 = 1_234_567;

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

/// Choice: the length of a page where short pages are asked for. Never less than one, so that a
/// list comes to its end.
pub(crate) fn short_page(limit: usize) -> usize {
    limit.div_ceil(2)
}

/// Choice: a cursor that was not percent-decoded before it was sent back is ignored, and the
/// first page comes again. Clients have seen a page repeat, but not why.
pub(crate) fn ignores_cursor(after: &str) -> bool {
    after.contains('%')
}

/// Choice: messages, comments and welcome messages move a thread's `latestMessageTimestamp`, and
/// events do not. These three are also what HubSpot's webhooks call new messages.
pub(crate) fn is_message(entry: &Message) -> bool {
    matches!(entry, Message::Message(_) | Message::Comment(_) | Message::WelcomeMessage(_))
}

/// Choice: an id in a path or a query that is not a number is refused with 400, not with 404.
pub(crate) fn malformed_id(name: &str) -> Refusal {
    Refusal::invalid(name, "expected a whole number")
}

/// Choice: archiving a thread that is archived already is refused with 404, because without
/// `archived=true` such a thread is not reached.
pub(crate) fn archived_again() -> Refusal {
    Refusal::not_found()
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
    events::app()
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

/// Choice: further methods and paths that carry an operation out.
///
/// HubSpot's document and its guide contradict each other on how a thread is assigned; the
/// simulator takes both.
pub(crate) fn aliases(id: OperationId) -> &'static [(Method, &'static str)] {
    const GUIDE: &str = "/conversations/v3/conversations/threads/{threadId}/assignee";
    const DOCUMENT: &str = "/conversations/conversations/v3/threads/{threadId}/assignee";
    match id {
        OperationId::AssignThread => {
            &[(Method::POST, DOCUMENT), (Method::POST, GUIDE), (Method::PUT, GUIDE)]
        }
        OperationId::UnassignThread => &[(Method::DELETE, GUIDE)],
        _ => &[],
    }
}
