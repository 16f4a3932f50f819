//! Ctrl-C and other signals that stop the program.
//!
//! A separate thread receives signals, because the main thread can block in a call that cannot be
//! cancelled: reading standard input, or writing to a stalled reader. Such a call has nothing to clean
//! up, so a signal ends the program at once. Otherwise the first signal cancels the command, which
//! cleans up, and the second ends the program without waiting.

use std::io::{self, Read, Write};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::exit::Exit;
use crate::stderr;

/// The number of the signal that was received, or 0.
static RECEIVED: AtomicU8 = AtomicU8::new(0);

/// Whether the main thread is in a call that can block forever.
static IN_BLOCKING_CALL: AtomicBool = AtomicBool::new(false);

/// The change that a command made, while its result is being printed.
static UNPRINTED_CHANGE: Mutex<Option<String>> = Mutex::new(None);

const INTERRUPT: u8 = 2;
#[cfg(unix)]
const HANGUP: u8 = 1;
#[cfg(unix)]
const TERMINATE: u8 = 15;

/// Resolves when a signal asks the program to stop.
pub(crate) struct StopSignal(watch::Receiver<u8>);

impl StopSignal {
    /// Receives signals from now on.
    ///
    /// # Errors
    ///
    /// If the thread or its runtime cannot be started.
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (sender, stop) = watch::channel(0);
        let signals = {
            // Registered before this returns, so that no signal is lost.
            let _context = runtime.enter();
            Signals::register()
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(receive(signals, &sender));
        })?;
        Ok(Self(stop))
    }

    /// Waits for the first signal.
    pub(crate) async fn received(mut self) -> Exit {
        match self.0.wait_for(|&signal| signal != 0).await {
            Ok(signal) => Exit::Stopped { signal: *signal },
            // No signal can be received: each ends the program by default.
            Err(_) => std::future::pending().await,
        }
    }
}

async fn receive(mut signals: Signals, sender: &watch::Sender<u8>) {
    let first = signals.next().await;
    RECEIVED.store(first, Ordering::SeqCst);
    if IN_BLOCKING_CALL.load(Ordering::SeqCst) {
        end(first);
    }
    sender.send_replace(first);
    end(signals.next().await);
}

/// Ends the program regardless of the main thread.
fn end(signal: u8) -> ! {
    report_unprinted();
    process::exit(Exit::Stopped { signal }.code().into());
}

/// Prints the result of a change. A signal that interrupts it reports the change.
pub(crate) async fn while_printing<T>(done: &str, print: impl Future<Output = T>) -> T {
    let _unprinted = Unprinted::begin(done);
    let printed = print.await;
    take_unprinted();
    printed
}

fn take_unprinted() -> Option<String> {
    UNPRINTED_CHANGE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Reports the change if printing its result is cancelled.
struct Unprinted;

impl Unprinted {
    fn begin(done: &str) -> Self {
        *UNPRINTED_CHANGE.lock().unwrap_or_else(PoisonError::into_inner) = Some(done.to_owned());
        Self
    }
}

impl Drop for Unprinted {
    fn drop(&mut self) {
        report_unprinted();
    }
}

fn report_unprinted() {
    if let Some(done) = take_unprinted() {
        stderr::print_line(&format!("note: {done}, but the result was not printed"));
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

        // A signal that cannot be registered keeps its default action.
        let register = |number: u8| signal(SignalKind::from_raw(number.into())).ok();
        Self {
            interrupt: register(INTERRUPT),
            terminate: register(TERMINATE),
            hangup: if is_hangup_ignored() { None } else { register(HANGUP) },
        }
    }

    /// The number of the next signal.
    async fn next(&mut self) -> u8 {
        async fn next_of(signal: &mut Option<tokio::signal::unix::Signal>) {
            let received = match signal {
                Some(signal) => signal.recv().await,
                None => None,
            };
            if received.is_none() {
                std::future::pending::<()>().await;
            }
        }

        tokio::select! {
            () = next_of(&mut self.interrupt) => INTERRUPT,
            () = next_of(&mut self.terminate) => TERMINATE,
            () = next_of(&mut self.hangup) => HANGUP,
        }
    }
}

/// Whether `nohup` or a shell made the program ignore hangups.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    // On systems other than Linux, reading the mask needs unsafe code.
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
            // Ctrl-C cannot be received: it ends the program by default.
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}

/// Standard input or output, or a file that may be a pipe. A signal ends the program while it is read
/// or written.
pub(crate) struct Interruptible<T>(pub(crate) T);

impl<T> Interruptible<T> {
    /// Makes a call that can block forever.
    fn call<R>(&mut self, call: impl FnOnce(&mut T) -> R) -> R {
        IN_BLOCKING_CALL.store(true, Ordering::SeqCst);
        // If a signal arrives now, either this thread sees it, or the other sees the blocking call.
        let signal = RECEIVED.load(Ordering::SeqCst);
        if signal != 0 {
            end(signal);
        }
        let result = call(&mut self.0);
        IN_BLOCKING_CALL.store(false, Ordering::SeqCst);
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
