//! What is a difference, of which class, and what is none.

use std::slice;

use serde_json::{Value, json};

use super::{Deviation, Mode, Report, compare};
use crate::surface::Surface;
use crate::surface::samples::{ours, theirs};

const BOOKS: &str = "/paths/~1library~12026-09~1books";
const BOOK: &str = "/paths/~1library~12026-09~1books~1{id}";
const PUBLIC_BOOK: &str = "/components/schemas/PublicBook";
const EGG: &str = "/components/schemas/PublicBookEgg";

fn report_of(mode: Mode, ours: &Value, theirs: &Value, deviations: &[Deviation]) -> Report {
    let ours = Surface::new("ours.json", ours);
    let theirs = Surface::new("theirs.json", theirs);
    compare(mode, &ours, &[theirs], deviations)
}

fn lines(report: &Report) -> Vec<String> {
    let lines = report.differences.iter();
    lines.map(|d| format!("{} {}: {}", d.class.word(), d.place, d.text)).collect()
}

/// Asserts what is found after HubSpot's document was changed at a place.
#[track_caller]
fn finds(wanted: &[&str], place: &str, change: impl FnOnce(&mut Value)) {
    let mut theirs = theirs();
    change(theirs.pointer_mut(place).unwrap_or_else(|| panic!("{place}")));
    assert_eq!(lines(&report_of(Mode::Upstream, &ours(), &theirs, &[])), wanted);
}

/// Asserts what became of our document after it was changed at a place.
#[track_caller]
fn became(wanted: &[&str], place: &str, change: impl FnOnce(&mut Value)) {
    let mut now = ours();
    change(now.pointer_mut(place).unwrap_or_else(|| panic!("{place}")));
    assert_eq!(lines(&report_of(Mode::Revision, &ours(), &now, &[])), wanted);
}

fn take(object: &mut Value, key: &str) -> Value {
    object.as_object_mut().unwrap().shift_remove(key).unwrap()
}

#[test]
fn what_is_written_otherwise_and_means_the_same_is_no_difference() {
    assert_eq!(lines(&report_of(Mode::Upstream, &ours(), &theirs(), &[])), [""; 0]);
    assert_eq!(lines(&report_of(Mode::Revision, &ours(), &ours(), &[])), [""; 0]);
}

#[test]
fn every_other_way_to_write_the_same_is_no_difference() {
    // Each is a change of HubSpot's document that nobody can notice.
    finds(&[], EGG, |egg| egg["additionalProperties"] = json!(false));
    finds(&[], EGG, |egg| egg["properties"]["title"]["title"] = json!("Title"));
    finds(&[], EGG, |egg| egg["properties"]["title"]["default"] = json!("x"));
    finds(&[], PUBLIC_BOOK, |book| book["required"] = json!(["id", "notes", "marks"]));
    finds(&[], PUBLIC_BOOK, |book| book["properties"]["id"]["type"] = json!("integer"));
    finds(&[], PUBLIC_BOOK, |book| book["properties"]["title"]["nullable"] = json!(true));
    finds(&[], "/components/schemas", |schemas| {
        let notes = schemas["PublicBook"]["properties"]["notes"]["items"].take();
        schemas["Hoisted"] = notes;
        schemas["PublicBook"]["properties"]["notes"]["items"] =
            json!({ "$ref": "#/components/schemas/Hoisted" });
    });
    finds(&[], "/components/schemas/PublicBook/properties/genre", |genre| {
        *genre = json!({ "oneOf": [{ "type": "string", "enum": ["PROSE", "VERSE"] }] });
    });
    // The union owns the tag: a member need not say it where a discriminator does.
    finds(&[], "/components/schemas", |schemas| {
        take(&mut schemas["PublicScanNote"]["properties"], "type");
        schemas["PublicScanNote"]["required"] = json!([]);
        let union = json!({ "propertyName": "type", "mapping": {
            "SCAN": "#/components/schemas/PublicScanNote", "TEXT": "#/components/schemas/PublicTextNote",
        } });
        schemas["PublicNote"]["discriminator"] = union.clone();
        schemas["PublicBook"]["properties"]["notes"]["items"]["discriminator"] = union;
    });
    finds(&[], &format!("{BOOK}/get/parameters/0"), |id| {
        id["schema"] = json!({ "type": "string" });
    });
    finds(&[], &format!("{BOOKS}/get/responses"), |responses| {
        responses["404"] = json!({ "description": "", "content": {} });
    });
    finds(&[], &format!("{BOOKS}/get"), |list| {
        list["security"] = json!([{ "oauth2": ["books.read"] }, { "apps": ["books.read"] }]);
    });
}

