//! `convo visitors`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::VisitorToken;

use crate::command_error::CommandError;
use crate::name_value::name_value;
use crate::output::{Column, Output};

use super::free_text::free_text;
use super::optional::Optional;

#[derive(Debug, Subcommand)]
pub(crate) enum Visitors {
    /// Create a token that identifies a visitor to the chat widget for 12 hours
    ///
    /// HubSpot requires a Professional or Enterprise subscription.
    Token {
        /// Visitor's e-mail address
        email: String,

        /// Given name; HubSpot uses it only if the contact has none
        #[arg(long, value_name = "NAME", allow_hyphen_values = true, value_parser = free_text)]
        first_name: Option<String>,

        /// Family name; HubSpot uses it only if the contact has none
        #[arg(long, value_name = "NAME", allow_hyphen_values = true, value_parser = free_text)]
        last_name: Option<String>,

        /// Context for the customer agent, such as plan=gold; can be repeated
        #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, value_parser = name_value)]
        context: Vec<(String, String)>,
    },
}

impl Visitors {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let Self::Token { email, first_name, last_name, context } = self;
        let request = client
            .visitors()
            .token(email)
            .with(first_name, |token, name| token.first_name(name))
            .with(last_name, |token, name| token.last_name(name))
            .with_each(context, |token, (name, value)| token.context(name, value));
        output.changed("the token was created".to_owned(), &request.send().await?, &COLUMNS).await
    }
}

const COLUMNS: [Column<VisitorToken>; 1] =
    [Column::whole("TOKEN", |visitor| visitor.token.clone())];
