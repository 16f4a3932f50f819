//! What to tell people about an error of the API: what happened, and what to do next.

mod flags;
mod problems;
mod reach;
mod wording;

use std::time::Duration;

use hubspot_conversations::{
    ApiVersion, Credential, Error, ErrorDetail, ErrorKind, Operation, OperationId,
};

use crate::settings::Connection;
use wording::{A_DAY, again_in, sentences, spoken, words};

/// How many bytes of a body --verbose shows.
const MOST_OF_BODY: usize = 64 * 1024;

/// The longest cursor that is shown.
const MOST_OF_CURSOR: usize = 500;

/// The longest that HubSpot is waited for without a deadline, which is the crate's default.
const UNASKED_WAIT: Duration = Duration::from_secs(60);

/// One sentence about an operation that the version of the API does not have. `None` if the error
/// is another one.
pub(crate) fn missing(error: &Error, connection: &Connection) -> Option<String> {
    let operation = error.operation().and_then(Operation::named)?;
    let root = operation.root?;
    if error.kind() != ErrorKind::InvalidRequest || connection.root(root).is_some() {
        return None;
    }
    let version = connection.version;
    let others = ApiVersion::ALL.map(ApiVersion::as_str);
    let others: Vec<_> =
        others.into_iter().filter(|name| root.in_version(name).is_some()).collect();
    Some(format!(
        "API version {version} cannot {}: use one of {} (--api-version or HUBSPOT_API_VERSION), or \
         set the path with --root {}=PATH",
        lowercase(operation.summary),
        others.join(", "),
        root.name
    ))
}

/// A sentence as it goes on after something else.
fn lowercase(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(chars).collect()
}

/// One sentence about the error.
pub(crate) fn sentence(error: &Error, connection: &Connection) -> String {
    let operation = error.operation().and_then(Operation::named);
    let Connection { base_url, credential, .. } = connection;
    let takes_key =
        operation.is_some_and(|operation| operation.credential == Credential::DeveloperKey);
    let notes = notes(error);
    let next = |harmless: &str| what_next(error, operation, harmless);
    match error.kind() {
        ErrorKind::InvalidRequest => error.to_string(),
        ErrorKind::Connect => reach::unreachable(error, connection),
        ErrorKind::Tls => reach::insecure(error, connection),
        ErrorKind::Proxy => reach::refused_by_proxy(connection),
        ErrorKind::Timeout => {
            let more = match connection.deadline {
                None => "try again, or increase --timeout",
                Some(_) => "try again, or increase --timeout and --deadline",
            };
            format!("the request to {base_url} timed out{}; {}", tried(error), next(more))
        }
        ErrorKind::Interrupted => format!(
            "the connection to {base_url} was lost{}: {}; {}",
            tried(error),
            innermost(error),
            next("try again")
        ),
        ErrorKind::Deadline => match error.retry_after() {
            Some(wait) => format!(
                "the next request would wait {} for the rate limit, longer than its --deadline; \
                 increase --deadline, or try again later",
                spoken(wait)
            ),
            None => "the --deadline passed before a request was sent; increase --deadline, or try \
                     again later"
                .to_owned(),
        },
        ErrorKind::Unauthorized if takes_key => format!(
            "{credential} was rejected{notes}; check that it is complete, and that the app \
             (--app-id or HUBSPOT_APP_ID) belongs to the same developer account"
        ),
        // The token was to be replaced, and there was no other one.
        ErrorKind::Unauthorized if error.status().is_none() => error.to_string(),
        ErrorKind::Unauthorized => format!(
            "{credential} was rejected{notes}; check that it is complete, has not expired, and \
             belongs to the right account"
        ),
        ErrorKind::Forbidden if !is_of_hubspot(error) => format!(
            "a gateway, proxy or firewall blocked the request{notes}; the response is not \
             HubSpot's: ask the network administrator, and check the base URL (--base-url or \
             HUBSPOT_BASE_URL)"
        ),
        ErrorKind::Forbidden if takes_key => format!(
            "{credential} lacks permission{notes}; custom channels require Sales or Service Hub \
             Professional, and an app that is not a legacy private app"
        ),
        ErrorKind::Forbidden => format!(
            "{credential} lacks permission{notes}; add the scope {} to the app and reinstall it, \
             and check that the account's subscription includes the feature",
            scopes(error, operation)
        ),
        ErrorKind::NotFound if is_html(error) => no_such_path(operation, &notes, connection),
        ErrorKind::NotFound => not_found(operation, &notes, connection),
        ErrorKind::RateLimited => rate_limited(error, &notes, connection),
        ErrorKind::Rejected => rejected(error, operation, &notes, connection),
        ErrorKind::Server => {
            let again = again_in(error).unwrap_or_else(|| "try again later".to_owned());
            let again = format!("{again}, and see https://status.hubspot.com");
            format!("HubSpot returned a server error{notes}; {}", next(&again))
        }
        ErrorKind::UnexpectedStatus => format!(
            "{base_url} returned an unexpected status{notes}; {}",
            next("check the base URL (--base-url or HUBSPOT_BASE_URL); redirects are not followed")
        ),
        _ if error.was_carried_out() => format!("{error}; do not run it again"),
        ErrorKind::Decode => match after_change(error, operation) {
            Some(look) => format!("{error}; {look}"),
            None => error.to_string(),
        },
        ErrorKind::RepeatedCursor | ErrorKind::UnusableCursor => {
            format!("{error}; the printed list is incomplete, run the command again later")
        }
        ErrorKind::EmptyPages => format!(
            "{error}; the printed list may be incomplete, run the command again later, or narrow \
             the list with its options"
        ),
        _ => error.to_string(),
    }
}