#[test]
fn fields_of_responses() {
    finds(&["breaking Book.title: the field is gone"], PUBLIC_BOOK, |book| {
        take(&mut book["properties"], "title");
    });
    finds(&["additive Book.isbn: new optional field: string"], PUBLIC_BOOK, |book| {
        book["properties"]["isbn"] = json!({ "type": "string" });
    });
    finds(&["additive Book.isbn: new required field: string"], PUBLIC_BOOK, |book| {
        book["properties"]["isbn"] = json!({ "type": "string" });
        book["required"].as_array_mut().unwrap().push(json!("isbn"));
    });
    finds(&["breaking Book.id: can be missing"], PUBLIC_BOOK, |book| {
        book["required"] = json!(["title"]);
    });
    finds(&["breaking Book.id: can be null"], PUBLIC_BOOK, |book| {
        book["properties"]["id"]["nullable"] = json!(true);
    });
    finds(&["breaking Book.notes[]: can be null"], PUBLIC_BOOK, |book| {
        book["properties"]["notes"]["items"]["nullable"] = json!(true);
    });
    finds(&["cosmetic Book.title: deprecated"], PUBLIC_BOOK, |book| {
        book["properties"]["title"]["deprecated"] = json!(true);
    });
}

#[test]
fn fields_of_requests() {
    finds(&["breaking NewBook.pages: the field is gone"], EGG, |egg| {
        take(&mut egg["properties"], "pages");
    });
    finds(&["additive NewBook.isbn: new optional field: string"], EGG, |egg| {
        egg["properties"]["isbn"] = json!({ "type": "string" });
    });
    finds(&["breaking NewBook.isbn: new required field: string"], EGG, |egg| {
        egg["properties"]["isbn"] = json!({ "type": "string" });
        egg["required"].as_array_mut().unwrap().push(json!("isbn"));
    });
    finds(&["breaking NewBook.pages: required"], EGG, |egg| {
        egg["required"].as_array_mut().unwrap().push(json!("pages"));
    });
    finds(&["additive NewBook.title: optional"], EGG, |egg| egg["required"] = json!([]));
    finds(&["additive NewBook.pages: can be null"], EGG, |egg| {
        egg["properties"]["pages"]["nullable"] = json!(true);
    });
    // An id is sent as a string, whatever is read.
    let text = "breaking NewBook.seriesBookId: the type is integer, not id";
    finds(&[text], EGG, |egg| egg["properties"]["seriesBookId"]["type"] = json!("integer"));
}

#[test]
fn types() {
    for (field, schema, text) in [
        ("pages", json!({ "type": "string" }), "the type is string, not integer (int32)"),
        ("pages", json!({ "type": "integer" }), "the type is integer, not integer (int32)"),
        ("title", json!({ "type": "integer" }), "the type is integer, not string"),
        ("title", json!({}), "the type is any JSON, not string"),
        (
            "title",
            json!({ "type": "string", "format": "uuid" }),
            "the type is string (uuid), not string",
        ),
        (
            "title",
            json!({ "type": "object", "properties": {} }),
            "the type is free object, not string",
        ),
        (
            "title",
            json!({ "type": "string", "enum": ["A"] }),
            "the type is enum of strings, not string",
        ),
        ("printedAt", json!({ "type": "string" }), "the type is string, not string (date-time)"),
        ("genre", json!({ "type": "string" }), "the type is string, not enum of strings"),
        ("id", json!({ "type": "boolean" }), "the type is boolean, not id"),
        ("notes", json!({ "type": "string" }), "the type is string, not array of union"),
        ("marks", json!({ "type": "object" }), "the type is free object, not map of string"),
        (
            "title",
            json!({ "type": "array", "items": { "type": "string" } }),
            "the type is array of string, not string",
        ),
    ] {
        finds(&[&format!("breaking Book.{field}: {text}")], PUBLIC_BOOK, |book| {
            book["properties"][field] = schema;
        });
    }
    let text = "breaking Book.marks{}: the type is integer, not string";
    finds(&[text], PUBLIC_BOOK, |book| {
        book["properties"]["marks"]["additionalProperties"] = json!({ "type": "integer" });
    });
    finds(&["cosmetic Book.title: the format is email, not none"], PUBLIC_BOOK, |book| {
        book["properties"]["title"]["format"] = json!("email");
    });
    finds(&["cosmetic Book.title: the limits are maxLength 9, not none"], PUBLIC_BOOK, |book| {
        book["properties"]["title"]["maxLength"] = json!(9);
    });
    finds(&["breaking NewBook.title: the limits are maxLength 9, not none"], EGG, |egg| {
        egg["properties"]["title"]["maxLength"] = json!(9);
    });
}

