//! Compares operations, their parameters, bodies and scopes.

use std::collections::BTreeSet;

use serde_json::json;

use super::{At, Comparison, Mode};
use crate::diff::difference::{Class, Context, Direction, Edit};
use crate::surface::{Operation, Parameter, Shape, Use};

impl Comparison<'_> {
    /// Compares the operations that both have.
    pub(super) fn operations(&mut self) {
        let (ours, theirs) = (self.ours, self.theirs);
        for (index, their) in theirs.operations.iter().enumerate() {
            let mut our = ours.operations.iter().filter(|our| is_same(our, their));
            // Of two under one route, the one with the same path is meant.
            if let Some(our) = our.clone().find(|our| our.path == their.path).or(our.next()) {
                self.operation(our, their, index);
            }
        }
    }

    fn operation(&mut self, ours: &Operation, theirs: &Operation, index: usize) {
        let place = place_of(ours);
        self.places.insert(place.clone());
        let pointer = ours.pointer.clone();
        if self.mode == Mode::Revision {
            self.revision(&place, ours, theirs);
        }
        if ours.deprecated != theirs.deprecated {
            let deprecated = theirs.deprecated;
            let text = if deprecated { "deprecated" } else { "not deprecated any more" };
            let edit = Edit::SetDeprecated { pointer: pointer.clone(), deprecated };
            self.add(&place, Class::Cosmetic, text, edit);
        }
        if ours.scopes != theirs.scopes {
            let text =
                format!("the scope is {}, not {}", words(&theirs.scopes), words(&ours.scopes));
            let edit = Edit::SetScopes { operation: index, pointer: pointer.clone() };
            self.add(&place, Class::Breaking, text, edit);
        }
        self.parameters(&place, ours, theirs, index);
        self.request(&place, ours, theirs, index);
        self.successes(&place, ours, theirs, index);
    }

    fn revision(&mut self, place: &str, ours: &Operation, theirs: &Operation) {
        if ours.id != theirs.id {
            let name = theirs.id.as_deref().unwrap_or("nameless");
            let text = format!("the name is `{name}`");
            self.add(place, Class::Breaking, text, Edit::Nothing);
        }
        if ours.path != theirs.path {
            let text = format!("the path is {}, not {}", theirs.path, ours.path);
            self.add(place, Class::Cosmetic, text, Edit::Nothing);
        }
    }

    fn parameters(&mut self, place: &str, ours: &Operation, theirs: &Operation, index: usize) {
        let pairs = paired(ours, theirs);
        for (our, their) in &pairs {
            let at = at_parameter(place, &ours.pointer, &ours.parameters[*our]);
            self.parameter(&at, &ours.parameters[*our], &theirs.parameters[*their]);
        }
        for (number, parameter) in ours.parameters.iter().enumerate() {
            if !pairs.iter().any(|(our, _)| *our == number) {
                let edit = Edit::RemoveParameter {
                    pointer: ours.pointer.clone(),
                    name: parameter.name.clone(),
                    place: parameter.place.clone(),
                };
                let at = at_parameter(place, &ours.pointer, parameter);
                self.add(&at.place, Class::Breaking, "the parameter is gone", edit);
            }
        }
        for (number, parameter) in theirs.parameters.iter().enumerate() {
            if !pairs.iter().any(|(_, their)| *their == number) {
                let class = if parameter.required { Class::Breaking } else { Class::Additive };
                let need = if parameter.required { "required" } else { "optional" };
                let text = format!("new {need} parameter: {}", self.theirs.words(&parameter.using));
                let edit = Edit::AddParameter {
                    operation: index,
                    parameter: number,
                    pointer: ours.pointer.clone(),
                };
                self.add(&at_parameter(place, &ours.pointer, parameter).place, class, text, edit);
            }
        }
    }

    fn parameter(&mut self, at: &At, ours: &Parameter, theirs: &Parameter) {
        let operation = at.context.parameter_of.clone().unwrap_or_default();
        let set = |key, value| {
            let (operation, pointer) = (operation.clone(), ours.pointer.clone());
            Edit::SetParameter { operation, pointer, key, value }
        };
        if ours.required != theirs.required {
            let (text, class) = match (theirs.required, self.mode) {
                (true, _) => ("required", Class::Breaking),
                (false, Mode::Upstream) => ("optional", Class::Additive),
                (false, Mode::Revision) => ("optional", Class::Breaking),
            };
            self.add(&at.place, class, text, set("required", json!(theirs.required)));
        }
        if ours.deprecated != theirs.deprecated {
            let text = if theirs.deprecated { "deprecated" } else { "not deprecated any more" };
            let edit = set("deprecated", json!(theirs.deprecated));
            self.add(&at.place, Class::Cosmetic, text, edit);
        }
        // Only of several values does it matter how they are written.
        let is_one = |surface: &crate::surface::Surface, using: &Use| {
            !matches!(
                surface.of(using).shape,
                Shape::List(_) | Shape::Map(_) | Shape::Object(_) | Shape::Union(_)
            )
        };
        if !is_one(self.ours, &ours.using) && !is_one(self.theirs, &theirs.using) {
            if ours.style.0 != theirs.style.0 {
                let text = format!("the style is {}, not {}", theirs.style.0, ours.style.0);
                self.add(&at.place, Class::Breaking, text, set("style", json!(theirs.style.0)));
            }
            if ours.style.1 != theirs.style.1 {
                let text = if theirs.style.1 {
                    "a value after the other, not as one"
                } else {
                    "all values as one"
                };
                self.add(&at.place, Class::Breaking, text, set("explode", json!(theirs.style.1)));
            }
        }
        self.uses(at, &ours.using, &theirs.using);
    }

    fn request(&mut self, place: &str, ours: &Operation, theirs: &Operation, index: usize) {
        let at = at_body(place, "request", Direction::Request);
        let pointer = ours.pointer.clone();
        let set = Edit::SetRequest { operation: index, pointer: pointer.clone() };
        match (&ours.request, &theirs.request) {
            (None, None) => {}
            (None, Some(their)) => {
                let (need, class) = match their.required {
                    true => ("required", Class::Breaking),
                    false => ("optional", Class::Additive),
                };
                self.add(&at.place, class, format!("new {need} body"), set);
            }
            (Some(_), None) => {
                let edit = Edit::RemoveRequest { pointer };
                self.add(&at.place, Class::Breaking, "the body is gone", edit);
            }
            (Some(our), Some(their)) => {
                if their.required && !our.required {
                    let edit = Edit::RequireRequest { pointer };
                    self.add(&at.place, Class::Breaking, "required", edit);
                }
                if our.media != their.media {
                    let text = format!("the body is {}, not {}", their.media, our.media);
                    self.add(&at.place, Class::Breaking, text, set);
                } else if let (Some(our), Some(their)) = (&our.using, &their.using) {
                    self.uses(&at, our, their);
                }
            }
        }
    }

    /// The client takes every status of success: which one it is, is for the reader.
    fn successes(&mut self, place: &str, ours: &Operation, theirs: &Operation, index: usize) {
        let at = at_body(place, "response", Direction::Response);
        let pointer = ours.pointer.clone();
        let set = Edit::SetSuccess { operation: index, pointer };
        let Some(our) = ours.successes.first() else {
            if !theirs.successes.is_empty() {
                self.add(&at.place, Class::Additive, "new success", set);
            }
            return;
        };
        if theirs.successes.is_empty() {
            self.add(&at.place, Class::Breaking, "no success is described", set);
            return;
        }
        let statuses: Vec<_> = theirs.successes.iter().map(|s| s.status.as_str()).collect();
        if our.status != "2XX" && statuses != [our.status.as_str()] {
            let text = format!("the status is {}, not {}", statuses.join(" or "), our.status);
            self.add(&at.place, Class::Cosmetic, text, set.clone());
        }
        let uses: Vec<&Use> = theirs.successes.iter().filter_map(|s| s.using.as_ref()).collect();
        let other = theirs.successes.iter().find(|s| s.using.is_some() && s.media != our.media);
        match &our.using {
            None if uses.is_empty() => {}
            None => self.add(&at.place, Class::Additive, "new body", set),
            Some(_) if uses.is_empty() => {
                self.add(&at.place, Class::Breaking, "the body is gone", set);
            }
            Some(_) if other.is_some() => {
                let media = other.map_or("", |success| success.media.as_str());
                let text = format!("the body is {media}, not {}", our.media);
                self.add(&at.place, Class::Breaking, text, set);
            }
            Some(our) => {
                if uses.len() < theirs.successes.len() {
                    let has_empty = ours.successes.iter().any(|success| success.using.is_none());
                    if !has_empty {
                        let text = "the body can be missing";
                        self.add(&at.place, Class::Breaking, text, Edit::Nothing);
                    }
                }
                self.bodies(&at, our, &uses);
            }
        }
    }

    /// One body, or objects of several successes of which any can come.
    fn bodies(&mut self, at: &At, ours: &Use, theirs: &[&Use]) {
        let ids: BTreeSet<_> = theirs.iter().map(|using| using.id).collect();
        let are_objects =
            theirs.iter().all(|using| matches!(self.theirs.of(using).shape, Shape::Object(_)));
        let is_object = matches!(self.ours.of(ours).shape, Shape::Object(_));
        if ids.len() > 1 && are_objects && is_object {
            self.push(at, ours.id, ids.into_iter().collect(), None);
        } else {
            for using in theirs {
                self.uses(at, ours, using);
            }
        }
    }
}

