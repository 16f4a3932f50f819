//! HubSpot's error bodies, of which every field can be missing.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::decode;
use crate::repair::read_repaired;

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
    /// The scopes that stand in the body itself, or in the message of an older one.
    scopes: Vec<String>,
    is_object: bool,
    /// Whether its `status` is `error`.
    says_error: bool,
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

    /// An entry of `validationResults`, which have other names. `None` of one that is valid.
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

    /// Whether the body was a JSON object, as HubSpot's are. A gateway's HTML is none.
    pub fn is_object(&self) -> bool {
        self.is_object
    }

    /// Reads a body. One that is not JSON, such as a gateway's HTML, gives an empty one. Of one that
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

    /// Whether it is an error by its own account. Servers have answered errors with a success.
    pub fn says_error(&self) -> bool {
        self.says_error
    }

    /// The scopes the access token lacks, by name. Empty if that was not the reason, or HubSpot does
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

    /// Whether the reason is that the access token lacks a scope, named or not. Older answers say so
    /// in their message only.
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

/// The fields of an object, as far as they can be read. `None` if it is no object.
fn fields(text: &str) -> Option<Map<String, Value>> {
    let mut fields = None;
    // An error tells where the text ends or breaks, which costs nothing before that.
    let _ = read_repaired(text, |json| {
        serde_json::Deserializer::from_str(json).deserialize_map(Fields(&mut fields))
    });
    fields
}

/// Keeps each field once it is read.
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

/// Whether a list of missing scopes has this name, such as `requiredGranularScopes`. Other lists of
/// scopes hold those that the token has.
fn is_scopes(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("scopes") && (name.contains("required") || name.contains("missing"))
}

/// Whether a message is the one of older answers to a token without the scope.
fn is_of_permissions(message: &str) -> bool {
    message.to_ascii_lowercase().contains("not have proper permissions")
}

/// The scopes that a body lists itself, and those of an older one's message:
/// `… does not have proper permissions! (requires any of [conversations.read])`.
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

/// A map of lists of strings. A single string is taken for a list of one.
fn context(value: &Value) -> BTreeMap<String, Vec<String>> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(name, values)| (name.clone(), strings(values))).collect()
}

/// A list of strings. A single one is taken for a list of one.
fn strings(values: &Value) -> Vec<String> {
    match values {
        Value::Array(values) => values.iter().filter_map(string).collect(),
        single => string(single).into_iter().collect(),
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
