//! An export in which every third read fails is whole, in virtual time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use hubspot_conversations::testing::{self, Fault, Simulator};
use hubspot_conversations::{Client, Transport, TransportBody, TransportError};

use super::files::RecordKind;
use super::{Options, RunOptions, Source, run};

/// Applies one of several faults in turn to every third request.
#[derive(Debug)]
struct EveryThird<T> {
    simulator: Arc<Simulator>,
    server: T,
    requests: AtomicUsize,
    begin: usize,
}

/// What happens to requests on the way to HubSpot and back.
fn faults() -> [Fault; 7] {
    let page = "<html><body>Bad Gateway</body></html>";
    [
        Fault::status(429),
        Fault::status(429).with_header("Retry-After", "1"),
        Fault::answer(502, page).with_header("content-type", "text/html"),
        Fault::status(503),
        Fault::status(423),
        Fault::CutBody(20),
        Fault::LoseAnswer,
    ]
}

impl<T: Transport> Transport for EveryThird<T> {
    fn execute(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<'_, Result<http::Response<TransportBody>, TransportError>> {
        let number = self.begin + self.requests.fetch_add(1, Ordering::Relaxed);
        if number.is_multiple_of(3) {
            let faults = faults();
            self.simulator.fail_next(None, faults[number / 3 % faults.len()].clone());
        }
        self.server.execute(request)
    }
}

/// The sorted lines of all files.
fn contents(folder: &Path) -> BTreeMap<&'static str, Vec<String>> {
    let lines = |records: RecordKind| {
        let text = fs::read_to_string(folder.join(records.file_name())).unwrap();
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        (records.file_name(), lines)
    };
    RecordKind::ALL.into_iter().map(lines).collect()
}

async fn export(client: &Client, folder: &Path) {
    let (server, api_version) = ("simulator".to_owned(), "v3".to_owned());
    let source = Source { client, server, api_version };
    let run_options = RunOptions { concurrency: 8, restart: false, quiet: true };
    let options = Options { archived: true, ..Options::default() };
    let summary = run(source, folder, options, run_options).await.expect("it is finished");
    assert!(summary.is_complete());
}

/// Exports an account several times, and compares the files.
async fn are_whole(exports: usize, threads: usize, messages: usize) {
    let simulator = Arc::new(Simulator::builder().threads(threads).messages(messages).in_process());
    let undisturbed = tempfile::tempdir().unwrap();
    export(&testing::client(&simulator).build().unwrap(), undisturbed.path()).await;
    let expected = contents(undisturbed.path());
    for begin in 0..exports {
        let transport = EveryThird {
            simulator: Arc::clone(&simulator),
            server: testing::in_process(&simulator),
            requests: AtomicUsize::new(0),
            begin,
        };
        let client = testing::client(&simulator).transport(transport).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        export(&client, folder.path()).await;
        assert!(contents(folder.path()) == expected, "export {begin} is not whole");
    }
}

#[tokio::test(start_paused = true)]
async fn an_export_in_which_every_third_read_fails_is_whole() {
    are_whole(5, 40, 12).await;
}
