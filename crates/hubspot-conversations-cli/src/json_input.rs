//! Request bodies provided as JSON.

use std::path::Path;

use hubspot_conversations::Item;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::command_error::CommandError;
use crate::stdin;
use crate::terminal_text::one_line;

/// The maximum number of unknown fields to name.
const MAX_NAMED: usize = 10;

/// Reads a file or standard input. Fields that would not be sent are an error, which names their places
/// but not their values.
pub(crate) fn read<T>(file: &Path, what: &str) -> Result<T, CommandError>
where
    T: DeserializeOwned + Serialize,
{
    from_json(stdin::file(file)?)
        .map_err(|reason| CommandError::Usage(format!("invalid {what}: {reason}")))
}

fn from_json<T: DeserializeOwned + Serialize>(json: String) -> Result<T, String> {
    let json = RawValue::from_string(json).map_err(|error| error.to_string())?;
    let item = Item::<T>::from(json);
    let read = item.decode().map_err(|error| error.to_string())?;
    let input: Value =
        serde_json::from_str(item.json().get()).map_err(|error| error.to_string())?;
    let sent = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    let mut places = Vec::new();
    find_dropped(&input, &sent, "", &mut places);
    let named = |places: &[String]| {
        let named = places.iter().take(MAX_NAMED).map(|place| format!("`{}`", one_line(place)));
        let more = if places.len() > MAX_NAMED { " and more" } else { "" };
        named.collect::<Vec<_>>().join(", ") + more
    };
    match places.len() {
        0 => Ok(read),
        1 => Err(format!("unknown field {}, which would not be sent", named(&places))),
        _ => Err(format!("unknown fields {}, which would not be sent", named(&places))),
    }
}

/// Collects the places of significant fields that are missing from what is sent.
fn find_dropped(input: &Value, sent: &Value, place: &str, places: &mut Vec<String>) {
    match (input, sent) {
        (Value::Object(input), Value::Object(sent)) => {
            for (name, input) in input {
                let dot = if place.is_empty() { "" } else { "." };
                let place = format!("{place}{dot}{name}");
                match sent.get(name) {
                    Some(sent) => find_dropped(input, sent, &place, places),
                    None if is_significant(input) => places.push(place),
                    None => {}
                }
            }
        }
        (Value::Array(input), Value::Array(sent)) => {
            for (index, (input, sent)) in input.iter().zip(sent).enumerate() {
                find_dropped(input, sent, &format!("{place}[{index}]"), places);
            }
        }
        _ => {}
    }
}

/// Whether omitting a value makes a difference.
fn is_significant(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|values| !values.is_empty())
}

#[cfg(test)]
mod tests {
    use hubspot_conversations::types::{NewChannelCapabilities, PublishedMessage};

    use super::from_json;

    #[test]
    fn what_would_be_lost_is_named() {
        let read = |json: &str| from_json::<NewChannelCapabilities>(json.to_owned());
        assert_eq!(
            read(r#"{"allowReactions":true}"#).unwrap_err(),
            "unknown field `allowReactions`, which would not be sent"
        );
        assert!(read(r#"{"allowReactions":null,"richText":[],"allowInlineImages":true}"#).is_ok());

        let message = r#"{"channelAccountId":"1","messageDirection":"INCOMING","text":"hello",
            "timestamp":"2026-03-02T09:00:00Z","attachments":[],"recipients":[],
            "senders":[{"deliveryIdentifier":{"type":"HS_EMAIL_ADDRESS","value":"a","since":1}}]}"#;
        assert_eq!(
            from_json::<PublishedMessage>(message.to_owned()).unwrap_err(),
            "unknown field `senders[0].deliveryIdentifier.since`, which would not be sent"
        );
    }
}
