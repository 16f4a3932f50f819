//! What to tell people about an error of the API: what happened, and what to do next.

mod flags;
mod problems;

use std::time::Duration;

use hubspot_conversations::{
    ApiVersion, Credential, Error, ErrorDetail, ErrorKind, Operation, OperationId,
};

use crate::output::one_line;
use crate::secret;
use crate::settings::Connection;

/// How many characters of HubSpot's own explanation to show.
const MOST_WORDS: usize = 300;

/// How many bytes of a body --verbose shows.
const MOST_OF_BODY: usize = 64 * 1024;

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
        ErrorKind::Connect => format!(
            "cannot reach {base_url}{}: {}; check the network and the address, which --base-url or \
             HUBSPOT_BASE_URL sets",
            tried(error),
            innermost(error)
        ),
        ErrorKind::Tls => format!(
            "no secure connection to {base_url} can be made: {}; nothing was sent, so check the \
             address, which --base-url or HUBSPOT_BASE_URL sets, and whether this machine trusts \
             who issued the certificate there",
            innermost(error)
        ),
        ErrorKind::Proxy => format!(
            "a proxy on the way to {base_url} wants credentials of its own{notes}; nothing reached \
             HubSpot, so put them into the address of the proxy, as in \
             HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, or ask whoever runs it"
        ),
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
        ErrorKind::NotFound => not_found(operation, &notes, connection),
        ErrorKind::RateLimited => rate_limited(error, &notes, connection),
        ErrorKind::Rejected => rejected(error, operation, &notes, connection),
        ErrorKind::Server => format!(
            "HubSpot failed{notes}; {}",
            next("try again later, and see https://status.hubspot.com")
        ),
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

/// Where to look before it is done again, if it may have been carried out and must not be twice.
fn after_change(error: &Error, operation: Option<&Operation>) -> Option<String> {
    let operation = operation.filter(|operation| !operation.idempotent && error.is_ambiguous())?;
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
        OperationId::ListInboxes
        | OperationId::ListChannels
        | OperationId::ListChannelAccounts
        | OperationId::ListThreads
        | OperationId::BatchReadActors
        | OperationId::CreateVisitorToken
        | OperationId::ListCustomChannels
        | OperationId::CreateCustomChannel => {
            let and_the_path = match connection.has_usual_roots() {
                true => "",
                false => ", and the path, which --api-version and --root set",
            };
            return format!(
                "{} has no {}{notes}; check the address, which --base-url or HUBSPOT_BASE_URL \
                 sets{and_the_path}",
                connection.base_url,
                path(operation, connection)
            );
        }
    };
    format!("there is no such {what}{notes}; {advice}")
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
        Some(423) => format!("HubSpot has it locked for a moment{notes}; wait and try again"),
        Some(477) => {
            let wait = error.retry_after().map_or_else(|| "a day".to_owned(), spoken);
            let patience = patience(error, connection);
            format!("HubSpot is moving the account{notes}; try again in {wait}{patience}")
        }
        _ => {
            let changes = operation.map(|operation| problems::changes(error, operation.id));
            let changes = changes.filter(|changes| !changes.is_empty()).map_or_else(
                || "correct what it names, and try again".to_owned(),
                |changes| words(&changes.join("; ")),
            );
            format!("HubSpot refused it{notes}; {changes}")
        }
    }
}

/// How to have the program wait, where HubSpot asked for longer than it does by itself.
fn patience(error: &Error, connection: &Connection) -> String {
    let Some(wait) = error.retry_after() else { return String::new() };
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

/// A time as people say it, rounded up.
fn spoken(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let (number, unit) = match seconds {
        ..=100 => (seconds.max(1), "second"),
        101..=6_000 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
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
    let said: Vec<_> = error.message().into_iter().chain(problem_messages(error)).collect();
    if !said.is_empty() {
        notes.push(format!("“{}”", words(&said.join(" ")).replace('”', "\"")));
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

/// Somebody else's words: on one line, without what a terminal would obey, not too many, and
/// without the token, which goes first, so that no part of it is left.
fn words(text: &str) -> String {
    let text = one_line(&secret::hide(text));
    match text.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The deepest reason, which says most: `Connection refused`, not `error sending request`.
fn innermost(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    words(&deepest.to_string())
}
