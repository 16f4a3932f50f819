//! The access token in a file, which is read again when HubSpot reports it as expired.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hubspot_conversations::{AccessToken, BoxFuture, Error, ErrorKind, TokenProvider};

use crate::secret;

/// The maximum size of a token file. Tokens have a few hundred bytes.
const MAX_BYTES: u64 = 16 * 1024;

/// The access token in a file. Another program, such as a service that refreshes tokens, can replace it
/// at any time.
#[derive(Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
    state: Mutex<State>,
}

/// The token that was read last.
#[derive(Debug)]
struct State {
    token: AccessToken,
    is_expired: bool,
}

impl TokenFile {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Why it contains no token, for people.
    pub(crate) fn open(path: PathBuf) -> Result<Self, String> {
        let state = Mutex::new(State { token: read(&path)?, is_expired: false });
        Ok(Self { path, state })
    }

    fn token(&self) -> Result<AccessToken, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_expired && !self.is_one_shot() {
            state.token = read(&self.path)
                .map_err(|reason| Error::no_token(ErrorKind::Unauthorized, reason))?;
        }
        state.is_expired = false;
        Ok(state.token.clone())
    }

    /// Whether it is not a regular file: a pipe yields its content once, and reading again could block.
    fn is_one_shot(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|file| !file.is_file())
    }
}

impl TokenProvider for TokenFile {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { self.token() })
    }

    fn invalidate(&self, expired: &AccessToken) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_expired |= state.token.expose_secret() == expired.expose_secret();
    }
}

fn read(path: &Path) -> Result<AccessToken, String> {
    if path.as_os_str().is_empty() {
        return Err(
            "--token-file is empty: provide the path of a file that contains the access token"
                .to_owned(),
        );
    }
    let name = path.display();
    // Allocated in full, because growing would leave copies of the token in memory.
    let mut text = Vec::with_capacity(MAX_BYTES as usize + 1);
    File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut text)).map_err(
        |error| match secret::looks_like_token(path) {
            true => {
                "--token-file takes the path of a file that contains the access token".to_owned()
            }
            false => format!("cannot read the token file {name}: {error}"),
        },
    )?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("the token file {name} is too long: it must contain only the token"));
    }
    let text = String::from_utf8(text)
        .map_err(|_| format!("the token file {name} is not text: store it as UTF-8"))?;
    let token = AccessToken::from(text);
    token.check().map_err(|error| format!("invalid token file {name}: {error}"))?;
    secret::register(token.expose_secret());
    Ok(token)
}
