use std::io;
use std::net::TcpStream;

use super::connection::Connection;

/// What MinIO answers to a PUT.
const STORED: &[u8] = b"HTTP/1.1 200 OK\r\n\
    Accept-Ranges: bytes\r\n\
    Content-Length: 0\r\n\
    ETag: \"d41d8cd98f00b204e9800998ecf8427e\"\r\n\
    Server: MinIO\r\n\
    Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n\
    Vary: Origin\r\n\
    Vary: Accept-Encoding\r\n\
    X-Amz-Id-2: dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8\r\n\
    X-Amz-Request-Id: 18A1B2C3D4E5F607\r\n\
    X-Content-Type-Options: nosniff\r\n\
    X-Ratelimit-Limit: 262\r\n\
    X-Ratelimit-Remaining: 262\r\n\
    X-Xss-Protection: 1; mode=block\r\n\
    Date: Mon, 23 Nov 2026 18:00:00 GMT\r\n\r\n";

/// Says that it has stored whatever comes.
pub(super) fn connection(stream: TcpStream) -> io::Result<()> {
    let mut connection = Connection::new(stream)?;
    while connection.next()?.is_some() {
        connection.send(STORED)?;
    }
    Ok(())
}
