//! A test module of the request layer: a request of each operation, with every parameter set.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::operation::Request;

/// The module. Operations with a body are not in it: which values a body needs is for a person to say.
pub(super) fn module(requests: &[Request<'_>]) -> Result<String> {
    let without_body: Vec<_> = requests.iter().filter(|request| !request.has_body()).collect();
    let names = without_body.iter().map(|request| &request.name);
    let arms = without_body.iter().map(|request| arm(request));
    let file: syn::File = syn::parse2(quote! {
        use std::fmt::Debug;

        use hubspot_conversations::requests::{#(#names),*};
        use hubspot_conversations::{Client, ListRequest, OperationId, Request, types};
        use serde::Serialize;

        /// Uses a request of any operation.
        pub(crate) trait Visitor {
            /// Of all requests alike.
            type Output;

            /// Uses a request for one record, or none.
            async fn record<R>(self, request: R) -> Self::Output
            where
                R: Request,
                R::Output: Serialize + Debug;

            /// Uses a request for a list.
            async fn list<R>(self, request: R) -> Self::Output
            where
                R: ListRequest,
                R::Item: Serialize + Debug;
        }

        /// Visits an operation's request with every parameter set. `None`, if the operation has a body.
        pub(crate) async fn visit<V: Visitor>(
            client: &Client,
            operation: OperationId,
            visitor: V,
        ) -> Option<V::Output> {
            let output = match operation {
                #(#arms)*
                _ => return None,
            };
            Some(output)
        }
    })?;
    let code = prettyplease::unparse(&file);
    Ok(format!(
        "//! A request of each operation without a body, with every parameter set.\n\n{code}"
    ))
}

fn arm(request: &Request<'_>) -> TokenStream {
    let name = &request.name;
    let values = request.required().map(|parameter| &parameter.example);
    let setters = request.optional().map(|parameter| {
        let (field, value) = (&parameter.field, &parameter.example);
        quote! { .#field(#value) }
    });
    let visit = if request.is_list() {
        quote! { list }
    } else {
        quote! { record }
    };
    quote! {
        OperationId::#name => visitor.#visit(#name::new(client #(, #values)*) #(#setters)*).await,
    }
}
