//! The error message for an API error: what happened, and what to do next.

mod connection_errors;
mod error_details;
mod flags;
mod wording;

use std::time::Duration;

use hubspot_conversations::{
    ApiVersion, Credential, Error, ErrorDetail, ErrorKind, Operation, OperationId,
};

use crate::command_error::CommandError;
use crate::connection::Connection;
use wording::{A_DAY, innermost, retry_hint, rounded, sentences, tried, words};

/// The maximum size of a body that --verbose prints, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The maximum length of a cursor in a message.
const MAX_CURSOR_BYTES: usize = 500;

/// The longest wait that HubSpot can ask for without a deadline: the client's default.
const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60);

/// Replaces an error of the API by a sentence with advice.
pub(crate) fn explain(error: CommandError, connection: &Connection) -> CommandError {
    match error {
        CommandError::Api(error) => explain_api(&error, connection, ""),
        CommandError::PartialList { error, next } => {
            let is_said =
                matches!(error.kind(), ErrorKind::RepeatedCursor | ErrorKind::UnusableCursor);
            let rest = if is_said { String::new() } else { continuation(next.as_deref()) };
            explain_api(&error, connection, &rest)
        }
        other => other,
    }
}

/// The sentence, what follows of it, and the body of the response if it is to be shown.
fn explain_api(error: &Error, connection: &Connection, rest: &str) -> CommandError {
    if let Some(sentence) = unsupported_version(error, connection) {
        return CommandError::Usage(sentence);
    }
    let sentence = sentence(error, connection);
    let body = connection.verbose.then(|| body(error)).flatten().unwrap_or_default();
    match error.was_carried_out() {
        true => CommandError::NoResult(sentence + &body),
        false => CommandError::Failed(sentence + rest + &body),
    }
}

/// A sentence on an operation that the API version does not have. `None` for other errors.
fn unsupported_version(error: &Error, connection: &Connection) -> Option<String> {
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

/// A sentence with its first letter in lower case.
fn lowercase(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(chars).collect()
}

/// One sentence on the error.
fn sentence(error: &Error, connection: &Connection) -> String {
    let operation = error.operation().and_then(Operation::named);
    let Connection { base_url, credential, .. } = connection;
    let takes_key =
        operation.is_some_and(|operation| operation.credential == Credential::DeveloperKey);
    let notes = notes(error);
    let next = |harmless: &str| next_step(error, operation, harmless);
    match error.kind() {
        ErrorKind::InvalidRequest => error.to_string(),
        ErrorKind::Connect => connection_errors::connect(error, connection),
        ErrorKind::Tls => connection_errors::tls(error, connection),
        ErrorKind::Proxy => connection_errors::proxy(connection),
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
                rounded(wait)
            ),
            None => "the --deadline passed before a request was sent; increase --deadline, or try \
                     again later"
                .to_owned(),
        },
        ErrorKind::Unauthorized if takes_key => format!(
            "{credential} was rejected{notes}; check that it is complete, and that the app \
             (--app-id or HUBSPOT_APP_ID) belongs to the same developer account"
        ),
        // The token expired, and could not be replaced.
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
            let again = retry_hint(error).unwrap_or_else(|| "try again later".to_owned());
            let again = format!("{again}, and see https://status.hubspot.com");
            format!("HubSpot returned a server error{notes}; {}", next(&again))
        }
        ErrorKind::UnexpectedStatus => format!(
            "{base_url} returned an unexpected status{notes}; {}",
            next("check the base URL (--base-url or HUBSPOT_BASE_URL); redirects are not followed")
        ),
        _ if error.was_carried_out() => format!("{error}; do not run it again"),
        ErrorKind::Decode => match check_first(error, operation) {
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

/// What to do next: check first if the change may have been made, else the harmless step.
fn next_step(error: &Error, operation: Option<&Operation>, harmless: &str) -> String {
    check_first(error, operation).unwrap_or_else(|| harmless.to_owned())
}

/// That the printed list is incomplete, and how to continue it.
fn continuation(next: Option<&str>) -> String {
    // HubSpot can send any text, and users copy it to a shell.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+/=_.~-".contains(c);
    let next = next.filter(|next| next.len() <= MAX_CURSOR_BYTES && next.chars().all(is_plain));
    let how = next.map(|next| format!(", continue with --after {next}")).unwrap_or_default();
    format!("; the printed list is incomplete{how}")
}

/// That a change may have been made although the program stopped.
pub(crate) fn stopped(operation: &Operation) -> String {
    let look = how_to_check(operation).unwrap_or_else(|| {
        "the change may have been made anyway; it is safe to run the command again".to_owned()
    });
    format!("stopped before HubSpot responded: {look}")
}

/// How to check first, if the change may have been made and must not be repeated.
fn check_first(error: &Error, operation: Option<&Operation>) -> Option<String> {
    how_to_check(operation.filter(|_| error.is_ambiguous())?)
}

/// How to check whether a change was made before it is repeated. `None` if it is safe to repeat.
fn how_to_check(operation: &Operation) -> Option<String> {
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
        // An additional token does no harm.
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
        // Without an id, the path does not exist.
        _ if !operation.path.contains('{') => {
            return no_such_path(Some(operation), notes, connection);
        }
        _ => ("record", "check the ids"),
    };
    format!("no such {what}{notes}; {advice}")
}

