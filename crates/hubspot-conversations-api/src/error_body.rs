//! HubSpot's error bodies. Any field can be missing.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::decode;
use crate::repair::read_repaired;

/// The readable fields of an error body. A field of an undocumented type is left out.
///
/// The texts can quote the request, so `Debug` does not show them.
#[derive(Clone, Default)]
pub struct ErrorBody {
    category: Option<String>,
    sub_category: Option<String>,
    message: Option<String>,
    correlation_id: Option<String>,
    policy_name: Option<String>,
    context: BTreeMap<String, Vec<String>>,
    details: Vec<ErrorDetail>,
    /// The scopes listed in the body itself or, in older bodies, in the message.
    scopes: Vec<String>,
    is_object: bool,
    /// Whether its `status` is `error`.
    says_error: bool,
}

/// One of the problems that an error lists, such as an invalid field.
///
/// HubSpot documents none of the fields as required. The texts can quote the request, so `Debug`
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
    /// HubSpot's description of the problem.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The invalid field or parameter: HubSpot's `in`.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The category of the problem.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The subcategory of the problem.
    pub fn sub_category(&self) -> Option<&str> {
        self.sub_category.as_deref()
    }

    /// Details by name.
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

    /// An entry of `validationResults`, which has other field names. `None` if it is valid.
    fn read_validation(result: &Value) -> Option<Self> {
        (result["isValid"] != true).then(|| Self {
            message: string(&result["message"]),
            field: string(&result["name"]).or_else(|| string(&result["in"])),
            code: string(&result["error"]).or_else(|| string(&result["code"])),
            ..Self::default()
        })
    }
}

impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail").finish_non_exhaustive()
    }
}

impl ErrorBody {
    /// HubSpot's error category, such as `VALIDATION_ERROR`. Not every error has one.
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// The subcategory, such as `CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES`. Most
    /// errors have none.
    pub fn sub_category(&self) -> Option<&str> {
        self.sub_category.as_deref()
    }

    /// HubSpot's own explanation. It can quote the request, and thus a customer's text.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id by which HubSpot's support can find the request.
    pub fn correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }

    /// The rate limit that was exceeded, such as `TEN_SECONDLY_ROLLING` or `DAILY`.
    pub fn policy_name(&self) -> Option<&str> {
        self.policy_name.as_deref()
    }

    /// Details of the message, by name. They can quote the request.
    pub fn context(&self) -> impl Iterator<Item = (&str, &[String])> {
        pairs(&self.context)
    }

    /// The individual problems, such as one for each invalid field.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.details
    }

    /// Whether the body was a JSON object, as HubSpot's error bodies are. A gateway's HTML is not.
    pub fn is_object(&self) -> bool {
        self.is_object
    }

    /// Reads a body. If it is not JSON, such as a gateway's HTML, all fields are empty. If it
    /// breaks off, the fields before that are read.
    pub fn read(text: &[u8]) -> Self {
        let fields = fields(&decode::text(text));
        let is_object = fields.is_some();
        let body = fields.map_or(Value::Null, Value::Object);
        let errors = array(&body["errors"]).map(ErrorDetail::read);
        let invalid = array(&body["validationResults"]).filter_map(ErrorDetail::read_validation);
        Self {
            category: string(&body["category"]).or_else(|| string(&body["errorType"])),
            sub_category: string(&body["subCategory"]),
            message: string(&body["message"]),
            correlation_id: string(&body["correlationId"]),
            policy_name: string(&body["policyName"]),
            context: context(&body["context"]),
            details: errors.chain(invalid).collect(),
            scopes: scopes(&body),
            is_object,
            says_error: body["status"] == "error",
        }
    }

    /// Whether the body declares itself an error. Some servers send errors with a success status.
    pub fn says_error(&self) -> bool {
        self.says_error
    }

    /// The scopes that the access token lacks. Empty if that was not the reason, or if HubSpot does
    /// not name them.
    pub fn missing_scopes(&self) -> Vec<&str> {
        let contexts = self.details.iter().flat_map(|detail| &detail.context);
        let contexts = contexts.chain(&self.context).filter(|(name, _)| is_scopes(name));
        let named = contexts.flat_map(|(_, scopes)| scopes).chain(&self.scopes);
        let mut scopes: Vec<&str> = Vec::new();
        for scope in named {
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        scopes
    }

    /// Whether the access token lacks a scope, named or not. Older error bodies state this only in
    /// their message.
    pub fn is_missing_scope(&self) -> bool {
        self.category() == Some("MISSING_SCOPES")
            || self.message().is_some_and(is_of_permissions)
            || !self.missing_scopes().is_empty()
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody").finish_non_exhaustive()
    }
}

/// The readable fields of an object. `None` if it is not an object.
fn fields(text: &str) -> Option<Map<String, Value>> {
    let mut fields = None;
    // An error means that the text ends or breaks here. The fields before that are kept.
    let _ = read_repaired(text, |json| {
        serde_json::Deserializer::from_str(json).deserialize_map(Fields(&mut fields))
    });
    fields
}

/// Stores each field as soon as it is read.
struct Fields<'a>(&'a mut Option<Map<String, Value>>);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let fields = self.0.insert(Map::new());
        while let Some((name, value)) = object.next_entry()? {
            fields.insert(name, value);
        }
        Ok(())
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Whether this is the name of a list of missing scopes, such as `requiredGranularScopes`. Other
/// lists contain the token's scopes.
fn is_scopes(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("scopes") && (name.contains("required") || name.contains("missing"))
}

/// Whether this is the message of older error bodies about a missing scope.
fn is_of_permissions(message: &str) -> bool {
    message.to_ascii_lowercase().contains("not have proper permissions")
}

/// The scopes that a body lists itself, and those in the message of an older body: `… does not have
/// proper permissions! (requires any of [conversations.read])`.
fn scopes(body: &Value) -> Vec<String> {
    let fields = body.as_object().into_iter().flatten().filter(|(name, _)| is_scopes(name));
    let mut scopes: Vec<String> = fields.flat_map(|(_, values)| strings(values)).collect();
    let message = body["message"].as_str().filter(|message| is_of_permissions(message));
    let listed = message
        .and_then(|message| message.split_once("requires ")?.1.split_once('[')?.1.split_once(']'))
        .map_or("", |(listed, _)| listed);
    scopes.extend(listed.split([',', ' ']).filter(|scope| is_scope(scope)).map(str::to_owned));
    scopes
}

fn is_scope(word: &str) -> bool {
    let is_of_scope =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    !word.is_empty() && word.bytes().all(is_of_scope)
}

fn pairs(context: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (&str, &[String])> {
    context.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
}

/// A map of lists of strings. A single string is read as a list of one.
fn context(value: &Value) -> BTreeMap<String, Vec<String>> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(name, values)| (name.clone(), strings(values))).collect()
}

/// A list of strings. A single string is read as a list of one.
fn strings(values: &Value) -> Vec<String> {
    match values {
        Value::Array(values) => values.iter().filter_map(string).collect(),
        single => string(single).into_iter().collect(),
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
