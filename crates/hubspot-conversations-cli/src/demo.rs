//! The simulator of `--demo`, which runs as long as one command.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use hubspot_conversations_sim::Simulator;
use tokio::sync::oneshot;

use crate::command_error::CommandError;

/// A simulator on a separate thread, so that it does not block the client. Dropping it stops it.
pub(crate) struct Demo {
    pub(crate) access: Access,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The address of a simulator, and the credentials that it accepts.
pub(crate) struct Access {
    pub(crate) base_url: String,
    pub(crate) token: String,
    pub(crate) developer_key: String,
    pub(crate) app_id: u64,
}

impl Demo {
    pub(crate) fn start() -> Result<Self, CommandError> {
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            let serve = async {
                let simulator = match Simulator::start().await {
                    Ok(simulator) => simulator,
                    Err(error) => return ready.send(Err(error)),
                };
                let access = Access {
                    base_url: simulator.base_url().to_owned(),
                    token: simulator.token().to_owned(),
                    developer_key: simulator.developer_key().to_owned(),
                    app_id: simulator.app_id(),
                };
                ready.send(Ok(access))?;
                // It is an error once the sender is dropped, which ends the simulator.
                let _ = stopped.await;
                Ok(())
            };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // If the receiver is gone, the simulator is not needed.
            let _ = runtime.map(|runtime| runtime.block_on(serve));
        });
        let thread = thread.map_err(|error| failed(&error))?;
        let access = match started.recv() {
            Ok(access) => access.map_err(|error| failed(&error))?,
            Err(_) => return Err(failed(&std::io::Error::other("the simulator thread ended"))),
        };
        Ok(Self { access, stop: Some(stop), thread: Some(thread) })
    }
}

fn failed(error: &std::io::Error) -> CommandError {
    CommandError::Failed(format!("cannot start the simulator: {error}"))
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // If it panicked, the panic has been reported.
            let _ = thread.join();
        }
    }
}
