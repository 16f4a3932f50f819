//! Setters that are called only if an option is specified.

/// A builder whose setters take and return it.
pub(crate) trait Optional: Sized {
    /// Calls the setter if there is a value.
    fn with<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// Calls the setter for each value.
    fn with_each<T>(self, values: Vec<T>, add: impl Fn(Self, T) -> Self) -> Self {
        values.into_iter().fold(self, add)
    }

    /// Calls the setter if a flag is set.
    fn when(self, given: bool, change: impl FnOnce(Self) -> Self) -> Self {
        if given { change(self) } else { self }
    }
}

impl<T> Optional for T {}
