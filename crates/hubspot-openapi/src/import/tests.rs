//! What is taken in, how it is written, and what is left to a person.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use super::Import;
use crate::diff::{Mode, compare};
use crate::document::entries;
use crate::surface::Surface;
use crate::surface::samples::{ours, theirs};

fn import_into(document: &Value, theirs: &Value, remove: bool) -> Import {
    let theirs = [Surface::new("theirs.json", theirs)];
    Import::run("ours.json", document, &theirs, &[], remove)
}

/// What differs from a document, as lines.
fn differences(document: &Value, theirs: &Value) -> Vec<String> {
    let ours = Surface::new("ours.json", document);
    let theirs = [Surface::new("theirs.json", theirs)];
    let report = compare(Mode::Upstream, &ours, &theirs, &[]);
    report.differences.iter().map(|d| format!("{}: {}", d.place, d.text)).collect()
}

/// Imports HubSpot's document after a change to it, asserts that nothing differs any more and that
/// a second import changes nothing, and gives our document.
#[track_caller]
fn imported(change: impl FnOnce(&mut Value)) -> Import {
    let mut theirs = theirs();
    change(&mut theirs);
    let import = import_into(&ours(), &theirs, false);
    assert_eq!(differences(&import.document, &theirs), [""; 0]);
    let again = import_into(&import.document, &theirs, false);
    assert_eq!(again.document, import.document, "a second import changed something");
    import
}

fn schema<'a>(import: &'a Import, name: &str) -> &'a Value {
    &import.document["components"]["schemas"][name]
}

#[test]
fn what_does_not_differ_changes_nothing() {
    assert_eq!(imported(|_| {}).document, ours());
}

#[test]
fn our_words_stay_and_theirs_are_not_taken() {
    let import = imported(|theirs| {
        let book = &mut theirs["components"]["schemas"]["PublicBook"]["properties"];
        book["title"] = json!({ "type": "integer", "description": "Theirs.", "example": 1 });
        book["isbn"] = json!({
            "type": "string", "description": "Theirs.", "title": "Theirs", "default": "Theirs",
        });
        theirs["paths"]["/library/v3/racks"] = json!({ "get": {
            "summary": "Theirs", "description": "Theirs.", "tags": ["Theirs"],
            "parameters": [{ "name": "x", "in": "query", "description": "Theirs.", "example": "Theirs",
                "schema": { "type": "string" } }],
            "responses": { "200": { "description": "Theirs.", "content": { "application/json": {
                "schema": { "title": "Theirs", "type": "object", "description": "Theirs.", "properties": {
                    "name": { "type": "string", "description": "Theirs." },
                } },
            } } } },
            "security": [{ "oauth2": ["racks.read"] }],
        } });
    });
    assert!(!import.document.to_string().contains("Theirs"));
    let book = &schema(&import, "Book")["properties"];
    assert_eq!(book["title"], json!({ "description": "Title.", "type": "integer" }));
    assert_eq!(book["isbn"], json!({ "type": "string" }));
}

