//! Reading requests and writing responses as HubSpot does.

pub(crate) mod authorization;
pub(crate) mod body_schema;
pub(crate) mod call;
pub(crate) mod connection;
pub(crate) mod entry_body;
pub(crate) mod errors;
pub(crate) mod oauth;
pub(crate) mod paging;
pub(crate) mod properties;
pub(crate) mod query;
pub(crate) mod request_body;
pub(crate) mod response;
pub(crate) mod secrets;
pub(crate) mod sorted_list;
