//! The inboxes, channels and channel accounts of the invented account.

use chrono::{DateTime, TimeDelta, Utc};
use hubspot_conversations_api::types::{
    Channel, ChannelAccount, ChannelCapabilities, CustomChannel, DeliveryIdentifier,
    DeliveryIdentifierType, Inbox, InboxType, ThreadingModel,
};

use crate::account::Account;
use crate::account::channel_ids::{EMAIL, FORMS, LIVE_CHAT, MESSENGER, WHATSAPP};

pub(crate) const SUPPORT: u64 = 98_310_201;
pub(crate) const SALES: u64 = 101_442_870;
pub(crate) const HELP_DESK: u64 = 273_015_664;
const FORMER_SUPPORT: u64 = 87_210_044;

/// HubSpot's channel for calls and text messages.
const PHONE: u64 = 1009;

/// A custom channel, registered by an app.
const CUSTOM: u64 = 1_118_204;

const INBOXES: [(u64, &str, InboxType, bool); 4] = [
    (FORMER_SUPPORT, "Support (until 2024)", InboxType::Inbox, true),
    (SUPPORT, "Support", InboxType::Inbox, false),
    (SALES, "Sales", InboxType::Inbox, false),
    (HELP_DESK, "Help desk", InboxType::HelpDesk, false),
];

const CHANNELS: [(u64, &str); 7] = [
    (LIVE_CHAT, "Live chat"),
    (MESSENGER, "Messenger"),
    (EMAIL, "Email"),
    (FORMS, "Forms"),
    (WHATSAPP, "WhatsApp"),
    (PHONE, "SMS"),
    (CUSTOM, "Order portal"),
];

