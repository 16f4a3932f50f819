//! Request bodies that progenitor does not write: those of several parts, and those of a media type of
//! their own.
//!
//! progenitor is shown an operation that takes bytes in their stead, and the method that it makes is
//! given a form of ours, or the media type. A form is a struct whose fields are the parts; it opens its
//! files anew for each attempt.

mod fields;

use std::collections::HashSet;

use heck::ToUpperCamelCase;
use quote::quote;
use serde_json::{Value, json};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, FnArg, GenericParam, Ident, ImplItem, ItemImpl, Lit, Token, Type, parse_quote};

use super::layout::doc;
use crate::document::{Document, Kind, Operation, Schema, entries, referenced};

const FORM: &str = "multipart/form-data";
const BYTES: &str = "application/octet-stream";

/// Shows progenitor bodies of bytes, and takes out the schemas that are forms and nothing else.
pub(super) fn hide(document: &Document, prepared: &mut Document) {
    let others = used_otherwise(document);
    for operation in document.operations() {
        let Some(bodies) = prepared.0["paths"][operation.path][operation.method]
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
        else {
            continue;
        };
        let Some(content) = operation.form() else {
            if let Some(bytes) = bodies.get_mut(BYTES).and_then(Value::as_object_mut) {
                bytes.shift_remove("x-media-type");
            }
            continue;
        };
        *bodies = json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } });
        if let Some(name) = referenced(&content["schema"])
            && !others.contains(name)
            && let Some(schemas) = prepared.0["components"]["schemas"].as_object_mut()
        {
            schemas.shift_remove(name);
        }
    }
}

