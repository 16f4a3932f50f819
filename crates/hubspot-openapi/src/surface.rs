//! What a document says of an API and nothing else: operations, and the shapes of what they take
//! and give. Prose, examples, defaults and failures are not in it, so that what is compared, or
//! taken over from a foreign document, cannot contain them.
//!
//! Schemas that are written differently and mean the same have the same shape here: hoisted or
//! inline, behind a `$ref`, behind an `allOf` of one, or put together from an `allOf` of several.

mod operations;
mod parts;
mod reference;
mod route;
#[cfg(test)]
pub(crate) mod samples;
mod tags;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(crate) use reference::escaped;
pub(crate) use route::{Route, names_in_braces};

/// The operations of one document.
pub(crate) struct Surface {
    /// What to call the document to a person.
    pub(crate) source: String,
    pub(crate) operations: Vec<Operation>,
    types: Vec<Type>,
    /// What of it leads nowhere.
    pub(crate) notes: Vec<String>,
}

/// A type of a [`Surface`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct TypeId(usize);

pub(crate) struct Operation {
    pub(crate) id: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) route: Route,
    /// The JSON pointer to it.
    pub(crate) pointer: String,
    pub(crate) deprecated: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) request: Option<Request>,
    pub(crate) successes: Vec<Success>,
    /// The sets of scopes of which one is needed.
    pub(crate) scopes: BTreeSet<BTreeSet<String>>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    /// How it is written: the `style`, and whether it is exploded.
    pub(crate) style: (String, bool),
    pub(crate) pointer: String,
    pub(crate) using: Use,
}

pub(crate) struct Request {
    pub(crate) required: bool,
    pub(crate) media: String,
    pub(crate) using: Option<Use>,
}

pub(crate) struct Success {
    pub(crate) status: String,
    pub(crate) media: String,
    /// What the body is; none if there is no body.
    pub(crate) using: Option<Use>,
}

/// A type, where it is used.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) id: TypeId,
    pub(crate) nullable: bool,
    /// The JSON pointer to the use, which can be a `$ref` to the type.
    pub(crate) pointer: String,
}

pub(crate) struct Type {
    /// The name in `components/schemas`, if it stands there.
    pub(crate) name: Option<String>,
    /// What HubSpot calls it, if the document says so.
    pub(crate) hubspot_name: Option<String>,
    pub(crate) pointer: String,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    /// Whatever JSON allows.
    Any,
    /// A string that identifies something, a type of its own.
    Id,
    Scalar(Scalar),
    Enum {
        base: String,
        values: Vec<String>,
    },
    List(Use),
    Map(Use),
    Object(Object),
    Union(Union),
}

#[derive(PartialEq, Eq, Clone)]
pub(crate) struct Scalar {
    pub(crate) kind: String,
    pub(crate) format: Option<String>,
    /// Limits of length, size and pattern, as they are written.
    pub(crate) limits: BTreeMap<String, Value>,
}

pub(crate) struct Object {
    pub(crate) fields: Vec<Field>,
    /// The type of fields that are not named, if there is one.
    pub(crate) other: Option<Use>,
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) using: Use,
}

pub(crate) struct Union {
    /// The field that tells the members apart, if there is one.
    pub(crate) tag: Option<String>,
    pub(crate) members: Vec<Member>,
    /// What every member has.
    pub(crate) shared: Vec<Field>,
}

pub(crate) struct Member {
    /// The values of the tag that lead to it.
    pub(crate) tags: Vec<String>,
    pub(crate) using: Use,
}

impl Surface {
    pub(crate) fn get(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.types.iter().enumerate().map(|(place, type_)| (TypeId(place), type_))
    }

    pub(crate) fn of(&self, using: &Use) -> &Type {
        self.get(using.id)
    }

    /// An object of which nothing is known.
    pub(crate) fn is_free(&self, type_: &Type) -> bool {
        match &type_.shape {
            Shape::Object(object) => object.fields.is_empty() && object.other.is_none(),
            Shape::Map(value) => matches!(self.of(value).shape, Shape::Any),
            _ => false,
        }
    }

    /// The type in words, no deeper than one wants to read.
    pub(crate) fn words(&self, using: &Use) -> String {
        self.words_to(using, 3)
    }

    fn words_to(&self, using: &Use, depth: usize) -> String {
        let type_ = self.of(using);
        match &type_.shape {
            _ if depth == 0 => "more".to_owned(),
            Shape::Any => "any JSON".to_owned(),
            Shape::Id => "id".to_owned(),
            Shape::Scalar(Scalar { kind, format: Some(format), .. }) => {
                format!("{kind} ({format})")
            }
            Shape::Scalar(Scalar { kind, .. }) => kind.clone(),
            // Neither how many nor which: a deviation would be stale with each value that is added.
            Shape::Enum { base, .. } => format!("enum of {base}s"),
            Shape::List(item) => format!("array of {}", self.words_to(item, depth - 1)),
            _ if self.is_free(type_) => "free object".to_owned(),
            Shape::Map(value) => format!("map of {}", self.words_to(value, depth - 1)),
            Shape::Object(_) => "object".to_owned(),
            Shape::Union(_) => "union".to_owned(),
        }
    }
}

impl Operation {
    /// How a person would name it who only knows the API.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Which of the path's parameters it is.
    pub(crate) fn place_in_path(&self, parameter: &Parameter) -> Option<usize> {
        names_in_braces(&self.path).position(|name| name == parameter.name)
    }
}

impl Object {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