#[test]
fn new_operations_are_written_as_ours_are() {
    let import = imported(|theirs| {
        let schemas = &mut theirs["components"]["schemas"];
        schemas["PublicRack"] = json!({ "type": "object", "required": ["id", "name"], "properties": {
            "bookIds": { "type": "array", "items": { "type": "string" } },
            "firstBookId": { "type": "string" },
            "genre": { "type": "string", "enum": ["PROSE", "VERSE"] },
            "id": { "type": "string" },
            "name": { "type": "string" },
            "state": { "type": "string", "enum": ["FULL", "ROOM"] },
            "things": { "type": "array", "items": { "oneOf": [
                { "$ref": "#/components/schemas/LampThing" }, { "$ref": "#/components/schemas/VaseThing" },
            ] } },
        } });
        schemas["LampThing"] = json!({ "type": "object", "required": ["type"], "properties": {
            "color": { "type": "string" }, "type": { "type": "string", "enum": ["LAMP"] },
        } });
        schemas["VaseThing"] = json!({ "type": "object", "required": ["type"], "properties": {
            "type": { "type": "string", "enum": ["VASE"] },
        } });
        schemas["PublicRackEgg"] = json!({ "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string" },
        } });
        schemas["CollectionResponsePublicRackForwardPaging"] = json!({ "type": "object",
            "required": ["results"], "properties": {
                "paging": { "$ref": "#/components/schemas/ForwardPaging" },
                "results": { "type": "array", "items": { "$ref": "#/components/schemas/PublicRack" } },
            } });
        let body = |name: &str| {
            json!({ "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{name}") },
        } } })
        };
        theirs["paths"]["/library/2026-09/books/{id}/racks"] = json!({
            "get": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
                    { "name": "limit", "in": "query", "schema": { "type": "integer", "format": "int32" } },
                ],
                "responses": { "200": body("CollectionResponsePublicRackForwardPaging"), "default": {} },
                "security": [{ "oauth2": ["books.read"] }, { "oauth2": ["books.write"] }],
            },
            "post": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
                ],
                "requestBody": body("PublicRackEgg"),
                "responses": { "201": body("PublicRack") },
                "security": [{ "oauth2": ["racks.write"] }],
            },
        });
    });
    let item = &import.document["paths"]["/library/2026-09/books/{id}/racks"];
    assert_eq!(
        item["get"],
        json!({
            "operationId": "list_library_book_racks",
            "tags": ["library"],
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
                { "$ref": "#/components/parameters/limit" },
            ],
            "responses": { "200": { "description": "", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/RackPage" },
            } } } },
            "security": [{ "oauth2": ["books.read"] }, { "oauth2": ["books.write"] }],
        })
    );
    assert_eq!(item["post"]["operationId"], "create_library_book_rack");
    let scopes = "/components/securitySchemes/oauth2/flows/authorizationCode/scopes/racks.write";
    assert_eq!(import.document.pointer(scopes), Some(&json!("")));

    assert_eq!(
        schema(&import, "RackPage"),
        &json!({
            "type": "object", "required": ["results"], "properties": {
                "results": { "type": "array", "items": { "$ref": "#/components/schemas/Rack" } },
                "paging": { "allOf": [{ "$ref": "#/components/schemas/Paging" }] },
            }, "x-hubspot-name": "CollectionResponsePublicRackForwardPaging",
        })
    );
    assert_eq!(
        schema(&import, "Rack"),
        &json!({
            "type": "object", "required": ["id"], "properties": {
                "id": { "type": "string" },
                "bookIds": { "type": "array", "items": { "type": "string" } },
                "firstBookId": { "allOf": [{ "$ref": "#/components/schemas/BookId" }] },
                "genre": { "allOf": [{ "$ref": "#/components/schemas/Genre" }] },
                "name": { "type": "string" },
                "state": { "allOf": [{ "$ref": "#/components/schemas/RackState" }] },
                "things": { "type": "array", "items": { "$ref": "#/components/schemas/RackThing" } },
            }, "x-hubspot-name": "PublicRack",
        })
    );
    assert_eq!(
        schema(&import, "RackThing"),
        &json!({
            "oneOf": [
                { "$ref": "#/components/schemas/LampThing" }, { "$ref": "#/components/schemas/VaseThing" },
            ],
            "discriminator": { "propertyName": "type", "mapping": {
                "LAMP": "#/components/schemas/LampThing", "VASE": "#/components/schemas/VaseThing",
            } },
        })
    );
    assert_eq!(
        schema(&import, "LampThing"),
        &json!({
            "type": "object", "required": ["type"], "properties": {
                "type": { "type": "string", "enum": ["LAMP"] }, "color": { "type": "string" },
            }, "x-hubspot-name": "LampThing",
        })
    );
    assert_eq!(schema(&import, "NewRack")["x-hubspot-name"], "PublicRackEgg");
    for decision in [
        "Rack: HubSpot promises name",
        "NewRack requires name",
        "Rack.firstBookId is taken for a BookId",
    ] {
        let report = import.report();
        assert!(report.contains(decision), "{decision}\n{report}");
    }
}

