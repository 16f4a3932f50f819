//! Makes a token by which the chat widget knows who is signed in to a page of your own.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with conversations.visitor_identification.tokens.create
//! cargo run --example visitor_token EMAIL [FIRST_NAME [LAST_NAME]]
//! ```
//!
//! The page hands it to the widget as `identificationToken`, beside `identificationEmail`.

use std::env;
use std::time::Duration;

use anyhow::{Context, bail};
use hubspot_conversations::{Client, ErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let Some(email) = arguments.next() else {
        bail!("usage: visitor_token EMAIL [FIRST_NAME [LAST_NAME]]");
    };
    let client = Client::from_env()?;

    // A page waits for it, and works without it.
    let mut token = client.visitors().token(email).deadline(Duration::from_secs(2));
    if let Some(first_name) = arguments.next() {
        token = token.first_name(first_name);
    }
    if let Some(last_name) = arguments.next() {
        token = token.last_name(last_name);
    }
    match token.send().await {
        Ok(made) => println!("{}", made.token.as_deref().context("HubSpot sent no token")?),
        Err(error) if error.is_missing_scope() => {
            bail!("give the app the scope {}", error.missing_scopes().join(", "))
        }
        Err(error) if error.kind() == ErrorKind::Forbidden => {
            bail!("the account needs the tier Professional: {error}")
        }
        // A second token does no harm, but nothing else is sent twice either. It is valid for twelve
        // hours, so there is time: the next page that is loaded can ask again.
        Err(error) if error.is_timeout() => bail!("no token in time: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
