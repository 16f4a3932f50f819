//! HubSpot's error details, and the options to change for them.

use hubspot_conversations::{Error, ErrorDetail, OperationId};

use super::flags::flag;
use super::wording::HIDDEN;

/// The maximum length of a name or id in a message.
const MAX_SHOWN: usize = 64;

/// Whether HubSpot says anything about the problem.
pub(super) fn are_named(error: &Error) -> bool {
    error.message().is_some() || !error.details().is_empty() || error.context().next().is_some()
}

/// The places, codes and context of the problems. Text that may be a customer's is hidden.
pub(super) fn particulars(error: &Error) -> Vec<String> {
    let mut parts = Vec::new();
    for detail in error.details() {
        parts.extend(detail.field().map(|field| format!("in {}", or_hidden(field, is_place))));
        parts.extend(detail.code().map(|code| format!("code {}", or_hidden(code, is_place))));
        parts.extend(detail.sub_category().map(|kind| or_hidden(kind, is_place).to_owned()));
        parts.extend(detail.context().filter_map(context));
    }
    parts.extend(error.sub_category().map(|kind| or_hidden(kind, is_place).to_owned()));
    parts.extend(error.context().filter_map(context));
    let mut once = Vec::new();
    parts.retain(|part| {
        let is_new = !once.contains(part);
        once.push(part.clone());
        is_new
    });
    parts
}

/// One entry of a context. Of its values, only field names, ids and constants are shown. Scopes have
/// their own message.
fn context((name, values): (&str, &[String])) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if values.is_empty() || lower.ends_with("scopes") {
        return None;
    }
    let is_shown: fn(&str) -> bool = if names_fields(&lower) {
        is_place
    } else if names_ids(name) {
        is_id
    } else if ["valid", "allowed", "expected", "supported"].iter().any(|c| lower.starts_with(c)) {
        is_constant
    } else {
        |_| false
    };
    let values = match values.iter().all(|value| is_shown(value)) {
        true => values.join(", "),
        false => HIDDEN.to_owned(),
    };
    Some(format!("{}: {values}", or_hidden(name, is_key)))
}

fn or_hidden(text: &str, is_shown: fn(&str) -> bool) -> &str {
    if !text.is_empty() && text.len() <= MAX_SHOWN && is_shown(text) { text } else { HIDDEN }
}

/// Whether an entry with this name in lower case lists names of fields or parameters.
fn names_fields(lower: &str) -> bool {
    ["property", "propertyname", "field", "fieldname", "parameter", "parametername", "path"]
        .iter()
        .any(|name| lower.trim_end_matches('s') == *name)
}

/// Whether an entry with this name lists ids: `id`, `threadId`, `inboxIds`.
fn names_ids(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    name == "id" || name.ends_with("Id") || name.ends_with("_id")
}

/// The name of an entry.
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A name of a field, a path to one, or a kind of error: `attachments[0].fileId`, `Sender.INVALID`.
fn is_place(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-[]".contains(&byte))
}

/// An id: digits, a UUID, or digits after the letter of an actor.
fn is_id(text: &str) -> bool {
    let digits = text.split_once('-').filter(|(letter, _)| letter.len() == 1);
    let digits = digits.map_or(text, |(_, digits)| digits);
    text.len() <= MAX_SHOWN
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A constant, such as `OPEN`.
fn is_constant(text: &str) -> bool {
    text.len() <= MAX_SHOWN && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// The options to change. Empty if HubSpot names nothing that is an option.
pub(super) fn changes(error: &Error, operation: OperationId) -> Vec<String> {
    let mut changes = Vec::new();
    let message = error.message().unwrap_or_default();
    let contexts = error.context().map(|(name, values)| format!("{name} {}", values.join(" ")));
    let whole = Problem { field: None, text: contexts.fold(message.to_owned(), join) };
    let singles = error.details().iter().map(Problem::of);
    for problem in singles.chain([whole]) {
        if let Some(change) = problem.change(operation)
            && !changes.contains(&change)
        {
            changes.push(change);
        }
    }
    changes
}

fn join(text: String, more: impl AsRef<str>) -> String {
    text + " " + more.as_ref()
}

/// One problem: its field, and all text about it.
struct Problem<'a> {
    field: Option<&'a str>,
    text: String,
}

impl<'a> Problem<'a> {
    fn of(detail: &'a ErrorDetail) -> Self {
        let text = detail.message().into_iter().chain(detail.code()).map(str::to_owned);
        let context = detail.context().map(|(name, values)| format!("{name} {}", values.join(" ")));
        Self { field: detail.field(), text: text.chain(context).fold(String::new(), join) }
    }

    fn change(&self, operation: OperationId) -> Option<String> {
        // The field, and then the names of parameters in the text, each once.
        let words = self.text.split(|c: char| !c.is_ascii_alphanumeric());
        let mut names: Vec<(&str, &str)> = Vec::new();
        for name in self.field.into_iter().chain(words.filter(|word| is_name(word))) {
            if let Some(flag) = flag(operation, name)
                && !names.iter().any(|(_, named)| *named == flag)
            {
                names.push((name, flag));
            }
        }
        let lower = self.text.to_ascii_lowercase();
        let mentions = |any: &[&str]| any.iter().any(|word| lower.contains(word));
        let flags = |but: Option<&str>| {
            let flags = names.iter().map(|(_, flag)| *flag).filter(|flag| Some(*flag) != but);
            flags.collect::<Vec<_>>().join(" and ")
        };
        let (_, first) = *names.first()?;
        if mentions(&["cannot go with", "combin", "together", "mutually", "conflict"])
            && names.len() > 1
        {
            return Some(format!("{first} cannot be combined with {}", flags(Some(first))));
        }
        if !mentions(&["need", "requir", "missing", "mandatory"]) {
            return Some(format!("check {}", flags(None)));
        }
        let needed = names.iter().find(|(name, _)| self.is_needed(name)).map(|(_, flag)| *flag);
        match needed.or(self.field.map(|_| first)) {
            Some(needed) if names.len() > 1 => {
                Some(format!("{needed} is required with {}", flags(Some(needed))))
            }
            Some(needed) => Some(format!("{needed} is required")),
            None => Some(format!("check {}", flags(None))),
        }
    }

    /// Whether the text says that this parameter is required.
    fn is_needed(&self, name: &str) -> bool {
        let after = ["is required", "is needed", "is missing", "is mandatory", "must be"];
        let before = ["requires", "require", "needs", "need", "without", "missing"];
        after.iter().any(|phrase| self.text.contains(&format!("{name} {phrase}")))
            || before.iter().any(|phrase| self.text.contains(&format!("{phrase} {name}")))
    }
}

/// Whether a word is certainly the name of a parameter. `sort` is also an ordinary word.
fn is_name(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_uppercase())
        && word.starts_with(|c: char| c.is_ascii_lowercase())
}
