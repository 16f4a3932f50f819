//! The simulator's clock. Only writes and tests move it, so that the same seed and the same requests
//! result in the same timestamps.

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

    /// Moves the clock by one step, and returns the new time. Each write does this once.
    pub(crate) fn tick(&mut self) -> DateTime<Utc> {
        self.now += STEP;
        self.now
    }

    /// Moves the clock forward to an instant. An earlier instant is ignored, because histories are
    /// in order of time.
    pub(crate) fn move_to(&mut self, instant: DateTime<Utc>) {
        self.now = self.now.max(instant);
    }
}