/// Lets the methods of the client take forms, and send the media types that the document names.
pub(super) fn shape(document: &Document, client: &mut ItemImpl) {
    for operation in document.operations() {
        let id = operation.value["operationId"].as_str().unwrap_or_default();
        let method = client.items.iter_mut().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == id => Some(method),
            _ => None,
        });
        let Some(method) = method else { continue };
        if operation.form().is_some() {
            let form = form_of(document, &operation);
            let (ty, parts): (Type, Expr) = match form {
                Some(form) => {
                    let name = quote::format_ident!("{}", form.name);
                    (parse_quote!(&'a types::#name), parse_quote!(body.parts()))
                }
                None => (parse_quote!(&'a crate::Form), parse_quote!(Ok(body.clone()))),
            };
            let is_type = |parameter: &GenericParam| matches!(parameter, GenericParam::Type(_));
            let generics = &mut method.sig.generics;
            generics.params = std::mem::take(&mut generics.params)
                .into_iter()
                .filter(|it| !is_type(it))
                .collect();
            for input in &mut method.sig.inputs {
                if let FnArg::Typed(input) = input
                    && matches!(&*input.pat, syn::Pat::Ident(pattern) if pattern.ident == "body")
                {
                    *input.ty = ty.clone();
                }
            }
            let opened = free_of(&method.sig.inputs, "form");
            SendsForm(&opened).visit_block_mut(&mut method.block);
            let open = parse_quote!(let #opened = crate::form::opened(#parts).await?;);
            method.block.stmts.insert(0, open);
        } else if let Some(media_type) = operation.media_type() {
            SendsType(media_type).visit_block_mut(&mut method.block);
        }
    }
}

/// A name that no argument has, made as progenitor makes the names of its own.
fn free_of(inputs: &Punctuated<FnArg, Token![,]>, wish: &str) -> Ident {
    let is_taken = |name: &str| {
        inputs.iter().any(|input| match input {
            FnArg::Typed(input) => {
                matches!(&*input.pat, syn::Pat::Ident(pattern) if pattern.ident == name)
            }
            FnArg::Receiver(_) => false,
        })
    };
    let mut name = wish.to_owned();
    while is_taken(&name) {
        name.insert(0, '_');
    }
    quote::format_ident!("{name}")
}

/// The structs of the forms.
pub(super) fn types(document: &Document) -> String {
    let mut known = HashSet::new();
    let forms = document.operations().filter_map(|operation| {
        let form = form_of(document, &operation)?;
        known.insert(form.name.clone()).then(|| form.code(document))
    });
    forms.collect()
}

/// A form whose parts are known.
struct Form<'a> {
    /// What the struct is called.
    name: String,
    schema: Schema<'a>,
    encoding: &'a Value,
    operation: &'a str,
}

/// The form that an operation takes, if the document says of what parts it is.
fn form_of<'a>(document: &'a Document, operation: &Operation<'a>) -> Option<Form<'a>> {
    let content = operation.form()?;
    let schema = referenced(&content["schema"]).and_then(|name| document.schema(name))?;
    if schema.kind() != Kind::Other || schema.properties().next().is_none() {
        return None;
    }
    let mut name = schema.name.to_owned();
    if used_otherwise(document).contains(schema.name)
        || is_encoded_otherwise(document, schema, content)
    {
        let id = operation.value["operationId"].as_str().unwrap_or_default();
        name = free(document, &format!("{}Form", id.to_upper_camel_case()));
    }
    let encoding = &content["encoding"];
    let operation = operation.value["operationId"].as_str().unwrap_or_default();
    Some(Form { name, schema, encoding, operation })
}

/// Whether another operation takes the same parts as content of other types.
fn is_encoded_otherwise(document: &Document, schema: Schema<'_>, content: &Value) -> bool {
    document.operations().filter_map(|operation| operation.form()).any(|other| {
        referenced(&other["schema"]) == Some(schema.name)
            && other["encoding"] != content["encoding"]
    })
}

fn free(document: &Document, wish: &str) -> String {
    let numbered = (1..).map(|number| match number {
        1 => wish.to_owned(),
        _ => format!("{wish}{number}"),
    });
    numbered.into_iter().find(|name| document.schema(name).is_none()).unwrap_or_default()
}

/// The schemas that are referred to from anywhere but as a form.
fn used_otherwise(document: &Document) -> HashSet<&str> {
    let mut used = HashSet::new();
    let mut open: Vec<&Value> = vec![&document.0["components"]];
    for operation in document.operations() {
        let is_form = operation.form().is_some();
        let parts = entries(operation.value).filter(|(key, _)| *key != "requestBody" || !is_form);
        open.extend(parts.map(|(_, part)| part));
    }
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                used.extend(referenced(value));
                open.extend(object.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    used
}

impl<'a> Operation<'a> {
    /// The content of a body of several parts.
    fn form(&self) -> Option<&'a Value> {
        self.value["requestBody"]["content"].get(FORM)
    }

    /// The media type of a body of bytes, if it has one of its own.
    fn media_type(&self) -> Option<&'a str> {
        self.value["requestBody"]["content"][BYTES]["x-media-type"].as_str()
    }
}

impl Form<'_> {
    fn code(&self, document: &Document) -> String {
        let parts: Vec<_> = self
            .schema
            .properties()
            .map(|(property, value)| {
                let encoding = self.encoding[property]["contentType"].as_str();
                fields::Part::of(document, self.schema, property, value, encoding)
            })
            .collect();
        let description = match self.schema.description() {
            "" => format!("The parts of the body of `{}`.", self.operation),
            description => description.to_owned(),
        };
        let name = &self.name;
        let has_required = parts.iter().any(|part| part.required);
        let default = if has_required { "" } else { ", Default" };
        let declared: String = parts.iter().map(fields::Part::declaration).collect();
        let required: Vec<_> = parts.iter().filter(|part| part.required).collect();
        let parameters: Vec<_> =
            required.iter().map(|part| format!("{}: {}", part.field, part.ty)).collect();
        let values: String = parts
            .iter()
            .map(|part| match part.required {
                true => format!("{}, ", part.field),
                false => format!("{}: Default::default(), ", part.field),
            })
            .collect();
        let adding: String = parts.iter().map(fields::Part::adding).collect();
        let shown: Vec<_> =
            parts.iter().filter(|part| part.is_shown).map(|part| part.field.as_str()).collect();
        format!(
            "\n{docs}#[derive(Clone{default})]\n#[non_exhaustive]\npub struct {name} {{\n{declared}}}\n\n\
             impl {name} {{\n    \
                 /// With what is required, and nothing else.\n    \
                 pub fn new({parameters}) -> Self {{\n        Self {{ {values}}}\n    }}\n\n    \
                 /// What is sent.\n    \
                 pub(crate) fn parts(&self) -> Result<crate::Form, serde_json::Error> {{\n        \
                     let form = crate::Form::new();\n{adding}        Ok(form)\n    }}\n\
             }}\n\n\
             crate::debug::debug_shows!({name}: {shown});\n",
            docs = doc("", &description),
            parameters = parameters.join(", "),
            shown = shown.join(", "),
        )
    }
}

/// Sends the form of this name where bytes were sent.
struct SendsForm<'a>(&'a Ident);

impl VisitMut for SendsForm<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        let (form, receiver) = (self.0, &call.receiver);
        if call.method == "body" {
            *expression = parse_quote!(#receiver.multipart(#form));
        } else if call.method == "header" && is_content_type(call.args.first()) {
            *expression = (**receiver).clone();
        }
    }
}

/// Sends another media type.
struct SendsType<'a>(&'a str);

impl VisitMut for SendsType<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "header"
            && is_content_type(call.args.first())
            && let Some(Expr::Call(value)) = call.args.last_mut()
            && let Some(Expr::Lit(literal)) = value.args.first_mut()
        {
            literal.lit = Lit::new(proc_macro2::Literal::string(self.0));
        }
    }
}

fn is_content_type(argument: Option<&Expr>) -> bool {
    argument.is_some_and(|argument| quote!(#argument).to_string().ends_with("CONTENT_TYPE"))
}