#[test]
fn enums_and_unions() {
    finds(&["additive Genre: new value `DRAMA`"], PUBLIC_BOOK, |book| {
        book["properties"]["genre"]["enum"].as_array_mut().unwrap().push(json!("DRAMA"));
    });
    finds(&["additive Language: new value `FR`"], EGG, |egg| {
        egg["properties"]["language"]["enum"].as_array_mut().unwrap().push(json!("FR"));
    });
    finds(&["breaking Language: the value `DE` is gone"], EGG, |egg| {
        egg["properties"]["language"]["enum"] = json!(["EN"]);
    });
    finds(&["additive Note: new member `VOICE`"], "/components/schemas", |schemas| {
        schemas["VoiceNote"] = json!({ "type": "object", "properties": {
            "type": { "type": "string", "enum": ["VOICE"] },
        } });
        let listed = &mut schemas["PublicBook"]["properties"]["notes"]["items"]["oneOf"];
        listed.as_array_mut().unwrap().push(json!({ "$ref": "#/components/schemas/VoiceNote" }));
    });
    finds(&["breaking Note: the member `SCAN` is gone"], PUBLIC_BOOK, |book| {
        book["properties"]["notes"]["items"]["oneOf"].as_array_mut().unwrap().pop();
    });
    let text = "breaking Note SCAN.url: the field is gone";
    finds(&[text], "/components/schemas/PublicScanNote/properties", |fields| {
        take(fields, "url");
    });
    let text = "additive Note TEXT.by: new optional field: string";
    finds(&[text], "/components/schemas/PublicTextNote/allOf/1/properties", |fields| {
        fields["by"] = json!({ "type": "string" });
    });
}

#[test]
fn parameters() {
    let parameters = format!("{BOOKS}/get/parameters");
    finds(
        &["additive list_books query page: new optional parameter: string"],
        &parameters,
        |all| {
            let page = json!({ "name": "page", "in": "query", "schema": { "type": "string" } });
            all.as_array_mut().unwrap().push(page);
        },
    );
    finds(
        &["breaking list_books header tenant: new required parameter: string"],
        &parameters,
        |all| {
            let page = json!({
                "name": "tenant", "in": "header", "required": true, "schema": { "type": "string" },
            });
            all.as_array_mut().unwrap().push(page);
        },
    );
    finds(&["breaking list_books query sort: the parameter is gone"], &parameters, |all| {
        all.as_array_mut().unwrap().remove(0);
    });
    finds(&["breaking list_books query sort: required"], &parameters, |all| {
        all[0]["required"] = json!(true);
    });
    let text = "breaking list_books query sort: the type is string, not array of string";
    finds(&[text], &parameters, |all| all[0]["schema"] = json!({ "type": "string" }));
    finds(&["breaking list_books query sort: all values as one"], &parameters, |all| {
        all[0]["explode"] = json!(false);
    });
    let text = "breaking list_books query limit: the type is string, not integer (int32)";
    finds(&[text], &parameters, |all| {
        all[1]["schema"]["type"] = take_format(&mut all[1]["schema"]);
    });
    let text = "breaking get_book path bookId: the type is boolean, not id";
    finds(&[text], &format!("{BOOK}/get/parameters/0"), |id| {
        id["schema"] = json!({ "type": "boolean" });
    });
}

/// Makes a schema forget its format and be a string.
fn take_format(schema: &mut Value) -> Value {
    take(schema, "format");
    json!("string")
}

