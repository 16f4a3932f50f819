//! The floor of an export: reqwest and serde, reading every page of threads and messages.
//!
//! `bare_loop URL TOKEN` reads as `convo export` does, eight threads at once, and keeps nothing.
//! Compare the CPU time of the two processes.

use std::error::Error;

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Page<T> {
    results: Vec<T>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    next: Next,
}

#[derive(Deserialize)]
struct Next {
    after: String,
}

#[derive(Deserialize)]
struct Thread {
    id: String,
}

/// Every field of a message that an export looks at, flat.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "they are read to be measured")]
struct Message {
    id: String,
    r#type: String,
    conversations_thread_id: String,
    created_at: String,
    created_by: String,
    text: Option<String>,
    rich_text: Option<String>,
    truncation_status: Option<String>,
    direction: Option<String>,
    channel_id: Option<String>,
    channel_account_id: Option<String>,
    senders: Vec<serde_json::Value>,
    recipients: Vec<serde_json::Value>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bare_loop URL TOKEN".into());
    };
    let client = Client::new();
    let root = format!("{url}/conversations/v3/conversations/threads");

    let threads: Vec<Thread> = pages(&client, &token, &format!("{root}?limit=500")).await?;
    let messages: usize = stream::iter(&threads)
        .map(async |thread| {
            let url = format!("{root}/{}/messages?sort=createdAt&limit=100", thread.id);
            pages::<Message>(&client, &token, &url).await.map(|messages| messages.len())
        })
        .buffer_unordered(8)
        .try_fold(0, async |sum, count| Ok(sum + count))
        .await?;
    println!("{} threads, {messages} messages", threads.len());
    Ok(())
}

async fn pages<T: DeserializeOwned>(
    client: &Client,
    token: &str,
    url: &str,
) -> Result<Vec<T>, reqwest::Error> {
    let mut all = Vec::new();
    let mut next = url.to_owned();
    loop {
        let page: Page<T> = client.get(&next).bearer_auth(token).send().await?.json().await?;
        all.extend(page.results);
        match page.paging {
            Some(paging) => next = format!("{url}&after={}", paging.next.after),
            None => return Ok(all),
        }
    }
}
