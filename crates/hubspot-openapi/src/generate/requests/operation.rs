//! The request of one operation.

use anyhow::{Context, Result};
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Ident, ItemStruct, ReturnType, Type};

use super::super::setters::Setter;
use super::super::types::field::{argument, type_name};
use super::parameter::{Location, Parameter, paragraphs};
use super::{Api, documentation};
use crate::document::{Document, Operation};

/// Methods that every request has, which no setter can be called like.
const METHODS: [&str; 10] = [
    "new",
    "send",
    "stream",
    "pages",
    "resume",
    "resume_pages",
    "attempt_timeout",
    "deadline",
    "retry",
    "header",
];

/// The request of one operation.
pub(super) struct Request<'a> {
    pub(super) name: Ident,
    method: Ident,
    documentation: Vec<String>,
    parameters: Vec<Parameter>,
    output: Type,
    /// What is listed.
    item: Option<Type>,
    /// The struct of the body, if it is one.
    body: Option<&'a ItemStruct>,
    read_again: Option<ReadAgain>,
}

/// The request that reads the record that a change is answered with.
struct ReadAgain {
    name: Ident,
    /// Its ids, which the change has too.
    ids: Vec<Ident>,
}

impl<'a> Request<'a> {
    pub(super) fn of(
        document: &'a Document,
        api: &'a Api,
        operation: &Operation<'a>,
    ) -> Result<Self> {
        let id = operation.value["operationId"].as_str().unwrap_or_default();
        let method = api.methods.get(id).context("the client has no such method")?;
        let output = output(&method.sig.output).context("its method returns something else")?;
        let item = (type_name(&output) == "Page").then(|| argument(&output).cloned()).flatten();
        let declared = declared(document, operation);
        let parameters = method
            .sig
            .inputs
            .iter()
            .filter_map(|input| {
                Parameter::of(document, input, &declared, item.is_some()).transpose()
            })
            .collect::<Result<Vec<_>>>()?;
        let body = parameters.iter().find(|it| it.location == Location::Body);
        let body = body.and_then(|body| api.structs.get(&type_name(&body.ty)));
        let read_again = read_again(document, api, operation, &output);
        Ok(Self {
            name: format_ident!("{}", id.to_upper_camel_case()),
            method: method.sig.ident.clone(),
            documentation: documentation::of_operation(document, operation),
            parameters,
            output,
            item,
            body,
            read_again,
        })
    }

    pub(super) fn code(&self) -> TokenStream {
        let declaration = self.declaration();
        let methods = self.methods();
        let debug = self.debug();
        let implementation = self.implementation();
        let name = &self.name;
        let macro_name = if self.item.is_some() {
            quote! { list_request }
        } else {
            quote! { request }
        };
        quote! {
            #declaration
            #methods
            #macro_name!(#name);
            #implementation
            #debug
        }
    }

    pub(super) fn has_body(&self) -> bool {
        self.parameters.iter().any(|it| it.location == Location::Body)
    }

