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
        "API version {version} cannot {}: choose {} with --api-version or HUBSPOT_API_VERSION, or \
         give the path it has there with --root {}=PATH",
        lowercase(operation.summary),
        others.join(" or "),
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
                None => "try again, or allow more time with --timeout",
                Some(_) => "try again, or allow more time with --timeout and --deadline",
            };
            format!("no answer from {base_url} in time{}; {}", tried(error), next(more))
        }
        ErrorKind::Interrupted => format!(
            "the connection to {base_url} broke{}: {}; {}",
            tried(error),
            innermost(error),
            next("try again")
        ),
        ErrorKind::Deadline => match error.retry_after() {
            Some(wait) => format!(
                "the next request would have to wait {} for the rate limit, which is past its \
                 --deadline; allow more time with it, or try again later",
                spoken(wait)
            ),
            None => "no time was left until the --deadline to send a request; allow more with it, \
                     or try again later"
                .to_owned(),
        },
        ErrorKind::Unauthorized if takes_key => format!(
            "{credential} is not accepted{notes}; check that it is complete, and that the app \
             which --app-id or HUBSPOT_APP_ID names belongs to the same developer account"
        ),
        // The token was to be replaced, and there was no other one.
        ErrorKind::Unauthorized if error.status().is_none() => error.to_string(),
        ErrorKind::Unauthorized => format!(
            "{credential} is not accepted{notes}; check that it is complete, has not expired, and \
             belongs to the right account"
        ),
        ErrorKind::Forbidden if !is_of_hubspot(error) => format!(
            "something between here and HubSpot forbids it{notes}: the answer is that of a gateway, \
             proxy or firewall, so ask whoever runs it, and check the address, which --base-url or \
             HUBSPOT_BASE_URL sets"
        ),
        ErrorKind::Forbidden if takes_key => format!(
            "{credential} may not do this{notes}; custom channels need Sales or Service Hub \
             Professional, and an app that is no legacy private app"
        ),
        ErrorKind::Forbidden => format!(
            "{credential} may not do this{notes}; add the scope {} to the app and install it \
             again, and check that the account's subscription includes the feature",
            scopes(error, operation)
        ),
        ErrorKind::NotFound if is_html(error) => no_such_path(operation, &notes, connection),
        ErrorKind::NotFound => not_found(operation, &notes, connection),
        ErrorKind::RateLimited => rate_limited(error, &notes, connection),
        ErrorKind::Rejected => rejected(error, operation, &notes, connection),
        ErrorKind::Server => {
            let again = again_in(error).unwrap_or_else(|| "try again later".to_owned());
            let again = format!("{again}, and see https://status.hubspot.com");
            format!("HubSpot failed{notes}; {}", next(&again))
        }
        ErrorKind::UnexpectedStatus => format!(
            "{base_url} answered with a redirect or another status that no operation has{notes}; \
             {}",
            next(
                "check the address, which --base-url or HUBSPOT_BASE_URL sets, because redirects \
                 are not followed"
            )
        ),
        _ if error.was_carried_out() => format!("{error}; do not run it again"),
        ErrorKind::Decode => match after_change(error, operation) {
            Some(look) => format!("{error}; {look}"),
            None => error.to_string(),
        },
        ErrorKind::RepeatedCursor | ErrorKind::UnusableCursor => {
            format!("{error}; what was printed is not the whole list, so run it again later")
        }
        ErrorKind::EmptyPages => format!(
            "{error}; what was printed may not be the whole list, so run it again later, or choose \
             less with the options of the list"
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
    let how = next.map(|next| format!(": --after {next} goes on")).unwrap_or_default();
    format!("; what was printed is not the whole list{how}")
}

/// That a change may be carried out although nobody waited for its answer.
pub(crate) fn stopped(operation: &Operation) -> String {
    let look = look(operation).unwrap_or_else(|| {
        "it may have been carried out all the same, and to run it again does no harm".to_owned()
    });
    format!("stopped before HubSpot answered: {look}")
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
            "with `convo messages find-sent` (for a comment, with --comment)",
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
        _ => ("it may have been carried out", "at what is there"),
    };
    Some(format!("{change} all the same, so look {look} before you try again"))
}