/// Whether two operations are the same one, under whatever root.
pub(crate) fn is_same(ours: &Operation, theirs: &Operation) -> bool {
    ours.method == theirs.method && ours.route == theirs.route
}

/// What to call an operation of ours.
pub(crate) fn place_of(operation: &Operation) -> String {
    operation.id.clone().unwrap_or_else(|| operation.line())
}

/// The parameters that are the same one: in a path by place, elsewhere by name.
fn paired(ours: &Operation, theirs: &Operation) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (our_number, our) in ours.parameters.iter().enumerate() {
        for (their_number, their) in theirs.parameters.iter().enumerate() {
            let same = our.place == their.place
                && match our.place.as_str() {
                    "path" => match (ours.place_in_path(our), theirs.place_in_path(their)) {
                        (None, None) => our.name == their.name,
                        (our, their) => our == their,
                    },
                    "header" => our.name.eq_ignore_ascii_case(&their.name),
                    _ => our.name == their.name,
                };
            if same {
                pairs.push((our_number, their_number));
            }
        }
    }
    pairs
}

/// A parameter of an operation of ours, which is at the pointer.
fn at_parameter(operation: &str, ours: &str, parameter: &Parameter) -> At {
    At {
        place: format!("{operation} {} {}", parameter.place, parameter.name),
        context: Context {
            holder: operation.to_owned(),
            name: parameter.name.clone(),
            direction: Direction::Request,
            parameter_of: Some(ours.to_owned()),
            tag: None,
        },
    }
}

fn at_body(operation: &str, name: &str, direction: Direction) -> At {
    At {
        place: format!("{operation} {name}"),
        context: Context {
            holder: operation.to_owned(),
            name: name.to_owned(),
            direction,
            parameter_of: None,
            tag: None,
        },
    }
}

fn words(scopes: &BTreeSet<BTreeSet<String>>) -> String {
    let sets = scopes.iter().map(|scopes| {
        let scopes: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
        scopes.join(" and ")
    });
    let sets: Vec<_> = sets.collect();
    if sets.is_empty() { "none".to_owned() } else { sets.join(" or ") }
}
