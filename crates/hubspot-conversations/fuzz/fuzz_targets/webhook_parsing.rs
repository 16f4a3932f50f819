//! Whatever a webhook's body holds, each event is read or kept, and is the same event when it is
//! delivered again.

#![no_main]

use hubspot_conversations::webhook::{self, Event, PropertyChange};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(events) = webhook::events(body) else { return };
    for event in events {
        let key = event.key();
        let json = event.envelope().json().get();
        // What stands in a batch and is no object cannot stand alone.
        if json.starts_with('{') {
            let again = webhook::events(json.as_bytes()).expect("what was kept can be read");
            assert_eq!(again.len(), 1);
            assert_eq!(again[0].key(), key);
            assert_eq!(again[0].thread_id(), event.thread_id());
        }
        if let Event::PropertyChanged(change) = &event {
            let _: PropertyChange = change.change();
        }
        assert_eq!(key.to_string().len(), 64);
        let _ = format!("{event:?}");
    }
});
