use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request as anybody can send it, without knowing S3.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What stands for the status of a server that closes the connection without a word.
const HUNG_UP: u16 = 0;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn new(method: &str, url: &str) -> Self {
        Self { method: method.to_owned(), url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(url: &str) -> Self {
        Self::new("GET", url)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another value for a header that is there.
    pub(crate) fn altered(mut self, name: &str, value: &str) -> Self {
        let header = self.headers.iter_mut().find(|(known, _)| known == name);
        let (_, known) = header.unwrap_or_else(|| panic!("no header {name}"));
        value.clone_into(known);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        let before = self.headers.len();
        self.headers.retain(|(known, _)| known != name);
        assert_eq!(self.headers.len() + 1, before, "no header {name}");
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn send(&self) -> Answer {
        let (host, path) = self.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut headers = self.headers.clone();
        if self.method != "GET" && self.method != "HEAD" {
            headers.push(("Content-Length".to_owned(), self.body.len().to_string()));
        }
        let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        // HTTP/1.0: the answer is neither chunked nor kept open.
        let start = format!("{} /{path} HTTP/1.0\r\nHost: {host}\r\n", self.method);
        let head = format!("{start}{}\r\n", headers.concat());
        // Who refuses by the head alone may not read the rest.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&self.body));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        match answer.is_empty() {
            true => Answer { status: HUNG_UP, headers: Vec::new(), body: String::new() },
            false => Answer::read(&answer).unwrap_or_else(|| panic!("{self:?} is answered by {answer:?}")),
        }
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
        let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
        Some(Self { status, headers: headers.collect(), body })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The server says that it is the request's fault, or that it cannot do it, or it hangs up.
    pub(crate) fn is_refusal(&self) -> bool {
        (400..500).contains(&self.status) || [501, HUNG_UP].contains(&self.status)
    }
}