/// What to do next: what does no harm, or else to look first.
fn what_next(error: &Error, operation: Option<&Operation>, harmless: &str) -> String {
    after_change(error, operation).unwrap_or_else(|| harmless.to_owned())
}

/// What is missing of a list that was printed in part, and how to have it.
pub(crate) fn rest(next: Option<&str>) -> String {
    // What HubSpot sends can be anything, and somebody copies it to a shell.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+/=_.~-".contains(c);
    let next = next.filter(|next| next.len() <= MOST_OF_CURSOR && next.chars().all(is_plain));
    let how = next.map(|next| format!(", continue with --after {next}")).unwrap_or_default();
    format!("; the printed list is incomplete{how}")
}

/// That a change may be carried out although nobody waited for its answer.
pub(crate) fn stopped(operation: &Operation) -> String {
    let look = look(operation).unwrap_or_else(|| {
        "the change may have been made anyway; it is safe to run the command again".to_owned()
    });
    format!("stopped before HubSpot responded: {look}")
}

/// Where to look before it is done again, if it may have been carried out and must not be twice.
fn after_change(error: &Error, operation: Option<&Operation>) -> Option<String> {
    look(operation.filter(|_| error.is_ambiguous())?)
}

/// Where to look before an operation is done again that may have been carried out and must not be
/// twice.
fn look(operation: &Operation) -> Option<String> {
    if operation.idempotent {
        return None;
    }
    let (change, look) = match operation.id {
        OperationId::SendMessage => (
            "the message may have been sent",
            "with `convo messages find-sent` (add --comment for a comment)",
        ),
        OperationId::UpdateThread => {
            ("the thread may have been changed", "with `convo threads get`")
        }
        OperationId::CreateCustomChannel => {
            ("the channel may have been registered", "with `convo custom-channels list`")
        }
        OperationId::UpdateCustomChannel => {
            ("the channel may have been changed", "with `convo custom-channels get`")
        }
        OperationId::CreateCustomChannelAccount | OperationId::UpdateStagingToken => {
            ("the account may have been connected", "with `convo custom-channel-accounts list`")
        }
        OperationId::UpdateCustomChannelAccount => {
            ("the account may have been changed", "with `convo custom-channel-accounts get`")
        }
        OperationId::PublishCustomChannelMessage => {
            ("the message may have been published", "in the inbox")
        }
        OperationId::UpdateCustomChannelMessage => {
            ("the message may have been changed", "with `convo custom-channel-messages get`")
        }
        // One token too many does no harm.
        OperationId::CreateVisitorToken => return None,
        _ => ("the change may have been made", "the current state"),
    };
    Some(format!("{change} anyway; check {look} before you try again"))
}

