//! `Debug` without customers' words.

/// Implements `Debug` for a struct so that only the named fields show. Generated code calls it.
macro_rules! debug_shows {
    ($name:ident: $($field:ident),* $(,)?) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use debug_shows;
