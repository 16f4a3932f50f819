//! Compares unions, member by member.

use super::{At, Comparison};
use crate::diff::difference::{Class, Edit};
use crate::surface::{Member, Surface, TypeId, Union};

impl Comparison<'_> {
    pub(super) fn unions(&mut self, at: &At, ids: (TypeId, TypeId), ours: &Union, theirs: &Union) {
        let pointer = &self.ours.get(ids.0).pointer;
        let pairs = paired(self.ours, self.theirs, ours, theirs);
        for (our_place, their_place) in &pairs {
            let (our, their) = (&ours.members[*our_place], &theirs.members[*their_place]);
            let at = At {
                place: format!("{} {}", at.place, called(self.ours, our)),
                context: at.context.clone(),
            };
            self.members(&at, &our.using, &their.using, Some(ids));
        }
        for (place, member) in ours.members.iter().enumerate() {
            if !pairs.iter().any(|(our, _)| *our == place) {
                let text = format!("the member `{}` is gone", called(self.ours, member));
                let edit = Edit::RemoveMember {
                    pointer: pointer.clone(),
                    tags: member.tags.clone(),
                    target: self.ours.of(&member.using).pointer.clone(),
                };
                self.add(&at.place, Class::Breaking, text, edit);
            }
        }
        for (place, member) in theirs.members.iter().enumerate() {
            if !pairs.iter().any(|(_, their)| *their == place) {
                let text = format!("new member `{}`", called(self.theirs, member));
                let mut context = at.context.clone();
                context.tag.clone_from(&theirs.tag);
                let edit = Edit::AddMember {
                    pointer: pointer.clone(),
                    tags: member.tags.clone(),
                    using: member.using.clone(),
                    context,
                };
                self.add(&at.place, Class::Additive, text, edit);
            }
        }
    }
}

/// The members that are the same one, by place: by tag, by name where a tag is missing, or else
/// one after the other.
fn paired(
    our_surface: &Surface,
    their_surface: &Surface,
    ours: &Union,
    theirs: &Union,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (our_place, our) in ours.members.iter().enumerate() {
        for (their_place, their) in theirs.members.iter().enumerate() {
            let same_tag = our.tags.iter().any(|tag| their.tags.contains(tag));
            let untagged = our.tags.is_empty() || their.tags.is_empty();
            let name = origin(our_surface, our);
            if same_tag || untagged && name.is_some() && name == origin(their_surface, their) {
                pairs.push((our_place, their_place));
            }
        }
    }
    for (their_place, their) in theirs.members.iter().enumerate() {
        if !their.tags.is_empty() || pairs.iter().any(|(_, place)| *place == their_place) {
            continue;
        }
        let alike = |place: &usize| {
            let our = &ours.members[*place];
            our.tags.is_empty()
                && our_surface.words(&our.using) == their_surface.words(&their.using)
        };
        let is_left = |place: &usize| !pairs.iter().any(|(our, _)| our == place);
        let mut places = (0..ours.members.len()).filter(alike);
        if let Some(place) = places.clone().find(is_left).or_else(|| places.next()) {
            pairs.push((place, their_place));
        }
    }
    pairs
}

fn origin<'a>(surface: &'a Surface, member: &Member) -> Option<&'a String> {
    let type_ = surface.of(&member.using);
    type_.hubspot_name.as_ref().or(type_.name.as_ref())
}

fn called(surface: &Surface, member: &Member) -> String {
    let type_ = surface.of(&member.using);
    let name = member.tags.first().or(type_.hubspot_name.as_ref()).or(type_.name.as_ref());
    name.cloned().unwrap_or_else(|| surface.words(&member.using))
}
