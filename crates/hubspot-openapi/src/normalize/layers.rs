//! The structure of OpenAPI 3.0, as far as a generator needs it.

/// The keys of one kind of object. Extensions are allowed in all of them.
pub(super) struct Layer(pub(super) &'static [(&'static str, Shape)]);

/// The kind of value a key has.
pub(super) enum Shape {
    Text,
    Flag,
    Anything,
    /// A list of strings.
    Texts,
    /// An object of strings.
    TextMap,
    /// A list of objects of lists of strings.
    Requirements,
    One(&'static Layer),
    List(&'static Layer),
    Map(&'static Layer),
    /// A schema, or a boolean where that is allowed too.
    Schema,
    SchemaOrFlag,
    Schemas,
    SchemaMap,
}

use Shape::{
    Anything, Flag, List, Map, One, Requirements, Schema, SchemaMap, SchemaOrFlag, Schemas, Text,
    TextMap, Texts,
};

pub(super) static DOCUMENT: Layer = Layer(&[
    ("openapi", Text),
    ("info", One(&INFO)),
    ("servers", List(&SERVER)),
    ("tags", List(&TAG)),
    ("paths", Map(&PATH_ITEM)),
    ("components", One(&COMPONENTS)),
    ("security", Requirements),
]);

static INFO: Layer = Layer(&[("title", Text), ("description", Text), ("version", Text)]);

static SERVER: Layer = Layer(&[("url", Text), ("description", Text)]);

static TAG: Layer = Layer(&[("name", Text), ("description", Text)]);

static PATH_ITEM: Layer = Layer(&[
    ("$ref", Text),
    ("parameters", List(&PARAMETER)),
    ("get", One(&OPERATION)),
    ("put", One(&OPERATION)),
    ("post", One(&OPERATION)),
    ("delete", One(&OPERATION)),
    ("patch", One(&OPERATION)),
    ("options", Anything),
    ("head", Anything),
    ("trace", Anything),
]);

static OPERATION: Layer = Layer(&[
    ("tags", Texts),
    ("summary", Text),
    ("description", Text),
    ("operationId", Text),
    ("parameters", List(&PARAMETER)),
    ("requestBody", One(&BODY)),
    ("responses", Map(&RESPONSE)),
    ("deprecated", Flag),
    ("security", Requirements),
]);

static PARAMETER: Layer = Layer(&[
    ("$ref", Text),
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("style", Text),
    ("explode", Flag),
    ("schema", Schema),
    ("content", Map(&CONTENT)),
]);

static BODY: Layer =
    Layer(&[("$ref", Text), ("description", Text), ("required", Flag), ("content", Map(&CONTENT))]);

static RESPONSE: Layer = Layer(&[
    ("$ref", Text),
    ("description", Text),
    ("content", Map(&CONTENT)),
    ("x-can-be-empty", Flag),
]);

static CONTENT: Layer =
    Layer(&[("schema", Schema), ("encoding", Map(&ENCODING)), ("x-media-type", Text)]);

static ENCODING: Layer = Layer(&[("contentType", Text)]);

static COMPONENTS: Layer = Layer(&[
    ("schemas", SchemaMap),
    ("parameters", Map(&PARAMETER)),
    ("requestBodies", Map(&BODY)),
    ("responses", Map(&RESPONSE)),
    ("securitySchemes", Map(&SECURITY_SCHEME)),
]);

static SECURITY_SCHEME: Layer = Layer(&[
    ("type", Text),
    ("description", Text),
    ("name", Text),
    ("in", Text),
    ("scheme", Text),
    ("bearerFormat", Text),
    ("openIdConnectUrl", Text),
    ("flows", One(&FLOWS)),
]);

static FLOWS: Layer = Layer(&[
    ("implicit", One(&FLOW)),
    ("password", One(&FLOW)),
    ("clientCredentials", One(&FLOW)),
    ("authorizationCode", One(&FLOW)),
]);

static FLOW: Layer = Layer(&[
    ("authorizationUrl", Text),
    ("tokenUrl", Text),
    ("refreshUrl", Text),
    ("scopes", TextMap),
]);

pub(super) static SCHEMA: Layer = Layer(&[
    ("$ref", Text),
    ("title", Anything),
    ("description", Text),
    ("type", Anything),
    ("format", Text),
    ("nullable", Flag),
    ("deprecated", Flag),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("default", Anything),
    ("example", Anything),
    ("examples", Anything),
    ("enum", Anything),
    ("properties", SchemaMap),
    ("required", Texts),
    ("additionalProperties", SchemaOrFlag),
    ("items", Schema),
    ("allOf", Schemas),
    ("oneOf", Schemas),
    ("anyOf", Schemas),
    ("not", Schema),
    ("discriminator", One(&DISCRIMINATOR)),
    ("pattern", Anything),
    ("minLength", Anything),
    ("maxLength", Anything),
    ("minimum", Anything),
    ("maximum", Anything),
    ("exclusiveMinimum", Anything),
    ("exclusiveMaximum", Anything),
    ("multipleOf", Anything),
    ("minItems", Anything),
    ("maxItems", Anything),
    ("uniqueItems", Anything),
    ("minProperties", Anything),
    ("maxProperties", Anything),
]);

static DISCRIMINATOR: Layer = Layer(&[("propertyName", Text), ("mapping", TextMap)]);
