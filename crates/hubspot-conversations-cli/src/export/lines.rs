//! Lines that wait until all of them are there.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

/// How much is kept in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// Lines that wait until all of them are there: in memory, and what is more in a file that has no
/// name and is gone with the process.
pub(super) struct Lines {
    memory: Vec<u8>,
    /// What came before that which is in memory.
    file: Option<File>,
    folder: Rc<Path>,
}

impl Lines {
    /// With memory to use.
    pub(super) fn new(memory: Vec<u8>, folder: Rc<Path>) -> Self {
        Self { memory, file: None, folder }
    }

    /// Appends all of them to what a file holds. Gives their length, and the memory for other lines.
    pub(super) fn append_to(mut self, out: &mut impl Write) -> io::Result<(u64, Vec<u8>)> {
        let mut length = self.memory.len() as u64;
        if let Some(mut file) = self.file {
            file.seek(SeekFrom::Start(0))?;
            length += io::copy(&mut file, out)?;
        }
        out.write_all(&self.memory)?;
        self.memory.clear();
        Ok((length, self.memory))
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.memory.len() + bytes.len() > IN_MEMORY {
            let file = match self.file.take() {
                Some(file) => file,
                None => tempfile::tempfile_in(&self.folder)?,
            };
            let file = self.file.insert(file);
            file.write_all(&self.memory)?;
            self.memory.clear();
            if bytes.len() > IN_MEMORY {
                file.write_all(bytes)?;
                return Ok(bytes.len());
            }
        }
        self.memory.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::{IN_MEMORY, Lines};

    #[test]
    fn many_lines_are_as_whole_as_few_and_take_no_more_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut out = fs::File::create(&path).unwrap();
        let mut lines = Lines::new(Vec::new(), folder.path().into());
        let mut expected = Vec::new();
        for number in 0..300_000 {
            writeln!(lines, "{number}").unwrap();
            writeln!(expected, "{number}").unwrap();
            assert!(lines.memory.len() <= IN_MEMORY);
        }
        let (length, memory) = lines.append_to(&mut out).unwrap();
        assert_eq!((length, memory.len()), (expected.len() as u64, 0));
        assert!(fs::read(path).unwrap() == expected);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn one_huge_record_keeps_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut lines = Lines::new(Vec::new(), folder.path().into());
        let huge = vec![b'x'; 8 * IN_MEMORY];
        lines.write_all(b"first\n").unwrap();
        lines.write_all(&huge).unwrap();
        lines.write_all(b"last\n").unwrap();
        let mut out = Vec::new();
        let (length, memory) = lines.append_to(&mut out).unwrap();
        assert_eq!(length, out.len() as u64);
        assert!(out == [b"first\n", &huge[..], b"last\n"].concat());
        assert!(memory.capacity() <= IN_MEMORY, "{}", memory.capacity());
    }
}
