//! A request: an operation with its parameters, and the client that sends it.
//!
//! The requests themselves are generated: see `requests/`.

mod query;

use std::time::Duration;

use hubspot_conversations_api::{self as api, LeftOut, OperationId, Page, Received};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use crate::call_options::CallOptions;
use crate::{Client, Error, Pages, Retry};
pub use query::Query;

/// What a request has in common with all others. Implemented by the [`requests`](crate::requests)
/// of this crate only.
///
/// Programs need it where they treat requests of several operations alike. Each request has these
/// methods as its own, too.
pub trait Request: Sealed + Clone + Send + Sync + 'static {
    /// Which operation it is.
    const OPERATION: OperationId;

    /// What a success gives: a [`Received`] record, a [`Page`], or nothing.
    type Output: Success;

    #[doc(hidden)]
    fn client(&self) -> &Client;

    #[doc(hidden)]
    fn call_options(&self) -> &CallOptions;

    #[doc(hidden)]
    fn call_options_mut(&mut self) -> &mut CallOptions;

    /// Sends it once.
    #[doc(hidden)]
    fn call(&self, api: &api::Client) -> impl Future<Output = Sent<Self::Output>> + Send;

    /// The request that reads the record of a change that HubSpot answered without one, where
    /// that is one GET.
    #[doc(hidden)]
    fn read_again(&self) -> Option<impl Request<Output = Self::Output>> {
        None::<Self>
    }

    #[doc(hidden)]
    fn options(mut self, options: CallOptions) -> Self {
        *self.call_options_mut() = options;
        self
    }

    /// How long everything together may take. As the client's, if not set.
    #[must_use]
    fn deadline(mut self, deadline: Duration) -> Self {
        self.call_options_mut().deadline = Some(deadline);
        self
    }

    /// How often it is sent again after failures that can pass. As the client's, if not set.
    #[must_use]
    fn retry(mut self, retry: Retry) -> Self {
        self.call_options_mut().retry = Some(retry);
        self
    }

    /// Sends the request. The request of a list reads one page.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    fn send(self) -> impl Future<Output = Result<Self::Output, Error>> + Send {
        send(self)
    }
}

/// A request of a list. Implemented by the [`requests`](crate::requests) of this crate only.
pub trait ListRequest: Request<Output = Page<Self::Item>> {
    /// What is listed.
    type Item: DeserializeOwned + Send + 'static;

    /// The ids in its path, in order.
    #[doc(hidden)]
    fn ids(&self) -> Vec<&str>;

    /// Its parameters in the query.
    #[doc(hidden)]
    fn query(&self) -> Query;

    /// Where the list is to go on.
    #[doc(hidden)]
    fn set_after(&mut self, after: String);

    /// The list page by page.
    fn pages(self) -> Pages<Self::Item> {
        Pages::new(self)
    }
}

/// Keeps other crates from implementing the traits of this module.
#[doc(hidden)]
pub trait Sealed {}

/// What the generated client answers.
pub(crate) type Sent<T> = Result<T, api::Error>;

/// What an operation can be answered with. Implemented by this crate only.
#[doc(hidden)]
pub trait Success: Sealed + Send + 'static {
    /// The places that could not be read.
    fn left_out(&self) -> &[LeftOut];

    /// The same, if it is no record or one that has this field.
    fn with_field(self, field: &str) -> Sent<Self>
    where
        Self: Sized,
    {
        let _ = field;
        Ok(self)
    }
}

impl<T> Sealed for Received<T> {}
impl<T> Sealed for Option<Received<T>> {}
impl<T> Sealed for Page<T> {}
impl Sealed for Box<RawValue> {}
impl Sealed for () {}

impl<T: Send + 'static> Success for Received<T> {
    fn left_out(&self) -> &[LeftOut] {
        self.left_out()
    }

    fn with_field(self, field: &str) -> Sent<Self> {
        self.with_field(field)
    }
}

/// The field without which the record of an operation is of no use, where its type can be read
/// without it.
pub(crate) fn needed_field(operation: OperationId) -> Option<&'static str> {
    match operation {
        OperationId::SendMessage => Some("id"),
        OperationId::CreateVisitorToken => Some("token"),
        OperationId::UpdateStagingToken => Some("accountToken"),
        _ => None,
    }
}

impl<T: Send + 'static> Success for Option<Received<T>> {
    fn left_out(&self) -> &[LeftOut] {
        self.as_ref().map_or(&[], Received::left_out)
    }
}

impl<T: Send + 'static> Success for Page<T> {
    fn left_out(&self) -> &[LeftOut] {
        self.left_out()
    }
}

/// JSON of which nothing is expected.
impl Success for Box<RawValue> {
    fn left_out(&self) -> &[LeftOut] {
        &[]
    }
}

