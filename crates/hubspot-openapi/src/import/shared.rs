//! Parts of our document that several places share, where HubSpot writes each on its own.
//!
//! A shared parameter or type is edited if all that it stands for has changed alike. If
//! only some has, those places get one of their own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diff::{Difference, Edit, Saying, Site};
use crate::document::entries;

/// The edits to make: for what, from which document.
pub(super) fn resolve<'a>(
    document: &Value,
    differences: &[&'a Difference],
    sites: &[Site],
) -> Vec<(&'a Difference, usize, Edit)> {
    let mut edits = Vec::new();
    let mut split = BTreeSet::new();
    for difference in differences {
        let by = difference.said_by[0].document;
        let disagreeing = match type_pointer(&difference.edit, sites) {
            Some(pointer) => disagreeing(pointer, difference, sites),
            None => Vec::new(),
        };
        if disagreeing.is_empty() {
            edits.push((*difference, by, own_parameter(document, &difference.edit, differences)));
            continue;
        }
        for site in disagreeing {
            // Several values can be new at one place.
            if split.insert(place(site)) {
                let edit = Edit::SetType {
                    pointer: site.pointer.clone(),
                    using: site.using.clone(),
                    context: site.context.clone(),
                    apart_from: Some(site.ours.clone()),
                };
                edits.push((
                    *difference,
                    site.said_by.document,
                    own_parameter(document, &edit, &[]),
                ));
            }
        }
    }
    // What is to get a parameter of its own gets it before anything is written to it.
    edits.sort_by_key(|(_, _, edit)| !matches!(edit, Edit::SetParameter { .. }));
    edits
}

/// The pages of all lists have one type, in the document as in the crate.
const NEVER_SPLIT: &str = "/components/schemas/Paging";

/// The type of ours that an edit changes, or changes a part of.
fn type_pointer<'a>(edit: &Edit, sites: &'a [Site]) -> Option<&'a str> {
    let changed = match edit {
        Edit::AddField { pointer, .. }
        | Edit::RemoveField { pointer, .. }
        | Edit::Require { pointer, .. }
        | Edit::SetOther { pointer, .. }
        | Edit::AddValue { pointer, .. }
        | Edit::RemoveValue { pointer, .. }
        | Edit::AddMember { pointer, .. }
        | Edit::RemoveMember { pointer, .. }
        | Edit::SetType { pointer, .. }
        | Edit::SetNullable { pointer, .. }
        | Edit::SetDeprecated { pointer, .. } => pointer,
        _ => return None,
    };
    let is_in = |type_: &str| {
        changed.strip_prefix(type_).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let types = sites.iter().map(|site| site.ours.as_str());
    types.filter(|type_| is_in(type_) && *type_ != NEVER_SPLIT).max_by_key(|type_| type_.len())
}

/// The places where a difference is, if there are others where it is not.
fn disagreeing<'a>(pointer: &str, difference: &Difference, sites: &'a [Site]) -> Vec<&'a Site> {
    let says = |by: &Saying| difference.said_by.contains(by);
    let of_type: Vec<&Site> = sites.iter().filter(|site| site.ours == pointer).collect();
    if of_type.iter().all(|site| says(&site.said_by)) {
        return Vec::new();
    }
    let is_plain = |site: &Site| {
        // One place cannot follow two documents.
        let others = of_type.iter().filter(|other| place(other) == place(site));
        others.into_iter().all(|other| says(&other.said_by))
    };
    of_type.iter().copied().filter(|site| says(&site.said_by) && is_plain(site)).collect()
}

/// Where a site is. That a parameter is shared is for us to say, not for HubSpot.
fn place(site: &Site) -> (String, Option<String>) {
    (site.pointer.clone(), site.context.parameter_of.clone())
}

/// An edit of a shared parameter, as one of the operation's own parameter unless all operations
/// that share it want the same.
fn own_parameter(document: &Value, edit: &Edit, all: &[&Difference]) -> Edit {
    let Some((operation, pointer)) = parameter(edit) else { return edit.clone() };
    let Some(name) = shared_name(pointer) else { return edit.clone() };
    let users = users(document, name);
    let alike = all.iter().filter(|other| {
        parameter(&other.edit).is_some_and(|(_, other)| other == pointer)
            && same_kind(&other.edit, edit)
    });
    let text = all.iter().find(|other| parameter(&other.edit) == Some((operation, pointer)));
    let alike = alike.filter(|other| text.is_none_or(|text| text.text == other.text)).count();
    if alike >= users.len() {
        return edit.clone();
    }
    let place = users.iter().find(|place| place.starts_with(&format!("{operation}/")));
    let Some(place) = place else { return edit.clone() };
    let rest = &pointer["/components/parameters/".len() + name.len()..];
    moved(edit, format!("{place}{rest}"))
}

/// The operation whose parameter an edit changes, and the pointer to what it changes.
fn parameter(edit: &Edit) -> Option<(&str, &str)> {
    match edit {
        Edit::SetParameter { operation, pointer, .. } => Some((operation, pointer)),
        Edit::SetType { pointer, context, .. } | Edit::SetNullable { pointer, context, .. } => {
            Some((context.parameter_of.as_deref()?, pointer))
        }
        _ => None,
    }
}

fn same_kind(one: &Edit, other: &Edit) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn shared_name(pointer: &str) -> Option<&str> {
    pointer.strip_prefix("/components/parameters/")?.split('/').next()
}

/// The places that name a shared parameter.
fn users(document: &Value, name: &str) -> Vec<String> {
    let reference = format!("#/components/parameters/{name}");
    let mut users = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        for (method, operation) in entries(item) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for (number, _) in
                parameters.enumerate().filter(|(_, parameter)| parameter["$ref"] == *reference)
            {
                let path = crate::surface::escaped(path);
                users.push(format!("/paths/{path}/{method}/parameters/{number}"));
            }
        }
    }
    users
}

fn moved(edit: &Edit, to: String) -> Edit {
    let mut edit = edit.clone();
    if let Edit::SetParameter { pointer, .. }
    | Edit::SetType { pointer, .. }
    | Edit::SetNullable { pointer, .. } = &mut edit
    {
        *pointer = to;
    }
    edit
}
