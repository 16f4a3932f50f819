//! A line on the terminal that says how far the export is.

use std::cell::Cell;

use indicatif::{ProgressBar, ProgressStyle};

/// Shown on standard error, if that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    messages: Cell<u64>,
}

impl Progress {
    pub(super) fn start() -> Self {
        let bar = ProgressBar::new_spinner();
        let style =
            ProgressStyle::with_template("{spinner} {pos} threads, {msg} messages, {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message("0");
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
        Self { bar, messages: Cell::new(0) }
    }

    pub(super) fn thread_done(&self) {
        self.bar.inc(1);
    }

    pub(super) fn message_done(&self) {
        self.messages.set(self.messages.get() + 1);
        if !self.bar.is_hidden() {
            self.bar.set_message(self.messages.get().to_string());
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
