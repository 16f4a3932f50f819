//! How much one reading may build, however its lists are nested.
//!
//! A body is limited, but two of its bytes can become a hundred in memory. A limit for each list does not
//! help where lists are in lists.

use std::cell::Cell;

/// The most elements of all lists and maps together. One can take hundreds of bytes in memory.
pub(crate) const ELEMENTS: usize = 100_000;

/// The most JSON that is kept as any JSON, in bytes. It can take forty times as much in memory.
pub(crate) const VALUE_BYTES: usize = 1024 * 1024;

/// What a reading has left.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    elements: usize,
    value_bytes: usize,
}

const FULL: Budget = Budget { elements: ELEMENTS, value_bytes: VALUE_BYTES };

thread_local! {
    static LEFT: Cell<Budget> = const { Cell::new(FULL) };
}

/// Begins a reading that is not part of another one.
pub(crate) fn begin() {
    LEFT.set(FULL);
}

/// What is left now, to go back to where what is read next is dropped.
pub(crate) fn left() -> Budget {
    LEFT.get()
}

/// Gives back what was taken since.
pub(crate) fn restore(left: Budget) {
    LEFT.set(left);
}

/// Takes an element. `false` if none is left.
pub(crate) fn take_element() -> bool {
    let left = LEFT.get();
    let elements = left.elements.checked_sub(1);
    LEFT.set(Budget { elements: elements.unwrap_or_default(), ..left });
    elements.is_some()
}

/// Takes bytes of JSON. `false` if fewer are left; then none are taken.
pub(crate) fn take_value(bytes: usize) -> bool {
    let left = LEFT.get();
    let value_bytes = left.value_bytes.checked_sub(bytes);
    LEFT.set(Budget { value_bytes: value_bytes.unwrap_or(left.value_bytes), ..left });
    value_bytes.is_some()
}
