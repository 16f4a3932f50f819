//! The kind of a new entry.

/// The kind of a new entry. HubSpot documents events for these only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageType {
    /// `MESSAGE`, from a visitor or to one.
    Message,
    /// `COMMENT`, which visitors do not see.
    Comment,
    /// `WELCOME_MESSAGE`, with which a chat begins.
    WelcomeMessage,
    /// A kind this version of the crate does not know, as received.
    Unrecognized(String),
}

impl MessageType {
    /// The kind as HubSpot writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Message => "MESSAGE",
            Self::Comment => "COMMENT",
            Self::WelcomeMessage => "WELCOME_MESSAGE",
            Self::Unrecognized(kind) => kind,
        }
    }
}

impl From<&str> for MessageType {
    fn from(kind: &str) -> Self {
        match kind {
            "MESSAGE" => Self::Message,
            "COMMENT" => Self::Comment,
            "WELCOME_MESSAGE" => Self::WelcomeMessage,
            other => Self::Unrecognized(other.to_owned()),
        }
    }
}