#[test]
fn operations() {
    finds(&["additive GET /library/2026-09/shelves: new operation"], "/paths", |paths| {
        paths["/library/2026-09/shelves"] = json!({ "get": { "responses": { "204": {} } } });
    });
    finds(&["breaking archive_book: the operation is gone"], BOOK, |book| {
        take(book, "delete");
    });
    finds(&["cosmetic get_book: deprecated"], &format!("{BOOK}/get"), |get| {
        get["deprecated"] = json!(true);
    });
    let text = "breaking get_book: the scope is `books.all`, not `books.read`";
    finds(&[text], &format!("{BOOK}/get"), |get| {
        get["security"] = json!([{ "oauth2": ["books.all"] }]);
    });
    let text = "breaking get_book: the scope is `books.read` or `books.write`, not `books.read`";
    finds(&[text], &format!("{BOOK}/get"), |get| {
        get["security"] = json!([{ "oauth2": ["books.read"] }, { "oauth2": ["books.write"] }]);
    });
    let text = "breaking get_book: the scope is `books.read` or `books.special`, not `books.read`";
    finds(&[text], &format!("{BOOK}/get"), |get| {
        get["security"] = json!([{ "oauth2": ["books.read"] }, { "oauth2": ["books.special"] }]);
    });
}

#[test]
fn bodies() {
    finds(&["breaking create_book request: the body is gone"], &format!("{BOOKS}/post"), |post| {
        take(post, "requestBody");
    });
    finds(
        &["additive archive_book request: new optional body"],
        &format!("{BOOK}/delete"),
        |delete| {
            delete["requestBody"] = json!({ "content": { "application/json": { "schema": {} } } });
        },
    );
    let text =
        "breaking create_book request: the body is multipart/form-data, not application/json";
    finds(&[text], &format!("{BOOKS}/post/requestBody/content"), |content| {
        let json = take(content, "application/json");
        content["multipart/form-data"] = json;
    });
    finds(
        &["breaking get_book response: the body is gone"],
        &format!("{BOOK}/get/responses"),
        |all| {
            take(&mut all["200"], "content");
        },
    );
    finds(
        &["additive archive_book response: new body"],
        &format!("{BOOK}/delete/responses"),
        |all| {
            all["204"]["content"] =
                json!({ "application/json": { "schema": { "type": "string" } } });
        },
    );
    finds(
        &["cosmetic get_book response: the status is 202, not 200"],
        &format!("{BOOK}/get/responses"),
        |all| {
            all["202"] = take(all, "200");
        },
    );
    // Of the two successes of a batch, one can lack what tells of errors and nothing else.
    let batch = "/components/schemas/BatchResponsePublicBook";
    finds(&["breaking BookBatch.results: can be missing"], batch, |batch| {
        batch["required"] = json!([]);
    });
    let (some, new) = ("only some of the successes have it", "new optional field: string");
    finds(&[&format!("additive BookBatch.done: {new}")], batch, |batch| {
        batch["properties"]["done"] = json!({ "type": "string" });
    });
    finds(
        &[
            "breaking BookBatch.results: can be missing",
            &format!("breaking BookBatch.results: {some}"),
        ],
        batch,
        |batch| {
            *batch = json!({ "type": "object", "properties": { "errors": {
            "type": "array", "items": { "type": "string" },
        } } });
        },
    );
}

#[test]
fn a_document_speaks_for_its_part_of_the_api_only() {
    let other = json!({ "openapi": "3.0.0", "paths": {
        "/music/v3/songs": { "get": { "responses": { "204": {} } } },
    } });
    let found = lines(&report_of(Mode::Upstream, &ours(), &other, &[]));
    assert_eq!(found, ["additive GET /music/v3/songs: new operation"]);
}

#[test]
fn several_documents_are_one_upstream() {
    let ours = Surface::new("ours", &ours());
    let (mut first, mut second) = (theirs(), theirs());
    take(&mut first["paths"], "/library/2026-09/books/batch/read");
    take(&mut second["paths"], "/library/2026-09/books");
    for document in [&mut first, &mut second] {
        document["paths"]["/library/v3/shelves"] = json!({ "get": { "responses": {} } });
    }
    second["components"]["schemas"]["PublicBook"]["properties"]["isbn"] =
        json!({ "type": "string" });
    let theirs = [Surface::new("a", &first), Surface::new("b", &second)];
    let report = compare(Mode::Upstream, &ours, &theirs, &[]);
    let wanted = [
        "additive Book.isbn: new optional field: string",
        "additive GET /library/v3/shelves: new operation",
    ];
    assert_eq!(lines(&report), wanted);
    let json: Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["differences"][0]["documents"], json!(["b"]));
    assert_eq!(json["differences"][1]["documents"], json!(["a", "b"]));
    let text = report.text();
    assert!(text.contains("  new optional field: string [b]\n"), "{text}");
    assert!(text.contains("  new operation [a, b]\n"), "{text}");
    let markdown = report.markdown();
    assert!(markdown.contains("| new optional field: string [b] |"), "{markdown}");
}

