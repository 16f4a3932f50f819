//! Paging, whatever the document calls it.

use serde_json::{Value, json};

use crate::document::{Document, Kind, Schema, referenced};

/// Selects the schema of paging that `Page` contains: of several, the one with the most fields, because
/// the others can be read as it. Makes its cursor required, as `Page` expects. A list with other paging
/// is not a page.
///
/// A document without such a schema gets one, so that `Page` can be compiled.
pub(super) fn select(document: &mut Document) -> String {
    let of_pages: Vec<(String, Option<String>)> = document
        .schemas_of(Kind::Page)
        .map(|page| {
            let paging = referenced(&page.value["properties"]["paging"]);
            let fits =
                paging.and_then(|name| document.schema(name)).filter(|it| goes_on(document, *it));
            (page.name.to_owned(), fits.map(|it| it.name.to_owned()))
        })
        .collect();
    let lists_pages = |name: &str| {
        let item = document.schema(name).and_then(Schema::page_item);
        item.is_some_and(|item| of_pages.iter().any(|(page, _)| page == item))
    };
    let (pages, others): (Vec<_>, Vec<_>) =
        of_pages.iter().partition(|(name, paging)| paging.is_some() && !lists_pages(name));
    let size = |name: &str| document.schema(name).map_or(0, |it| it.properties().count());
    let mut names: Vec<String> = pages.iter().filter_map(|(_, paging)| paging.clone()).collect();
    // The first of those that say most.
    names.reverse();
    let chosen = names.into_iter().max_by_key(|name| size(name));
    let others: Vec<String> = others.into_iter().map(|(name, _)| name.clone()).collect();

    let schemas = &mut document.0["components"]["schemas"];
    for name in others {
        schemas[name]["x-page"] = json!(false);
    }
    let Some(chosen) = chosen else { return added(document) };
    let next = referenced(&schemas[&chosen]["properties"]["next"]).unwrap_or_default().to_owned();
    if let Some(required) = schemas[&chosen]["required"].as_array_mut() {
        required.retain(|name| name != "next");
    }
    require(&mut schemas[next], "after");
    chosen
}

/// Whether it has a next page with a cursor, and no other required property.
fn goes_on(document: &Document, paging: Schema<'_>) -> bool {
    let next =
        referenced(&paging.value["properties"]["next"]).and_then(|name| document.schema(name));
    let after = next.map(|next| &next.value["properties"]["after"]);
    after.is_some_and(|after| after["type"] == "string" && after["format"].is_null())
        && paging.kind() == Kind::Other
        && paging.properties().all(|(name, _)| name == "next" || !paging.requires(name))
}

fn require(schema: &mut Value, property: &str) {
    match schema["required"].as_array_mut() {
        Some(required) if required.iter().any(|name| name == property) => {}
        Some(required) => required.push(json!(property)),
        None => schema["required"] = json!([property]),
    }
}

/// Adds what nothing refers to.
fn added(document: &mut Document) -> String {
    let free = |wish: &str| {
        let names = (1..)
            .map(|number| if number == 1 { wish.to_owned() } else { format!("{wish}{number}") });
        names.into_iter().find(|name| document.schema(name).is_none()).unwrap_or_default()
    };
    let (paging, next) = (free("Paging"), free("NextPage"));
    let schemas = &mut document.0["components"]["schemas"];
    schemas[&paging] = json!({
        "description": "References to the pages next to this one.",
        "type": "object",
        "properties": { "next": { "$ref": format!("#/components/schemas/{next}") } },
    });
    schemas[next] = json!({
        "description": "The next page of a list.",
        "type": "object",
        "required": ["after"],
        "properties": { "after": { "type": "string" } },
    });
    paging
}
