//! The options of all lists, and printing them.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use hubspot_conversations::ListRequest;

use crate::command_error::CommandError;
use crate::output::{Column, Output};

/// A page size that every list accepts; HubSpot documents few limits.
const COMMON_PAGE_SIZE: u64 = 100;

/// Options of every list.
#[derive(Args, Debug)]
pub(crate) struct Listing {
    /// Maximum number of records to list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Maximum number of records per request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    page_size: Option<u16>,

    /// Start at this cursor: the `paging.next.after` of an earlier response, as received or
    /// percent-decoded
    #[arg(long, value_name = "CURSOR", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) after: Option<String>,
}

/// Options of lists that can be sorted by any field.
#[derive(Args, Debug)]
pub(crate) struct SortedListing {
    #[command(flatten)]
    pub(crate) listing: Listing,

    /// Sort by this field, such as name, or -name for descending order; can be repeated
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub(crate) sort: Vec<String>,

    /// Number of records per page if --page-size is omitted
    #[arg(long, value_name = "N")]
    pub(crate) default_page_length: Option<u16>,
}

/// The request with the options of every list. Requests of lists share no trait with these setters.
macro_rules! paged {
    ($request:expr, $listing:expr) => {
        $request
            .with($listing.page_size(), |list, size| list.limit(size))
            .with($listing.after.clone(), |list, cursor| list.after(cursor))
    };
}

/// The request with the options of a list that can be sorted by any field.
macro_rules! sorted {
    ($request:expr, $options:expr) => {
        paged!($request, $options.listing)
            .with_each($options.sort.clone(), |list, field| list.sort(field))
            .with($options.default_page_length, |list, length| list.default_page_length(length))
    };
}

pub(super) use {paged, sorted};

impl Listing {
    /// The page size, at most the total limit.
    pub(crate) fn page_size(&self) -> Option<u16> {
        let remaining = self.limit.filter(|limit| *limit <= COMMON_PAGE_SIZE);
        self.page_size.or(remaining.and_then(|remaining| remaining.try_into().ok()))
    }

    /// Prints the list as its pages arrive.
    pub(crate) async fn print<R: ListRequest>(
        &self,
        request: R,
        output: &mut Output,
        columns: &[Column<R::Item>],
    ) -> Result<(), CommandError> {
        // From the name of the operation, such as `list_channel_accounts`.
        let noun = R::OPERATION.operation().name.trim_start_matches("list_").replace('_', " ");
        let mut list = output.list(&noun, columns);
        let mut pages = request.pages();
        let mut remaining = self.limit.unwrap_or(u64::MAX);
        let mut has_started = false;
        let mut next = None;
        while remaining > 0
            && let Some(mut page) = pages.try_next().await.map_err(|error| match has_started {
                true => CommandError::PartialList { error, next: next.take() },
                false => error.into(),
            })?
        {
            has_started = true;
            next = page.next_after().map(str::to_owned);
            list.left_out(page.left_out());
            page.results.truncate(remaining.try_into().unwrap_or(usize::MAX));
            remaining -= page.results.len() as u64;
            list.items(&page.results).await?;
        }
        list.finish()
    }
}
