//! HubSpot's error bodies, of which every field can be missing.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// What could be read of an error body. Anything that has another type than documented is left out.
///
/// The texts can repeat what was sent, so `Debug` does not show them.
#[derive(Clone, Default)]
pub struct ErrorBody {
    category: Option<String>,
    sub_category: Option<String>,
    message: Option<String>,
    correlation_id: Option<String>,
    policy_name: Option<String>,
    context: BTreeMap<String, Vec<String>>,
    details: Vec<ErrorDetail>,
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
        pairs(&self.context)
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
    /// HubSpot's kind of error, such as `VALIDATION_ERROR`. Not every error has one.
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// A closer kind of error, such as `CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES`. Most
    /// errors have none.
    pub fn sub_category(&self) -> Option<&str> {
        self.sub_category.as_deref()
    }

    /// HubSpot's own explanation. It can repeat what was sent, and so what a customer wrote.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id by which HubSpot's support finds the request.
    pub fn correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }

    /// The rate limit that was met, such as `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub fn policy_name(&self) -> Option<&str> {
        self.policy_name.as_deref()
    }

    /// What the message is about, by name. It can repeat what was sent.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        pairs(&self.context)
    }

    /// The single problems that HubSpot names, such as one for each wrong field.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }

    /// Reads a body. One that is not JSON, such as a gateway's HTML, gives an empty one.
    pub fn read(text: &[u8]) -> Self {
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

    /// The scopes the access token lacks, by name. Empty if that was not the reason.
    pub fn missing_scopes(&self) -> Vec<&str> {
        let contexts = self.details.iter().flat_map(|detail| &detail.context);
        let contexts = contexts.chain(&self.context);
        let scopes = contexts.filter(|(name, _)| name.to_ascii_lowercase().contains("scopes"));
        scopes.flat_map(|(_, scopes)| scopes).map(String::as_str).collect()
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody").finish_non_exhaustive()
    }
}

fn pairs(context: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (&str, &[String])> {
    context.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
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
