/// The account has no record with the requested id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotFound;