#[test]
fn between_revisions_nothing_is_forgiven() {
    let schemas = "/components/schemas";
    became(&["breaking Book.id: the type is string, not id"], schemas, |schemas| {
        schemas["Book"]["properties"]["id"] = json!({ "type": "string" });
    });
    became(&["breaking Book.title: always there"], schemas, |schemas| {
        schemas["Book"]["required"] = json!(["id", "title"]);
    });
    became(&["breaking NewBook.title: optional"], schemas, |schemas| {
        schemas["NewBook"]["required"] = json!([]);
    });
    became(
        &["breaking NewBook.language: the type is `Tongue`, not `Language`"],
        schemas,
        |schemas| {
            schemas["Tongue"] = take(schemas, "Language");
            schemas["NewBook"]["properties"]["language"] =
                json!({ "$ref": "#/components/schemas/Tongue" });
        },
    );
    let get = "/paths/~1library~1v3~1books~1{bookId}/get";
    became(&["breaking get_book: the name is `read_book`"], get, |get| {
        get["operationId"] = json!("read_book");
    });
    became(
        &["breaking archive_book: the operation is gone"],
        "/paths/~1library~1v3~1books~1{bookId}",
        |book| {
            take(book, "delete");
        },
    );
    became(&["additive list_shelves: new operation"], "/paths", |paths| {
        paths["/library/v3/shelves"] =
            json!({ "get": { "operationId": "list_shelves", "responses": { "204": {} } } });
    });
    became(&[], get, |get| get["description"] = json!("Other words."));
}

fn deviation(place: &str, difference: &str) -> Deviation {
    Deviation { place: place.into(), difference: difference.into(), reason: "On purpose.".into() }
}

#[test]
fn deviations_are_no_drift_and_stale_ones_are() {
    let mut changed = theirs();
    changed["components"]["schemas"]["PublicBook"]["properties"]["isbn"] =
        json!({ "type": "string" });
    let known = deviation("Book.isbn", "new optional field: string");
    let report = report_of(Mode::Upstream, &ours(), &changed, slice::from_ref(&known));
    assert!(!report.is_drift());
    assert_eq!(report.deviations, slice::from_ref(&known));

    // Another difference at the same place is one.
    let other = deviation("Book.isbn", "new optional field: integer");
    let report = report_of(Mode::Upstream, &ours(), &changed, slice::from_ref(&other));
    assert_eq!(lines(&report), ["additive Book.isbn: new optional field: string"]);
    assert_eq!(report.stale, [other]);

    for place in
        ["Book.isbn", "Note TEXT.text", "list_books query x", "GET /library/v3/films", "Nowhere.x"]
    {
        let stale = deviation(place, "new optional field: string");
        let report = report_of(Mode::Upstream, &ours(), &theirs(), slice::from_ref(&stale));
        assert!(report.is_drift(), "{place}");
        assert_eq!(report.stale, [stale], "{place}");
    }
    // Nothing was compared there.
    let elsewhere = json!({ "openapi": "3.0.0", "paths": {} });
    let report = report_of(Mode::Upstream, &ours(), &elsewhere, &[known]);
    assert!(!report.is_drift());
}

#[test]
fn a_deviation_outlives_what_it_does_not_speak_of() {
    let known = deviation("Book.title", "the type is enum of strings, not string");
    for values in [json!(["A"]), json!(["A", "B"]), json!(["B", "C", "D"])] {
        let mut theirs = theirs();
        theirs["components"]["schemas"]["PublicBook"]["properties"]["title"] =
            json!({ "type": "string", "enum": values });
        let report = report_of(Mode::Upstream, &ours(), &theirs, slice::from_ref(&known));
        assert!(!report.is_drift(), "{values}");
    }
}

