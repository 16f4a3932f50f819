//! Whether a published message can be stored.

use hubspot_conversations_api::types::{
    ActorId, Attachment, ChannelAccount, MessageDirection, PublishedMessage, ThreadingModel,
};

use crate::choices;
use crate::custom_channels::accounts::{is_address, is_of};
use crate::custom_channels::threading::{self, ThreadKey};
use crate::custom_channels::{attachments, visitors};
use crate::errors::Problem;
use crate::state::State;

/// What was found out of a message by checking it.
pub(crate) struct Checked {
    pub(crate) account: ChannelAccount,
    pub(crate) key: ThreadKey,
    /// The thread it goes to. `None` if one has to begin.
    pub(crate) thread: Option<u64>,
    /// The contact the app says the visitor is.
    pub(crate) contact: Option<ActorId>,
    pub(crate) attachments: Vec<Attachment>,
}

/// Everything that is wrong with a message, or what it takes to store it.
pub(crate) fn check(
    state: &State,
    channel: u64,
    new: &PublishedMessage,
) -> Result<Checked, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut refuse = |field: &str, message: &str| problems.push(Problem::within(field, message));

    if new.text.as_deref().is_none_or(choices::is_empty) {
        refuse("text", "expected some text");
    }
    let (visitor_side, visitors) = match new.message_direction {
        MessageDirection::Incoming => ("senders", &new.senders),
        MessageDirection::Outgoing => ("recipients", &new.recipients),
        _ => {
            refuse("messageDirection", "expected INCOMING or OUTGOING");
            ("senders", &new.senders)
        }
    };
    if visitor_side == "senders" && visitors.is_empty() {
        refuse("senders", "expected at least one");
    }
    for (field, participants) in [("senders", &new.senders), ("recipients", &new.recipients)] {
        for participant in participants {
            if !is_address(&participant.delivery_identifier) {
                refuse(field, "expected a value of the delivery identifier");
            }
            if !choices::can_take_part(state, field == visitor_side, participant) {
                refuse(field, "no such actor, or not one of this side");
            }
        }
    }
    let mut read = Vec::new();
    for attachment in new.attachments.iter().cloned() {
        match attachments::read(attachment) {
            Ok(attachment) => read.push(attachment),
            Err(problem) => refuse("attachments", problem),
        }
    }
    let contact = contact(state, new).unwrap_or_else(|field| {
        refuse(field, "no such contact");
        None
    });

    let account = new.channel_account_id.as_str().parse().ok();
    let account = account
        .and_then(|id: u64| Some((id, state.channel_accounts.get(&id)?)))
        .filter(|(_, account)| is_of(account, channel) && choices::can_send_through(account));
    let Some((account_id, account)) = account else {
        refuse("channelAccountId", "no such account of this channel");
        return Err(problems);
    };
    let model = choices::threading_model(state.custom.channels.get(&channel));
    let key = ThreadKey::new(&model, channel, account_id, new, visitors.first());
    let thread = key.as_ref().and_then(|key| threading::find(state, key));
    if key.is_none() && model == ThreadingModel::IntegrationThreadId {
        refuse("integrationThreadId", "the channel's threading model needs it");
    } else if thread.is_none() && visitors.is_empty() && visitor_side == "recipients" {
        refuse("recipients", "expected at least one, to begin a thread with");
    }
    match key {
        Some(key) if problems.is_empty() => {
            Ok(Checked { account: account.clone(), key, thread, contact, attachments: read })
        }
        _ => Err(problems),
    }
}

/// The contact the app says the visitor is. An error is the field that names an unknown one.
fn contact(state: &State, new: &PublishedMessage) -> Result<Option<ActorId>, &'static str> {
    if let Some(id) = new.associate_with_contact_id {
        return visitors::of_contact(state, id).map(Some).ok_or("associateWithContactId");
    }
    let resolved = new.pre_resolved_contacts.as_ref();
    match resolved.and_then(|resolved| resolved.contacts.first()) {
        Some(first) => {
            visitors::of_contact(state, first.contact_vid).map(Some).ok_or("preResolvedContacts")
        }
        None => Ok(None),
    }
}
