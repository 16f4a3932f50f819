//! Parameters that several operations share, written once.

/// Gives the request of an endpoint the setters of the parameters it names.
macro_rules! parameters {
    ($endpoint:ty: $($parameter:ident),+ $(,)?) => {
        impl $crate::Request<$endpoint> {
            $($crate::parameters::parameter!($parameter);)+
        }
    };
}

macro_rules! parameter {
    (after) => {
        /// Begins at a cursor that an earlier page gave: its
        /// [`next_after`](crate::Page::next_after).
        ///
        /// HubSpot percent-encodes cursors in its answers. They are taken as they came, and decoded
        /// alike.
        pub fn after(mut self, cursor: impl AsRef<str>) -> Self {
            self.endpoint.after = Some($crate::list::decoded(cursor.as_ref()));
            self
        }
    };
    (list_archived) => {
        /// Lists what is archived instead of what is not.
        pub fn archived(mut self, archived: bool) -> Self {
            self.endpoint.archived = Some(archived);
            self
        }
    };
    (get_archived) => {
        /// Must be `true` to reach one that is archived.
        pub fn archived(mut self, archived: bool) -> Self {
            self.endpoint.archived = Some(archived);
            self
        }
    };
    (default_page_length) => {
        /// The page length to use where [`limit`](Self::limit) is not set.
        pub fn default_page_length(mut self, items: u16) -> Self {
            self.endpoint.default_page_length = Some(items.into());
            self
        }
    };
    (limit) => {
        /// The largest number of items on a page. Pages can be shorter.
        pub fn limit(mut self, items: u16) -> Self {
            self.endpoint.limit = Some(items.into());
            self
        }
    };
    (sort) => {
        /// A field to sort by, after those named before. A `-` before it sorts downwards.
        pub fn sort(mut self, field: impl Into<String>) -> Self {
            self.endpoint.sort.get_or_insert_default().push(field.into());
            self
        }
    };
    (property) => {
        /// A field to send, beside those named before. All are sent, if none is named.
        pub fn property(mut self, field: &str) -> Self {
            let property = self.endpoint.property.get_or_insert_default();
            if !property.is_empty() {
                property.push(',');
            }
            property.push_str(field);
            self
        }
    };
    (association) => {
        /// CRM objects whose association to send along, beside those named before.
        pub fn association(mut self, association: $crate::types::ThreadAssociation) -> Self {
            self.endpoint.association.get_or_insert_default().push(association);
            self
        }
    };
}

pub(crate) use {parameter, parameters};