/// A report with something of everything.
fn sample() -> Report {
    let mut theirs = theirs();
    let book = &mut theirs["components"]["schemas"]["PublicBook"]["properties"];
    take(book, "title");
    book["a|b`<@x"] = json!({ "type": "string" });
    book["pages"]["deprecated"] = json!(true);
    let stale = deviation("Book.marks", "required");
    report_of(Mode::Upstream, &ours(), &theirs, &[stale])
}

#[test]
fn the_text_is_for_a_terminal() {
    let wanted = "\
1 breaking, 1 additive, 1 cosmetic; 1 deviation no longer holds

breaking
  Book.title  the field is gone

additive
  Book.a|b`<@x  new optional field: string

cosmetic
  Book.pages  deprecated

no longer true, in openapi/deviations.json
  Book.marks  required
";
    assert_eq!(sample().text(), wanted);
    let none = report_of(Mode::Upstream, &ours(), &theirs(), &[]);
    assert_eq!(none.text(), "no drift\n");
}

#[test]
fn the_json_is_for_programs() {
    let json: Value = serde_json::from_str(&sample().json()).unwrap();
    let wanted = json!({
        "version": 1,
        "drift": true,
        "breaking": 1,
        "additive": 1,
        "cosmetic": 1,
        "differences": [
            { "class": "breaking", "place": "Book.title", "difference": "the field is gone",
              "documents": ["theirs.json"] },
            { "class": "additive", "place": "Book.a|b`<@x",
              "difference": "new optional field: string", "documents": ["theirs.json"] },
            { "class": "cosmetic", "place": "Book.pages", "difference": "deprecated",
              "documents": ["theirs.json"] },
        ],
        "deviations": [],
        "stale_deviations": [
            { "place": "Book.marks", "difference": "required", "reason": "On purpose." },
        ],
    });
    assert_eq!(json, wanted);
}

#[test]
fn the_markdown_is_for_an_issue() {
    let wanted = "\
**HubSpot's documents and ours: 1 breaking, 1 additive, 1 cosmetic; 1 deviation no longer holds.**

### Breaking

| Where | What |
| --- | --- |
| `Book.title` | the field is gone |

### Additive

| Where | What |
| --- | --- |
| `Book.a\\|b'<@x` | new optional field: string |

### Cosmetic

| Where | What |
| --- | --- |
| `Book.pages` | deprecated |

### Deviations that no longer hold

| Where | What | Why it was so |
| --- | --- | --- |
| `Book.marks` | required | On purpose. |
";
    assert_eq!(sample().markdown(), wanted);
}

#[test]
fn a_reference_that_leads_nowhere_costs_what_it_stands_for() {
    let mut theirs = theirs();
    let nowhere = json!({ "$ref": "#/components/schemas/Nowhere" });
    theirs["components"]["schemas"]["PublicBook"]["properties"]["title"] = nowhere.clone();
    theirs["components"]["schemas"]["A"] = json!({ "$ref": "#/components/schemas/B" });
    theirs["components"]["schemas"]["B"] = json!({ "$ref": "#/components/schemas/A" });
    theirs["components"]["schemas"]["PublicBookEgg"]["properties"]["title"] =
        json!({ "$ref": "#/components/schemas/A" });
    let list = &mut theirs["paths"]["/library/2026-09/books"]["get"];
    list["parameters"][0] = json!({ "$ref": "#/components/parameters/Nowhere" });
    theirs["paths"]["/library/2026-09/nowhere"] = json!({ "$ref": "#/paths/nowhere" });

    let wanted = [
        "breaking Book.title: the type is any JSON, not string",
        "breaking NewBook.title: the type is any JSON, not string",
        "breaking list_books query sort: the parameter is gone",
    ];
    assert_eq!(lines(&report_of(Mode::Upstream, &ours(), &theirs, &[])), wanted);
    let notes = Surface::new("theirs.json", &theirs).notes;
    let title = "/components/schemas/PublicBook/properties/title";
    let note = format!("the $ref \"#/components/schemas/Nowhere\" at {title} leads nowhere");
    assert!(notes.contains(&note), "{notes:?}");
    assert_eq!(notes.len(), 4, "{notes:?}");
    assert!(notes.iter().any(|note| note.ends_with("leads back to itself")), "{notes:?}");

    // Of a failure that nobody reads nothing is said.
    let mut unread = self::theirs();
    unread["components"]["responses"]["Error"] = nowhere;
    assert_eq!(Surface::new("a.json", &unread).notes, [""; 0]);
}
