//! What can differ, and what it means for somebody who uses the crate.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::surface::{TypeId, Use};

/// What a difference means for somebody who uses the crate, once HubSpot has made the change and
/// we have taken it in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Class {
    /// A program no longer compiles, or a call that worked no longer works.
    Breaking,
    /// There is more than before; what there was stays as it is.
    Additive,
    /// Nothing that a program could notice.
    Cosmetic,
}

impl Class {
    pub(crate) const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Cosmetic];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// A difference and what would remove it.
pub(crate) struct Difference {
    /// Where, in the words of our document.
    pub(crate) place: String,
    /// What differs.
    pub(crate) text: String,
    pub(crate) class: Class,
    /// Who says so.
    pub(crate) said_by: Vec<Saying>,
    pub(crate) edit: Edit,
}

/// A type of HubSpot's that is compared with one of ours, or a document if no type is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Saying {
    /// The document's number.
    pub(crate) document: usize,
    pub(crate) type_: Option<TypeId>,
}

/// A place where a type of ours is used and one of HubSpot's is meant.
#[derive(Clone)]
pub(crate) struct Site {
    /// The pointer to our type.
    pub(crate) ours: String,
    pub(crate) said_by: Saying,
    /// The pointer to our use of it.
    pub(crate) pointer: String,
    pub(crate) using: Use,
    pub(crate) context: Context,
}

/// A change to our document. Pointers are into ours; uses and numbers are those of the
/// first document that says so.
#[derive(Clone)]
pub(crate) enum Edit {
    AddOperation {
        operation: usize,
    },
    RemoveOperation {
        pointer: String,
    },
    AddParameter {
        operation: usize,
        parameter: usize,
        pointer: String,
    },
    RemoveParameter {
        pointer: String,
        name: String,
        place: String,
    },
    SetParameter {
        operation: String,
        pointer: String,
        key: &'static str,
        value: Value,
    },
    SetRequest {
        operation: usize,
        pointer: String,
    },
    RemoveRequest {
        pointer: String,
    },
    RequireRequest {
        pointer: String,
    },
    SetSuccess {
        operation: usize,
        pointer: String,
    },
    SetScopes {
        operation: usize,
        pointer: String,
    },
    SetDeprecated {
        pointer: String,
        deprecated: bool,
    },
    /// Writes another type where one is used: not the one of ours that is given.
    SetType {
        pointer: String,
        using: Use,
        context: Context,
        apart_from: Option<String>,
    },
    SetNullable {
        pointer: String,
        nullable: bool,
        context: Context,
    },
    AddField {
        pointer: String,
        field: String,
        using: Use,
        required: bool,
        context: Context,
    },
    RemoveField {
        pointer: String,
        field: String,
    },
    Require {
        pointer: String,
        field: String,
        required: bool,
    },
    SetOther {
        pointer: String,
        using: Option<Use>,
        context: Context,
    },
    AddValue {
        pointer: String,
        value: String,
    },
    RemoveValue {
        pointer: String,
        value: String,
    },
    AddMember {
        pointer: String,
        tags: Vec<String>,
        using: Use,
        context: Context,
    },
    RemoveMember {
        pointer: String,
        tags: Vec<String>,
        target: String,
    },
    /// Nothing of ours says it.
    Nothing,
}

/// Where a type is used, which tells what to call it and how to write it.
#[derive(Clone)]
pub(crate) struct Context {
    /// The schema, or whatever else holds it, in words.
    pub(crate) holder: String,
    /// The field or parameter.
    pub(crate) name: String,
    pub(crate) direction: Direction,
    /// The pointer to the operation whose parameter it is, if it is one: in a path, a query or a
    /// header, a number and its digits look alike.
    pub(crate) parameter_of: Option<String>,
    /// The field of it that tells it apart from the other members of a union.
    pub(crate) tag: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Direction {
    Request,
    Response,
}

/// Differences in the order they were found, those with the same place and text as one.
#[derive(Default)]
pub(crate) struct Differences {
    found: Vec<Difference>,
    known: BTreeMap<(String, String), usize>,
    pub(crate) sites: Vec<Site>,
}

impl Differences {
    /// The same schema can be sent and received: what breaks in one direction breaks.
    pub(crate) fn add(&mut self, difference: Difference) {
        let key = (difference.place.clone(), difference.text.clone());
        let next = self.found.len();
        let place = *self.known.entry(key).or_insert(next);
        match self.found.get_mut(place) {
            None => self.found.push(difference),
            Some(known) => {
                known.class = known.class.min(difference.class);
                for saying in difference.said_by {
                    if !known.said_by.contains(&saying) {
                        known.said_by.push(saying);
                    }
                }
            }
        }
    }

    /// What hurts most goes first.
    pub(crate) fn sorted(mut self) -> (Vec<Difference>, Vec<Site>) {
        self.found.sort_by(|a, b| (a.class, &a.place, &a.text).cmp(&(b.class, &b.place, &b.text)));
        (self.found, self.sites)
    }
}