/// That the server lacks the path of the operation.
fn no_such_path(operation: Option<&Operation>, notes: &str, connection: &Connection) -> String {
    let base_url = &connection.base_url;
    let path = operation.map(|operation| format!(" has no {}", path(operation, connection)));
    let path = path.unwrap_or_else(|| " has no such path".to_owned());
    let and_the_path = match connection.uses_default_roots() {
        true => "",
        false => ", and the path (--api-version and --root)",
    };
    format!(
        "{base_url}{path}{notes}; check the base URL (--base-url or \
         HUBSPOT_BASE_URL){and_the_path}"
    )
}

/// The path of the operation.
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
            Some(wait) => format!("in {}", rounded(wait)),
            None => "after midnight in the account's time zone".to_owned(),
        };
        return format!("the daily request limit is reached{notes}; try again {reset}");
    }
    let wait = error.retry_after().map_or_else(|| "10 seconds".to_owned(), rounded);
    format!(
        "the rate limit, which the account's other programs share, is reached{notes}; try again in \
         {wait}{}",
        deadline_hint(error, connection)
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
            next_step(error, operation, "try again")
        ),
        Some(423) => {
            let again = retry_hint(error).unwrap_or_else(|| "wait and try again".to_owned());
            format!("HubSpot has temporarily locked the record{notes}; {again}")
        }
        Some(477) => {
            let wait = error.retry_after().map_or_else(|| "a day".to_owned(), rounded);
            let deadline_hint = deadline_hint(error, connection);
            format!("HubSpot is migrating the account{notes}; try again in {wait}{deadline_hint}")
        }
        Some(status) => {
            let changes = operation.map(|operation| error_details::changes(error, operation.id));
            let changes = changes.filter(|changes| !changes.is_empty()).map_or_else(
                || correction(status, error, connection),
                |changes| words(&changes.join("; ")),
            );
            format!("HubSpot rejected the request{notes}; {changes}")
        }
        None => error.to_string(),
    }
}

/// What to correct if the response names no option.
fn correction(status: u16, error: &Error, connection: &Connection) -> String {
    match status {
        413 => "the request is too large: shorten it".to_owned(),
        414 => "the URL is too long: shorten the ids and options".to_owned(),
        425 => "try again".to_owned(),
        431 => format!(
            "the request headers are too large: check that {} contains only the token",
            connection.credential
        ),
        _ if error_details::are_named(error) => {
            "correct the reported problem and try again".to_owned()
        }
        _ => "HubSpot gives no reason: check the ids and options".to_owned(),
    }
}

/// The --deadline with which the program would wait as long as HubSpot asks, if it does not by default
/// and the wait is at most a day.
fn deadline_hint(error: &Error, connection: &Connection) -> String {
    let Some(wait) = error.retry_after().filter(|wait| *wait <= A_DAY) else {
        return String::new();
    };
    let is_too_long = match connection.deadline {
        None => wait > DEFAULT_MAX_WAIT,
        Some(deadline) => wait >= deadline,
    };
    let enough = (wait + DEFAULT_MAX_WAIT).as_secs();
    if is_too_long {
        format!(", or wait automatically with --deadline {enough}")
    } else {
        String::new()
    }
}

/// The missing scopes, or those that the operation requires.
fn scopes(error: &Error, operation: Option<&Operation>) -> String {
    let missing = error.missing_scopes();
    let needed = operation.map(Operation::scopes_in_words).unwrap_or_default();
    words(&if missing.is_empty() { needed } else { missing.join(", ") })
}

/// The status, HubSpot's message, and the number of attempts, in parentheses.
fn notes(error: &Error) -> String {
    let Some(status) = error.status() else { return String::new() };
    let mut notes = vec![status.as_u16().to_string()];
    let said = sentences(error.message().into_iter().chain(problem_messages(error)));
    if !said.is_empty() {
        notes.push(format!("“{said}”"));
    }
    let particulars = error_details::particulars(error);
    if !particulars.is_empty() {
        notes.push(words(&particulars.join(", ")));
    }
    if error.attempts() > 1 {
        notes.push(format!("{} attempts", error.attempts()));
    }
    notes.extend(error.correlation_id().map(|id| format!("correlation id {}", words(id))));
    format!(" ({})", notes.join(", "))
}

/// Whether the response is HubSpot's: a JSON object.
fn is_of_hubspot(error: &Error) -> bool {
    error.body().is_some_and(|body| body.trim_ascii_start().starts_with(b"{"))
}

/// Whether the response is HTML, which HubSpot's API does not send.
fn is_html(error: &Error) -> bool {
    error.body().is_some_and(|body| body.trim_ascii_start().starts_with(b"<"))
}

/// The body of the response, on separate lines. `None` without a response.
fn body(error: &Error) -> Option<String> {
    let body = error.body()?;
    let shown = String::from_utf8_lossy(&body[..body.len().min(MAX_BODY_BYTES)]);
    let more = if body.len() > MAX_BODY_BYTES { "…" } else { "" };
    Some(match shown.trim() {
        "" => "\nHubSpot's response has no body".to_owned(),
        shown => format!("\nHubSpot's response:\n{shown}{more}"),
    })
}

/// The messages of HubSpot's error details.
fn problem_messages(error: &Error) -> impl Iterator<Item = &str> {
    error.details().iter().filter_map(ErrorDetail::message)
}
