//! Compares objects, field by field.

use super::{At, Comparison, Mode, Pair};
use crate::diff::difference::{Class, Direction, Edit};
use crate::surface::{Field, Object, Shape, Surface, Type, TypeId};

impl Comparison<'_> {
    pub(super) fn objects(&mut self, at: &At, pair: &Pair, our_type: &Type, object: &Object) {
        let (our_union, their_union) = pair.unions.unzip();
        let ours = fields(self.ours, object, our_union);
        // What each success has. A field that only some have is optional.
        let theirs: Vec<Vec<&Field>> = pair
            .theirs
            .iter()
            .filter_map(|id| match &self.theirs.get(*id).shape {
                Shape::Object(object) => Some(fields(self.theirs, object, their_union)),
                _ => None,
            })
            .collect();

        for our in &ours {
            let their: Vec<&Field> =
                theirs.iter().filter_map(|fields| find(fields, &our.name)).collect();
            if their.is_empty() {
                if !self.is_forward_paging(pair, &our.name) {
                    self.gone(at, our_type, our);
                }
                continue;
            }
            if their.len() < theirs.len() && !told_with_errors(&our.name) {
                let at = self.at_field(at, &our.name);
                let text = "only some of the successes have it";
                self.add(&at.place, Class::Breaking, text, Edit::Nothing);
            }
            let required = their.len() == theirs.len() && their.iter().all(|field| field.required);
            let at = self.at_field(at, &our.name);
            self.required(&at, our_type, our, required);
            if our.deprecated != their[0].deprecated {
                let deprecated = their[0].deprecated;
                let pointer = our.using.pointer.clone();
                let text = if deprecated { "deprecated" } else { "not deprecated any more" };
                self.add(
                    &at.place,
                    Class::Cosmetic,
                    text,
                    Edit::SetDeprecated { pointer, deprecated },
                );
            }
            if self.alternatives(&at, our, &their) {
                continue;
            }
            for field in their {
                // What need not be there is read as if it were, when it is null.
                let mut using = field.using.clone();
                if self.mode == Mode::Upstream
                    && !our.required
                    && at.context.direction == Direction::Response
                {
                    using.nullable = our.using.nullable;
                }
                let may_miss = using.nullable && !our.using.nullable && our.required;
                if may_miss && at.context.direction == Direction::Response {
                    using.nullable = false;
                    let edit = require(our_type, &our.name, false);
                    self.add(&at.place, Class::Breaking, "can be null", edit);
                }
                self.uses(&at, &our.using, &using);
            }
        }

        let mut known: Vec<&str> = ours.iter().map(|field| field.name.as_str()).collect();
        for (place, their) in theirs.iter().enumerate() {
            for field in their.iter().filter(|field| !is_tag(self.theirs, their_union, field)) {
                if !known.contains(&field.name.as_str()) {
                    known.push(&field.name);
                    let everywhere =
                        theirs.iter().all(|fields| find(fields, &field.name).is_some());
                    self.new_field(at, our_type, field, field.required && everywhere && place == 0);
                }
            }
        }
        self.other(at, pair, our_type, object);
    }

    /// Enums of several successes together say what can come.
    fn alternatives(&mut self, at: &At, ours: &Field, theirs: &[&Field]) -> bool {
        let is_enum = |shape: &Shape| matches!(shape, Shape::Enum { .. });
        let are_enums = theirs.len() > 1
            && is_enum(&self.ours.of(&ours.using).shape)
            && theirs.iter().all(|field| is_enum(&self.theirs.of(&field.using).shape));
        if are_enums {
            let theirs = theirs.iter().map(|field| field.using.id).collect();
            self.push(at, ours.using.id, theirs, None);
        }
        are_enums
    }

    fn at_field(&self, at: &At, name: &str) -> At {
        let mut at = at.part(&format!(".{name}"));
        at.context.name = name.to_owned();
        at
    }

    fn gone(&mut self, at: &At, our_type: &Type, field: &Field) {
        let at = self.at_field(at, &field.name);
        let edit =
            Edit::RemoveField { pointer: our_type.pointer.clone(), field: field.name.clone() };
        self.add(&at.place, Class::Breaking, "the field is gone", edit);
    }

    fn new_field(&mut self, at: &At, our_type: &Type, field: &Field, required: bool) {
        let at = self.at_field(at, &field.name);
        let class = match at.context.direction {
            Direction::Request if required => Class::Breaking,
            _ => Class::Additive,
        };
        let need = if required { "required" } else { "optional" };
        let text = format!("new {need} field: {}", self.theirs.words(&field.using));
        let edit = Edit::AddField {
            pointer: our_type.pointer.clone(),
            field: field.name.clone(),
            using: field.using.clone(),
            required,
            context: at.context.clone(),
        };
        self.add(&at.place, class, text, edit);
    }

    fn required(&mut self, at: &At, our_type: &Type, ours: &Field, theirs: bool) {
        let (text, class) = match (ours.required, theirs, at.context.direction) {
            (false, true, Direction::Request) => ("required", Class::Breaking),
            // Ours promises less, on purpose.
            (false, true, Direction::Response) if self.mode == Mode::Upstream => return,
            (false, true, Direction::Response) => ("always there", Class::Breaking),
            (true, false, Direction::Request) if self.mode == Mode::Upstream => {
                ("optional", Class::Additive)
            }
            (true, false, Direction::Request) => ("optional", Class::Breaking),
            (true, false, Direction::Response) => ("can be missing", Class::Breaking),
            _ => return,
        };
        self.add(&at.place, class, text, require(our_type, &ours.name, theirs));
    }

    /// The type of fields without a name.
    fn other(&mut self, at: &At, pair: &Pair, our_type: &Type, object: &Object) {
        let theirs = pair.theirs.iter().find_map(|id| match &self.theirs.get(*id).shape {
            Shape::Object(object) => object.other.clone(),
            _ => None,
        });
        let at = at.part("{}");
        let pointer = our_type.pointer.clone();
        let context = at.context.clone();
        match (&object.other, theirs) {
            (Some(ours), Some(theirs)) => self.uses(&at, ours, &theirs),
            (Some(_), None) => {
                let edit = Edit::SetOther { pointer, using: None, context };
                self.add(&at.place, Class::Breaking, "no further fields", edit);
            }
            (None, Some(theirs)) => {
                let text = format!("further fields: {}", self.theirs.words(&theirs));
                let edit = Edit::SetOther { pointer, using: Some(theirs), context };
                self.add(&at.place, Class::Additive, text, edit);
            }
            (None, None) => {}
        }
    }

    /// HubSpot has a second `Paging` for lists that cannot be read backwards; ours serves both.
    fn is_forward_paging(&self, pair: &Pair, field: &str) -> bool {
        let is_forward = |id: &TypeId| {
            let name = self.theirs.get(*id).name.as_deref();
            name.is_some_and(|name| name.ends_with("ForwardPaging"))
        };
        self.mode == Mode::Upstream && field == "prev" && pair.theirs.iter().all(is_forward)
    }
}

/// The fields of an object, and those its union has for all members. The tag is the union's.
fn fields<'a>(surface: &'a Surface, object: &'a Object, union: Option<TypeId>) -> Vec<&'a Field> {
    let shared = match union.map(|id| &surface.get(id).shape) {
        Some(Shape::Union(union)) => union.shared.as_slice(),
        _ => &[],
    };
    let own = object.fields.iter();
    let inherited = shared.iter().filter(|field| object.field(&field.name).is_none());
    own.chain(inherited).filter(|field| !is_tag(surface, union, field)).collect()
}

fn is_tag(surface: &Surface, union: Option<TypeId>, field: &Field) -> bool {
    match union.map(|id| &surface.get(id).shape) {
        Some(Shape::Union(union)) => union.tag.as_ref() == Some(&field.name),
        _ => false,
    }
}

/// What HubSpot adds to a success that is one in part.
fn told_with_errors(field: &str) -> bool {
    matches!(field, "errors" | "numErrors")
}

fn find<'a>(fields: &[&'a Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name).copied()
}

fn require(our_type: &Type, field: &str, required: bool) -> Edit {
    Edit::Require { pointer: our_type.pointer.clone(), field: field.to_owned(), required }
}