fn not_found(operation: Option<&Operation>, notes: &str, connection: &Connection) -> String {
    let Some(operation) = operation else {
        return format!("not found{notes}; check the id");
    };
    let (what, advice) = match operation.id {
        OperationId::GetInbox => ("inbox", "check the id, or add --archived"),
        OperationId::GetChannel => ("channel", "list the channels with `convo channels list`"),
        OperationId::GetChannelAccount => ("channel account", "check the id, or add --archived"),
        OperationId::GetThread => ("thread", "check the id, or add --archived"),
        OperationId::UpdateThread
        | OperationId::ArchiveThread
        | OperationId::AssignThread
        | OperationId::UnassignThread => {
            ("thread", "check the id; restore an archived thread with `convo threads restore`")
        }
        OperationId::ListMessages | OperationId::SendMessage => (
            "thread",
            "check the id; show an archived thread with `convo threads get ID --archived`",
        ),
        OperationId::GetMessage => {
            ("thread or message", "list the messages of a thread with `convo messages list`")
        }
        OperationId::GetOriginalContent => (
            "thread or message, or no original content",
            "list the messages of a thread with `convo messages list`",
        ),
        OperationId::GetActor => ("actor", "check the id and its prefix, such as `A-`"),
        OperationId::GetCustomChannel
        | OperationId::UpdateCustomChannel
        | OperationId::ArchiveCustomChannel => {
            ("custom channel of this app", "list them with `convo custom-channels list`")
        }
        OperationId::ListCustomChannelAccounts | OperationId::CreateCustomChannelAccount => {
            ("custom channel", "list them with `convo custom-channels list`")
        }
        OperationId::GetCustomChannelAccount => {
            ("custom channel or account", "check the ids, or add --archived")
        }
        OperationId::UpdateCustomChannelAccount => (
            "custom channel or account",
            "list a channel's accounts with `convo custom-channel-accounts list`",
        ),
        OperationId::UpdateStagingToken => (
            "custom channel, or no account to connect with this token",
            "check the token, and that it belongs to this channel",
        ),
        OperationId::PublishCustomChannelMessage => {
            ("custom channel", "check the channel id, and the account id in the message")
        }
        OperationId::GetCustomChannelMessage | OperationId::UpdateCustomChannelMessage => {
            ("custom channel or message", "check the ids")
        }
        // Without an id, it is the path that is not there.
        _ if !operation.path.contains('{') => {
            return no_such_path(Some(operation), notes, connection);
        }
        _ => ("record", "check the ids"),
    };
    format!("no such {what}{notes}; {advice}")
}

/// That the server has nothing where an operation should be.
fn no_such_path(operation: Option<&Operation>, notes: &str, connection: &Connection) -> String {
    let base_url = &connection.base_url;
    let path = operation.map(|operation| format!(" has no {}", path(operation, connection)));
    let path = path.unwrap_or_else(|| " has no such path".to_owned());
    let and_the_path = match connection.has_usual_roots() {
        true => "",
        false => ", and the path (--api-version and --root)",
    };
    format!(
        "{base_url}{path}{notes}; check the base URL (--base-url or \
         HUBSPOT_BASE_URL){and_the_path}"
    )
}

/// The path of an operation that was asked for.
fn path(operation: &Operation, connection: &Connection) -> String {
    let rest = operation.root.and_then(|root| {
        let rest = operation.path.strip_prefix(root.documented())?;
        Some(format!("{}{rest}", connection.root(root)?))
    });
    rest.unwrap_or_else(|| operation.path.to_owned())
}

fn rate_limited(error: &Error, notes: &str, connection: &Connection) -> String {
    if error.is_daily_limit() {
        let reset = match error.retry_after() {
            Some(wait) => format!("in {}", spoken(wait)),
            None => "after midnight in the account's time zone".to_owned(),
        };
        return format!("the daily request limit is reached{notes}; try again {reset}");
    }
    let wait = error.retry_after().map_or_else(|| "10 seconds".to_owned(), spoken);
    format!(
        "the rate limit, which the account's other programs share, is reached{notes}; try again in \
         {wait}{}",
        patience(error, connection)
    )
}

