//! The progress of an export, shown on standard error.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::stderr;

/// The interval between updates on a terminal.
const TERMINAL_INTERVAL: Duration = Duration::from_millis(500);
/// The interval between lines without a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(60);
/// Shorter waits for the rate limit are not shown.
const MIN_SHOWN_WAIT: Duration = Duration::from_secs(2);

/// The remaining requests, if they are limited, and the wait until the next one.
pub(super) type RateLimitLeft = (Option<u32>, Duration);

/// The progress of an export.
pub(super) struct Progress {
    threads: Cell<u64>,
    messages: Cell<u64>,
    started: Instant,
    /// When the last thread was completed.
    advanced: Cell<Instant>,
    target: Target,
}

/// Where progress is shown.
enum Target {
    Hidden,
    Lines,
    Terminal(ProgressBar),
}

impl Progress {
    /// Starts with the threads and messages of earlier runs.
    pub(super) fn start(threads: u64, messages: u64, quiet: bool) -> Self {
        let target = if quiet {
            Target::Hidden
        } else if io::stderr().is_terminal() {
            Target::Terminal(spinner())
        } else {
            Target::Lines
        };
        let now = Instant::now();
        let progress = Self {
            threads: Cell::new(threads),
            messages: Cell::new(messages),
            started: now,
            advanced: Cell::new(now),
            target,
        };
        if let Target::Terminal(bar) = &progress.target {
            bar.set_message(progress.to_string());
        }
        progress
    }

    /// Adds a completed thread with its messages.
    pub(super) fn add(&self, messages: u64) {
        self.threads.set(self.threads.get() + 1);
        self.messages.set(self.messages.get() + messages);
        self.advanced.set(Instant::now());
    }

    /// Shows progress until it is dropped.
    pub(super) async fn show(&self, left: impl Fn() -> RateLimitLeft) -> Infallible {
        match &self.target {
            Target::Hidden => std::future::pending().await,
            Target::Lines => self.each(LINE_INTERVAL, || stderr::print_line(&self.line())).await,
            Target::Terminal(bar) => {
                self.each(TERMINAL_INTERVAL, || bar.set_message(self.status(left()))).await
            }
        }
    }

    async fn each(&self, period: Duration, mut show: impl FnMut()) -> Infallible {
        let mut ticks = interval_at(self.started + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            show();
        }
    }

    /// A line of a log.
    fn line(&self) -> String {
        format!("{self} after {}", Elapsed(self.started.elapsed()))
    }

    /// What a terminal shows.
    fn status(&self, (requests, wait): RateLimitLeft) -> String {
        // A narrow terminal truncates the end, so the most important part comes first.
        if wait > Duration::ZERO && self.advanced.get().elapsed() >= MIN_SHOWN_WAIT {
            let seconds = wait.as_secs_f64().ceil();
            return format!("waiting {seconds} s for HubSpot's rate limit, {self}");
        }
        match requests {
            Some(requests) => format!("{self}, {requests} requests left"),
            None => self.to_string(),
        }
    }

    /// Removes it from the terminal.
    pub(super) fn clear(&self) {
        if let Target::Terminal(bar) = &self.target {
            bar.finish_and_clear();
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} threads, {} messages", self.threads.get(), self.messages.get())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A duration in minutes, with hours if there are any.
struct Elapsed(Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.as_secs() / 60;
        match (minutes / 60, minutes % 60) {
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use tokio::time::{advance, timeout};

    use super::{LINE_INTERVAL, Progress};

    const NO_WAIT: Duration = Duration::ZERO;

    #[tokio::test(start_paused = true)]
    async fn without_a_terminal_there_is_a_line_a_minute() {
        let progress = Progress::start(0, 0, true);
        let lines = RefCell::new(Vec::new());
        let shown = progress.each(LINE_INTERVAL, || {
            lines.borrow_mut().push(progress.line());
            progress.add(10);
        });
        let _ = timeout(Duration::from_secs(61 * 60), shown).await;
        let lines = lines.into_inner();
        assert_eq!(lines.len(), 61);
        assert_eq!(lines[0], "0 threads, 0 messages after 1 min");
        assert_eq!(lines[1], "1 threads, 10 messages after 2 min");
        assert_eq!(lines[60], "60 threads, 600 messages after 1 h 1 min");
    }

    #[tokio::test(start_paused = true)]
    async fn a_terminal_shows_a_wait_for_the_rate_limit_after_two_seconds() {
        let progress = Progress::start(7, 80, true);
        let wait = |seconds| (Some(12), Duration::from_secs_f64(seconds));
        assert_eq!(progress.status((None, NO_WAIT)), "7 threads, 80 messages");
        advance(Duration::from_millis(1_900)).await;
        assert_eq!(progress.status(wait(7.5)), "7 threads, 80 messages, 12 requests left");
        advance(Duration::from_millis(100)).await;
        let waiting = "waiting 8 s for HubSpot's rate limit, 7 threads, 80 messages";
        assert_eq!(progress.status(wait(7.5)), waiting);
        assert_eq!(progress.status(wait(0.0)), "7 threads, 80 messages, 12 requests left");
        progress.add(1);
        assert_eq!(progress.status(wait(7.5)), "8 threads, 81 messages, 12 requests left");
    }
}
