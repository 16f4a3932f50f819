//! Limits on the memory that one decode can allocate, however its lists are nested.
//!
//! The size of a body is limited, but two of its bytes can become a hundred in memory. A limit per
//! list does not limit nested lists.

use std::cell::Cell;

/// Maximum number of elements of all lists and maps together. An element can take hundreds of bytes
/// in memory.
pub(crate) const ELEMENTS: usize = 100_000;

/// Maximum size of arbitrary JSON that is kept, in bytes. It can take forty times as much in
/// memory.
pub(crate) const VALUE_BYTES: usize = 1024 * 1024;

/// The remaining budget of a decode.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    elements: usize,
    value_bytes: usize,
}

const FULL: Budget = Budget { elements: ELEMENTS, value_bytes: VALUE_BYTES };

thread_local! {
    static LEFT: Cell<Budget> = const { Cell::new(FULL) };
}

/// Begins a decode that is not part of another one.
pub(crate) fn begin() {
    LEFT.set(FULL);
}

/// The remaining budget, to restore if the next value is dropped.
pub(crate) fn left() -> Budget {
    LEFT.get()
}

/// Restores the budget of that moment.
pub(crate) fn restore(left: Budget) {
    LEFT.set(left);
}

/// Takes one element. `false` if the budget is used up.
pub(crate) fn take_element() -> bool {
    let left = LEFT.get();
    let elements = left.elements.checked_sub(1);
    LEFT.set(Budget { elements: elements.unwrap_or_default(), ..left });
    elements.is_some()
}

/// Takes bytes of JSON. If fewer are left, takes none and returns `false`.
pub(crate) fn take_value(bytes: usize) -> bool {
    let left = LEFT.get();
    let value_bytes = left.value_bytes.checked_sub(bytes);
    LEFT.set(Budget { value_bytes: value_bytes.unwrap_or(left.value_bytes), ..left });
    value_bytes.is_some()
}
