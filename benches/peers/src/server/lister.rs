use std::io::{self, Write};
use std::net::TcpStream;

use super::connection::Connection;

/// How many keys there are.
pub(crate) const KEYS: u32 = 1_000_000;

/// How many keys S3 puts on a page.
const PAGE: u32 = 1_000;

/// Lists [`KEYS`] keys, as MinIO writes them, page by page. The number of its first key is a page's continuation token.
pub(super) fn connection(stream: TcpStream) -> io::Result<()> {
    let mut connection = Connection::new(stream)?;
    let mut answer = Vec::new();
    let mut document = Vec::new();
    while let Some(line) = connection.next()? {
        let start = match token(&line.target) {
            _ if line.method != "GET" => return Err(io::Error::other("it can be listed only")),
            None => 0,
            Some(token) => token.parse().map_err(io::Error::other)?,
        };
        document.clear();
        write_page(&mut document, start, line.target.contains("encoding-type=url"))?;
        answer.clear();
        write!(
            answer,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nContent-Type: application/xml\r\nServer: MinIO\r\n\r\n",
            document.len()
        )?;
        answer.extend_from_slice(&document);
        connection.send(&answer)?;
    }
    Ok(())
}

fn token(target: &str) -> Option<&str> {
    let (_, query) = target.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("continuation-token="))
}

fn write_page(document: &mut Vec<u8>, start: u32, is_encoded: bool) -> io::Result<()> {
    let end = (start + PAGE).min(KEYS);
    write!(
        document,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bench</Name><Prefix></Prefix>"
    )?;
    if end < KEYS {
        write!(document, "<NextContinuationToken>{end}</NextContinuationToken>")?;
    }
    let is_truncated = end < KEYS;
    write!(
        document,
        "<KeyCount>{}</KeyCount><MaxKeys>{PAGE}</MaxKeys><IsTruncated>{is_truncated}</IsTruncated>",
        end - start
    )?;
    for key in start..end {
        write!(
            document,
            "<Contents><Key>photos/2026/{key:08}.jpg</Key><LastModified>2026-11-23T18:00:00.000Z</LastModified>\
             <ETag>&#34;d41d8cd98f00b204e9800998ecf8427e&#34;</ETag><Size>4096</Size>\
             <StorageClass>STANDARD</StorageClass></Contents>"
        )?;
    }
    if is_encoded {
        document.extend_from_slice(b"<EncodingType>url</EncodingType>");
    }
    document.extend_from_slice(b"</ListBucketResult>");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_the_last() {
        let mut page = Vec::new();
        write_page(&mut page, 0, false).unwrap();
        let first = String::from_utf8(std::mem::take(&mut page)).unwrap();
        assert!(first.contains("<IsTruncated>true") && first.contains("<NextContinuationToken>1000<"));
        assert_eq!(first.matches("<Key>").count(), 1_000);
        write_page(&mut page, KEYS - PAGE, false).unwrap();
        assert!(String::from_utf8(page).unwrap().contains("<IsTruncated>false"));
        assert_eq!(token("/bench/?list-type=2&continuation-token=7&x="), Some("7"));
    }
}
