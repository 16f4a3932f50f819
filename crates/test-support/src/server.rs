//! A server that sends what a test scripts, byte by byte, and records the requests.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubspot_conversations::{Client, ClientBuilder, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The token that must show nowhere.
pub const TOKEN: &str = "pat-test-11111111-2222-3333-4444-555555555555";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// Method, path and query.
    pub line: String,
    /// All lines before the body.
    pub head: String,
    /// Its text.
    pub body: String,
}

/// What to send back.
#[derive(Debug)]
pub enum Reply {
    /// A status and a JSON body.
    Json(u16, String),
    /// A status, header lines and a body.
    With(u16, &'static str, String),
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// These bytes, and then nothing for ever.
    Stall(String),
    /// Nothing, for ever.
    Silence,
}

impl Reply {
    /// This text, and the end of the connection.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::Raw(text.into().into_bytes())
    }
}

/// A scripted server on this machine. It stops when the test's runtime does.
#[derive(Debug)]
pub struct Server {
    /// Its address, as a client takes it.
    pub base_url: String,
    asked: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl Server {
    /// Answers each request by the script, which also gets the number of requests before it.
    pub async fn start(
        script: impl Fn(&RecordedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(script);
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&script), Arc::clone(&kept)));
            }
        });
        Self { base_url, asked }
    }

    /// Answers the same to every request.
    pub async fn always(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::start(move |_, _| Reply::Json(status, body.clone())).await
    }

    /// The requests so far, in the order of their arrival.
    pub fn asked(&self) -> Vec<RecordedRequest> {
        self.asked.lock().unwrap().clone()
    }

    /// A client of it with [`TOKEN`], which attempts a call three times, almost without a wait.
    pub fn builder(&self) -> ClientBuilder {
        let retry = Retry::default().max_attempts(3).backoff(Duration::from_millis(1));
        Client::builder().token(TOKEN).base_url(&self.base_url).retry(retry)
    }

    /// What [`builder`](Self::builder) builds.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

async fn serve(
    mut connection: TcpStream,
    script: Arc<impl Fn(&RecordedRequest, usize) -> Reply>,
    kept: Arc<Mutex<Vec<RecordedRequest>>>,
) -> Option<()> {
    loop {
        let asked = read(&mut connection).await?;
        let before = {
            let mut kept = kept.lock().unwrap();
            kept.push(asked.clone());
            kept.len() - 1
        };
        let (status, headers, body) = match script(&asked, before) {
            Reply::Json(status, body) => (status, "content-type: application/json\r\n", body),
            Reply::With(status, headers, body) => (status, headers, body),
            Reply::Raw(bytes) => {
                connection.write_all(&bytes).await.ok()?;
                return None;
            }
            Reply::Stall(begin) => {
                connection.write_all(begin.as_bytes()).await.ok()?;
                std::future::pending::<()>().await;
                return None;
            }
            Reply::Silence => {
                std::future::pending::<()>().await;
                return None;
            }
        };
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} .\r\n{headers}content-length: {length}\r\n\r\n{body}");
        connection.write_all(answer.as_bytes()).await.ok()?;
    }
}

async fn read(connection: &mut TcpStream) -> Option<RecordedRequest> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
                return Some(RecordedRequest {
                    line,
                    head: head.to_owned(),
                    body: body.to_owned(),
                });
            }
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
