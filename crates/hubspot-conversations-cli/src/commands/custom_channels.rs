//! `convo custom-channels`

mod capabilities;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};
use hubspot_conversations::types::{ChannelId, CustomChannel};
use hubspot_conversations::{Change, Client, Received};

use crate::command_error::CommandError;
use crate::output::{Column, Output};
use crate::stderr;
use crate::terminal_text::one_line;

use super::id::id;
use super::listing::{SortedListing, paged, sorted};
use super::optional::Optional;
use capabilities::Capabilities;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomChannels {
    /// List the app's custom channels
    List {
        #[command(flatten)]
        options: SortedListing,
    },

    /// Show a custom channel
    Get {
        /// Custom channel id
        #[arg(value_name = "ID", value_parser = id::<ChannelId>)]
        channel: ChannelId,
    },

    Create(Box<Create>),

    Update(Box<Update>),

    /// Archive a custom channel
    Archive {
        /// Custom channel id
        #[arg(value_name = "ID", value_parser = id::<ChannelId>)]
        channel: ChannelId,
    },
}

/// Register a custom channel
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Channel name
    #[arg(allow_hyphen_values = true)]
    name: String,

    #[command(flatten)]
    details: Details,

    #[command(flatten)]
    capabilities: Capabilities,
}

/// Change a custom channel
///
/// Only the specified properties change. Capabilities are replaced as a whole: omitted ones are
/// removed.
#[derive(Args, Debug)]
pub(crate) struct Update {
    /// Custom channel id
    #[arg(value_name = "ID", value_parser = id::<ChannelId>)]
    channel: ChannelId,

    /// New name
    #[arg(long, allow_hyphen_values = true)]
    name: Option<String>,

    #[command(flatten)]
    details: Details,

    /// Remove the value of this field; can be repeated, or list several separated by commas
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Detail>,

    #[command(flatten)]
    capabilities: Capabilities,
}

/// The optional properties of a channel.
#[derive(Args, Debug)]
pub(crate) struct Details {
    /// URL that receives outgoing messages and account changes
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    webhook_url: Option<String>,

    /// Description shown to users
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    description: Option<String>,

    /// URL of the channel's logo
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    logo_url: Option<String>,

    /// URL to which HubSpot sends a user to connect an account, with an account token in the query
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    account_connection_redirect_url: Option<String>,
}

/// The properties that can be cleared.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Detail {
    WebhookUrl,
    Description,
    LogoUrl,
    AccountConnectionRedirectUrl,
}

impl CustomChannels {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let channels = client.custom_channels();
        let (channel, done) = match self {
            Self::List { options } => {
                let request = sorted!(channels.list(), options);
                return options.listing.print(request, output, &COLUMNS).await;
            }
            Self::Archive { channel } => {
                channels.archive(channel).send().await?;
                stderr::print_line("custom channel archived");
                return Ok(());
            }
            Self::Get { channel } => {
                return output.record(&channels.get(channel).send().await?, &COLUMNS).await;
            }
            Self::Create(create) => (create.run(client).await?, "registered"),
            Self::Update(update) => (update.run(client).await?, "changed"),
        };
        let done = format!("the channel {} was {done}", one_line(channel.id.as_str()));
        output.changed(done, &channel, &COLUMNS).await
    }
}

impl Create {
    async fn run(self, client: &Client) -> Result<Received<CustomChannel>, CommandError> {
        let Details { webhook_url, description, logo_url, account_connection_redirect_url } =
            self.details;
        let capabilities = self.capabilities.read()?.unwrap_or_default();
        let request = client
            .custom_channels()
            .create(self.name, capabilities)
            .with(webhook_url, |create, url| create.webhook_url(url))
            .with(description, |create, text| create.description(text))
            .with(logo_url, |create, url| create.logo_url(url))
            .with(account_connection_redirect_url, |create, url| {
                create.account_connection_redirect_url(url)
            });
        Ok(request.send().await?)
    }
}

impl Update {
    async fn run(self, client: &Client) -> Result<Received<CustomChannel>, CommandError> {
        let Details { webhook_url, description, logo_url, account_connection_redirect_url } =
            self.details;
        let webhook_url = change(webhook_url, Detail::WebhookUrl, &self.clear)?;
        let description = change(description, Detail::Description, &self.clear)?;
        let logo_url = change(logo_url, Detail::LogoUrl, &self.clear)?;
        let redirect_url = change(
            account_connection_redirect_url,
            Detail::AccountConnectionRedirectUrl,
            &self.clear,
        )?;
        let capabilities = self.capabilities.read()?;
        let keeps_details =
            [&webhook_url, &description, &logo_url, &redirect_url].into_iter().all(Change::is_keep);
        if keeps_details && self.name.is_none() && capabilities.is_none() {
            return Err(CommandError::Usage(
                "nothing to change: specify an option such as --name or --clear".to_owned(),
            ));
        }

        let request = client
            .custom_channels()
            .update(self.channel)
            .webhook_url(webhook_url)
            .description(description)
            .logo_url(logo_url)
            .account_connection_redirect_url(redirect_url)
            .with(self.name, |update, name| update.name(name))
            .with(capabilities, |update, capabilities| update.capabilities(capabilities));
        Ok(request.send().await?)
    }
}

/// The change of a property: kept, unless it is specified or cleared.
fn change(
    value: Option<String>,
    detail: Detail,
    clear: &[Detail],
) -> Result<Change<String>, CommandError> {
    match (value, clear.contains(&detail)) {
        (None, false) => Ok(Change::Keep),
        (None, true) => Ok(Change::Clear),
        (Some(value), false) => Ok(Change::Set(value)),
        (Some(_), true) => {
            let name = detail.to_possible_value();
            let name = name.as_ref().map_or("it", |value| value.get_name());
            Err(CommandError::Usage(format!("--{name} cannot be used with --clear {name}")))
        }
    }
}

const COLUMNS: [Column<CustomChannel>; 8] = [
    Column::whole("ID", |channel| Some(channel.id.to_string())),
    Column::expendable(2, Column::time("CREATED", |channel| channel.created_at)),
    Column::expendable(1, Column::short("WEBHOOK", 60, |channel| channel.webhook_url.clone())),
    Column::detail("LOGO", |channel| channel.channel_logo_url.clone()),
    Column::detail("REDIRECT", |channel| channel.channel_account_connection_redirect_url.clone()),
    Column::detail("CAPABILITIES", |channel| {
        capabilities::as_lines(channel.capabilities.as_ref()?)
    }),
    Column::text("NAME", |channel| channel.name.clone()),
    Column::detail("DESCRIPTION", |channel| channel.channel_description.clone()),
];
