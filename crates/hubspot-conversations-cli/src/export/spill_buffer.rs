//! Lines that are buffered until all of them are complete.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

/// The maximum size of the part in memory.
const MAX_MEMORY: usize = 1024 * 1024;

/// Lines that are buffered until all of them are complete: in memory, and beyond that in an unnamed
/// temporary file.
pub(super) struct SpillBuffer {
    memory: Vec<u8>,
    /// The part before that in memory.
    file: Option<File>,
    folder: Rc<Path>,
}

impl SpillBuffer {
    /// Reuses the memory of another buffer.
    pub(super) fn new(memory: Vec<u8>, folder: Rc<Path>) -> Self {
        Self { memory, file: None, folder }
    }

    /// Appends all lines to a file. Returns their length, and the memory for reuse.
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

impl Write for SpillBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.memory.len() + bytes.len() > MAX_MEMORY {
            let file = match self.file.take() {
                Some(file) => file,
                None => tempfile::tempfile_in(&self.folder)?,
            };
            let file = self.file.insert(file);
            file.write_all(&self.memory)?;
            self.memory.clear();
            if bytes.len() > MAX_MEMORY {
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

    use super::{MAX_MEMORY, SpillBuffer};

    #[test]
    fn many_lines_are_as_whole_as_few_and_take_no_more_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut out = fs::File::create(&path).unwrap();
        let mut lines = SpillBuffer::new(Vec::new(), folder.path().into());
        let mut expected = Vec::new();
        for number in 0..300_000 {
            writeln!(lines, "{number}").unwrap();
            writeln!(expected, "{number}").unwrap();
            assert!(lines.memory.len() <= MAX_MEMORY);
        }
        let (length, memory) = lines.append_to(&mut out).unwrap();
        assert_eq!((length, memory.len()), (expected.len() as u64, 0));
        assert!(fs::read(path).unwrap() == expected);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn one_huge_record_keeps_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut lines = SpillBuffer::new(Vec::new(), folder.path().into());
        let huge = vec![b'x'; 8 * MAX_MEMORY];
        lines.write_all(b"first\n").unwrap();
        lines.write_all(&huge).unwrap();
        lines.write_all(b"last\n").unwrap();
        let mut out = Vec::new();
        let (length, memory) = lines.append_to(&mut out).unwrap();
        assert_eq!(length, out.len() as u64);
        assert!(out == [b"first\n", &huge[..], b"last\n"].concat());
        assert!(memory.capacity() <= MAX_MEMORY, "{}", memory.capacity());
    }
}