/// The address of a channel account.
#[derive(Clone, Copy)]
enum Address {
    Email(&'static str),
    Phone(&'static str),
    Opaque(&'static str),
}

/// What a channel account is created from.
pub(crate) struct ChannelAccountSeed {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) channel: u64,
    pub(crate) inbox: u64,
    address: Option<Address>,
    active: bool,
    authorized: bool,
    archived: bool,
}

impl ChannelAccountSeed {
    const fn new(id: u64, name: &'static str, channel: u64, inbox: u64) -> Self {
        Self {
            id,
            name,
            channel,
            inbox,
            address: None,
            active: true,
            authorized: true,
            archived: false,
        }
    }

    const fn with(mut self, address: Address) -> Self {
        self.address = Some(address);
        self
    }

    const fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    const fn unauthorized(mut self) -> Self {
        self.authorized = false;
        self
    }

    const fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    pub(crate) fn identifier(&self) -> Option<DeliveryIdentifier> {
        let (type_, value) = match self.address? {
            Address::Email(address) => (DeliveryIdentifierType::HsEmailAddress, address),
            Address::Phone(number) => (DeliveryIdentifierType::HsPhoneNumber, number),
            Address::Opaque(id) => (DeliveryIdentifierType::ChannelSpecificOpaqueId, id),
        };
        Some(DeliveryIdentifier::new(type_, value.to_owned()))
    }
}

pub(crate) static SUPPORT_MAIL: ChannelAccountSeed =
    ChannelAccountSeed::new(99_120, "Support mailbox", EMAIL, SUPPORT)
        .with(Address::Email("support@example.com"));
pub(crate) static CHAT: ChannelAccountSeed =
    ChannelAccountSeed::new(99_871, "Website chat", LIVE_CHAT, SUPPORT);
pub(crate) static WHATSAPP_NUMBER: ChannelAccountSeed =
    ChannelAccountSeed::new(100_233, "WhatsApp Business", WHATSAPP, SUPPORT)
        .with(Address::Phone("+12025550147"));
pub(crate) static HELP_DESK_MAIL: ChannelAccountSeed =
    ChannelAccountSeed::new(100_412, "Help desk mailbox", EMAIL, HELP_DESK)
        .with(Address::Email("help@example.com"));
pub(crate) static SALES_MAIL: ChannelAccountSeed =
    ChannelAccountSeed::new(101_007, "Sales mailbox", EMAIL, SALES)
        .with(Address::Email("sales@example.com"));
pub(crate) static MESSENGER_PAGE: ChannelAccountSeed =
    ChannelAccountSeed::new(101_336, "Community page", MESSENGER, SALES)
        .with(Address::Opaque("110285550100147"));
pub(crate) static CONTACT_FORM: ChannelAccountSeed =
    ChannelAccountSeed::new(102_540, "Contact form", FORMS, SALES);

static WITHOUT_THREADS: [ChannelAccountSeed; 4] = [
    ChannelAccountSeed::new(98_461, "Former mailbox", EMAIL, FORMER_SUPPORT)
        .with(Address::Email("service@example.org"))
        .inactive()
        .archived(),
    ChannelAccountSeed::new(103_118, "New chatflow", LIVE_CHAT, SUPPORT).inactive(),
    ChannelAccountSeed::new(103_902, "Partner mailbox", EMAIL, SALES)
        .with(Address::Email("partners@example.net"))
        .unauthorized(),
    ChannelAccountSeed::new(104_415, "Text messages", PHONE, SUPPORT)
        .with(Address::Phone("+12025550186")),
];

/// Adds the inboxes, channels and channel accounts.
pub(crate) fn add(hubspot: &mut Account) {
    let opened = hubspot.clock.now() - TimeDelta::days(900);
    for (days, (id, name, type_, archived)) in (0..).step_by(31).zip(INBOXES) {
        let created_at = opened + TimeDelta::days(days) + TimeDelta::milliseconds(139);
        let mut inbox = Inbox::new(id.into(), name.to_owned());
        inbox.type_ = Some(type_);
        inbox.created_at = Some(created_at);
        inbox.updated_at = Some(created_at + TimeDelta::days(3));
        inbox.archived = Some(archived);
        inbox.archived_at = archived.then(|| created_at + TimeDelta::days(400));
        hubspot.inboxes.insert(id, inbox);
    }
    for (id, name) in CHANNELS {
        hubspot.channels.insert(id, Channel::new(id.into(), name.to_owned()));
    }
    let custom = custom_channel(opened + TimeDelta::days(330));
    hubspot.custom.channels.insert(CUSTOM, custom);
    let seeds = [
        &SUPPORT_MAIL,
        &CHAT,
        &WHATSAPP_NUMBER,
        &HELP_DESK_MAIL,
        &SALES_MAIL,
        &MESSENGER_PAGE,
        &CONTACT_FORM,
    ];
    for (days, seed) in (140..).step_by(17).zip(seeds.into_iter().chain(&WITHOUT_THREADS)) {
        let account = account(seed, opened + TimeDelta::days(days));
        hubspot.channel_accounts.insert(seed.id, account);
    }
}

/// The custom channel's own data. It has no accounts.
fn custom_channel(created_at: DateTime<Utc>) -> CustomChannel {
    let mut capabilities = ChannelCapabilities::new();
    capabilities.delivery_identifier_types = vec![
        DeliveryIdentifierType::HsEmailAddress,
        DeliveryIdentifierType::ChannelSpecificOpaqueId,
    ];
    capabilities.threading_model = Some(ThreadingModel::IntegrationThreadId);
    capabilities.allow_outgoing_messages = Some(true);
    capabilities.allow_conversation_start = Some(false);
    let mut channel = CustomChannel::new(CUSTOM.into(), "Order portal".to_owned());
    channel.capabilities = Some(capabilities);
    channel.webhook_url = Some("https://orders.example.com/hubspot".to_owned());
    channel.created_at = Some(created_at);
    channel
}

fn account(seed: &ChannelAccountSeed, created_at: DateTime<Utc>) -> ChannelAccount {
    let (channel, inbox) = (seed.channel.into(), seed.inbox.into());
    let mut account = ChannelAccount::new(seed.id.into(), seed.name.to_owned(), channel, inbox);
    account.active = Some(seed.active);
    account.authorized = Some(seed.authorized);
    account.delivery_identifier = seed.identifier();
    account.created_at = Some(created_at);
    account.archived = Some(seed.archived);
    account.archived_at = seed.archived.then(|| created_at + TimeDelta::days(200));
    account
}
