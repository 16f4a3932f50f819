//! What the export needs to know of an entry of a history, of whatever type it is.

use std::borrow::Cow;

use hubspot_conversations::types::TruncationStatus;

use super::fields::{Fields, Odd, elements_of, id};
use super::members::members;

/// What the export needs to know of an entry.
#[derive(Default)]
pub(super) struct Entry<'a> {
    /// Its id, by which it is known again.
    pub(super) id: Option<Cow<'a, str>>,
    /// Whether its text is not all that was written.
    pub(super) is_truncated: bool,
    /// The actors it names.
    pub(super) actors: Vec<Cow<'a, str>>,
    /// Whether a field that names actors has a shape of which nothing is known.
    pub(super) has_odd_actors: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn read(json: &'a str) -> Self {
        let mut entry = Self::default();
        let Some(fields) = members(json) else {
            entry.has_odd_actors = true;
            return entry;
        };
        for (name, value) in fields {
            match &*name {
                "id" => entry.id = id(value).ok().flatten(),
                "truncationStatus" => entry.is_truncated = is_truncated(value),
                "createdBy" | "assignedTo" | "assignedFrom" => entry.names(id(value)),
                "senders" | "recipients" => match elements_of(value) {
                    Ok(parties) => parties.for_each(|party| entry.names(actor_of(party))),
                    Err(odd) => entry.names(Err(odd)),
                },
                _ => {}
            }
        }
        entry
    }

    fn names(&mut self, actor: Result<Option<Cow<'a, str>>, Odd>) {
        match actor {
            Ok(actor) => self.actors.extend(actor),
            Err(Odd) => self.has_odd_actors = true,
        }
    }
}

fn actor_of(party: &str) -> Result<Option<Cow<'_, str>>, Odd> {
    Fields::of(party).ok_or(Odd)?.id("actorId")
}

fn is_truncated(status: &str) -> bool {
    use TruncationStatus::{Truncated, TruncatedToMostRecentReply};

    matches!(serde_json::from_str(status), Ok(Truncated | TruncatedToMostRecentReply))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Entry;

    fn actors(json: &str) -> Vec<String> {
        let entry = Entry::read(json);
        assert_eq!((entry.id.as_deref(), entry.is_truncated), (Some("m"), true), "{json}");
        entry.actors.into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn an_odd_field_costs_no_other() {
        let all = r#""id":"m","truncationStatus":"TRUNCATED","createdBy":"A-1","assignedTo":"A-2",
            "assignedFrom":3,"senders":[{"actorId":"V-4"}],"recipients":[{"actorId":"V-5"}]"#;
        assert_eq!(actors(&format!("{{{all}}}")), ["A-1", "A-2", "3", "V-4", "V-5"]);
        for (field, odd, is_odd) in [
            (r#""createdBy":"A-1""#, r#""createdBy":true"#, true),
            (r#""assignedTo":"A-2""#, r#""assignedTo":{}"#, true),
            (r#""assignedFrom":3"#, r#""assignedFrom":["A-3"]"#, true),
            (r#"[{"actorId":"V-4"}]"#, r#"[null]"#, false),
            (r#"[{"actorId":"V-4"}]"#, r#"{}"#, true),
            (r#"[{"actorId":"V-5"}]"#, r#"[["V-5"],{"actorId":1.5},{"actorId":"V-6"}]"#, true),
            (r#""id":"m""#, r#""id":"m","id":"m""#, false),
            (r#""createdBy":"A-1""#, r#""createdBy":"\ud83d""#, true),
        ] {
            let json = format!("{{{}}}", all.replace(field, odd));
            let entry = Entry::read(&json);
            assert_eq!(entry.has_odd_actors, is_odd, "{odd}");
            assert!(actors(&json).len() >= 4, "{odd}: {:?}", actors(&json));
        }
    }

    #[test]
    fn an_array_is_not_an_entry() {
        let entry = Entry::read(r#"["m","TRUNCATED","A-1"]"#);
        assert!(entry.id.is_none() && !entry.is_truncated && entry.has_odd_actors);
        assert_eq!(entry.actors.len(), 0);
    }

    #[test]
    fn an_empty_id_is_none() {
        let entry = Entry::read(r#"{"id":"","createdBy":""}"#);
        assert!(entry.id.is_none() && entry.actors.is_empty());
    }
}
