//! How much there is.

/// How much the simulator holds, as a program sees it that lists everything once without asking
/// for what is archived.
///
/// The numbers are those of the moment they were asked for; what is written later changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Inboxes and help desks that are not archived.
    pub inboxes: usize,
    /// Channels. They cannot be archived.
    pub channels: usize,
    /// Channel accounts that are not archived.
    pub channel_accounts: usize,
    /// Threads that are not archived.
    pub threads: usize,
    /// Entries of those threads' histories: messages, comments and events together.
    pub messages: usize,
    /// Distinct actors those threads and entries name: a thread's assignee, an entry's creator,
    /// senders and recipients, and whom an assignment went to and came from. Each of them can be
    /// read as an actor. There are further actors that nothing refers to.
    pub actors: usize,
    /// Archived threads that were not yet deleted for good. They are in none of the other numbers.
    pub archived_threads: usize,
}
