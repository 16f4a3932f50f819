//! The program, run as a user runs it, against a server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use hubspot_conversations_sim::{Simulator, SimulatorBuilder};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A token that must not appear in any output.
pub(crate) const TOKEN: &str = "pat-na1-5ec4e700-0000-4000-8000-00000badf00d";

/// A developer key that must not appear in any output. It is encoded differently in a URL.
pub(crate) const KEY: &str = "d0ec5ec4/e700+0000";

/// The key in its encoding in a URL.
const KEY_IN_ADDRESS: &str = "d0ec5ec4%2Fe700%2B0000";

/// The app that the simulator's token and developer key belong to.
const APP_ID: &str = "1234567";

/// The output and exit code of a run.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// Asserts success without notes, and returns standard output.
    #[track_caller]
    pub(crate) fn data(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "it failed: {}", self.stderr);
        self.stdout
    }

    /// The records it printed as JSON lines.
    #[track_caller]
    pub(crate) fn records(self) -> Vec<Value> {
        self.data().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The record it printed as JSON.
    #[track_caller]
    pub(crate) fn record(self) -> Value {
        serde_json::from_str(&self.data()).unwrap()
    }

    /// Asserts this exit code and a one-line error, and returns it.
    #[track_caller]
    pub(crate) fn error(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert!(self.stderr.starts_with("error: "), "not an error: {}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "more than one line: {}", self.stderr);
        self.stderr.trim_end().to_owned()
    }
}

/// The program, without the environment variables that it reads.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convo"));
    command
        .args(arguments)
        .env_remove("HUBSPOT_ACCESS_TOKEN")
        .env_remove("HUBSPOT_DEVELOPER_KEY")
        .env_remove("HUBSPOT_APP_ID")
        .env_remove("HUBSPOT_CLIENT_SECRET")
        .env_remove("HUBSPOT_API_VERSION")
        .env_remove("HUBSPOT_BASE_URL")
        .env_remove("RUST_LOG")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

/// The program with a token and a developer key, for the server at an address.
pub(crate) fn program_at(base_url: &str, arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command.env("HUBSPOT_BASE_URL", base_url).env("HUBSPOT_ACCESS_TOKEN", TOKEN);
    command.env("HUBSPOT_DEVELOPER_KEY", KEY).env("HUBSPOT_APP_ID", APP_ID);
    command
}

/// Runs a program to its end, with a text on its standard input. Asserts that no secret is printed.
pub(crate) fn run(command: &mut Command, stdin: &str) -> Output {
    let mut child = spawn(command.stdin(Stdio::piped()));
    // The program may have ended without reading it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    wait(child)
}

pub(crate) fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for a program.
pub(crate) fn wait(child: Child) -> Output {
    let output = child.wait_with_output().unwrap();
    let output = Output {
        code: output.status.code().expect("it was killed by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    for secret in [TOKEN, KEY, KEY_IN_ADDRESS] {
        assert!(!output.stdout.contains(secret), "a secret shows: {}", output.stdout);
        assert!(!output.stderr.contains(secret), "a secret shows: {}", output.stderr);
    }
    output
}

/// Sends a program a signal.
#[cfg(unix)]
pub(crate) fn signal(child: &Child, signal: &str) {
    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// A simulated account.
pub(crate) struct Account {
    pub(crate) simulator: Simulator,
    _runtime: Runtime,
}

impl Account {
    pub(crate) fn new() -> Self {
        Self::of(Simulator::builder())
    }

    pub(crate) fn of(builder: SimulatorBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let simulator = runtime.block_on(builder.token(TOKEN).developer_key(KEY).start()).unwrap();
        Self { simulator, _runtime: runtime }
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        program_at(self.simulator.base_url(), arguments)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    /// With a text on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str) -> Output {
        run(&mut self.program(arguments), stdin)
    }

    /// The records of a list.
    #[track_caller]
    pub(crate) fn list(&self, arguments: &[&str]) -> Vec<Value> {
        self.run(&[arguments, &["--output", "jsonl"]].concat()).records()
    }

    /// A custom channel, and an account of it.
    pub(crate) fn custom_channel(&self) -> (String, String) {
        let as_json = ["--output", "json"];
        let create = ["custom-channels", "create", "Carrier pigeon"];
        let channel = id(&self.run(&[&create[..], &as_json].concat()).record());
        let inbox = self.first(&["inboxes", "list"]);
        let create = ["custom-channel-accounts", "create", &channel, "Loft", "--inbox", &inbox];
        let account = id(&self.run(&[&create[..], &as_json].concat()).record());
        (channel, account)
    }

    /// An outgoing message of a custom channel.
    pub(crate) fn published(&self, channel: &str, account: &str) -> String {
        let publish = ["custom-channel-messages", "publish", channel, "-", "--output", "json"];
        id(&self.run_with(&publish, &publication(account).to_string()).record())
    }

    /// The id of the first record of a list.
    #[track_caller]
    pub(crate) fn first(&self, arguments: &[&str]) -> String {
        id(&self.list(&[arguments, &["--limit", "1"]].concat())[0])
    }
}

/// A message that an agent sent through an account of a custom channel.
pub(crate) fn publication(account: &str) -> Value {
    json!({
        "channelAccountId": account,
        "messageDirection": "OUTGOING",
        "text": "It is on its way.",
        "timestamp": "2026-03-02T08:00:00Z",
        "senders": [],
        "recipients": [{
            "deliveryIdentifier": { "type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "pigeon-7" },
        }],
        "attachments": [],
    })
}

pub(crate) fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

/// A server that responds to requests without state.
pub(crate) struct Server {
    pub(crate) base_url: String,
    requests: Receiver<String>,
}

impl Server {
    /// Answers with a status line, headers, and a body.
    pub(crate) fn answering(status: &str, headers: &str, body: &str) -> Self {
        let answer = answer(status, headers, body);
        Self::sending(move |_| answer.clone())
    }

    /// Answers with 200 and the JSON that belongs to the first line of a request.
    pub(crate) fn routing(route: impl Fn(&str) -> String + Send + 'static) -> Self {
        Self::sending(move |line| {
            answer("200 OK", "content-type: application/json\r\n", &route(line))
        })
    }

    /// Answers with the status, headers and body that belong to the first line of a request. Without
    /// a status it leaves the connection open.
    pub(crate) fn each(
        route: impl Fn(&str) -> (&'static str, &'static str, String) + Send + 'static,
    ) -> Self {
        Self::sending(move |line| match route(line) {
            ("", ..) => String::new(),
            (status, headers, body) => answer(status, headers, &body),
        })
    }

    /// Answers with 200 and JSON.
    pub(crate) fn json(body: &str) -> Self {
        Self::answering("200 OK", "content-type: application/json\r\n", body)
    }

    /// Reads requests and leaves their connections open.
    pub(crate) fn silent() -> Self {
        Self::sending(|_| String::new())
    }

    fn sending(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            let mut open = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let request = read_request(&mut connection);
                let answer = answer(&request);
                if answer.is_empty() {
                    open.push(connection);
                } else {
                    // The client may be gone already.
                    let _ = connection.write_all(answer.as_bytes());
                }
                if sender.send(request).is_err() {
                    break;
                }
            }
        });
        Self { base_url, requests }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        run(&mut program_at(&self.base_url, arguments), "")
    }

    /// Waits for the next request, and returns its first line.
    pub(crate) fn next_request(&self) -> String {
        self.requests.recv().unwrap()
    }

    /// The number of requests that were not taken yet.
    pub(crate) fn count(&self) -> usize {
        self.requests.try_iter().count()
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// Reads a whole request, so that the client sees no reset. Returns its first line.
fn read_request(connection: &mut TcpStream) -> String {
    let mut reader = BufReader::new(connection);
    let mut first = String::new();
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        if first.is_empty() {
            first = line.trim_end().to_owned();
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    first
}
