//! What the generated `requests` have in common, and how they are sent.

mod query;

use std::time::Duration;

use hubspot_conversations_api::{self as api, LeftOut, OperationId, Page, Received};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use crate::call_options::CallOptions;
use crate::{Client, Error, Pages, Retry};
pub use query::Query;

/// A request, for code that handles requests of several operations. Implemented only by this crate's
/// [`requests`](crate::requests), which have these methods as their own, too.
pub trait Request: Sealed + Clone + Send + Sync + 'static {
    /// Which operation it is.
    const OPERATION: OperationId;

    /// The result of a success: a [`Received`] record, a [`Page`], or nothing.
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

    /// The GET that reads the record of this change, if HubSpot responded without it.
    #[doc(hidden)]
    fn read_again(&self) -> Option<impl Request<Output = Self::Output>> {
        None::<Self>
    }

    #[doc(hidden)]
    fn options(mut self, options: CallOptions) -> Self {
        *self.call_options_mut() = options;
        self
    }

    /// How long the whole call may take. The client's, if not set.
    #[must_use]
    fn deadline(mut self, deadline: Duration) -> Self {
        self.call_options_mut().deadline = Some(deadline);
        self
    }

    /// How it is retried after transient failures. The client's, if not set.
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

/// A request of a list. Implemented only by this crate's [`requests`](crate::requests).
pub trait ListRequest: Request<Output = Page<Self::Item>> {
    /// The type of the listed items.
    type Item: DeserializeOwned + Send + 'static;

    /// The ids in its path, in order.
    #[doc(hidden)]
    fn ids(&self) -> Vec<&str>;

    /// Its query parameters.
    #[doc(hidden)]
    fn query(&self) -> Query;

    /// The cursor of the page to read.
    #[doc(hidden)]
    fn set_after(&mut self, after: String);

    /// The list page by page.
    fn pages(self) -> Pages<Self::Item> {
        Pages::new(self)
    }
}

/// Prevents other crates from implementing the traits of this module.
#[doc(hidden)]
pub trait Sealed {}

/// A result of the generated client.
pub(crate) type Sent<T> = Result<T, api::Error>;

/// A type that an operation can return. Implemented only by this crate.
#[doc(hidden)]
pub trait Success: Sealed + Send + 'static {
    /// The left-out places.
    fn left_out(&self) -> &[LeftOut] {
        &[]
    }

    /// Rejects a record without this field.
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

/// The field without which an operation's record is useless, although its type does not require it.
pub(crate) fn identifying_field(operation: OperationId) -> Option<&'static str> {
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

/// Any JSON.
impl Success for Box<RawValue> {}

impl Success for () {}

/// Sends a request. If HubSpot responds to a change without its record, or with something else, the
/// record is read with one GET if possible.
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

/// Adds to a comma-separated parameter.
pub(crate) fn push_separated(strings: &mut Option<String>, string: &str) {
    let strings = strings.get_or_insert_default();
    if !strings.is_empty() {
        strings.push(',');
    }
    strings.push_str(string);
}

/// Adds the methods of every request. Generated code calls it once per request.
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
            /// If HubSpot responds to a change without its record, or with something else, the record is
            /// read with one GET if possible.
            ///
            /// # Errors
            ///
            /// See [`ErrorKind`](crate::ErrorKind). A change that
            /// [was made](crate::Error::was_carried_out) and whose record could not be read is a
            /// [`NoRecord`](crate::ErrorKind::NoRecord) or [`Decode`](crate::ErrorKind::Decode) error.
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

/// Adds the methods of every request of a list.
macro_rules! list_request {
    ($name:ident) => {
        $crate::request::request!($name);

        impl $name {
            /// How many empty pages in a row are skipped: they occur in the middle of lists. One more is
            /// the error [`ErrorKind::EmptyPages`](crate::ErrorKind::EmptyPages), as the list may never
            /// end. 100, if not set.
            pub fn max_empty_pages(mut self, pages: usize) -> Self {
                self.options.max_empty_pages = Some(pages);
                self
            }

            /// The list item by item, from its first page to its last.
            pub fn stream(self) -> $crate::Items<<Self as $crate::request::ListRequest>::Item> {
                $crate::Items::new(self.pages())
            }

            /// The list page by page. A page keeps its items as received.
            pub fn pages(self) -> $crate::Pages<<Self as $crate::request::ListRequest>::Item> {
                $crate::Pages::new(self)
            }

            /// Resumes a list just after the last item yielded: see [`Items`](crate::Items).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the cursor belongs to
            /// another list, whose operation, ids or parameters except the page length differ; or if
            /// it is on the first page, and the request has an `after`. Nothing is sent.
            pub fn resume(
                self,
                cursor: &$crate::Cursor,
            ) -> Result<$crate::Items<<Self as $crate::request::ListRequest>::Item>, $crate::Error>
            {
                $crate::Pages::resume(self, cursor).map($crate::Items::new)
            }

            /// Resumes a list at the cursor's page, which is read from its beginning.
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
