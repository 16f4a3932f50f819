//! What is counted of calls, with the feature `metrics`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use hubspot_conversations::testing::{self, Fault, Simulator};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

#[tokio::test(start_paused = true)]
async fn durations_waits_and_retries_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().unwrap();

    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&hubspot).build().unwrap();
    hubspot.fail_next(None, Fault::status(503));
    hubspot.fail_next(None, Fault::LoseRequest);
    client.threads().list().send().await.unwrap();

    let mut counted: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let (_, key) = key.into_parts();
            let mut labels: Vec<_> =
                key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            labels.sort();
            let value = match value {
                DebugValue::Histogram(values) => format!("{} values", values.len()),
                value => format!("{value:?}"),
            };
            format!("{} {{{}}} {value}", key.name(), labels.join(", "))
        })
        .collect();
    counted.sort();
    insta::assert_snapshot!(counted.join("\n"));
}
