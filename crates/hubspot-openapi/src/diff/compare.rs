//! Compares our surface with another.
//!
//! Against HubSpot's document, ours may promise less of a response than HubSpot does, has names of
//! its own, and holds ids in strings. Against a revision of itself, nothing is forgiven: there the
//! question is what became of the crate.

mod objects;
pub(crate) mod operations;
mod unions;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::difference::{Class, Context, Difference, Differences, Direction, Edit, Saying, Site};
use crate::surface::{Scalar, Shape, Surface, Type, TypeId, Use};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The other is HubSpot's.
    Upstream,
    /// The other is ours, later.
    Revision,
}

/// One comparison of two surfaces.
pub(super) struct Comparison<'a> {
    mode: Mode,
    ours: &'a Surface,
    theirs: &'a Surface,
    /// The number of the document that theirs is of.
    document: usize,
    /// The type of theirs whose parts are being compared.
    type_: Option<TypeId>,
    found: &'a mut Differences,
    /// The operations and schemas that were compared.
    places: &'a mut BTreeSet<String>,
    titles: HashMap<TypeId, String>,
    open: Vec<Pair>,
    seen: HashSet<(TypeId, Vec<TypeId>, Direction)>,
}

/// Types whose parts are still to be compared.
struct Pair {
    place: String,
    context: Context,
    ours: TypeId,
    /// Several if there are several successes, any of which can come.
    theirs: Vec<TypeId>,
    /// The unions whose members they are.
    unions: Option<(TypeId, TypeId)>,
}

/// Where a type is used on our side.
#[derive(Clone)]
struct At {
    place: String,
    context: Context,
}

