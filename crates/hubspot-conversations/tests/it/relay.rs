//! A relay between HubSpot and a hook, which can lose a response.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// A proxy on this machine. It stops when the test's runtime does.
pub(crate) struct Relay {
    listener: TcpListener,
    /// Its address, from outside.
    pub(crate) origin: String,
    loses: Arc<AtomicBool>,
}

impl Relay {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, origin, loses: Arc::default() }
    }

    /// Closes the connection in place of the next answer.
    pub(crate) fn lose_next_answer(&self) {
        self.loses.store(true, Ordering::Relaxed);
    }

    /// Begins to pass on what it is asked.
    pub(crate) fn pass_on_to(self, to: SocketAddr) {
        tokio::spawn(async move {
            while let Ok((from, _)) = self.listener.accept().await {
                tokio::spawn(pass_on(from, to, Arc::clone(&self.loses)));
            }
        });
    }
}

async fn pass_on(mut from: TcpStream, to: SocketAddr, loses: Arc<AtomicBool>) {
    let mut to = TcpStream::connect(to).await.unwrap();
    let (mut asked, mut answer) = from.split();
    let (mut answered, mut ask) = to.split();
    let back = async {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = answered.read(&mut bytes).await {
            if loses.swap(false, Ordering::Relaxed)
                || answer.write_all(&bytes[..read]).await.is_err()
            {
                break;
            }
        }
    };
    tokio::select! {
        _ = copy(&mut asked, &mut ask) => {}
        () = back => {}
    }
}
