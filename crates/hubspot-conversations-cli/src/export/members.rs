//! The parts of JSON that is known to be valid, each as received.
//!
//! An export looks into every record it writes, and the client has read all of it before: once more
//! through a parser took as long as all other work on a record together.

use std::borrow::Cow;

use memchr::memchr2;

/// The fields of an object: their names and values.
pub(super) fn members(json: &str) -> Option<impl Iterator<Item = (Cow<'_, str>, &str)>> {
    let mut rest = json.trim_ascii().strip_prefix('{')?;
    Some(std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let name;
        (name, rest) = split_value(rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start());
        let name = name.starts_with('"').then(|| text(name).unwrap_or(Cow::Borrowed(name)))?;
        let value;
        (value, rest) = split_value(rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start());
        Some((name, value))
    }))
}

/// The elements of an array.
pub(super) fn elements(json: &str) -> Option<impl Iterator<Item = &str>> {
    let mut rest = json.trim_ascii().strip_prefix('[')?;
    Some(std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let element;
        (element, rest) = split_value(rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start());
        Some(element).filter(|element| !element.is_empty())
    }))
}

/// The text that a string is, if it is one and is Unicode.
pub(super) fn text(json: &str) -> Option<Cow<'_, str>> {
    let written = json.strip_prefix('"')?.strip_suffix('"')?;
    match written.contains('\\') {
        true => serde_json::from_str(json).ok().map(Cow::Owned),
        false => Some(Cow::Borrowed(written)),
    }
}

/// The value that a text begins with, and what follows it.
fn split_value(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            // What ends a number, a word, or an array or object around the value.
            b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => break,
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            break;
        }
    }
    text.split_at(at.min(text.len()))
}

/// Where the string that begins at a place has its closing quote.
fn end_of_string(bytes: &[u8], begins: usize) -> usize {
    let mut at = begins + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{elements, members};

    fn split(json: &str) -> Vec<(Cow<'_, str>, &str)> {
        members(json).unwrap().collect()
    }

    #[test]
    fn each_field_is_as_received() {
        let json = r#" {"a":1,"b" : "x\\\"}," , "c":{"d":["]}\\",{}],"e":null},"\u0062":[ [] , 2 ],
            "\ud83d":0, "":-1.5e3,"a":true} "#;
        let expected = [
            ("a", "1"),
            ("b", r#""x\\\"},""#),
            ("c", r#"{"d":["]}\\",{}],"e":null}"#),
            ("b", "[ [] , 2 ]"),
            (r#""\ud83d""#, "0"),
            ("", "-1.5e3"),
            ("a", "true"),
        ];
        assert_eq!(split(json), expected.map(|(name, value)| (name.into(), value)));
        assert_eq!(split("{ }"), []);
    }

    #[test]
    fn each_element_is_as_received() {
        let json = r#"[1, "a,]" ,{"b":[2]},[[]],null ]"#;
        let found: Vec<_> = elements(json).unwrap().collect();
        assert_eq!(found, ["1", r#""a,]""#, r#"{"b":[2]}"#, "[[]]", "null"]);
        assert_eq!(elements("[ ]").unwrap().count(), 0);
    }

    #[test]
    fn other_json_has_neither() {
        for json in ["1", r#""{}""#, "null", "[]"] {
            assert!(members(json).is_none(), "{json}");
        }
        for json in ["1", r#""[]""#, "null", "{}"] {
            assert!(elements(json).is_none(), "{json}");
        }
    }

    #[test]
    fn it_agrees_with_the_parser() {
        let json = serde_json::json!({
            "strings": ["", "\\", "\"", "\\\"", "\n{}[],:", "ä\u{2028}"], "numbers": [0, -1, 1.5e-7],
            "nested": [[[{"a": {"b": [{}]}}]], {}], "words": [true, false, null], "\\\"": {},
        });
        for text in [json.to_string(), serde_json::to_string_pretty(&json).unwrap()] {
            let mut count = 0;
            for (name, value) in members(&text).unwrap() {
                let read: serde_json::Value = serde_json::from_str(value).unwrap();
                assert_eq!(read, json[&*name], "{name}");
                if let Some(parts) = elements(value) {
                    let parts: Vec<serde_json::Value> =
                        parts.map(|part| serde_json::from_str(part).unwrap()).collect();
                    assert_eq!(read, serde_json::Value::Array(parts));
                }
                count += 1;
            }
            assert_eq!(count, json.as_object().unwrap().len());
        }
    }

    #[test]
    fn text_that_is_no_json_ends_somewhere() {
        for json in [r#"{"a"#, r#"{"a":"\"#, "{a:1}", r#"{"a":[}"#, r#"{"a":1]"#, "{,,}", "{\"a\"}"]
        {
            assert!(members(json).unwrap().count() < 3, "{json}");
        }
        for json in ["[", "[\"", "[{", "[1}", "[,,]"] {
            assert!(elements(json).unwrap().count() < 3, "{json}");
        }
    }
}