impl At {
    fn part(&self, suffix: &str) -> Self {
        Self { place: format!("{}{suffix}", self.place), context: self.context.clone() }
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn run(
        mode: Mode,
        ours: &'a Surface,
        (document, theirs): (usize, &'a Surface),
        found: &'a mut Differences,
        places: &'a mut BTreeSet<String>,
    ) {
        let titles = titles(ours);
        let (open, seen) = (Vec::new(), HashSet::new());
        let mut comparison =
            Self { mode, ours, theirs, document, type_: None, found, places, titles, open, seen };
        comparison.operations();
        while let Some(pair) = comparison.open.pop() {
            comparison.parts(&pair);
        }
    }

    fn add(&mut self, place: &str, class: Class, text: impl Into<String>, edit: Edit) {
        self.found.add(Difference {
            place: place.to_owned(),
            text: text.into(),
            class,
            said_by: vec![Saying { document: self.document, type_: self.type_ }],
            edit,
        });
    }

    /// Compares what can be seen where a type is used, and leaves its parts for later.
    fn uses(&mut self, at: &At, ours: &Use, theirs: &Use) {
        self.members(at, ours, theirs, None);
    }

    /// The same, of members of unions.
    fn members(&mut self, at: &At, ours: &Use, theirs: &Use, unions: Option<(TypeId, TypeId)>) {
        self.nullable(at, ours, theirs);
        let theirs = self.without_lone_union(ours, theirs);
        let (our_type, their_type) = (self.ours.of(ours), self.theirs.of(&theirs));
        let agree = match (&our_type.shape, &their_type.shape) {
            (Shape::Any, Shape::Any) => true,
            (Shape::Id, _) => self.fits_id(at, their_type),
            (Shape::Scalar(a), Shape::Scalar(b)) => self.scalars(at, ours, &theirs, a, b),
            (Shape::Enum { base: a, .. }, Shape::Enum { base: b, .. }) => a == b,
            // Without its tag a member can be empty.
            (Shape::Object(_), Shape::Object(_)) if unions.is_some() => true,
            _ if self.ours.is_free(our_type) || self.theirs.is_free(their_type) => {
                self.ours.is_free(our_type) && self.theirs.is_free(their_type)
            }
            (Shape::List(_), Shape::List(_))
            | (Shape::Map(_), Shape::Map(_))
            | (Shape::Object(_), Shape::Object(_))
            | (Shape::Union(_), Shape::Union(_)) => true,
            _ => false,
        };
        if agree {
            self.names(at, ours, &theirs);
            // A member of a union is where its union is.
            if unions.is_none() {
                self.site(at, ours, &theirs);
            }
            self.push(at, ours.id, vec![theirs.id], unions);
        } else {
            let is = self.theirs.words(&theirs);
            let was = self.ours.words(ours);
            let text = if is == was {
                format!("the type is another {is}")
            } else {
                format!("the type is {is}, not {was}")
            };
            self.add(&at.place, Class::Breaking, text, set_type(at, ours, &theirs));
        }
    }

    fn push(
        &mut self,
        at: &At,
        ours: TypeId,
        theirs: Vec<TypeId>,
        unions: Option<(TypeId, TypeId)>,
    ) {
        if self.seen.insert((ours, theirs.clone(), at.context.direction)) {
            let title = self.titles.get(&ours);
            let place = title.cloned().unwrap_or_else(|| at.place.clone());
            let mut context = at.context.clone();
            if let Some(name) = &self.ours.get(ours).name {
                context.holder.clone_from(name);
                context.name.clear();
            }
            self.open.push(Pair { place, context, ours, theirs, unions });
        }
    }

    fn parts(&mut self, pair: &Pair) {
        if self.titles.contains_key(&pair.ours) {
            self.places.insert(pair.place.clone());
        }
        self.type_ = pair.theirs.first().copied();
        let (ours, theirs) = (self.ours, self.theirs);
        let our_type = ours.get(pair.ours);
        let at = At { place: pair.place.clone(), context: pair.context.clone() };
        match (&our_type.shape, &theirs.get(pair.theirs[0]).shape) {
            (Shape::Enum { values, .. }, Shape::Enum { .. }) => {
                let of_all = pair.theirs.iter().map(|id| &theirs.get(*id).shape);
                let other = of_all.filter_map(|shape| match shape {
                    Shape::Enum { values, .. } => Some(values),
                    _ => None,
                });
                let other: Vec<String> = other.flatten().cloned().collect();
                self.values(&at, our_type, values, &other);
            }
            (Shape::List(ours), Shape::List(theirs)) => self.uses(&at.part("[]"), ours, theirs),
            (Shape::Map(ours), Shape::Map(theirs)) => self.uses(&at.part("{}"), ours, theirs),
            (Shape::Union(ours), Shape::Union(theirs)) => {
                let ids = (pair.ours, pair.theirs[0]);
                self.unions(&at, ids, ours, theirs);
            }
            (Shape::Object(object), _) => self.objects(&at, pair, our_type, object),
            _ => {}
        }
    }

    fn values(&mut self, at: &At, ours: &Type, values: &[String], other: &[String]) {
        for value in other.iter().filter(|value| !values.contains(value)) {
            let (pointer, value) = (ours.pointer.clone(), value.clone());
            let text = format!("new value `{value}`");
            self.add(&at.place, Class::Additive, text, Edit::AddValue { pointer, value });
        }
        for value in values.iter().filter(|value| !other.contains(value)) {
            let (pointer, value) = (ours.pointer.clone(), value.clone());
            let text = format!("the value `{value}` is gone");
            self.add(&at.place, Class::Breaking, text, Edit::RemoveValue { pointer, value });
        }
    }

    /// The type of ours reads strings and whole numbers, and writes strings.
    fn fits_id(&self, at: &At, theirs: &Type) -> bool {
        match &theirs.shape {
            Shape::Id => true,
            _ if self.mode == Mode::Revision => false,
            Shape::Scalar(Scalar { kind, .. }) if kind == "string" => true,
            Shape::Scalar(Scalar { kind, .. }) if kind == "integer" => {
                at.context.parameter_of.is_some() || at.context.direction == Direction::Response
            }
            _ => false,
        }
    }

    /// False if the types differ; what differs less is noted here.
    fn scalars(&mut self, at: &At, ours: &Use, theirs: &Use, a: &Scalar, b: &Scalar) -> bool {
        if (&a.kind, rust_format(a)) != (&b.kind, rust_format(b)) {
            return false;
        }
        let (was, is) = (format_of(a), format_of(b));
        if was != is {
            let words = |format: Option<&str>| format.unwrap_or("none").to_owned();
            let text = format!("the format is {}, not {}", words(is), words(was));
            self.add(&at.place, Class::Cosmetic, text, set_type(at, ours, theirs));
        }
        if a.limits != b.limits {
            let tighter = b.limits.iter().any(|limit| !a.limits.contains_key(limit.0))
                || a.limits
                    .iter()
                    .any(|(key, limit)| b.limits.get(key).is_some_and(|l| l != limit));
            let class = match at.context.direction {
                Direction::Request if tighter => Class::Breaking,
                Direction::Request => Class::Additive,
                Direction::Response => Class::Cosmetic,
            };
            let words = |scalar: &Scalar| {
                let limits = scalar.limits.iter().map(|(key, value)| format!("{key} {value}"));
                let limits: Vec<_> = limits.collect();
                if limits.is_empty() { "none".to_owned() } else { limits.join(", ") }
            };
            let text = format!("the limits are {}, not {}", words(b), words(a));
            self.add(&at.place, class, text, set_type(at, ours, theirs));
        }
        true
    }

    /// Null is read as missing: it hurts only where something must be there.
    fn nullable(&mut self, at: &At, ours: &Use, theirs: &Use) {
        let pointer = ours.pointer.clone();
        let context = at.context.clone();
        let edit = |nullable| Edit::SetNullable { pointer, nullable, context };
        match (ours.nullable, theirs.nullable) {
            (false, true) => {
                let class = match at.context.direction {
                    Direction::Request => Class::Additive,
                    Direction::Response => Class::Breaking,
                };
                self.add(&at.place, class, "can be null", edit(true));
            }
            (true, false)
                if self.mode == Mode::Revision || at.context.direction == Direction::Request =>
            {
                self.add(&at.place, Class::Breaking, "cannot be null", edit(false));
            }
            _ => {}
        }
    }

    /// HubSpot writes a union of one where it foresees more; ours is what there is.
    fn without_lone_union(&self, ours: &Use, theirs: &Use) -> Use {
        let is_union = |shape: &Shape| matches!(shape, Shape::Union(_));
        match &self.theirs.of(theirs).shape {
            Shape::Union(union)
                if union.members.len() == 1
                    && union.shared.is_empty()
                    && !is_union(&self.ours.of(ours).shape) =>
            {
                union.members[0].using.clone()
            }
            _ => theirs.clone(),
        }
    }

    /// Notes where a type is used that other places can share: HubSpot can write each use on its
    /// own, and change one and not the others.
    fn site(&mut self, at: &At, ours: &Use, theirs: &Use) {
        let our_type = self.ours.of(ours);
        if matches!(our_type.shape, Shape::Enum { .. } | Shape::Object(_) | Shape::Union(_)) {
            self.found.sites.push(Site {
                ours: our_type.pointer.clone(),
                said_by: Saying { document: self.document, type_: Some(theirs.id) },
                pointer: ours.pointer.clone(),
                using: theirs.clone(),
                context: at.context.clone(),
            });
        }
    }

    /// Names are ours to choose, and part of the crate.
    fn names(&mut self, at: &At, ours: &Use, theirs: &Use) {
        let (was, is) = (&self.ours.of(ours).name, &self.theirs.of(theirs).name);
        if self.mode == Mode::Revision && was != is {
            let words = |name: &Option<String>| match name {
                Some(name) => format!("`{name}`"),
                None => "without a name".to_owned(),
            };
            let text = format!("the type is {}, not {}", words(is), words(was));
            self.add(&at.place, Class::Breaking, text, Edit::Nothing);
        }
    }
}

fn set_type(at: &At, ours: &Use, theirs: &Use) -> Edit {
    Edit::SetType {
        pointer: ours.pointer.clone(),
        using: theirs.clone(),
        context: at.context.clone(),
        apart_from: None,
    }
}

/// The format, if it says more than its absence does.
fn format_of(scalar: &Scalar) -> Option<&str> {
    let format = scalar.format.as_deref();
    format.filter(|format| {
        !matches!((&*scalar.kind, *format), ("integer", "int64") | ("number", "double"))
    })
}

/// What of a format shows in the Rust type.
fn rust_format(scalar: &Scalar) -> &str {
    const STRINGS: [&str; 8] =
        ["date", "date-time", "time", "uuid", "ip", "ipv4", "ipv6", "binary"];
    match (scalar.kind.as_str(), scalar.format.as_deref().unwrap_or_default()) {
        ("integer" | "number", _) => format_of(scalar).unwrap_or_default(),
        ("string", format) if STRINGS.contains(&format) => format,
        _ => "",
    }
}

/// What to call the types of our document that have names: a member of a union by its tag.
fn titles(ours: &Surface) -> HashMap<TypeId, String> {
    let mut titles: HashMap<TypeId, String> = HashMap::new();
    for (_, type_) in ours.types() {
        let (Some(union), Shape::Union(shape)) = (&type_.name, &type_.shape) else { continue };
        for member in &shape.members {
            if let [tag, ..] = member.tags.as_slice() {
                let title = format!("{union} {tag}");
                let known = titles.entry(member.using.id).or_insert_with(|| title.clone());
                // The same place whichever operation comes first.
                if title < *known {
                    *known = title;
                }
            }
        }
    }
    for (id, type_) in ours.types() {
        if let Some(name) = &type_.name {
            titles.entry(id).or_insert_with(|| name.clone());
        }
    }
    titles
}
