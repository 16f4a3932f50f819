//! What spans and events tell of a call, under the names OpenTelemetry has for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use hubspot_conversations::testing::{self, Fault, Simulator};
use hubspot_conversations::{Client, OperationId};
use test_support::server::Server;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Records this crate's spans and events, one line each. Spans are recorded when they close.
#[derive(Clone, Default)]
struct Observed(Arc<Mutex<Vec<String>>>);

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // The wait before a request is sent again is random.
        if field.name() != "wait" {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Observed {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        record.record(span.extensions_mut().get_mut::<Fields>().unwrap());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("hubspot_conversations") {
            let mut fields = Fields::default();
            event.record(&mut fields);
            self.0.lock().unwrap().push(format!("event{}", fields.0));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target().starts_with("hubspot_conversations") {
            let fields = span.extensions_mut().remove::<Fields>().unwrap();
            self.0.lock().unwrap().push(format!("{}{}", span.metadata().name(), fields.0));
        }
    }
}

async fn work(hubspot: &Simulator, client: &Client) {
    let thread = client.threads().list().limit(1).send().await.unwrap();
    let thread = thread.results[0].decode().unwrap().id;

    let failure = r#"{"message":"a customer's words","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf"}"#;
    hubspot.fail_next(OperationId::GetThread, Fault::answer(503, failure));
    client.threads().get(&thread).send().await.unwrap();

    client.actors().get("E-somebody@example.com").send().await.unwrap_err();

    hubspot.fail_next(OperationId::SendMessage, Fault::LoseAnswer);
    client.messages(&thread).comment("a customer's words").send().await.unwrap_err();

    client.visitors().token("somebody@example.com").send().await.unwrap();
}

#[test]
fn a_call_is_told_and_nobodys_words_are() {
    let observed = Observed::default();
    let subscriber = tracing_subscriber::registry().with(observed.clone());
    let hubspot = Arc::new(Simulator::builder().in_process());
    let client = testing::client(&hubspot).build().unwrap();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    tracing::subscriber::with_default(subscriber, || runtime.block_on(work(&hubspot, &client)));

    let observed = observed.0.lock().unwrap().join("\n");
    for hidden in [hubspot.token(), "customer", "somebody", "example.com"] {
        assert!(!observed.contains(hidden), "{hidden} is in\n{observed}");
    }
    insta::assert_snapshot!(observed);
}

#[tokio::test]
async fn what_is_left_out_is_logged_once_per_place_and_kind() {
    const PAGE: &str = r#"{"total":[],"results":[{"id":"1","status":{},"spam":7},{"id":"2","status":{}},
        {"id":"3","status":[]}]}"#;
    let server = Server::always(200, PAGE).await;
    let observed = Observed::default();
    let logged = Arc::clone(&observed.0);
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(observed));
    let client = server.client();
    for _ in 0..2 {
        let threads = client.threads().list().stream().try_collect().await.unwrap();
        assert_eq!(threads.len(), 3);
    }
    let logged = logged.lock().unwrap();
    let left_out: Vec<&String> = logged.iter().filter(|line| line.contains("left out")).collect();
    let has = |path: &str| left_out.iter().filter(|line| line.contains(path)).count();
    assert_eq!(
        (has("path=\"total\""), has("path=\"status\""), has("path=\"spam\""), left_out.len()),
        (1, 2, 1, 4),
        "{left_out:#?}"
    );
}
