use std::io::{self, Read, Write};
use std::net::TcpStream;

/// Large enough for a body of 1 MiB in a few reads.
const BUFFER_BYTES: usize = 256 * 1024;

/// A keep-alive connection of HTTP/1.1, as much of it as the contestants use: bodies have a length, and are dropped.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// How much of the buffer holds bytes.
    filled: usize,
}

/// The first line of a request.
pub(super) struct RequestLine {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER_BYTES], filled: 0 })
    }

    /// The next request, when its body has been read; `None` when the client has closed the connection.
    pub(super) fn next(&mut self) -> io::Result<Option<RequestLine>> {
        let end = loop {
            if let Some(end) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break end + 4;
            }
            if self.filled == self.buffer.len() {
                return Err(io::Error::other("the headers are too long"));
            }
            match self.stream.read(&mut self.buffer[self.filled..])? {
                0 => return Ok(None),
                count => self.filled += count,
            }
        };
        let head = std::str::from_utf8(&self.buffer[..end]).map_err(io::Error::other)?;
        let mut words = head.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let line = RequestLine { method: method.to_owned(), target: target.to_owned() };
        if header(head, "transfer-encoding").is_some() {
            return Err(io::Error::other("bodies must have a length"));
        }
        let length = header(head, "content-length").unwrap_or("0");
        let length: usize = length.parse().map_err(io::Error::other)?;
        if header(head, "expect").is_some() {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        self.drop_body(end, length)?;
        Ok(Some(line))
    }

    pub(super) fn send(&mut self, answer: &[u8]) -> io::Result<()> {
        self.stream.write_all(answer)
    }

    /// Forgets the head, which takes `head` bytes of the buffer, and `length` bytes after it.
    fn drop_body(&mut self, head: usize, length: usize) -> io::Result<()> {
        let in_buffer = (self.filled - head).min(length);
        self.buffer.copy_within(head + in_buffer..self.filled, 0);
        self.filled -= head + in_buffer;
        let mut left = length - in_buffer;
        // If something is left to read, the buffer held nothing beyond this body.
        while left > 0 {
            let wanted = left.min(self.buffer.len());
            match self.stream.read(&mut self.buffer[..wanted])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => left -= count,
            }
        }
        Ok(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn header<'h>(head: &'h str, wanted: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}
