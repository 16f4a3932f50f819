//! `Debug` without customers' text.

/// Implements `Debug` for a struct, showing only the named fields. Called by generated code.
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