#[test]
fn the_name_of_an_operation_says_what_it_does() {
    let import = imported(|theirs| {
        for (path, method) in [
            ("/conversations/v3/conversations/inboxes/{inboxId}/rules", "get"),
            ("/conversations/v3/custom-channels/{id}/channel-accounts/{accountId}", "patch"),
            ("/conversations/custom-channels/v3", "post"),
            ("/library/v3/readers/batch/archive", "post"),
            ("/library/v3/readers/search", "post"),
            ("/library/v3/readers/{readerId}/card", "put"),
            ("/library/v3/readers/{readerId}", "delete"),
            ("/a/{x}", "get"),
            ("/a/{x}/{y}", "get"),
        ] {
            theirs["paths"][path][method] = json!({ "responses": { "204": {} } });
        }
    });
    let operations = entries(&import.document["paths"]).flat_map(|(_, item)| entries(item));
    let ids: Vec<_> = operations.filter_map(|(_, o)| o["operationId"].as_str()).skip(5).collect();
    let mut ids = ids.clone();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "archive_library_reader",
            "batch_archive_library_readers",
            "create_custom_channel",
            "get_a",
            "get_a_2",
            "get_rule",
            "search_library_readers",
            "set_library_reader_card",
            "update_custom_channel_account",
        ]
    );
}

#[test]
fn what_is_shared_is_split_where_only_some_of_it_changed() {
    let import = imported(|theirs| {
        let list = &mut theirs["paths"]["/library/2026-09/books"]["get"]["parameters"];
        list[1]["schema"] = json!({ "type": "string" });
        list[2]["schema"]["enum"] = json!(["VERSE", "PROSE", "DRAMA"]);
    });
    let parameters = &import.document["paths"]["/library/v3/books"]["get"]["parameters"];
    assert_eq!(
        parameters[0],
        json!({
            "name": "limit", "in": "query", "description": "At most.", "required": false,
            "schema": { "type": "string" },
        })
    );
    let genre = parameters[2]["schema"]["$ref"].as_str().unwrap();
    assert_ne!(genre, "#/components/schemas/Genre");
    assert_eq!(schema(&import, "Genre")["enum"], json!(["PROSE", "VERSE"]));
    let limit = &import.document["components"]["parameters"]["limit"]["schema"];
    assert_eq!(limit["type"], "integer");
}

#[test]
fn what_is_shared_and_changed_everywhere_stays_shared() {
    let import = imported(|theirs| {
        theirs["paths"]["/library/2026-09/books"]["get"]["parameters"][1]["schema"]["format"] =
            json!("int64");
        theirs["paths"]["/library/2026-09/books/{id}"]["get"]["parameters"][1]["schema"]["format"] =
            json!("int64");
    });
    let limit = &import.document["components"]["parameters"]["limit"]["schema"];
    assert_eq!(limit["format"], "int64");
    let parameters = &import.document["paths"]["/library/v3/books"]["get"]["parameters"];
    assert_eq!(parameters[0], json!({ "$ref": "#/components/parameters/limit" }));
}

