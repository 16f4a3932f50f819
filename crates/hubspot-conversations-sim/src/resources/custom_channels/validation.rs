//! Validates published messages.

use hubspot_conversations_api::types::{
    Actor, ActorId, Attachment, ChannelAccount, CustomChannel, MessageDirection, Participant,
    PublishedMessage, ThreadingModel,
};

use crate::account::Account;
use crate::account::custom_channels::is_of;
use crate::account::thread_key::ThreadKey;
use crate::http::errors::Problem;
use crate::resources::channel_accounts::can_send_through;
use crate::resources::custom_channels::attachments;
use crate::resources::custom_channels::field_checks::is_address;

/// What a valid message refers to.
pub(crate) struct Validated {
    pub(crate) channel_account: ChannelAccount,
    pub(crate) key: ThreadKey,
    /// The thread that the message is added to. `None` if a thread must begin.
    pub(crate) thread: Option<u64>,
    /// The visitor's contact, if the app names one.
    pub(crate) contact: Option<ActorId>,
    pub(crate) attachments: Vec<Attachment>,
}

/// Finds all problems of a message, or what it refers to.
pub(crate) fn validate(
    account: &Account,
    channel: u64,
    new: &PublishedMessage,
) -> Result<Validated, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut report = |field: &str, message: &str| problems.push(Problem::within(field, message));

    // ASSUMPTION: a published message needs a text, which can be a single space.
    if new.text.as_deref().is_none_or(str::is_empty) {
        report("text", "expected some text");
    }
    let (visitor_side, visitors) = match new.message_direction {
        MessageDirection::Incoming => ("senders", &new.senders),
        MessageDirection::Outgoing => ("recipients", &new.recipients),
        _ => {
            report("messageDirection", "expected INCOMING or OUTGOING");
            ("senders", &new.senders)
        }
    };
    if visitor_side == "senders" && visitors.is_empty() {
        report("senders", "expected at least one");
    }
    for (field, participants) in [("senders", &new.senders), ("recipients", &new.recipients)] {
        for participant in participants {
            if !is_address(&participant.delivery_identifier) {
                report(field, "expected a value of the delivery identifier");
            }
            if !can_take_part(account, field == visitor_side, participant) {
                report(field, "no such actor, or one of the other side");
            }
        }
    }
    let mut read = Vec::new();
    for attachment in new.attachments.iter().cloned() {
        match attachments::read(attachment) {
            Ok(attachment) => read.push(attachment),
            Err(problem) => report("attachments", problem),
        }
    }
    let contact = contact(account, new).unwrap_or_else(|field| {
        report(field, "no such contact");
        None
    });

    let channel_account = new.channel_account_id.as_str().parse().ok();
    let channel_account = channel_account
        .and_then(|id: u64| Some((id, account.channel_accounts.get(&id)?)))
        .filter(|(_, channel_account)| {
            is_of(channel_account, channel) && can_send_through(channel_account)
        });
    let Some((account_id, channel_account)) = channel_account else {
        report("channelAccountId", "no such account of this channel");
        return Err(problems);
    };
    let model = threading_model(account.custom.channels.get(&channel));
    let key = ThreadKey::new(&model, channel, account_id, new, visitors.first());
    let thread = key.as_ref().and_then(|key| account.thread_with(key));
    if key.is_none() && model == ThreadingModel::IntegrationThreadId {
        report("integrationThreadId", "the channel's threading model needs it");
    } else if thread.is_none() && visitors.is_empty() && visitor_side == "recipients" {
        report("recipients", "expected at least one, to begin a thread with");
    }
    match key {
        Some(key) if problems.is_empty() => Ok(Validated {
            channel_account: channel_account.clone(),
            key,
            thread,
            contact,
            attachments: read,
        }),
        _ => Err(problems),
    }
}

/// The visitor's contact, if the app names one. The error is the field with an unknown contact.
fn contact(account: &Account, new: &PublishedMessage) -> Result<Option<ActorId>, &'static str> {
    if let Some(id) = new.associate_with_contact_id {
        return account.visitor_of_contact(id).map(Some).ok_or("associateWithContactId");
    }
    let resolved = new.pre_resolved_contacts.as_ref();
    match resolved.and_then(|resolved| resolved.contacts.first()) {
        Some(first) => {
            account.visitor_of_contact(first.contact_vid).map(Some).ok_or("preResolvedContacts")
        }
        None => Ok(None),
    }
}

/// The channel's threading model, or the default.
fn threading_model(channel: Option<&CustomChannel>) -> ThreadingModel {
    let capabilities = channel.and_then(|channel| channel.capabilities.as_ref());
    let stated = capabilities.and_then(|capabilities| capabilities.threading_model.clone());
    // ASSUMPTION: a custom channel without a threading model assigns messages to threads by delivery
    // identifier.
    stated.unwrap_or(ThreadingModel::DeliveryIdentifier)
}

fn can_take_part(account: &Account, as_visitor: bool, participant: &Participant) -> bool {
    let Some(id) = &participant.sender_actor_id else { return true };
    // ASSUMPTION: an actor named in a published message must exist, as a visitor on one side and as
    // an agent on the other.
    match account.actors.get(id) {
        Some(Actor::Visitor(_)) => as_visitor,
        Some(Actor::Agent(_)) => !as_visitor,
        _ => false,
    }
}
