//! What all lists have in common.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use hubspot_conversations::ListRequest;

use crate::failure::Failure;
use crate::output::{Column, Output};

/// Pages no longer than this are fine with every list, whose limits HubSpot mostly does not tell.
const COMMON_PAGE: u64 = 100;

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

impl Listing {
    /// How many to ask for at a time, and no more than are wanted at all.
    pub(crate) fn page_size(&self) -> Option<u16> {
        let wanted = self.limit.filter(|limit| *limit <= COMMON_PAGE);
        self.page_size.or(wanted.and_then(|wanted| wanted.try_into().ok()))
    }

    /// Prints the list while it is read.
    pub(crate) async fn print<R: ListRequest>(
        &self,
        request: R,
        output: &mut Output,
        columns: &[Column<R::Item>],
    ) -> Result<(), Failure> {
        // As it is called everywhere: `list_channel_accounts`.
        let what = R::OPERATION.operation().name.trim_start_matches("list_").replace('_', " ");
        let mut list = output.list(&what, columns);
        let mut pages = request.pages();
        let mut wanted = self.limit.unwrap_or(u64::MAX);
        let mut is_begun = false;
        let mut next = None;
        while wanted > 0
            && let Some(mut page) = pages.try_next().await.map_err(|error| match is_begun {
                true => Failure::partway(error, next.take()),
                false => error.into(),
            })?
        {
            is_begun = true;
            next = page.next_after().map(str::to_owned);
            list.left_out(page.left_out());
            page.results.truncate(wanted.try_into().unwrap_or(usize::MAX));
            wanted -= page.results.len() as u64;
            list.items(&page.results).await?;
        }
        list.finish()
    }
}
