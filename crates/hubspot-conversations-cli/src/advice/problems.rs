//! The single problems that HubSpot names, and which options to change for them.

use hubspot_conversations::{Error, ErrorDetail, OperationId};

use super::flags::flag;

/// What HubSpot says beside its texts: where the problems are, their codes, and their context.
pub(super) fn particulars(error: &Error) -> Vec<String> {
    let mut said = Vec::new();
    for detail in error.details() {
        said.extend(detail.field().map(|field| format!("in {field}")));
        said.extend(detail.code().map(|code| format!("code {code}")));
        said.extend(detail.sub_category().map(str::to_owned));
        said.extend(detail.context().filter_map(context));
    }
    said.extend(error.sub_category().map(str::to_owned));
    said.extend(error.context().filter_map(context));
    let mut once = Vec::new();
    said.retain(|said| {
        let is_new = !once.contains(said);
        once.push(said.clone());
        is_new
    });
    said
}

/// One entry of a context. Scopes are told elsewhere.
fn context((name, values): (&str, &[String])) -> Option<String> {
    let is_told = values.is_empty() || name.to_ascii_lowercase().ends_with("scopes");
    (!is_told).then(|| format!("{name}: {}", values.join(", ")))
}

/// What to change, in the program's options. Empty if HubSpot names nothing that is an option.
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

/// One problem: the field it is about, and all that is said of it.
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
        // The names of parameters that stand in the text, each once, and after the field.
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
        let says = |any: &[&str]| any.iter().any(|word| lower.contains(word));
        let flags = |but: Option<&str>| {
            let flags = names.iter().map(|(_, flag)| *flag).filter(|flag| Some(*flag) != but);
            flags.collect::<Vec<_>>().join(" and ")
        };
        let (_, first) = *names.first()?;
        if says(&["cannot go with", "combin", "together", "mutually", "conflict"])
            && names.len() > 1
        {
            return Some(format!("{first} cannot go with {}", flags(Some(first))));
        }
        if !says(&["need", "requir", "missing", "mandatory"]) {
            return Some(format!("check {}", flags(None)));
        }
        let needed = names.iter().find(|(name, _)| self.is_needed(name)).map(|(_, flag)| *flag);
        match needed.or(self.field.map(|_| first)) {
            Some(needed) if names.len() > 1 => {
                Some(format!("{needed} is needed with {}", flags(Some(needed))))
            }
            Some(needed) => Some(format!("{needed} is needed")),
            None => Some(format!("check {}", flags(None))),
        }
    }

    /// Whether the text says that this parameter is what is needed.
    fn is_needed(&self, name: &str) -> bool {
        let after = ["is required", "is needed", "is missing", "is mandatory", "must be"];
        let before = ["requires", "require", "needs", "need", "without", "missing"];
        after.iter().any(|said| self.text.contains(&format!("{name} {said}")))
            || before.iter().any(|said| self.text.contains(&format!("{said} {name}")))
    }
}

/// Whether a word is a name of HubSpot's and no other word: `sort` is both.
fn is_name(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_uppercase())
        && word.starts_with(|c: char| c.is_ascii_lowercase())
}