fn not_found(operation: Option<&Operation>, notes: &str, connection: &Connection) -> String {
    let Some(operation) = operation else {
        return format!("there is no such thing{notes}; check the id");
    };
    let (what, advice) = match operation.id {
        OperationId::GetInbox => ("inbox", "check the id, or add --archived"),
        OperationId::GetChannel => ("channel", "`convo channels list` shows those there are"),
        OperationId::GetChannelAccount => ("channel account", "check the id, or add --archived"),
        OperationId::GetThread => ("thread", "check the id, or add --archived"),
        OperationId::UpdateThread
        | OperationId::ArchiveThread
        | OperationId::AssignThread
        | OperationId::UnassignThread => {
            ("thread", "check the id; if it is archived, `convo threads restore` brings it back")
        }
        OperationId::ListMessages | OperationId::SendMessage => {
            ("thread", "check the id; `convo threads get ID --archived` shows an archived one")
        }
        OperationId::GetMessage => {
            ("thread or message", "`convo messages list` shows the messages of a thread")
        }
        OperationId::GetOriginalContent => (
            "thread or message, or no original content of it",
            "`convo messages list` shows the messages of a thread",
        ),
        OperationId::GetActor => ("actor", "check the id, and the letter it begins with"),
        OperationId::GetCustomChannel
        | OperationId::UpdateCustomChannel
        | OperationId::ArchiveCustomChannel => {
            ("custom channel of this app", "`convo custom-channels list` shows those there are")
        }
        OperationId::ListCustomChannelAccounts | OperationId::CreateCustomChannelAccount => {
            ("custom channel", "`convo custom-channels list` shows those there are")
        }
        OperationId::GetCustomChannelAccount => {
            ("custom channel or account of it", "check the ids, or add --archived")
        }
        OperationId::UpdateCustomChannelAccount => (
            "custom channel or account of it",
            "`convo custom-channel-accounts list` shows a channel's accounts",
        ),
        OperationId::UpdateStagingToken => (
            "custom channel, or account that a user is about to connect with this token",
            "check the token, and that it is of this channel",
        ),
        OperationId::PublishCustomChannelMessage => {
            ("custom channel", "check its id, and the account that the message names")
        }
        OperationId::GetCustomChannelMessage | OperationId::UpdateCustomChannelMessage => {
            ("custom channel or message of it", "check the ids")
        }
        // Without an id, it is the path that is not there.
        _ if !operation.path.contains('{') => {
            return no_such_path(Some(operation), notes, connection);
        }
        _ => ("record", "check the ids"),
    };
    format!("there is no such {what}{notes}; {advice}")
}

/// That the server has nothing where an operation should be.
fn no_such_path(operation: Option<&Operation>, notes: &str, connection: &Connection) -> String {
    let base_url = &connection.base_url;
    let path = operation.map(|operation| format!(" has no {}", path(operation, connection)));
    let path = path.unwrap_or_else(|| " has nothing there".to_owned());
    let and_the_path = match connection.has_usual_roots() {
        true => "",
        false => ", and the path, which --api-version and --root set",
    };
    format!(
        "{base_url}{path}{notes}; check the address, which --base-url or HUBSPOT_BASE_URL \
         sets{and_the_path}"
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
        return format!("the account's requests of the day are used up{notes}; try again {reset}");
    }
    let wait = error.retry_after().map_or_else(|| "10 seconds".to_owned(), spoken);
    format!(
        "too many requests at a time, and the account's other programs count, too{notes}; wait \
         {wait} and try again{}",
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
            "the request did not arrive in time{notes}; {}",
            what_next(error, operation, "try again")
        ),
        Some(423) => {
            let again = again_in(error).unwrap_or_else(|| "wait and try again".to_owned());
            format!("HubSpot has it locked for a moment{notes}; {again}")
        }
        Some(477) => {
            let wait = error.retry_after().map_or_else(|| "a day".to_owned(), spoken);
            let patience = patience(error, connection);
            format!("HubSpot is moving the account{notes}; try again in {wait}{patience}")
        }
        Some(status) => {
            let changes = operation.map(|operation| problems::changes(error, operation.id));
            let changes = changes.filter(|changes| !changes.is_empty()).map_or_else(
                || correction(status, error, connection),
                |changes| words(&changes.join("; ")),
            );
            format!("HubSpot refused it{notes}; {changes}")
        }
        None => error.to_string(),
    }
}

/// What to correct, where no option is named.
fn correction(status: u16, error: &Error, connection: &Connection) -> String {
    match status {
        413 => "what is sent is too large: make it shorter".to_owned(),
        414 => "the address is too long: shorten the ids and options that are given".to_owned(),
        425 => "try again".to_owned(),
        431 => format!(
            "the head of the request is too large: check that {} is the token and nothing more",
            connection.credential
        ),
        _ if problems::are_named(error) => "correct what it names, and try again".to_owned(),
        _ => "HubSpot does not say why: check the ids and options that are given".to_owned(),
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
        format!(", or have it waited for with --deadline {enough}")
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
        "" => "\nHubSpot's answer has no body".to_owned(),
        shown => format!("\nHubSpot's answer:\n{shown}{more}"),
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
