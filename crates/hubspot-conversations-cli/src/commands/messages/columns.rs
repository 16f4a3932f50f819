//! The columns of the history of a thread.

use hubspot_conversations::types::{
    Attachment, ConversationsMessage, DeliveryIdentifier, Message, OriginalContent,
};

use crate::commands::values::display;
use crate::output::{Column, Names};

pub(in crate::commands) const MESSAGE: [Column<Message>; 13] = [
    Column::whole("ID", |entry| display(entry.id())),
    Column::expendable(1, Column::time("CREATED", |entry| entry.created_at())),
    Column::expendable(3, Column::short("TYPE", 20, |entry| entry.tag().map(str::to_owned))),
    // Ids of 32 digits leave no room for it on 80 columns. The time is more important.
    Column::expendable(2, Column::short("FROM", 22, from)),
    Column::detail("TO", to),
    Column::detail("DIRECTION", |entry| display(message(entry)?.direction.as_ref())),
    Column::detail("STATUS", |entry| {
        display(message(entry)?.status.as_ref()?.status_type.as_ref())
    }),
    Column::named_detail("CHANNEL", |entry, names| {
        names.channel(message(entry)?.channel_id.as_ref())
    }),
    Column::detail("ACCOUNT", |entry| display(message(entry)?.channel_account_id.as_ref())),
    Column::detail("TRUNCATION", |entry| display(message(entry)?.truncation_status.as_ref())),
    Column::detail("ATTACHMENTS", attachments),
    Column::detail("SUBJECT", |entry| message(entry)?.subject.clone()),
    Column::named_text("TEXT", text),
];

pub(super) const ORIGINAL: [Column<OriginalContent>; 2] = [
    Column::text("TEXT", |original| original.text.clone()),
    Column::detail("RICH TEXT", |original| original.rich_text.clone()),
];

/// The thread of a message.
pub(in crate::commands) fn thread(entry: &Message) -> Option<String> {
    display(message(entry)?.conversations_thread_id.as_ref())
}

fn message(entry: &Message) -> Option<&ConversationsMessage> {
    match entry {
        Message::Message(message) => Some(message),
        _ => None,
    }
}

/// The sender: name, else address, else actor id.
fn from(entry: &Message) -> Option<String> {
    let sender = entry.senders().first();
    sender
        .and_then(|sender| sender.name.clone())
        .or_else(|| address(sender?.delivery_identifier.as_ref()))
        .or_else(|| display(sender?.actor_id.as_ref()))
        .or_else(|| display(entry.created_by()))
}

fn to(entry: &Message) -> Option<String> {
    let recipients = entry.recipients().iter().filter_map(|recipient| {
        let address = address(recipient.delivery_identifier.as_ref());
        address.or_else(|| display(recipient.actor_id.as_ref())).or_else(|| recipient.name.clone())
    });
    Some(recipients.collect::<Vec<_>>().join(", "))
}

fn address(identifier: Option<&DeliveryIdentifier>) -> Option<String> {
    identifier.and_then(|identifier| identifier.value.clone())
}

fn attachments(entry: &Message) -> Option<String> {
    let attachments = match entry {
        Message::Message(message) => &message.attachments,
        Message::Comment(comment) => &comment.attachments,
        _ => return None,
    };
    let shown = attachments.iter().map(|attachment| match attachment {
        Attachment::File(file) => {
            let name = file.name.as_deref().unwrap_or("FILE");
            match &file.file_id {
                Some(id) => format!("{name} (file {id})"),
                None => name.to_owned(),
            }
        }
        other => other.tag().unwrap_or("?").to_owned(),
    });
    Some(shown.collect::<Vec<_>>().join(", "))
}

/// The text, or a description of the event.
fn text(entry: &Message, names: &Names) -> Option<String> {
    match entry {
        Message::Message(message) => written(message.text.as_ref(), message.rich_text.as_ref()),
        Message::Comment(comment) => written(comment.text.as_ref(), comment.rich_text.as_ref()),
        Message::WelcomeMessage(welcome) => {
            written(welcome.text.as_ref(), welcome.rich_text.as_ref())
        }
        Message::Assignment(assignment) => match &assignment.assigned_to {
            Some(actor) => Some(format!("assigned to {actor}")),
            None => Some("unassigned".to_owned()),
        },
        Message::ThreadStatusChange(change) => {
            Some(format!("status changed to {}", change.new_status.as_ref()?))
        }
        Message::ThreadInboxChange(change) => {
            Some(format!("moved to inbox {}", names.inbox(change.to_inbox_id.as_ref())?))
        }
        _ => None,
    }
}

/// The text, or the rich text if there is no text.
fn written(text: Option<&String>, rich_text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).or(rich_text).cloned()
}
