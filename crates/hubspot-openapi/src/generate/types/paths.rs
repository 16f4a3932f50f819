//! Short paths.

use syn::visit_mut::VisitMut;

/// Shortens paths into the standard library and into this module, to be read more easily.
pub(in crate::generate) struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let prefix = match names[..] {
            ["std", _, "Option" | "Vec" | "String"] => 2,
            ["crate", "types", _] => 2,
            ["types", _] => 1,
            _ => 0,
        };
        if prefix > 0 {
            path.segments = path.segments.iter().skip(prefix).cloned().collect();
            path.leading_colon = None;
        }
    }
}