fn rejected(
    error: &Error,
    operation: Option<&Operation>,
    notes: &str,
    connection: &Connection,
) -> String {
    match error.status().map(|status| status.as_u16()) {
        Some(408) => format!(
            "HubSpot timed out waiting for the request{notes}; {}",
            what_next(error, operation, "try again")
        ),
        Some(423) => {
            let again = again_in(error).unwrap_or_else(|| "wait and try again".to_owned());
            format!("HubSpot has temporarily locked the record{notes}; {again}")
        }
        Some(477) => {
            let wait = error.retry_after().map_or_else(|| "a day".to_owned(), spoken);
            let patience = patience(error, connection);
            format!("HubSpot is migrating the account{notes}; try again in {wait}{patience}")
        }
        Some(status) => {
            let changes = operation.map(|operation| problems::changes(error, operation.id));
            let changes = changes.filter(|changes| !changes.is_empty()).map_or_else(
                || correction(status, error, connection),
                |changes| words(&changes.join("; ")),
            );
            format!("HubSpot rejected the request{notes}; {changes}")
        }
        None => error.to_string(),
    }
}

/// What to correct, where no option is named.
fn correction(status: u16, error: &Error, connection: &Connection) -> String {
    match status {
        413 => "the request is too large: shorten it".to_owned(),
        414 => "the URL is too long: shorten the ids and options".to_owned(),
        425 => "try again".to_owned(),
        431 => format!(
            "the request headers are too large: check that {} contains only the token",
            connection.credential
        ),
        _ if problems::are_named(error) => "correct the reported problem and try again".to_owned(),
        _ => "HubSpot gives no reason: check the ids and options".to_owned(),
    }
}

/// How to have the program wait, where HubSpot asked for longer than it does by itself, and not for
/// longer than anybody waits.
fn patience(error: &Error, connection: &Connection) -> String {
    let Some(wait) = error.retry_after().filter(|wait| *wait <= A_DAY) else {
        return String::new();
    };
    let is_too_long = match connection.deadline {
        None => wait > UNASKED_WAIT,
        Some(deadline) => wait >= deadline,
    };
    let enough = (wait + UNASKED_WAIT).as_secs();
    if is_too_long {
        format!(", or wait automatically with --deadline {enough}")
    } else {
        String::new()
    }
}

/// The scopes that are missing, or those the operation needs.
fn scopes(error: &Error, operation: Option<&Operation>) -> String {
    let missing = error.missing_scopes();
    let needed = operation.map(Operation::scopes_in_words).unwrap_or_default();
    words(&if missing.is_empty() { needed } else { missing.join(", ") })
}

/// How often it was tried, if more than once.
fn tried(error: &Error) -> String {
    match error.attempts() {
        0 | 1 => String::new(),
        attempts => format!(" after {attempts} attempts"),
    }
}

/// The status, what HubSpot says of it, and how often it was tried, in brackets.
fn notes(error: &Error) -> String {
    let Some(status) = error.status() else { return String::new() };
    let mut notes = vec![status.as_u16().to_string()];
    let said = sentences(error.message().into_iter().chain(problem_messages(error)));
    if !said.is_empty() {
        notes.push(format!("“{said}”"));
    }
    let particulars = problems::particulars(error);
    if !particulars.is_empty() {
        notes.push(words(&particulars.join(", ")));
    }
    if error.attempts() > 1 {
        notes.push(format!("{} attempts", error.attempts()));
    }
    notes.extend(error.correlation_id().map(|id| format!("correlation id {}", words(id))));
    format!(" ({})", notes.join(", "))
}

/// Whether the answer is one of HubSpot's, which are JSON objects.
fn is_of_hubspot(error: &Error) -> bool {
    error.body().is_some_and(|body| body.trim_ascii_start().starts_with(b"{"))
}

/// Whether the answer is a page for people, which HubSpot's API does not send.
fn is_html(error: &Error) -> bool {
    error.body().is_some_and(|body| body.trim_ascii_start().starts_with(b"<"))
}

/// The body of the answer, on lines of its own. `None` if there was no answer.
pub(crate) fn body(error: &Error) -> Option<String> {
    let body = error.body()?;
    let shown = String::from_utf8_lossy(&body[..body.len().min(MOST_OF_BODY)]);
    let more = if body.len() > MOST_OF_BODY { "…" } else { "" };
    Some(match shown.trim() {
        "" => "\nHubSpot's response has no body".to_owned(),
        shown => format!("\nHubSpot's response:\n{shown}{more}"),
    })
}

/// The messages of the single problems that HubSpot names.
fn problem_messages(error: &Error) -> impl Iterator<Item = &str> {
    error.details().iter().filter_map(ErrorDetail::message)
}

/// The deepest reason, which says most: `Connection refused`, not `error sending request`.
fn innermost(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    words(&deepest.to_string())
}
