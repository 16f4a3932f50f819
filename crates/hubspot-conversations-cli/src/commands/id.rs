//! Ids as arguments.

use hubspot_conversations::types::{
    AccountToken, ActorId, ChannelAccountId, ChannelId, ContactId, InboxId, MessageId, ThreadId,
    TicketId,
};

/// The form of ids of one kind.
pub(crate) enum Form {
    /// Digits.
    Number,
    /// Any single path segment.
    Word,
    /// Any text: it can contain an e-mail address.
    Any,
}

/// An id that can be an argument.
pub(crate) trait Id: From<String> {
    const FORM: Form;
}

macro_rules! ids {
    ($($form:ident: $($id:ident),+;)+) => {
        $($(impl Id for $id {
            const FORM: Form = Form::$form;
        })+)+
    };
}

ids! {
    Number: ThreadId, InboxId, ChannelId, ChannelAccountId, ContactId, TicketId;
    Word: MessageId, AccountToken;
    Any: ActorId;
}

/// Parses an id. Other text is rejected here, because it would address another record, or send text
/// that was pasted by mistake.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn id<T: Id>(text: &str) -> Result<T, String> {
    let id = text.trim();
    match problem(id, &T::FORM) {
        Some(problem) => Err(problem),
        None => Ok(id.to_owned().into()),
    }
}

fn problem(id: &str, form: &Form) -> Option<String> {
    let of_path = |c: char| matches!(c, '/' | '#' | '?' | '\\').then_some(c);
    let problem = match (id, form) {
        ("", _) => "an id cannot be empty".to_owned(),
        ("." | "..", _) => "this is not an id".to_owned(),
        _ if id.contains(char::is_control) => "an id cannot contain a control character".to_owned(),
        _ if id.contains(char::is_whitespace) => {
            "an id cannot contain white space: provide one id".to_owned()
        }
        _ if id.contains("://") || id.contains("hubspot.com/") => {
            "this is a URL: provide only the id, such as 9140000001".to_owned()
        }
        (_, Form::Any) => return None,
        _ => match (id.chars().find_map(of_path), form) {
            (Some(c), _) => format!("an id cannot contain `{c}`: provide only the id"),
            (None, Form::Number) if !is_number(id) => {
                "an id of this kind consists of digits, such as 9140000001".to_owned()
            }
            _ => return None,
        },
    };
    Some(problem)
}

/// Whether HubSpot's servers can read it as a number.
fn is_number(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use hubspot_conversations::types::{ActorId, MessageId, ThreadId};

    use super::id;

    #[test]
    fn the_address_of_a_page_is_no_id() {
        for address in [
            "https://app.hubspot.com/live-messages/1/inbox/9140000001#reply-editor",
            "app-eu1.hubspot.com/live-messages/1/inbox/9140000001",
            "http://example.com/",
        ] {
            let error = id::<ThreadId>(address).unwrap_err();
            assert_eq!(error, "this is a URL: provide only the id, such as 9140000001");
            assert_eq!(id::<ActorId>(address).unwrap_err(), error);
        }
        assert_eq!(id::<ThreadId>(" 9140000001 "), Ok("9140000001".into()));
        for actor in ["A-2620055", "V-a:b/c", "E-ada/x@example.com"] {
            assert_eq!(id::<ActorId>(actor), Ok(actor.into()));
        }
        assert_eq!(id::<MessageId>("4f1c-a3e"), Ok("4f1c-a3e".into()));
    }
}
