//! The meaning of a change to a thread's property.

use crate::types::{ActorId, ThreadStatus};

/// The meaning of a change to a thread's property. From
/// [`PropertyChangeEvent::change`](super::PropertyChangeEvent::change).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyChange {
    /// `assignedTo`: the thread was assigned to this agent, or unassigned.
    AssignedTo(Option<ActorId>),
    /// `status`: it was closed or reopened.
    Status(ThreadStatus),
    /// `isArchived`: it was archived, or restored if false.
    IsArchived(bool),
    /// Another property, or a value that the property does not have. The event has both as they
    /// came.
    Unrecognized,
}

impl PropertyChange {
    pub(super) fn of(name: &str, value: Option<&str>) -> Self {
        match (name, value) {
            ("assignedTo", None | Some("")) => Self::AssignedTo(None),
            ("assignedTo", Some(agent)) => {
                Self::AssignedTo(Some(crate::actors::agent(agent.into())))
            }
            ("status", Some(status)) => Self::Status(status.into()),
            ("isArchived", Some("true")) => Self::IsArchived(true),
            ("isArchived", Some("false")) => Self::IsArchived(false),
            _ => Self::Unrecognized,
        }
    }
}
