//! HubSpot's error bodies, of which every field can be missing.

use std::collections::BTreeMap;

use hubspot_conversations_api::Operation;
use serde_json::Value;

/// What could be read of an error body. Anything that has another type than documented is left out.
#[derive(Default)]
pub(crate) struct ErrorBody {
    pub(crate) category: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) policy_name: Option<String>,
    details: Vec<Detail>,
}

#[derive(Default)]
struct Detail {
    message: Option<String>,
    context: BTreeMap<String, Vec<String>>,
}

impl ErrorBody {
    /// Reads a body. One that is not JSON, such as a gateway's HTML, gives an empty one.
    pub(crate) fn read(text: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(text).unwrap_or_default();
        let details = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            category: string(&body["category"]).or_else(|| string(&body["errorType"])),
            message: string(&body["message"]),
            correlation_id: string(&body["correlationId"]),
            policy_name: string(&body["policyName"]),
            details: details.iter().map(Detail::read).collect(),
        }
    }

    pub(crate) fn problems(&self) -> impl Iterator<Item = &str> {
        self.details.iter().filter_map(|detail| detail.message.as_deref())
    }

    pub(crate) fn missing_scopes(&self) -> Vec<&str> {
        let contexts = self.details.iter().flat_map(|detail| &detail.context);
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

    pub(crate) fn rate_limited(&self) -> String {
        match self.policy_name.as_deref() {
            Some("DAILY") => "the account's requests of the day are used up".to_owned(),
            Some(policy) => {
                format!("too many requests at a time, by the limit {}", super::constant(policy))
            }
            None => "too many requests at a time".to_owned(),
        }
    }
}

impl Detail {
    fn read(detail: &Value) -> Self {
        let context = detail["context"].as_object().into_iter().flatten();
        Self {
            message: string(&detail["message"]),
            context: context
                .map(|(name, values)| {
                    let values = values.as_array().into_iter().flatten().filter_map(string);
                    (name.clone(), values.collect())
                })
                .collect(),
        }
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