#[test]
fn nothing_is_removed_unless_asked_for() {
    let mut theirs = theirs();
    theirs["paths"].as_object_mut().unwrap().shift_remove("/library/2026-09/books/batch/read");
    theirs["paths"]["/library/2026-09/books"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    let schemas = &mut theirs["components"]["schemas"];
    schemas["PublicBook"]["properties"].as_object_mut().unwrap().shift_remove("title");
    schemas["PublicBook"]["properties"]["notes"]["items"]["oneOf"].as_array_mut().unwrap().pop();
    schemas["PublicBookEgg"]["properties"]["language"]["enum"] = json!(["EN"]);

    let kept = import_into(&ours(), &theirs, false);
    assert_eq!(kept.document, ours());
    let wanted = "left as it is:
  Book.title: the field is gone (remove it by hand or with --remove, or list it as a deviation)";
    assert!(kept.report().starts_with(wanted), "{}", kept.report());

    let removed = import_into(&ours(), &theirs, true);
    assert_eq!(differences(&removed.document, &theirs), [""; 0]);
    assert_ne!(removed.document, ours());
}

#[test]
fn two_documents_that_disagree_are_left_to_a_person() {
    let (mut first, mut second) = (theirs(), theirs());
    let book = "/components/schemas/PublicBook/properties";
    first.pointer_mut(book).unwrap()["pages"] = json!({ "type": "boolean" });
    second.pointer_mut(book).unwrap()["pages"] = json!({ "type": "number" });
    second.pointer_mut(book).unwrap()["isbn"] = json!({ "type": "string" });
    let theirs = [Surface::new("a", &first), Surface::new("b", &second)];
    let import = Import::run("ours", &ours(), &theirs, &[], false);
    assert_eq!(schema(&import, "Book")["properties"]["pages"]["type"], "integer");
    assert_eq!(schema(&import, "Book")["properties"]["isbn"]["type"], "string");
    let again = Import::run("ours", &import.document, &theirs, &[], false);
    assert_eq!(again.document, import.document);
}

/// A schema that HubSpot could have written, of any shape.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!({ "type": "object", "properties": {} })),
        Just(json!({ "$ref": "#/components/schemas/PublicBook" })),
        Just(json!({ "$ref": "#/components/schemas/PublicNote" })),
        Just(json!({ "type": "array" })),
        ("string|integer|number|boolean|strnig", prop::option::of("int32|int64|date-time|email"))
            .prop_map(|(kind, format)| match format {
                Some(format) => json!({ "type": kind, "format": format }),
                None => json!({ "type": kind }),
            }),
        prop::collection::btree_set("[A-Z]{1,2}", 1..4)
            .prop_map(|values| json!({ "type": "string", "enum": values })),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let fields = prop::collection::btree_map("[a-c]|bookId|type|id", inner.clone(), 0..4);
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner
                .clone()
                .prop_map(|value| json!({ "type": "object", "additionalProperties": value })),
            (fields, any::<bool>()).prop_map(|(fields, required)| {
                let required: Vec<_> = fields.keys().filter(|_| required).collect();
                json!({ "type": "object", "required": required, "properties": fields })
            }),
            prop::collection::vec(inner.clone(), 1..3)
                .prop_map(|members| json!({ "oneOf": members })),
            inner.prop_map(|inner| json!({ "allOf": [inner] })),
        ]
    })
}

/// Places of HubSpot's document that only one thing of ours stands for.
const PLACES: [&str; 9] = [
    "/components/schemas/PublicBook/properties/title",
    "/components/schemas/PublicBook/properties/marks",
    "/components/schemas/PublicBook/properties/new",
    "/components/schemas/PublicScanNote/properties/url",
    "/components/schemas/PublicBookEgg/properties/pages",
    "/components/schemas/PublicBookEgg/properties/new",
    "/paths/~1library~12026-09~1books/get/parameters/1/schema",
    "/paths/~1library~12026-09~1books/post/requestBody/content/application~1json/schema",
    "/paths/~1library~12026-09~1books~1{id}/get/responses/200/content/application~1json/schema",
];

