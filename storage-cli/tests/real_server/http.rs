use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer to somebody without any credentials.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// Asks for a plain `http://` URL as any simple client does, without knowing S3.
pub(crate) fn get(url: &str) -> Answer {
    send("GET", url, &[], b"")
}

/// Sends a request with these headers and this body.
pub(crate) fn send(method: &str, url: &str, headers: &[(String, String)], body: &[u8]) -> Answer {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    // HTTP/1.0: the answer is neither chunked nor kept open.
    let headers: String =
        headers.iter().flat_map(|(name, value)| [name.as_str(), ": ", value, "\r\n"]).collect();
    let length = body.len();
    let request =
        format!("{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n{headers}\r\n");
    // A server may have answered before all of it is sent.
    let _ = stream.write_all(&[request.as_bytes(), body].concat());
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Answer { status, headers, body: answer[end + 4..].to_vec() }
}