    pub(super) fn is_list(&self) -> bool {
        self.item.is_some()
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.is_required)
    }

    pub(super) fn optional(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| !parameter.is_required)
    }

    fn declaration(&self) -> TokenStream {
        let name = &self.name;
        let fields = self.parameters.iter().map(Parameter::declaration);
        let documentation = paragraphs(&self.documentation);
        let example = self.example();
        quote! {
            #documentation
            #example
            #[derive(Clone)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #name {
                client: Client,
                options: CallOptions,
                #(pub(crate) #fields,)*
            }
        }
    }

    /// An example that compiles.
    fn example(&self) -> TokenStream {
        let name = &self.name;
        let body = self.parameters.iter().find(|it| it.location == Location::Body);
        let body_type = body.map(|body| type_name(&body.ty));
        let arguments: Vec<String> = self
            .required()
            .map(|parameter| match parameter.location {
                Location::Body => "body".to_owned(),
                _ => "\"176347007\"".to_owned(),
            })
            .collect();
        let arguments: String = arguments.iter().map(|argument| format!(", {argument}")).collect();
        let body_input = body_type
            .map(|ty| format!(", body: hubspot_conversations::types::{ty}"))
            .unwrap_or_default();
        let has = |field: &str| self.optional().any(|parameter| parameter.field == field);
        let limit = if has("limit") { ".limit(100)" } else { "" };
        let call = match (&self.item, type_name(&self.output).as_str()) {
            (Some(_), _) => vec![
                format!("let mut items = {name}::new(&client{arguments}){limit}.stream();"),
                "while let Some(item) = items.try_next().await? {".to_owned(),
                "    println!(\"{item:?}\");".to_owned(),
                "}".to_owned(),
            ],
            (None, "Received") => vec![
                format!("let record = {name}::new(&client{arguments}).send().await?;"),
                "println!(\"{record:?}\");".to_owned(),
            ],
            (None, _) => vec![format!("{name}::new(&client{arguments}).send().await?;")],
        };
        let mut lines = vec![
            String::new(),
            "```no_run".to_owned(),
            format!("use hubspot_conversations::requests::{name};"),
            String::new(),
            format!(
                "# async fn example(client: hubspot_conversations::Client{body_input}) -> Result<(), hubspot_conversations::Error> {{"
            ),
        ];
        lines.extend(call);
        lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
        let lines = lines.iter().map(|line| format!(" {line}").trim_end().to_owned());
        quote! { #(#[doc = #lines])* }
    }

    fn methods(&self) -> TokenStream {
        let name = &self.name;
        let (inputs, values): (Vec<_>, Vec<_>) = self.required().map(Parameter::input).unzip();
        let required: Vec<_> = self.required().map(|parameter| &parameter.field).collect();
        let optional: Vec<_> = self.optional().map(|parameter| &parameter.field).collect();
        let setters = self.optional().map(Parameter::setters);
        let of_body = self.setters_of_body();
        let documentation = paragraphs(&self.documentation_of_new());
        quote! {
            impl #name {
                #documentation
                pub fn new(client: &Client, #(#inputs),*) -> Self {
                    Self {
                        client: client.clone(),
                        options: CallOptions::default(),
                        #(#required: #values,)*
                        #(#optional: None,)*
                    }
                }

                #(#setters)*
                #(#of_body)*
            }
        }
    }

    fn documentation_of_new(&self) -> Vec<String> {
        let mut paragraphs = vec!["A request that this client sends.".to_owned()];
        let described: Vec<String> = self
            .required()
            .filter(|parameter| !parameter.description.is_empty())
            .map(|parameter| format!("- `{}`: {}", parameter.field, parameter.description))
            .collect();
        paragraphs.push(described.join("\n"));
        paragraphs
    }

    /// The setters of the body's fields, but of those that a parameter or another method is called
    /// like.
    fn setters_of_body(&self) -> Vec<TokenStream> {
        let is_free = |name: &Ident| {
            !METHODS.iter().any(|method| name == method)
                && self.parameters.iter().all(|parameter| parameter.field != *name)
        };
        let fields = self.body.into_iter().flat_map(|body| &body.fields);
        fields
            .filter_map(|field| {
                let name = field.ident.as_ref().filter(|name| is_free(name))?;
                let Setter { inputs, arguments, .. } =
                    Setter::of(name, &field.ty, &TokenStream::new());
                let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
                Some(quote! {
                    #(#docs)*
                    pub fn #name(mut self, #inputs) -> Self {
                        self.body = self.body.#name(#arguments);
                        self
                    }
                })
            })
            .collect()
    }

    fn implementation(&self) -> TokenStream {
        let Self { name, method, output, .. } = self;
        let passed = self.parameters.iter().map(Parameter::passed);
        let read_again = self.read_again.as_ref().map(|ReadAgain { name, ids }| {
            quote! {
                fn read_again(&self) -> Option<impl Request<Output = Self::Output>> {
                    Some(#name::new(&self.client, #(&self.#ids),*).options(self.options.clone()))
                }
            }
        });
        let list = self.item.as_ref().map(|item| self.list(item));
        quote! {
            impl Sealed for #name {}

            impl Request for #name {
                const OPERATION: OperationId = OperationId::#name;

                type Output = #output;

                fn client(&self) -> &Client {
                    &self.client
                }

                fn call_options(&self) -> &CallOptions {
                    &self.options
                }

                fn call_options_mut(&mut self) -> &mut CallOptions {
                    &mut self.options
                }

                async fn call(&self, api: &api::Client) -> Sent<Self::Output> {
                    api.#method(#(#passed),*).await
                }

                #read_again
            }

            #list
        }
    }

    fn list(&self, item: &Type) -> TokenStream {
        let name = &self.name;
        let of =
            |location: Location| self.parameters.iter().filter(move |it| it.location == location);
        let ids = of(Location::Path).map(|parameter| &parameter.field);
        let names = of(Location::Query).map(|parameter| &parameter.name);
        let fields = of(Location::Query).map(|parameter| &parameter.field);
        let has_cursor = self.parameters.iter().any(|parameter| parameter.field == "after");
        let set_after = if has_cursor {
            quote! { self.after = Some(after); }
        } else {
            quote! { let _ = after; }
        };
        quote! {
            impl ListRequest for #name {
                type Item = #item;

                fn ids(&self) -> Vec<&str> {
                    vec![#(self.#ids.as_ref()),*]
                }

                fn query(&self) -> Query {
                    Query::default()#(.with(#names, &self.#fields))*
                }

                fn set_after(&mut self, after: String) {
                    #set_after
                }
            }
        }
    }

    /// A `Debug` that shows no text, address or cursor.
    fn debug(&self) -> TokenStream {
        let name = &self.name;
        let text = self.name.to_string();
        let shown = self
            .parameters
            .iter()
            .filter(|parameter| is_shown(&parameter.ty) && !parameter.is_secret);
        let shown: Vec<_> = shown.map(|parameter| &parameter.field).collect();
        let names = shown.iter().map(ToString::to_string);
        quote! {
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#text)#(.field(#names, &self.#shown))*.finish_non_exhaustive()
                }
            }
        }
    }
}

