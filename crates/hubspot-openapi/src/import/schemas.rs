//! Writes schemas the way our document does: named, without prose, and as open as HubSpot is
//! unreliable.

use std::collections::{BTreeSet, HashMap};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::edit::json_value;
use super::names;
use crate::diff::{Context, Direction};
use crate::document::entries;
use crate::surface::{
    Field, Member, Object, Scalar, Shape, Surface, Type, TypeId, Union, Use, escaped,
};

/// Writes types of HubSpot's into our document.
pub(super) struct Writer<'a> {
    pub(super) document: &'a mut Value,
    pub(super) theirs: &'a Surface,
    /// The pointer to the schema of ours that is not to be used.
    pub(super) apart_from: Option<String>,
    names: HashMap<TypeId, String>,
    /// The fields that tell members of unions apart.
    tags: HashMap<TypeId, String>,
    /// Schemas that have a name and are not written yet.
    open: Vec<Open>,
    notes: Vec<String>,
}

struct Open {
    name: String,
    /// Several, if several successes make one schema.
    types: Vec<TypeId>,
    context: Context,
}

impl<'a> Writer<'a> {
    pub(super) fn new(document: &'a mut Value, theirs: &'a Surface) -> Self {
        let (names, tags) = (HashMap::new(), tags(theirs));
        Self {
            document,
            theirs,
            apart_from: None,
            names,
            tags,
            open: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Notes what a person must look at.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Writes the schemas that were referred to, and gives the notes.
    pub(super) fn finish(mut self) -> Vec<String> {
        while let Some(open) = self.open.pop() {
            let schema = self.named_schema(&open);
            self.insert(&open.name, schema);
        }
        self.notes
    }

    /// A schema where a field is, with room for a description.
    pub(super) fn field(&mut self, using: &Use, context: &Context) -> Value {
        let written = self.item(using, context);
        if written["$ref"].is_string() { json!({ "allOf": [written] }) } else { written }
    }

    /// A schema anywhere else.
    pub(super) fn item(&mut self, using: &Use, context: &Context) -> Value {
        let theirs = self.theirs;
        let type_ = theirs.of(using);
        match &type_.shape {
            Shape::Any => json!({}),
            Shape::Id => self.scalar(&plain_string(), context),
            Shape::Scalar(scalar) => self.scalar(scalar, context),
            Shape::Enum { base, values } if context.tag.as_ref() == Some(&context.name) => {
                json!({ "type": base, "enum": as_json(base, values) })
            }
            _ if theirs.is_free(type_) && context.tag.is_none() => {
                let place = place(context);
                self.note(format!(
                    "{place} is a free object: see whether a string or more is meant"
                ));
                json!({ "type": "object", "additionalProperties": {} })
            }
            Shape::List(item) if type_.name.is_none() => {
                let written = self.item(item, context);
                json!({ "type": "array", "items": written })
            }
            Shape::Map(value) if type_.name.is_none() => {
                let written = self.item(value, context);
                json!({ "type": "object", "additionalProperties": written })
            }
            _ => json!({ "$ref": reference(&self.name(using.id, context)) }),
        }
    }

    fn scalar(&mut self, scalar: &Scalar, context: &Context) -> Value {
        if let Some(id) = self.id(scalar, context) {
            if context.name != "id" && context.name.to_upper_camel_case() != id {
                let place = place(context);
                self.note(format!("{place} is taken for a {id}: see whether it is one"));
            }
            return json!({ "$ref": reference(&id) });
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!(scalar.kind));
        schema.extend(scalar.format.iter().map(|format| ("format".to_owned(), json!(format))));
        schema.extend(scalar.limits.clone());
        Value::Object(schema)
    }

    /// The id a field or parameter holds, by its name: one of ours, the longest that fits.
    fn id(&self, scalar: &Scalar, context: &Context) -> Option<String> {
        let fits = scalar.kind == "string" && scalar.format.is_none()
            || scalar.kind == "integer" && context.parameter_of.is_some();
        let field = context.name.to_upper_camel_case();
        let field = if field == "Id" { format!("{}Id", context.holder) } else { field };
        self.schemas()
            .filter(|(name, schema)| fits && schema["x-id"] == true && field.ends_with(name))
            .map(|(name, _)| name.to_owned())
            .max_by_key(String::len)
    }

    fn schemas(&self) -> impl Iterator<Item = (&str, &Value)> {
        entries(&self.document["components"]["schemas"])
    }

    fn insert(&mut self, name: &str, schema: Value) {
        let mut place = &mut *self.document;
        for key in ["components", "schemas"] {
            let Some(object) = place.as_object_mut() else { return };
            place = object.entry(key).or_insert_with(|| json!({}));
        }
        if let Some(schemas) = place.as_object_mut() {
            schemas.insert(name.to_owned(), schema);
        }
    }

    /// What we call a type: as the schema of ours that is meant, or as one that is to be written.
    fn name(&mut self, id: TypeId, context: &Context) -> String {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let theirs = self.theirs;
        let type_ = theirs.get(id);
        let known = self.same_origin(type_).or_else(|| self.same_content(type_, context));
        let other = |name: &String| {
            self.apart_from.as_deref() != Some(&format!("/components/schemas/{}", escaped(name)))
        };
        let known = known.filter(other);
        let name = known.unwrap_or_else(|| self.begin(vec![id], context));
        self.names.insert(id, name.clone());
        name
    }

    /// Chooses a name, and leaves the writing for later: types can contain themselves.
    fn begin(&mut self, types: Vec<TypeId>, context: &Context) -> String {
        let name = self.free_name(&self.wanted_name(types[types.len() - 1], context), context);
        self.insert(&name, json!({}));
        self.open.push(Open { name: name.clone(), types, context: context.clone() });
        name
    }

    fn wanted_name(&self, id: TypeId, context: &Context) -> String {
        let type_ = self.theirs.get(id);
        if let Some(item) = self.page_item(type_) {
            return format!("{item}Page");
        }
        match &type_.name {
            Some(name) => names::schema(name),
            None => {
                names::type_name(&format!("{} {}", context.holder, names::singular(&context.name)))
            }
        }
    }

    /// What we would call the items, if the type is a page.
    fn page_item(&self, type_: &Type) -> Option<String> {
        let Shape::Object(object) = &type_.shape else { return None };
        let results = object.field("results").filter(|_| object.field("paging").is_some())?;
        let Shape::List(item) = &self.theirs.of(&results.using).shape else { return None };
        let item = self.theirs.of(item);
        self.same_origin(item).or_else(|| Some(names::schema(item.name.as_deref()?)))
    }

    fn free_name(&self, wanted: &str, context: &Context) -> String {
        let is_free = |name: &str| !self.schemas().any(|(taken, _)| taken == name);
        let new = (context.direction == Direction::Request && !wanted.starts_with("New"))
            .then(|| format!("New{wanted}"));
        [wanted.to_owned()]
            .into_iter()
            .chain(new)
            .chain((2..).map(|number| format!("{wanted}{number}")))
            .find(|name| is_free(name))
            .unwrap_or_default()
    }

    /// The schema of ours that has the type's name for its origin.
    fn same_origin(&self, type_: &Type) -> Option<String> {
        let origin = type_.hubspot_name.as_ref().or(type_.name.as_ref())?;
        // Ours serves lists that can be read backwards and those that cannot.
        let origin = if origin.ends_with("ForwardPaging") && self.is_paging(type_) {
            "Paging"
        } else {
            origin
        };
        let is_same = |schema: &Value| match &type_.shape {
            Shape::Union(_) => schema["oneOf"].is_array() || schema["anyOf"].is_array(),
            Shape::Enum { .. } => schema["enum"].is_array(),
            Shape::List(_) => schema["type"] == "array",
            Shape::Map(_) => schema["additionalProperties"].is_object(),
            _ => schema["type"] == "object" && schema["additionalProperties"].is_null(),
        };
        let mut schemas = self.schemas();
        let found =
            schemas.find(|(_, schema)| schema["x-hubspot-name"] == *origin && is_same(schema));
        found.map(|(name, _)| name.to_owned())
    }

    fn is_paging(&self, type_: &Type) -> bool {
        matches!(&type_.shape, Shape::Object(object) if object.field("next").is_some())
    }

    /// The schema of ours that is the same enum, or a union of the same members.
    fn same_content(&mut self, type_: &Type, context: &Context) -> Option<String> {
        match &type_.shape {
            Shape::Enum { base, values } => {
                let wanted: BTreeSet<String> =
                    as_json(base, values).iter().map(Value::to_string).collect();
                let same = |schema: &Value| {
                    let values = schema["enum"].as_array();
                    values.is_some_and(|values| {
                        values.iter().map(Value::to_string).collect::<BTreeSet<_>>() == wanted
                    })
                };
                self.schemas().find(|(_, schema)| same(schema)).map(|(name, _)| name.to_owned())
            }
            Shape::Union(union) => {
                let wanted: BTreeSet<String> = self
                    .members(union, context)
                    .iter()
                    .map(|member| member["$ref"].to_string())
                    .collect();
                let same = |schema: &Value| {
                    let listed = schema["oneOf"].as_array();
                    listed.is_some_and(|listed| {
                        listed
                            .iter()
                            .map(|member| member["$ref"].to_string())
                            .collect::<BTreeSet<_>>()
                            == wanted
                    })
                };
                self.schemas().find(|(_, schema)| same(schema)).map(|(name, _)| name.to_owned())
            }
            _ => None,
        }
    }

    fn named_schema(&mut self, open: &Open) -> Value {
        let theirs = self.theirs;
        let id = open.types[open.types.len() - 1];
        let type_ = theirs.get(id);
        let mut context = open.context.clone();
        context.holder.clone_from(&open.name);
        context.parameter_of = None;
        let mut schema = match &type_.shape {
            Shape::Enum { base, values } => json!({ "type": base, "enum": as_json(base, values) }),
            Shape::List(item) => json!({ "type": "array", "items": self.item(item, &context) }),
            Shape::Map(value) => {
                json!({ "type": "object", "additionalProperties": self.item(value, &context) })
            }
            Shape::Union(union) => self.union(union, &context),
            Shape::Object(_) => {
                context.tag = context.tag.or_else(|| self.tags.get(&id).cloned());
                self.object(&open.types, &context)
            }
            Shape::Any | Shape::Id | Shape::Scalar(_) => json!({}),
        };
        if let Some(name) = &type_.name {
            schema["x-hubspot-name"] = json!(name);
        }
        schema
    }

    fn members(&mut self, union: &Union, context: &Context) -> Vec<Value> {
        let mut context = context.clone();
        context.tag.clone_from(&union.tag);
        let mut listed: Vec<Value> = Vec::new();
        for Member { using, tags } in &union.members {
            context.name = tags.first().cloned().unwrap_or_default();
            let written = self.item(using, &context);
            listed.push(written);
        }
        listed
    }

    fn union(&mut self, union: &Union, context: &Context) -> Value {
        let members = self.members(union, context);
        let mapping: Map<String, Value> = union
            .members
            .iter()
            .zip(&members)
            .flat_map(|(member, written)| {
                member.tags.iter().map(|tag| (tag.clone(), written["$ref"].clone()))
            })
            .collect();
        let mut schema = json!({ "oneOf": members });
        match &union.tag {
            Some(tag) if union.members.iter().all(|member| !member.tags.is_empty()) => {
                schema["discriminator"] = json!({ "propertyName": tag, "mapping": mapping });
            }
            _ => self.note(format!("{}: nothing tells its members apart", context.holder)),
        }
        schema
    }

    fn object(&mut self, types: &[TypeId], context: &Context) -> Value {
        let theirs = self.theirs;
        let objects: Vec<&Object> = types
            .iter()
            .filter_map(|id| match &theirs.get(*id).shape {
                Shape::Object(object) => Some(object),
                _ => None,
            })
            .collect();
        let mut fields: Vec<(&Field, bool)> = Vec::new();
        for field in objects.iter().flat_map(|object| &object.fields) {
            if !fields.iter().any(|(known, _)| known.name == field.name) {
                let required = objects
                    .iter()
                    .all(|object| object.field(&field.name).is_some_and(|field| field.required));
                fields.push((field, required));
            }
        }
        fields.sort_by_key(|(field, _)| rank(&field.name, context, &fields_of_page(&objects)));

        let mut required: Vec<&str> = Vec::new();
        let mut unsure: Vec<&str> = Vec::new();
        let mut properties = Map::new();
        for (field, is_required) in &fields {
            let mut context = context.clone();
            context.name.clone_from(&field.name);
            if context.tag.as_ref() != Some(&field.name) {
                context.tag = None;
            }
            let is_tag = context.tag.is_some();
            let is_sure = is_tag || matches!(field.name.as_str(), "id" | "results");
            if *is_required && (context.direction == Direction::Request || is_sure) {
                required.push(&field.name);
            }
            if *is_required && !is_sure {
                unsure.push(&field.name);
            }
            let mut written = self.field(&field.using, &context);
            if field.deprecated {
                written["deprecated"] = json!(true);
            }
            properties.insert(field.name.clone(), written);
        }
        self.note_required(context, &unsure);
        let mut schema = json!({ "type": "object" });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema["properties"] = Value::Object(properties);
        if let Some(other) = objects.iter().find_map(|object| object.other.as_ref()) {
            let mut context = context.clone();
            context.tag = None;
            schema["additionalProperties"] = self.item(other, &context);
        }
        schema
    }

    /// HubSpot's lists of required fields come and go. What it requires of a request is taken over;
    /// what it promises of a response is not.
    fn note_required(&mut self, context: &Context, unsure: &[&str]) {
        if unsure.is_empty() {
            return;
        }
        let (holder, list) = (&context.holder, unsure.join(", "));
        self.note(match context.direction {
            Direction::Request => format!("{holder} requires {list}: see what it really needs"),
            Direction::Response => {
                format!("{holder}: HubSpot promises {list}: require what always comes")
            }
        });
    }

    pub(super) fn are_objects(&self, uses: &[&Use]) -> bool {
        uses.iter().all(|using| matches!(self.theirs.of(using).shape, Shape::Object(_)))
    }

    /// One schema for the bodies of several successes.
    pub(super) fn merged(&mut self, uses: &[&Use], context: &Context) -> Value {
        let types: Vec<TypeId> = uses.iter().map(|using| using.id).collect();
        let known = self.same_origin(self.theirs.get(types[types.len() - 1]));
        let name = known.unwrap_or_else(|| self.begin(types, context));
        json!({ "$ref": reference(&name) })
    }
}

fn tags(surface: &Surface) -> HashMap<TypeId, String> {
    let unions = surface.types().filter_map(|(_, type_)| match &type_.shape {
        Shape::Union(union) => Some((union.tag.as_ref()?, union)),
        _ => None,
    });
    let members = unions
        .flat_map(|(tag, union)| union.members.iter().map(|member| (member.using.id, tag.clone())));
    members.collect()
}

/// The tag goes first, and a page has an order of its own.
fn rank(field: &str, context: &Context, is_page: &bool) -> usize {
    let order: &[&str] = if *is_page { &["total", "results", "paging"] } else { &["id"] };
    if context.tag.as_deref() == Some(field) {
        return 0;
    }
    order.iter().position(|name| *name == field).map_or(order.len() + 1, |place| place + 1)
}

fn fields_of_page(objects: &[&Object]) -> bool {
    objects
        .iter()
        .all(|object| object.field("results").is_some() && object.field("paging").is_some())
}

fn plain_string() -> Scalar {
    Scalar { kind: "string".to_owned(), format: None, limits: Default::default() }
}

fn as_json(base: &str, values: &[String]) -> Vec<Value> {
    values.iter().map(|value| json_value(value, base == "string")).collect()
}

fn place(context: &Context) -> String {
    format!("{}.{}", context.holder, context.name)
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{}", escaped(name))
}
