//! The ids of HubSpot's own channels, which are the same in every account.

/// Live chat on a page of the account.
pub(crate) const LIVE_CHAT: u64 = 1000;
/// Facebook Messenger.
pub(crate) const MESSENGER: u64 = 1001;
/// E-mail.
pub(crate) const EMAIL: u64 = 1002;
/// Forms.
pub(crate) const FORMS: u64 = 1003;
/// WhatsApp. The API can read it, but not send through it.
pub(crate) const WHATSAPP: u64 = 1007;
