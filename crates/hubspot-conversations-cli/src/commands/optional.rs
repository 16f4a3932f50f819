//! Setters that are called only where an option was given.

/// Anything that is put together by setters that take and return it.
pub(crate) trait Optional: Sized {
    /// Sets what there is.
    fn with<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// Adds each.
    fn with_each<T>(self, values: Vec<T>, add: impl Fn(Self, T) -> Self) -> Self {
        values.into_iter().fold(self, add)
    }

    /// Changes it if a flag was given.
    fn when(self, given: bool, change: impl FnOnce(Self) -> Self) -> Self {
        if given { change(self) } else { self }
    }
}

impl<T> Optional for T {}
