//! An example, run as a user runs it.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use hubspot_conversations_sim::Simulator;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

/// How long anything may take. Nothing waits for it unless it is broken.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// An example that is about to be run.
pub(crate) struct Example(Command);

/// An example that is running. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
}

impl Example {
    /// The example of this name, for an app of the account that the simulator plays.
    pub(crate) fn new(name: &str, simulator: &Simulator) -> Self {
        let mut command = Command::new(binary(name));
        command
            .env_clear()
            .env("HUBSPOT_ACCESS_TOKEN", simulator.token())
            .env("HUBSPOT_BASE_URL", simulator.base_url())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Self(command)
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn start(mut self) -> Running {
        let mut child = self.0.spawn().expect("the example cannot be started");
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let (stdout, stderr) = (BufReader::new(stdout).lines(), BufReader::new(stderr).lines());
        Running { child, stdout, stderr }
    }

    /// Runs it to its end, which is a good one. The lines that it printed.
    pub(crate) async fn lines(self) -> Vec<String> {
        let (is_success, stdout, stderr) = self.start().ended().await;
        assert!(is_success, "it failed: {stderr:?}");
        stdout
    }

    /// Runs it to its end, which is a bad one. What it printed nonetheless, and its complaints.
    pub(crate) async fn failure(self) -> (Vec<String>, String) {
        let (is_success, stdout, stderr) = self.start().ended().await;
        assert!(!is_success, "it succeeded: {stdout:?}");
        (stdout, stderr.join("\n"))
    }
}

impl Running {
    /// The next line of its data.
    pub(crate) async fn line(&mut self) -> String {
        next(&mut self.stdout).await
    }

    /// The next line of what else it says.
    pub(crate) async fn notice(&mut self) -> String {
        next(&mut self.stderr).await
    }

    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it cannot be killed");
    }

    /// Whether it succeeded, and all lines that it printed and complained.
    async fn ended(mut self) -> (bool, Vec<String>, Vec<String>) {
        let ended =
            async { tokio::join!(all(&mut self.stdout), all(&mut self.stderr), self.child.wait()) };
        let (stdout, stderr, status) = timeout(MAX_WAIT, ended).await.expect("it does not end");
        (status.expect("it cannot be waited for").success(), stdout, stderr)
    }
}

async fn next<R: AsyncRead + Unpin>(lines: &mut Lines<BufReader<R>>) -> String {
    let line = timeout(MAX_WAIT, lines.next_line()).await.expect("it says nothing more");
    line.expect("it prints no text").expect("it ended before it said this")
}

async fn all<R: AsyncRead + Unpin>(lines: &mut Lines<BufReader<R>>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(line) = lines.next_line().await.expect("it prints no text") {
        all.push(line);
    }
    all
}

/// Where the sources of the examples are.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The example as cargo built it, beside the tests: `target/PROFILE/deps/this` knows
/// `target/PROFILE/examples/it`.
fn binary(name: &str) -> PathBuf {
    let this = env::current_exe().expect("a test is a program");
    let profile = this.ancestors().nth(2).expect("tests are in a folder of a profile");
    let binary = profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    let built = fs::metadata(&binary).and_then(|built| built.modified());
    let written = fs::metadata(sources().join(format!("{name}.rs"))).and_then(|it| it.modified());
    let is_current = matches!((built, written), (Ok(built), Ok(written)) if built >= written);
    assert!(
        is_current,
        "{} is not there, or older than its source: `cargo test` of the whole crate builds the \
         examples, and so does `cargo build -p hubspot-conversations --examples`",
        binary.display()
    );
    binary
}
