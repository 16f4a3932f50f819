//! The fields of a history entry that the export reads, for every entry type.

use hubspot_conversations::types::TruncationStatus;
use serde::Deserialize;

use super::fields::{Fields, Object, Odd};
use super::known_id::KnownId;

/// The fields of an entry that the export reads.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    id: Option<KnownId<'a>>,
    truncation_status: Option<TruncationStatus>,
    created_by: Option<KnownId<'a>>,
    assigned_to: Option<KnownId<'a>>,
    assigned_from: Option<KnownId<'a>>,
    senders: Option<Vec<Object<Party<'a>>>>,
    recipients: Option<Vec<Object<Party<'a>>>>,
    /// Whether a field that names actors has an unknown type.
    #[serde(skip)]
    pub(super) has_odd_actors: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party<'a> {
    #[serde(default, borrow)]
    actor_id: Option<KnownId<'a>>,
}

impl<'a> Entry<'a> {
    /// Reads an entry in one pass. A malformed entry is read again, field by field.
    pub(super) fn read(json: &'a str) -> Self {
        match serde_json::from_str(json) {
            Ok(Object(entry)) => entry,
            Err(_) => Self::read_fields(json),
        }
    }

    fn read_fields(json: &'a str) -> Self {
        let Some(fields) = Fields::of(json) else {
            return Self { has_odd_actors: true, ..Self::default() };
        };
        let mut has_odd_actors = false;
        let mut entry = Self {
            id: fields.id("id").ok().flatten(),
            truncation_status: fields
                .get("truncationStatus")
                .and_then(|status| serde_json::from_str(status).ok()),
            ..Self::default()
        };
        for (name, actor) in [
            ("createdBy", &mut entry.created_by),
            ("assignedTo", &mut entry.assigned_to),
            ("assignedFrom", &mut entry.assigned_from),
        ] {
            match fields.id(name) {
                Ok(id) => *actor = id,
                Err(Odd) => has_odd_actors = true,
            }
        }
        for (name, parties) in
            [("senders", &mut entry.senders), ("recipients", &mut entry.recipients)]
        {
            let Ok(elements) = fields.elements(name) else {
                has_odd_actors = true;
                continue;
            };
            let read = elements.map(|element| Fields::of(element).ok_or(Odd)?.id("actorId"));
            let (read, odd): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
            has_odd_actors |= !odd.is_empty();
            let actors = read.into_iter().flatten();
            *parties = Some(actors.map(|actor_id| Object(Party { actor_id })).collect());
        }
        entry.has_odd_actors = has_odd_actors;
        entry
    }

    /// Its id, which identifies it.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_ref().map(KnownId::as_str).filter(|id| !id.is_empty())
    }

    /// Whether its text is truncated.
    pub(super) fn is_truncated(&self) -> bool {
        use TruncationStatus::{Truncated, TruncatedToMostRecentReply};

        matches!(self.truncation_status, Some(Truncated | TruncatedToMostRecentReply))
    }

    /// The actors it names.
    pub(super) fn actors(&self) -> impl Iterator<Item = &str> {
        let parties = self.senders.iter().chain(&self.recipients).flatten();
        let single = [&self.created_by, &self.assigned_to, &self.assigned_from];
        let ids = single.into_iter().chain(parties.map(|Object(party)| &party.actor_id));
        ids.flatten().map(KnownId::as_str).filter(|id| !id.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    fn actors(json: &str) -> Vec<String> {
        let entry = Entry::read(json);
        assert_eq!((entry.id(), entry.is_truncated()), (Some("m"), true), "{json}");
        entry.actors().map(str::to_owned).collect()
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
        assert!(entry.id().is_none() && !entry.is_truncated() && entry.has_odd_actors);
        assert_eq!(entry.actors().count(), 0);
    }

    #[test]
    fn an_empty_id_is_none() {
        let entry = Entry::read(r#"{"id":"","createdBy":""}"#);
        assert!(entry.id().is_none() && entry.actors().count() == 0);
    }
}
