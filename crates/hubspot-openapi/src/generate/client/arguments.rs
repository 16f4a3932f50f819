//! Arguments that are not named as their parameters are on the wire.
//!
//! progenitor has one name for both. It is shown the argument's, and in what it writes the other takes
//! its place.

use std::collections::HashMap;

use serde_json::{Value, json};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, ItemImpl, Lit};

use crate::document::Document;

/// Gives parameters the names of their arguments.
pub(super) fn rename(prepared: &mut Document) {
    let paths = prepared.0["paths"].as_object_mut();
    let items = paths.into_iter().flat_map(|paths| paths.values_mut());
    let operations = items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    for operation in operations {
        let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in list.into_iter().flatten() {
            if let Some(argument) = argument(parameter) {
                parameter["name"] = json!(argument);
            }
        }
    }
}

/// Lets the methods send the parameters' own names.
pub(super) fn restore(document: &Document, client: &mut ItemImpl) {
    for operation in document.operations() {
        let parameters = operation.value["parameters"].as_array().into_iter().flatten();
        let names: HashMap<String, String> = parameters
            .filter_map(|parameter| {
                Some((argument(parameter)?, parameter["name"].as_str()?.to_owned()))
            })
            .collect();
        let method = client.items.iter_mut().find_map(|item| match item {
            ImplItem::Fn(method)
                if operation.value["operationId"] == *method.sig.ident.to_string() =>
            {
                Some(method)
            }
            _ => None,
        });
        if let Some(method) = method.filter(|_| !names.is_empty()) {
            OwnNames(&names).visit_block_mut(&mut method.block);
        }
    }
}

/// The name of the argument, if it is not made of the parameter's own.
fn argument(parameter: &Value) -> Option<String> {
    let name = parameter["x-rust-name"].as_str().filter(|_| parameter["in"] != "path");
    name.map(str::to_owned)
}

struct OwnNames<'a>(&'a HashMap<String, String>);

impl VisitMut for OwnNames<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let named = match expression {
            Expr::Call(call) if is_query(&call.func) => call.args.first_mut(),
            Expr::MethodCall(call) if call.method == "append" => call.args.first_mut(),
            _ => return,
        };
        if let Some(Expr::Lit(literal)) = named
            && let Lit::Str(text) = &literal.lit
            && let Some(name) = self.0.get(&text.value())
        {
            literal.lit = Lit::Str(syn::LitStr::new(name, text.span()));
        }
    }
}

/// Whether it is `progenitor_client::QueryParam::new`.
fn is_query(function: &Expr) -> bool {
    matches!(function, Expr::Path(path)
        if path.path.segments.iter().any(|segment| segment.ident == "QueryParam"))
}
