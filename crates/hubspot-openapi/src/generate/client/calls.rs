//! How the client's methods send, and what they return.
//!
//! progenitor's methods read any answer whole, return errors that print bodies, and drop the JSON.
//! Ours build the request as progenitor does, and leave the rest to `receive` of the api crate.

use anyhow::{Context, Result};
use quote::quote;
use syn::{
    Expr, GenericArgument, ImplItem, ImplItemFn, ItemImpl, Pat, PathArguments, ReturnType, Stmt,
    Type, parse_quote,
};

use crate::document::{Document, entries};

/// Shapes the methods that send.
pub(super) fn shape(document: &Document, item: &mut ItemImpl) -> Result<()> {
    let methods = item.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
        _ => None,
    });
    for method in methods {
        let name = method.sig.ident.to_string();
        let can_be_empty = can_be_empty(document, &name);
        shape_method(method, can_be_empty)
            .with_context(|| format!("progenitor wrote {name} in another way"))?;
    }
    Ok(())
}

/// Whether one of the operation's successes has no body, and another has one.
fn can_be_empty(document: &Document, operation: &str) -> bool {
    let mut operations = document.operations();
    operations.find(|it| it.value["operationId"] == *operation).is_some_and(|operation| {
        entries(&operation.value["responses"]).any(|(_, it)| it["x-can-be-empty"] == true)
    })
}

fn shape_method(method: &mut ImplItemFn, can_be_empty: bool) -> Result<()> {
    let statements = &mut method.block.stmts;
    let is_info = |statement: &Stmt| name(statement).is_some_and(|name| name == "info");
    let end = statements.iter().position(is_info).context("nothing says which operation it is")?;
    let operation = operation(&statements[end]).context("the operation has no name")?;
    statements.truncate(end);

    let Some(Stmt::Local(request)) = statements.last_mut() else {
        anyhow::bail!("no request is built");
    };
    request.attrs.clear();
    let Pat::Ident(built) = &mut request.pat else { anyhow::bail!("the request has no name") };
    built.mutability = None;
    let built = built.ident.clone();

    let value = value(&method.sig.output).context("it returns something else")?;
    let (read, returned): (_, Type) = match quote!(#value).to_string().as_str() {
        "()" => ("nothing", value),
        "ByteStream" => ("stream", value),
        page if page.starts_with("crate :: Page <") && can_be_empty => {
            ("page_if_any", parse_quote!(Option<#value>))
        }
        page if page.starts_with("crate :: Page <") => ("page", value),
        _ if can_be_empty => ("record_if_any", parse_quote!(Option<crate::Received<#value>>)),
        _ => ("record", parse_quote!(crate::Received<#value>)),
    };
    let read = quote::format_ident!("{read}");
    method.sig.output = parse_quote!(-> Result<#returned, crate::Error>);
    let send: Expr = parse_quote!(crate::receive::#read(self, #operation, #built).await);
    statements.push(Stmt::Expr(send, None));
    Ok(())
}

/// What a statement gives a name to.
fn name(statement: &Stmt) -> Option<&syn::Ident> {
    match statement {
        Stmt::Local(local) => match &local.pat {
            Pat::Ident(pattern) => Some(&pattern.ident),
            _ => None,
        },
        _ => None,
    }
}

/// The operation's name, of `let info = OperationInfo { operation_id: "…" };`.
fn operation(info: &Stmt) -> Option<syn::Lit> {
    let Stmt::Local(local) = info else { return None };
    let Expr::Struct(info) = &*local.init.as_ref()?.expr else { return None };
    match &info.fields.first()?.expr {
        Expr::Lit(literal) => Some(literal.lit.clone()),
        _ => None,
    }
}

/// `T` of `Result<ResponseValue<T>, E>`.
fn value(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else { return None };
    let response = argument(result)?;
    argument(&response)
}

/// The first type that a type is given.
fn argument(of: &Type) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(argument) => Some(argument.clone()),
        _ => None,
    }
}
