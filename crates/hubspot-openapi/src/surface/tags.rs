//! The tags that distinguish the members of a union.

use std::collections::BTreeSet;

use super::{Shape, Surface, Type, TypeId, Union};

impl Surface {
    /// Finds the tags of unions whose discriminator does not say them: a field that has one value
    /// in each member.
    pub(super) fn find_tags(&mut self) {
        let unions = self.types().filter_map(|(id, type_)| match &type_.shape {
            Shape::Union(union) => Some((id, self.tag_of(union)?)),
            _ => None,
        });
        let found: Vec<(TypeId, String)> = unions.collect();
        for (id, tag) in found {
            let values: Vec<Vec<String>> = match &self.types[id.0].shape {
                Shape::Union(union) => union
                    .members
                    .iter()
                    .map(|member| self.values(self.of(&member.using), &tag))
                    .collect(),
                _ => Vec::new(),
            };
            if let Shape::Union(union) = &mut self.types[id.0].shape {
                union.tag = Some(tag);
                for (member, values) in union.members.iter_mut().zip(values) {
                    if member.tags.is_empty() {
                        member.tags = values;
                    }
                }
            }
        }
    }

    fn tag_of(&self, union: &Union) -> Option<String> {
        if union.tag.is_some() {
            return union.tag.clone();
        }
        let mut candidates: Option<BTreeSet<&str>> = None;
        for member in &union.members {
            let Shape::Object(object) = &self.of(&member.using).shape else { return None };
            let of_member: BTreeSet<&str> = object
                .fields
                .iter()
                .filter(|field| self.single_value(self.of(&field.using)).is_some())
                .map(|field| field.name.as_str())
                .collect();
            candidates = Some(match candidates {
                Some(others) => others.intersection(&of_member).copied().collect(),
                None => of_member,
            });
        }
        let candidates = candidates?;
        let tag = candidates.get("type").or_else(|| candidates.first())?;
        Some((*tag).to_owned())
    }

    fn values(&self, member: &Type, tag: &str) -> Vec<String> {
        let Shape::Object(object) = &member.shape else { return Vec::new() };
        let value = object.field(tag).and_then(|field| self.single_value(self.of(&field.using)));
        value.map(str::to_owned).into_iter().collect()
    }

    fn single_value<'a>(&self, type_: &'a Type) -> Option<&'a str> {
        match &type_.shape {
            Shape::Enum { values, .. } if values.len() == 1 => Some(&values[0]),
            _ => None,
        }
    }
}
