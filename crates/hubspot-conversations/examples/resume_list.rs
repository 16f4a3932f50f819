//! Lists all threads. It can be stopped at any time, and continues at the same position when run
//! again.
//!
//! ```sh
//! export HUBSPOT_ACCESS_TOKEN=…   # with the scope conversations.read
//! cargo run --example resume_list CURSOR_FILE >> threads.txt
//! ```
//!
//! The file holds the place in the list. Once the list has ended, there is nothing more to print.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use anyhow::bail;
use hubspot_conversations::{Client, Cursor};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Some(file) = env::args().nth(1).map(PathBuf::from) else {
        bail!("usage: resume_list CURSOR_FILE");
    };
    let client = Client::from_env()?;

    let list = client.threads().list().limit(500);
    let mut threads = match read(&file)? {
        Some(cursor) => list.resume(&cursor)?,
        None => list.stream(),
    };
    while let Some(thread) = threads.try_next().await? {
        // First the work, then the cursor: if the program stops in between, it repeats the item
        // instead of skipping it.
        println!("{}", thread.id);
        write(&file, &threads.cursor())?;
    }
    // The last thread is not yet the end: that is known only now.
    write(&file, &threads.cursor())
}

fn read(file: &Path) -> anyhow::Result<Option<Cursor>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text.trim().parse()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes beside the file and renames, so that it is never half written.
fn write(file: &Path, cursor: &Cursor) -> anyhow::Result<()> {
    let beside = file.with_extension("new");
    fs::write(&beside, cursor.to_string())?;
    Ok(fs::rename(beside, file)?)
}
