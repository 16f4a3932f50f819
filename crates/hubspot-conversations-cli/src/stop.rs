//! Being asked to stop, with Ctrl-C or by a signal.

use std::process::ExitCode;

use crate::exit::Exit;

/// How the program was asked to stop.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    Interrupt,
    #[cfg(unix)]
    Terminate,
}

impl Stop {
    /// Waits until somebody asks.
    pub(crate) async fn asked() -> Self {
        let interrupted = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Ctrl-C cannot be caught, and ends the program by itself.
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        tokio::select! {
            () = interrupted => Self::Interrupt,
            () = terminated() => Self::Terminate,
        }
        #[cfg(not(unix))]
        {
            interrupted.await;
            Self::Interrupt
        }
    }

    /// 128 and the signal's number, as shells have it.
    pub(crate) fn exit_code(self) -> ExitCode {
        let signal = match self {
            Self::Interrupt => 2,
            #[cfg(unix)]
            Self::Terminate => 15,
        };
        Exit::Stopped { signal }.into()
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