impl Success for () {
    fn left_out(&self) -> &[LeftOut] {
        &[]
    }
}

/// Sends a request. The record of a change that HubSpot answers without one, or with something
/// else, is read with one GET, if there is one that reads it.
pub(crate) async fn send<R: Request>(request: R) -> Result<R::Output, Error> {
    let begun = Instant::now();
    let client = request.client();
    let error = match client.run(&request, request.call_options()).await {
        Err(error) if error.lacks_record() => error,
        result => return result,
    };
    let Some(mut again) = request.read_again() else { return Err(error) };
    let _in_flight = client.0.in_flight.begin(R::OPERATION.operation());
    let options = again.call_options_mut();
    let deadline = options.deadline.or(client.0.deadline);
    options.deadline = deadline.map(|deadline| deadline.saturating_sub(begun.elapsed()));
    let result = client.run(&again, again.call_options()).await;
    result.map_err(|failure| error.not_read_again(&failure))
}

/// Adds to strings that are sent as one, separated by commas.
pub(crate) fn push_separated(strings: &mut Option<String>, string: &str) {
    let strings = strings.get_or_insert_default();
    if !strings.is_empty() {
        strings.push(',');
    }
    strings.push_str(string);
}

/// Gives a request the methods that all have. Generated code calls it once per request.
macro_rules! request {
    ($name:ident) => {
        impl $name {
            $crate::call_options::call_options!();

            #[allow(dead_code, reason = "not every request is part of a larger call")]
            pub(crate) fn options(self, options: $crate::request::CallOptions) -> Self {
                $crate::request::Request::options(self, options)
            }

            /// Sends the request. `request.await` does the same.
            ///
            /// HubSpot answers some changes without the record, or with something else. It then made
            /// the change, and the record is read with one GET, if there is one that reads it.
            /// Otherwise the error [says that the change was made](crate::Error::was_carried_out): it
            /// is a [`NoRecord`](crate::ErrorKind::NoRecord), or a
            /// [`Decode`](crate::ErrorKind::Decode) of what was returned instead.
            ///
            /// # Errors
            ///
            /// See [`ErrorKind`](crate::ErrorKind).
            pub async fn send(
                self,
            ) -> Result<<Self as $crate::request::Request>::Output, $crate::Error> {
                $crate::request::send(self).await
            }
        }

        impl IntoFuture for $name {
            type Output = Result<<Self as $crate::request::Request>::Output, $crate::Error>;
            type IntoFuture = $crate::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

/// Gives the request of a list the methods that all have.
macro_rules! list_request {
    ($name:ident) => {
        $crate::request::request!($name);

        impl $name {
            /// How many empty pages in a row are passed over. One more than that is an error,
            /// [`ErrorKind::EmptyPages`](crate::ErrorKind::EmptyPages), as the list would perhaps
            /// never end. 100, if not set.
            ///
            /// Empty pages occur in the middle of lists, and are no end of them.
            pub fn max_empty_pages(mut self, pages: usize) -> Self {
                self.options.max_empty_pages = Some(pages);
                self
            }

            /// The list item by item, from its first page to its last.
            pub fn stream(self) -> $crate::Items<<Self as $crate::request::ListRequest>::Item> {
                $crate::Items::new(self.pages())
            }

            /// The list page by page. A page keeps its items as they came.
            pub fn pages(self) -> $crate::Pages<<Self as $crate::request::ListRequest>::Item> {
                $crate::Pages::new(self)
            }

            /// Resumes a list just after the item that was returned last: see
            /// [`Items`](crate::Items).
            ///
            /// The cursor says where to begin, and not the request's `after`.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the cursor belongs
            /// to another list: to another operation, other ids in the path, or other parameters than
            /// this request's. Only the page length may differ. Also if it is on the first page of
            /// the list, and the request has an `after` that begins at another. Nothing is sent.
            pub fn resume(
                self,
                cursor: &$crate::Cursor,
            ) -> Result<$crate::Items<<Self as $crate::request::ListRequest>::Item>, $crate::Error>
            {
                $crate::Pages::resume(self, cursor).map($crate::Items::new)
            }

            /// Resumes a list at the page where it was left. A cursor within a page begins with the
            /// whole of that page.
            ///
            /// # Errors
            ///
            /// Those of [`resume`](Self::resume).
            pub fn resume_pages(
                self,
                cursor: &$crate::Cursor,
            ) -> Result<$crate::Pages<<Self as $crate::request::ListRequest>::Item>, $crate::Error>
            {
                $crate::Pages::resume(self, cursor)
            }
        }
    };
}

pub(crate) use {list_request, request};
