//! Where an operation is found, whatever the version of the API.

/// A path without its version and without the names of its parameters: what is the same operation
/// has the same route under every root HubSpot has given it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Route(Vec<String>);

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        let mut segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        // A version is never the last thing but in the path of a collection at the family's root.
        if let Some(version) = segments.iter().take(4).position(|segment| is_version(segment)) {
            segments.remove(version);
        }
        // Visitor identification has lived under `conversations`.
        if segments.starts_with(&["conversations", "visitor-identification"]) {
            segments.remove(0);
        }
        let segments = segments.into_iter().map(|segment| match segment.contains('{') {
            true => "{}".to_owned(),
            false => segment.to_owned(),
        });
        Self(segments.collect())
    }

    /// The part of the API that one document of HubSpot's covers.
    pub(crate) fn family(&self) -> &[String] {
        let length =
            if self.0.first().is_some_and(|first| first == "conversations") { 2 } else { 1 };
        &self.0[..length.min(self.0.len())]
    }

    /// What is after the family; `{}` stands for a parameter.
    pub(crate) fn rest(&self) -> &[String] {
        &self.0[self.family().len()..]
    }
}

/// `v3`, `2026-09`, `2026-09-beta`.
fn is_version(segment: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = segment.strip_prefix('v') {
        return all_digits(number);
    }
    match segment.split('-').collect::<Vec<_>>().as_slice() {
        [year, month] | [year, month, "beta"] => {
            year.len() == 4 && month.len() == 2 && all_digits(year) && all_digits(month)
        }
        _ => false,
    }
}

/// The names of a path's parameters, in order.
pub(crate) fn names_in_braces(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_root_of_an_operation_is_one_route() {
        for paths in [
            &[
                "/conversations/v3/conversations/threads/{threadId}",
                "/conversations/conversations/v3/threads/{threadId}",
                "/conversations/conversations/2026-09/threads/{id}",
                "/conversations/conversations/2026-09-beta/threads/{threadId}/",
                "/conversations/2026-09/conversations/threads/{threadId}",
            ][..],
            &[
                "/conversations/v3/custom-channels",
                "/conversations/v3/custom-channels/",
                "/conversations/custom-channels/v3",
                "/conversations/custom-channels/2026-03",
            ],
            &[
                "/visitor-identification/v3/tokens/create",
                "/visitor-identification/2025-09/tokens/create",
                "/conversations/v3/visitor-identification/tokens/create",
            ],
        ] {
            let routes: Vec<_> = paths.iter().map(|path| Route::of(path)).collect();
            assert!(routes.iter().all(|route| *route == routes[0]), "{routes:?}");
        }
    }

    #[test]
    fn other_words_are_no_version() {
        for path in ["/things/very", "/things/v", "/things/2026-9", "/things/20a6-09", "/x/1-2-3"] {
            assert_eq!(Route::of(path).0.len(), 2, "{path}");
        }
    }

    #[test]
    fn the_family_is_told_by_the_root() {
        let families = [
            ("/conversations/v3/conversations/threads", "conversations/conversations", "threads"),
            ("/conversations/custom-channels/v3", "conversations/custom-channels", ""),
            ("/visitor-identification/v3/tokens/create", "visitor-identification", "tokens/create"),
            ("/conversations", "conversations", ""),
            ("/", "", ""),
        ];
        for (path, family, rest) in families {
            let route = Route::of(path);
            assert_eq!(
                (route.family().join("/"), route.rest().join("/")),
                (family.into(), rest.into())
            );
        }
    }
}
