//! `convo custom-channel-accounts`

use clap::Subcommand;
use hubspot_conversations::Client;
use hubspot_conversations::types::{
    AccountToken, ChannelAccountId, ChannelId, InboxId, NewDeliveryIdentifier, StagingToken,
};

use crate::command_error::CommandError;
use crate::output::{Column, Output};
use crate::terminal_text::one_line;
use crate::{secret, stdin};

use super::channel_accounts;
use super::id::id;
use super::listing::{SortedListing, paged, sorted};
use super::optional::Optional;
use super::values::{address, display};

#[derive(Debug, Subcommand)]
pub(crate) enum CustomChannelAccounts {
    /// List the accounts of a custom channel
    List {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        #[command(flatten)]
        options: SortedListing,

        /// Only the account with this address, such as HS_EMAIL_ADDRESS=ada@example.com; can be
        /// repeated
        #[arg(long, value_name = "TYPE=VALUE", value_parser = address)]
        address: Vec<NewDeliveryIdentifier>,

        /// List archived records instead of active ones
        #[arg(long)]
        archived: bool,
    },

    /// Show an account of a custom channel
    Get {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// Account id
        #[arg(value_name = "ID", value_parser = id::<ChannelAccountId>)]
        account: ChannelAccountId,

        /// Show an archived record
        #[arg(long)]
        archived: bool,
    },

    /// Connect an account of a custom channel to an inbox
    Create {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// Name shown to users
        #[arg(allow_hyphen_values = true)]
        name: String,

        /// Inbox that receives its threads
        #[arg(long, value_name = "ID", value_parser = id::<InboxId>)]
        inbox: InboxId,

        /// Address of the account, such as HS_EMAIL_ADDRESS=ada@example.com
        #[arg(long, value_name = "TYPE=VALUE", value_parser = address)]
        address: Option<NewDeliveryIdentifier>,

        /// Whether the account can send and receive messages; true if omitted
        #[arg(
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        )]
        authorized: Option<bool>,
    },

    /// Rename an account of a custom channel, or allow or block its messages
    Update {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// Account id
        #[arg(value_name = "ID", value_parser = id::<ChannelAccountId>)]
        account: ChannelAccountId,

        /// New name
        #[arg(long, allow_hyphen_values = true, required_unless_present = "authorized")]
        name: Option<String>,

        /// Whether the account can send and receive messages
        #[arg(
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        )]
        authorized: Option<bool>,
    },

    /// Complete the connection of an account that a user is adding
    ///
    /// HubSpot passes the account token to the channel's redirect URL.
    Complete {
        /// Custom channel id
        #[arg(value_parser = id::<ChannelId>)]
        channel: ChannelId,

        /// Account token; `-` reads it from standard input, which hides it from the process list
        #[arg(value_parser = id::<AccountToken>)]
        token: AccountToken,

        /// Name shown to users
        #[arg(long, allow_hyphen_values = true, required_unless_present = "address")]
        name: Option<String>,

        /// Address of the account, such as HS_EMAIL_ADDRESS=ada@example.com
        #[arg(long, value_name = "TYPE=VALUE", value_parser = address)]
        address: Option<NewDeliveryIdentifier>,
    },
}

impl CustomChannelAccounts {
    pub(super) async fn run(
        self,
        client: &Client,
        output: &mut Output,
    ) -> Result<(), CommandError> {
        let (account, done) = match self {
            Self::List { channel, options, address, archived } => {
                let request = sorted!(client.custom_channel_accounts(channel).list(), options)
                    .with_each(address, |list, address| list.address(address))
                    .when(archived, |list| list.archived(true));
                return options.listing.print(request, output, &channel_accounts::COLUMNS).await;
            }
            Self::Complete { channel, token, name, address } => {
                let request = client
                    .custom_channel_accounts(channel)
                    .complete(account_token(token)?)
                    .with(name, |complete, name| complete.account_name(name))
                    .with(address, |complete, address| complete.address(address));
                let done = "the account was completed".to_owned();
                return output.changed(done, &request.send().await?, &STAGED).await;
            }
            Self::Get { channel, account, archived } => {
                let request = client
                    .custom_channel_accounts(channel)
                    .get(account)
                    .when(archived, |get| get.archived(true));
                return output.record(&request.send().await?, &channel_accounts::COLUMNS).await;
            }
            Self::Create { channel, name, inbox, address, authorized } => {
                let request = client
                    .custom_channel_accounts(channel)
                    .create(name, inbox)
                    .with(address, |create, address| create.address(address))
                    .with(authorized, |create, authorized| create.authorized(authorized));
                (request.send().await?, "connected")
            }
            Self::Update { channel, account, name, authorized } => {
                let request = client
                    .custom_channel_accounts(channel)
                    .update(account)
                    .with(name, |update, name| update.name(name))
                    .with(authorized, |update, authorized| update.authorized(authorized));
                (request.send().await?, "changed")
            }
        };
        let done = format!("the account {} was {done}", one_line(account.id.as_str()));
        output.changed(done, &account, &channel_accounts::COLUMNS).await
    }
}

/// The account token, which is a secret: its bearer can complete the account.
fn account_token(argument: AccountToken) -> Result<AccountToken, CommandError> {
    let token = if argument.as_str() == stdin::DASH {
        id(&stdin::read()?).map_err(|reason| CommandError::Usage(reason.to_owned()))?
    } else {
        argument
    };
    secret::register(token.as_str());
    Ok(token)
}

/// The account that a user is connecting, without its token.
const STAGED: [Column<StagingToken>; 6] = [
    Column::detail("CHANNEL", |staged| display(staged.generic_channel_id.as_ref())),
    Column::detail("INBOX", |staged| display(staged.inbox_id.as_ref())),
    Column::detail("USER", |staged| display(staged.user_id.as_ref())),
    Column::time_detail("CREATED", |staged| staged.created_at),
    Column::detail("ADDRESS", |staged| staged.delivery_identifier.as_ref()?.value.clone()),
    Column::detail("NAME", |staged| staged.account_name.clone()),
];
