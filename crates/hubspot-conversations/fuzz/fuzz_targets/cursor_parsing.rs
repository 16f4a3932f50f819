//! A cursor is read as it was written, and whatever else is given for one is refused.

#![no_main]

use std::sync::LazyLock;

use hubspot_conversations::{Client, Cursor};
use libfuzzer_sys::fuzz_target;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::builder().token("pat-fuzz").base_url("http://127.0.0.1:1").build().unwrap()
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = CLIENT.threads().list().after(text);
    if let Ok(cursor) = text.parse::<Cursor>() {
        let again: Cursor = cursor.to_string().parse().expect("what was written can be read");
        assert_eq!(again, cursor);
        // Of this list or of another one, which is refused. Nothing is sent.
        if let Ok(items) = CLIENT.threads().list().resume(&cursor) {
            let _ = items.cursor();
        }
    }
    let json = serde_json::to_string(text).expect("a string is JSON");
    assert_eq!(serde_json::from_str::<Cursor>(&json).is_ok(), text.parse::<Cursor>().is_ok());
});
