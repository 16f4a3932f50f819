//! The API's operations, by resource. Each takes the account and a parsed request, and returns the
//! response.

pub(crate) mod actors;
pub(crate) mod assignees;
pub(crate) mod channel_accounts;
pub(crate) mod channels;
pub(crate) mod custom_channels;
pub(crate) mod inboxes;
pub(crate) mod messages;
pub(crate) mod sending;
pub(crate) mod threads;
pub(crate) mod visitor_tokens;

use hubspot_conversations_api::OperationId;

use crate::account::Account;
use crate::http::call::Call;
use crate::http::errors::ApiError;
use crate::http::response::ApiResponse;

/// Executes an operation. It is not async, so the account is never locked across an await.
pub(crate) type Handler = fn(&mut Account, &Call) -> Result<ApiResponse, ApiError>;

/// The operations of a resource, with their handlers.
pub(crate) type Handlers = &'static [(OperationId, Handler)];
