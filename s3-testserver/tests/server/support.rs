//! An HTTP client of the plainest kind, and signed URLs made by `rusty-s3`.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rusty_s3::actions::{CreateMultipartUpload, DeleteObject, GetObject, HeadObject, PutObject, UploadPart};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use s3_testserver::TestServer;

const VALID: Duration = Duration::from_mins(10);

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// A header's value; `None` when it is not there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once('<').map(|(value, _)| value.to_owned())
    }
}

/// A server, and a bucket named `bucket` in it.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) server: TestServer,
    pub(crate) bucket: Bucket,
    pub(crate) credentials: Credentials,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let server = TestServer::start().await;
        server.create_bucket("bucket");
        let credentials = Credentials::new(server.access_key(), server.secret_key());
        let endpoint = server.endpoint().parse().expect("a URL");
        let bucket = Bucket::new(endpoint, UrlStyle::Path, "bucket", "us-east-1").expect("a bucket");
        Self { server, bucket, credentials }
    }

    pub(crate) fn put(&self, key: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let url = PutObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID);
        send("PUT", url.as_str(), headers, body).expect("an answer")
    }

    pub(crate) fn get(&self, key: &str, headers: &[(&str, &str)]) -> Reply {
        send("GET", &self.url(key), headers, b"").expect("an answer")
    }

    pub(crate) fn head(&self, key: &str, headers: &[(&str, &str)]) -> Reply {
        let url = HeadObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID);
        send("HEAD", url.as_str(), headers, b"").expect("an answer")
    }

    pub(crate) fn delete(&self, key: &str) -> Reply {
        let url = DeleteObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID);
        send("DELETE", url.as_str(), &[], b"").expect("an answer")
    }

    /// A signed URL to read `key`.
    pub(crate) fn url(&self, key: &str) -> String {
        GetObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID).into()
    }

    /// Starts an upload and gives its id.
    pub(crate) fn start_upload(&self, key: &str, headers: &[(&str, &str)]) -> String {
        let url = CreateMultipartUpload::new(&self.bucket, Some(&self.credentials), key).sign(VALID);
        let reply = send("POST", url.as_str(), headers, b"").expect("an answer");
        reply.element("UploadId").expect("an id")
    }

    pub(crate) fn put_part(
        &self,
        key: &str,
        number: u16,
        id: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let url = UploadPart::new(&self.bucket, Some(&self.credentials), key, number, id).sign(VALID);
        send("PUT", url.as_str(), headers, body).expect("an answer")
    }
}

/// Signs for ten minutes.
pub(crate) fn signed<'a>(action: &impl S3Action<'a>) -> String {
    action.sign(VALID).into()
}

/// Sends one request on a connection of its own.
///
/// # Errors
/// `UnexpectedEof` for a body that ends early, `ConnectionReset`, and `WouldBlock` after 2 s of silence.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Reply> {
    let rest = url.strip_prefix("http://").expect("an http URL");
    let (host, target) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut head = format!("{method} /{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").expect("a string takes all");
    }
    write!(head, "content-length: {}\r\n\r\n", body.len()).expect("a string takes all");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;

    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let head = head.into_iter().map(char::from).collect::<String>();
    let status = head[9..12].parse().expect("a status");
    let mut reply = Reply { status, head, body: Vec::new() };
    if method != "HEAD" && status != 304 && status != 204 {
        let length = reply.header("content-length").expect("a length").parse().expect("a number");
        reply.body.resize(length, 0);
        reader.read_exact(&mut reply.body)?;
    }
    Ok(reply)
}