fn is_shown(ty: &Type) -> bool {
    match type_name(ty).as_str() {
        "Vec" => argument(ty).is_some_and(is_shown),
        "String" => false,
        _ => true,
    }
}

/// The parameters that the document declares for an operation.
fn declared<'a>(document: &'a Document, operation: &Operation<'a>) -> Vec<&'a Value> {
    let of_path = document.0["paths"][operation.path]["parameters"].as_array();
    let of_operation = operation.value["parameters"].as_array();
    let all = of_operation.into_iter().flatten().chain(of_path.into_iter().flatten());
    all.map(|parameter| match parameter["$ref"].as_str() {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            &document.0["components"]["parameters"][name]
        }
        None => parameter,
    })
    .collect()
}

/// What a method of the client returns if it succeeds.
fn output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else { return None };
    argument(result).cloned()
}

/// The request that reads the record a change returns, if exactly one does so with ids of the change. HubSpot answers some changes without it.
fn read_again(
    document: &Document,
    api: &Api,
    operation: &Operation<'_>,
    output: &Type,
) -> Option<ReadAgain> {
    if !matches!(operation.method, "put" | "patch") || type_name(output) != "Received" {
        return None;
    }
    let ids = path_parameters(operation.path);
    let mut reads = document.operations().filter(|read| {
        let of_read = path_parameters(read.path);
        read.method == "get"
            && !of_read.is_empty()
            && of_read.iter().all(|id| ids.contains(id))
            && of_read.last().is_some_and(|_| gives(api, read, output))
    });
    let (read, None) = (reads.next()?, reads.next()) else { return None };
    Some(ReadAgain {
        name: format_ident!("{}", read.value["operationId"].as_str()?.to_upper_camel_case()),
        ids: path_parameters(read.path)
            .into_iter()
            .map(|id| super::super::setters::ident(&id.to_snake_case()))
            .collect(),
    })
}

fn gives(api: &Api, operation: &Operation<'_>, output: &Type) -> bool {
    let id = operation.value["operationId"].as_str().unwrap_or_default();
    let method = api.methods.get(id);
    let given = method.and_then(|method| self::output(&method.sig.output));
    given.is_some_and(|given| record(&given) == record(output))
}

/// The name of the record that is received.
fn record(output: &Type) -> Option<String> {
    (type_name(output) == "Received").then(|| argument(output).map(type_name)).flatten()
}

fn path_parameters(path: &str) -> Vec<&str> {
    path.split(['{', '}']).skip(1).step_by(2).collect()
}
