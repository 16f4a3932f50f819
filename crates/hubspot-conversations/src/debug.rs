//! `Debug` that hides secrets and customer text.

/// Implements `Debug` so that it shows these fields and no others.
macro_rules! debug_shows {
    ($name:ident $(<$($generic:ident),+>)?: $($field:ident),* $(,)?) => {
        impl $(<$($generic),+>)? std::fmt::Debug for $name $(<$($generic),+>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use debug_shows;