fn put(document: &mut Value, place: &str, schema: Value) {
    let (holder, key) = place.rsplit_once('/').unwrap();
    document.pointer_mut(holder).unwrap()[key] = schema;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_an_import_nothing_differs_and_another_changes_nothing(
        changes in prop::collection::vec((prop::sample::select(&PLACES[..]), schemas()), 1..4),
        new in schemas(),
    ) {
        let mut theirs = theirs();
        for (place, schema) in changes {
            put(&mut theirs, place, schema);
        }
        theirs["paths"]["/library/v3/racks"] = json!({ "get": { "responses": {
            "200": { "content": { "application/json": { "schema": new } } },
        } } });
        let import = import_into(&ours(), &theirs, true);
        let left = differences(&import.document, &theirs);
        prop_assert!(left.is_empty(), "{left:#?}");
        let again = import_into(&import.document, &theirs, true);
        prop_assert_eq!(again.document, import.document);
    }

    #[test]
    fn no_json_makes_it_panic(document in json_values()) {
        survives(&document);
    }

    #[test]
    fn no_damage_to_a_document_makes_it_panic(number in any::<prop::sample::Index>(), odd in json_values()) {
        for mut document in [theirs(), ours()] {
            let places = places(&document, "");
            let place: &String = number.get(&places);
            *document.pointer_mut(place).unwrap() = odd.clone();
            survives(&document);
        }
    }
}

/// Compares and imports, from both sides, if it can be read.
fn survives(document: &Value) {
    let surface = [Surface::new("odd.json", document)];
    let _ = Import::run("ours.json", &ours(), &surface, &[], true);
    let good = [Surface::new("theirs.json", &theirs())];
    let _ = Import::run("odd.json", document, &good, &[], true);
}

fn json_values() -> impl Strategy<Value = Value> {
    const WORDS: &str = "paths|components|schemas|properties|type|enum|oneOf|allOf|get|object|array|\
        required|/a/\\{b\\}|responses|200|content|application/json|schema|parameters|items|string|";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        WORDS.prop_map(Value::from),
        Just(json!({ "$ref": "#/components/schemas/PublicBook" })),
        Just(json!({ "$ref": "#" })),
        Just(json!({ "$ref": "#/paths" })),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((WORDS, inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

#[test]
fn a_list_of_ours_that_is_none_is_written_anew() {
    let mut broken = ours();
    let list = &mut broken["paths"]["/library/v3/books"]["get"];
    *list = json!({ "operationId": "list_books", "parameters": null });
    broken["components"]["schemas"]["NewBook"] =
        json!({ "type": "object", "properties": {}, "required": "title" });
    let import = import_into(&broken, &theirs(), true);
    assert_eq!(differences(&import.document, &theirs()), [""; 0]);
}

/// The pointers to all values.
fn places(value: &Value, pointer: &str) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, item)| (place.to_string(), item)).collect()
        }
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        _ => Vec::new(),
    };
    let inner = parts.into_iter().flat_map(|(key, part)| places(part, &format!("{pointer}/{key}")));
    [pointer.to_owned()].into_iter().chain(inner).collect()
}

#[test]
fn depth_and_cycles_are_no_trouble() {
    let deep = (0..120).fold(json!({ "type": "string" }), |inner, level| match level % 3 {
        0 => json!({ "type": "array", "items": inner }),
        1 => json!({ "type": "object", "additionalProperties": inner }),
        _ => json!({ "type": "object", "properties": { "p": inner } }),
    });
    imported(|theirs| theirs["components"]["schemas"]["PublicBook"]["properties"]["deep"] = deep);

    // A chain of schemas far longer than any stack, and schemas that contain themselves.
    imported(|theirs| {
        let schemas = &mut theirs["components"]["schemas"];
        for number in 0..2_000 {
            schemas[format!("Link{number}")] = json!({ "type": "array", "items": {
                "$ref": format!("#/components/schemas/Link{}", number + 1),
            } });
        }
        schemas["Link2000"] = json!({ "type": "object", "properties": {
            "self": { "$ref": "#/components/schemas/Link2000" },
            "all": { "allOf": [{ "$ref": "#/components/schemas/Link2000" }, { "type": "object" }] },
            "list": { "type": "array", "items": { "$ref": "#/components/schemas/Loop" } },
        } });
        schemas["Loop"] =
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/Loop" } });
        schemas["PublicBook"]["properties"]["chain"] =
            json!({ "$ref": "#/components/schemas/Link0" });
    });
}
