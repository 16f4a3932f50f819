//! Being asked to stop, with Ctrl-C or by a signal.
//!
//! Signals are received on a thread of their own, because the main thread can be stuck in a call that
//! cannot be cancelled: it reads standard input, or writes to a reader that stands still. In such a call
//! there is nothing to clean up, so a signal ends the program at once. Otherwise the first signal
//! cancels the command, which cleans up, and the second does not wait for that.

use std::io::{self, Read, Write};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::exit::Exit;
use crate::failure::note;

/// The number of the signal that was received, or 0.
static RECEIVED: AtomicU8 = AtomicU8::new(0);

/// Whether the main thread is in a call that can take forever.
static IS_STUCK: AtomicBool = AtomicBool::new(false);

/// What a command did that changed something, once it only has to be printed.
static DONE: Mutex<Option<String>> = Mutex::new(None);

const INTERRUPT: u8 = 2;
#[cfg(unix)]
const HANGUP: u8 = 1;
#[cfg(unix)]
const TERMINATE: u8 = 15;

/// Whether somebody asked the program to stop.
pub(crate) struct Stop(watch::Receiver<u8>);

impl Stop {
    /// Receives signals from now on.
    ///
    /// # Errors
    ///
    /// If there can be no thread, or none that waits.
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (asked, stop) = watch::channel(0);
        let signals = {
            // What was registered before this returns is received, and so no signal is lost.
            let _context = runtime.enter();
            Signals::register()
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(receive(signals, &asked));
        })?;
        Ok(Self(stop))
    }

    /// Waits until somebody asks.
    pub(crate) async fn asked(mut self) -> Exit {
        match self.0.wait_for(|&signal| signal != 0).await {
            Ok(signal) => Exit::Stopped { signal: *signal },
            // No signal can be received, and each ends the program by itself.
            Err(_) => std::future::pending().await,
        }
    }
}

async fn receive(mut signals: Signals, asked: &watch::Sender<u8>) {
    let first = signals.next().await;
    RECEIVED.store(first, Ordering::SeqCst);
    if IS_STUCK.load(Ordering::SeqCst) {
        end(first);
    }
    asked.send_replace(first);
    end(signals.next().await);
}

/// Ends the program, whatever the main thread does.
fn end(signal: u8) -> ! {
    note_unprinted();
    process::exit(Exit::Stopped { signal }.code().into());
}

/// Says what was done while its result is being printed, so that a signal leaves nobody in doubt.
pub(crate) async fn while_printing<T>(done: &str, print: impl Future<Output = T>) -> T {
    let _unprinted = Unprinted::begin(done);
    let printed = print.await;
    take_done();
    printed
}

fn take_done() -> Option<String> {
    DONE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The result of a command that is being printed. Says so where that is cancelled.
struct Unprinted;

impl Unprinted {
    fn begin(done: &str) -> Self {
        *DONE.lock().unwrap_or_else(PoisonError::into_inner) = Some(done.to_owned());
        Self
    }
}

impl Drop for Unprinted {
    fn drop(&mut self) {
        note_unprinted();
    }
}

fn note_unprinted() {
    if let Some(done) = take_done() {
        note(&format!("note: {done}, but the result was not printed"));
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn register() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        // One that cannot be received does what it does anywhere.
        let register = |number: u8| signal(SignalKind::from_raw(number.into())).ok();
        Self {
            interrupt: register(INTERRUPT),
            terminate: register(TERMINATE),
            hangup: if is_hangup_ignored() { None } else { register(HANGUP) },
        }
    }

    /// The number of the next one.
    async fn next(&mut self) -> u8 {
        async fn received(signal: &mut Option<tokio::signal::unix::Signal>) {
            let received = match signal {
                Some(signal) => signal.recv().await,
                None => None,
            };
            if received.is_none() {
                std::future::pending::<()>().await;
            }
        }

        tokio::select! {
            () = received(&mut self.interrupt) => INTERRUPT,
            () = received(&mut self.terminate) => TERMINATE,
            () = received(&mut self.hangup) => HANGUP,
        }
    }
}

/// Whether the program is to outlive its terminal, as `nohup` asks.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    // Elsewhere than on Linux nothing tells without unsafe code.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (HANGUP - 1) & 1 == 1
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn register() -> Self {
        Self
    }

    async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            // Ctrl-C cannot be received, and ends the program by itself.
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}

/// Standard input or output, or a file that can be a pipe: a signal ends the program while it is read or
/// written.
pub(crate) struct Interruptible<T>(pub(crate) T);

impl<T> Interruptible<T> {
    /// Makes a call that can take forever.
    fn call<R>(&mut self, call: impl FnOnce(&mut T) -> R) -> R {
        IS_STUCK.store(true, Ordering::SeqCst);
        // Of a signal that arrives now, either this or the other thread sees what it needs to see.
        let signal = RECEIVED.load(Ordering::SeqCst);
        if signal != 0 {
            end(signal);
        }
        let result = call(&mut self.0);
        IS_STUCK.store(false, Ordering::SeqCst);
        result
    }
}

impl<T: Write> Write for Interruptible<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.call(|inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.call(Write::flush)
    }
}

impl<T: Read> Read for Interruptible<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.call(|inner| inner.read(buffer))
    }
}
