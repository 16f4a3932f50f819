//! An operation with its parameters, and the request that carries it out.

use hubspot_conversations_api::{self as api, LeftOut, OperationId, Page, Received};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::call_options::{CallOptions, call_options};
use crate::{Client, Cursor, Error, Items, Pages};

mod sealed {
    /// Keeps other crates from implementing a trait.
    #[allow(unreachable_pub, reason = "traits that others can name stand on it")]
    pub trait Sealed {}
}

pub(crate) use sealed::Sealed;

/// An operation with its parameters. Implemented by this crate only.
pub trait Endpoint: Sealed + Send + Sync + 'static {
    /// Which operation it is.
    #[doc(hidden)]
    const OPERATION: OperationId;

    /// What a success gives: a [`Received`] record, a [`Page`], or nothing.
    type Output: Success;

    /// Sends it once.
    #[doc(hidden)]
    fn call(&self, api: &api::Client) -> impl Future<Output = Sent<Self::Output>> + Send;

    /// How to read the record of a change that HubSpot answered without one, where that is one GET.
    #[doc(hidden)]
    fn read_again(&self) -> Option<impl Endpoint<Output = Self::Output>>
    where
        Self: Sized,
    {
        None::<Self>
    }
}

/// What the generated client answers.
pub(crate) type Sent<T> = Result<T, api::Error>;

/// What an operation can be answered with. Implemented by this crate only.
#[doc(hidden)]
pub trait Success: Sealed + Send + 'static {
    /// The places that could not be read.
    fn left_out(&self) -> &[LeftOut];
}

impl<T> Sealed for Received<T> {}

impl<T: Send + 'static> Success for Received<T> {
    fn left_out(&self) -> &[LeftOut] {
        self.left_out()
    }
}

impl<T> Sealed for Page<T> {}

impl<T: Send + 'static> Success for Page<T> {
    fn left_out(&self) -> &[LeftOut] {
        self.left_out()
    }
}

impl Sealed for Box<RawValue> {}

/// JSON of which nothing is expected.
impl Success for Box<RawValue> {
    fn left_out(&self) -> &[LeftOut] {
        &[]
    }
}

impl Sealed for () {}

impl Success for () {
    fn left_out(&self) -> &[LeftOut] {
        &[]
    }
}

/// An operation that lists. Implemented by this crate only.
pub trait ListEndpoint: Endpoint<Output = Page<Self::Item>> + Clone {
    /// What is listed.
    type Item: DeserializeOwned + Send + 'static;

    /// Where the list is to go on.
    #[doc(hidden)]
    fn set_after(&mut self, after: String);
}

/// A request that is being put together. [`send`](Request::send) sends it.
#[must_use = "a request does nothing until it is sent"]
#[derive(Clone, Debug)]
pub struct Request<E> {
    pub(crate) client: Client,
    pub(crate) endpoint: E,
    pub(crate) options: CallOptions,
}

impl<E: Endpoint> Request<E> {
    pub(crate) fn new(client: &Client, endpoint: E) -> Self {
        Self { client: client.clone(), endpoint, options: CallOptions::default() }
    }

    call_options!();

    pub(crate) fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends the request. A list gives one page.
    ///
    /// HubSpot answers some changes without the record, or with something else. It then made the
    /// change, and the record is read with one GET, if there is one that reads it. Otherwise the error
    /// [says that the change was made](Error::was_carried_out): it is a
    /// [`NoRecord`](crate::ErrorKind::NoRecord), or a [`Decode`](crate::ErrorKind::Decode) of what was
    /// returned instead.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<E::Output, Error> {
        let Self { client, endpoint, mut options } = self;
        let begun = Instant::now();
        let error = match client.run(&endpoint, &options).await {
            Err(error) if error.lacks_record() => error,
            result => return result,
        };
        let Some(again) = endpoint.read_again() else { return Err(error) };
        let deadline = options.deadline.or(client.0.deadline);
        options.deadline = deadline.map(|deadline| deadline.saturating_sub(begun.elapsed()));
        client.run(&again, &options).await.map_err(|failure| error.not_read_again(&failure))
    }
}

impl<E: ListEndpoint> Request<E> {
    /// How many empty pages in a row are passed over. One more than that is an error,
    /// [`ErrorKind::EmptyPages`](crate::ErrorKind::EmptyPages), as the list would perhaps never end.
    /// 100, if not set.
    ///
    /// Empty pages occur in the middle of lists, and are no end of them.
    pub fn max_empty_pages(mut self, pages: usize) -> Self {
        self.options.max_empty_pages = Some(pages);
        self
    }

    /// The list item by item, from its first page to its last.
    pub fn stream(self) -> Items<E::Item> {
        Items::new(self.pages())
    }

    /// The list page by page. A page keeps its items as they came.
    pub fn pages(self) -> Pages<E::Item> {
        Pages::new(self)
    }

    /// Goes on where a list was left: behind the item given last. How exactly is told in
    /// [`Items`].
    ///
    /// The cursor says where to begin, and not the request's `after`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the cursor belongs to
    /// another list: to another operation, other ids in the path, or other parameters than this
    /// request's. Only the page length may differ. Also if it is on the first page of the list, and
    /// the request has an `after` that begins at another. Nothing is sent.
    pub fn resume(self, cursor: &Cursor) -> Result<Items<E::Item>, Error> {
        Pages::resume(self, cursor).map(Items::new)
    }

    /// Goes on with the page at which a list was left. A cursor within a page begins with the whole
    /// of that page.
    ///
    /// # Errors
    ///
    /// Those of [`resume`](Self::resume).
    pub fn resume_pages(self, cursor: &Cursor) -> Result<Pages<E::Item>, Error> {
        Pages::resume(self, cursor)
    }
}
