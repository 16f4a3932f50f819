//! The simulator's clock. It stands still unless something is written or a test moves it, so that
//! the same seed and the same requests give the same timestamps.

use chrono::{DateTime, TimeDelta, Utc};

/// When every simulator starts: 2026-03-02T09:00:00.000Z.
const START_MILLISECONDS: i64 = 1_772_442_000_000;

/// How far each write moves the clock.
const STEP: TimeDelta = TimeDelta::milliseconds(1_250);

#[derive(Debug)]
pub(crate) struct Clock {
    now: DateTime<Utc>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { now: DateTime::UNIX_EPOCH + TimeDelta::milliseconds(START_MILLISECONDS) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Moves on by one step, and says what time it is then. Each write does it once.
    pub(crate) fn tick(&mut self) -> DateTime<Utc> {
        self.now += STEP;
        self.now
    }

    /// Moves on to an instant. An earlier one is ignored: a history is in order of time.
    pub(crate) fn move_to(&mut self, instant: DateTime<Utc>) {
        self.now = self.now.max(instant);
    }
}
