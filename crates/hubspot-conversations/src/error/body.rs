//! HubSpot's error bodies, of which every field can be missing.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hubspot_conversations_api::Operation;
use serde_json::Value;

/// The policy name of the limit of a day.
pub(crate) const DAILY: &str = "DAILY";

/// What could be read of an error body. Anything that has another type than documented is left out.
#[derive(Default)]
pub(crate) struct ErrorBody {
    pub(crate) category: Option<String>,
    pub(crate) sub_category: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) policy_name: Option<String>,
    pub(crate) context: BTreeMap<String, Vec<String>>,
    pub(crate) details: Vec<ErrorDetail>,
}

/// One of the problems that HubSpot names in an error, such as a field that is wrong.
///
/// HubSpot documents none of them as always there. The texts can repeat what was sent, so `Debug`
/// does not show them.
#[derive(Clone, Default)]
pub struct ErrorDetail {
    message: Option<String>,
    field: Option<String>,
    code: Option<String>,
    sub_category: Option<String>,
    context: BTreeMap<String, Vec<String>>,
}

impl ErrorDetail {
    /// What is wrong, in HubSpot's words.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Which field or parameter is wrong: HubSpot's `in`.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The kind of problem.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// A closer kind of problem.
    pub fn sub_category(&self) -> Option<&str> {
        self.sub_category.as_deref()
    }

    /// What the problem is about, by name.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        super::pairs(&self.context)
    }

    fn read(detail: &Value) -> Self {
        Self {
            message: string(&detail["message"]),
            field: string(&detail["in"]),
            code: string(&detail["code"]),
            sub_category: string(&detail["subCategory"]),
            context: context(&detail["context"]),
        }
    }
}

impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail").finish_non_exhaustive()
    }
}

impl ErrorBody {
    /// Reads a body. One that is not JSON, such as a gateway's HTML, gives an empty one.
    pub(crate) fn read(text: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(text).unwrap_or_default();
        let details = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            category: string(&body["category"]).or_else(|| string(&body["errorType"])),
            sub_category: string(&body["subCategory"]),
            message: string(&body["message"]),
            correlation_id: string(&body["correlationId"]),
            policy_name: string(&body["policyName"]),
            context: context(&body["context"]),
            details: details.iter().map(ErrorDetail::read).collect(),
        }
    }

    pub(crate) fn missing_scopes(&self) -> Vec<&str> {
        let contexts = self.details.iter().flat_map(|detail| &detail.context);
        let contexts = contexts.chain(&self.context);
        let scopes = contexts.filter(|(name, _)| name.to_ascii_lowercase().contains("scopes"));
        scopes.flat_map(|(_, scopes)| scopes).map(String::as_str).collect()
    }

    /// Why it is forbidden: the missing scopes by name, else those the operation needs.
    pub(crate) fn forbidden(&self, operation: &Operation) -> String {
        let missing = self.missing_scopes();
        if missing.is_empty() {
            let needed = operation.scopes.join(", ");
            format!(
                "the access token may not do this: it needs the scope {needed}, and the account the feature"
            )
        } else {
            let missing: Vec<_> = missing.into_iter().map(super::scope).collect();
            format!("the access token lacks the scope {}", missing.join(", "))
        }
    }

    pub(crate) fn rate_limited(&self, retry_after: Option<Duration>) -> String {
        match self.policy_name.as_deref() {
            Some(DAILY) => daily_limit(retry_after),
            Some(policy) => {
                format!("too many requests at a time, by the limit {}", super::constant(policy))
            }
            None => "too many requests at a time".to_owned(),
        }
    }
}

/// That the requests of the day are used up, and until when.
pub(crate) fn daily_limit(reset: Option<Duration>) -> String {
    let until = match reset.map(|reset| reset.as_secs().div_ceil(60)) {
        None => "HubSpot counts anew at midnight in the account's time zone".to_owned(),
        Some(minutes @ ..100) => format!("HubSpot counts anew in {minutes} minutes"),
        Some(minutes) => format!("HubSpot counts anew in {} hours", minutes.div_ceil(60)),
    };
    format!("the account's requests of the day are used up; {until}")
}

/// A map of lists of strings. A single string is taken for a list of one.
fn context(value: &Value) -> BTreeMap<String, Vec<String>> {
    let pairs = value.as_object().into_iter().flatten();
    pairs
        .map(|(name, values)| {
            let values = match values {
                Value::Array(values) => values.iter().filter_map(string).collect(),
                single => string(single).into_iter().collect(),
            };
            (name.clone(), values)
        })
        .collect()
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
