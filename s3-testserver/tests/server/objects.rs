//! Single objects: what goes in comes out, under every condition.

use crate::support::Fixture;

#[tokio::test]
async fn an_object_keeps_its_bytes_and_headers() {
    let s3 = Fixture::new().await;
    let headers = [
        ("content-type", "image/png"),
        ("cache-control", "private"),
        ("content-disposition", "attachment; filename*=UTF-8''%C3%9C.png"),
        ("x-amz-meta-author", "=?UTF-8?B?w5xsbA==?="),
        ("x-amz-tagging", "kind=cat&of=Tom%20%26%20Jerry"),
    ];
    let put = s3.put("cats/täm 1+1.png", &headers, b"miau");
    assert_eq!(put.status, 200);
    assert_eq!(put.header("etag"), Some("\"50941bf460efcb1356249a2e5018f8c8\""));

    let got = s3.get("cats/täm 1+1.png", &[]);
    assert_eq!((got.status, got.text().as_str()), (200, "miau"));
    for (name, value) in &headers[..4] {
        assert_eq!(got.header(name), Some(*value), "{name}");
    }
    assert_eq!(got.header("x-amz-tagging-count"), Some("2"));
    let head = s3.head("cats/täm 1+1.png", &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some("4")));
    assert_eq!(head.header("x-amz-meta-author"), Some("=?UTF-8?B?w5xsbA==?="));
    assert_eq!(head.header("last-modified"), got.header("last-modified"));

    assert_eq!(s3.server.objects("bucket")[0].0, "cats/täm 1+1.png");
    assert_eq!(s3.delete("cats/täm 1+1.png").status, 204);
    assert_eq!(s3.get("cats/täm 1+1.png", &[]).element("Code").as_deref(), Some("NoSuchKey"));
    let gone = s3.head("cats/täm 1+1.png", &[]);
    assert_eq!((gone.status, gone.header("x-minio-error-code")), (404, Some("NoSuchKey")));
    assert_eq!(s3.delete("cats/täm 1+1.png").status, 204);
}

#[tokio::test]
async fn conditions_are_honoured() {
    let s3 = Fixture::new().await;
    assert_eq!(s3.put("k", &[("if-match", "\"00\"")], b"1").status, 404);
    assert_eq!(s3.put("k", &[("if-none-match", "*")], b"1").status, 200);
    assert_eq!(s3.put("k", &[("if-none-match", "*")], b"2").status, 412);
    assert_eq!(s3.put("k", &[("if-match", "\"00\"")], b"2").status, 412);
    let got = s3.get("k", &[]);
    assert_eq!(got.text(), "1");
    let etag = got.header("etag").expect("an ETag");
    let time = got.header("last-modified").expect("a time");

    let unchanged = s3.get("k", &[("if-none-match", etag)]);
    assert_eq!((unchanged.status, unchanged.header("etag")), (304, Some(etag)));
    assert_eq!(s3.head("k", &[("if-modified-since", time)]).status, 304);
    assert_eq!(s3.get("k", &[("if-modified-since", "Thu, 01 Jan 2015 00:00:00 GMT")]).status, 200);
    assert_eq!(s3.get("k", &[("if-match", "\"00\"")]).status, 412);
    assert_eq!(s3.put("k", &[("if-match", etag)], b"2").status, 200);
}

#[tokio::test]
async fn ranges_and_overrides() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"0123456789");
    let cases = [("bytes=2-4", "234"), ("bytes=7-", "789"), ("bytes=-2", "89"), ("bytes=8-99", "89")];
    for (range, text) in cases {
        let got = s3.get("k", &[("range", range)]);
        assert_eq!((got.status, got.text().as_str()), (206, text), "{range}");
    }
    let got = s3.head("k", &[("range", "bytes=2-4")]);
    assert_eq!((got.status, got.header("content-range")), (206, Some("bytes 2-4/10")));
    for range in ["bytes=10-", "bytes=-0"] {
        let got = s3.get("k", &[("range", range)]);
        assert_eq!((got.status, got.element("Code").as_deref()), (416, Some("InvalidRange")), "{range}");
    }
    let mut action = rusty_s3::actions::GetObject::new(&s3.bucket, Some(&s3.credentials), "k");
    rusty_s3::S3Action::query_mut(&mut action).insert("response-content-type", "text/x-other");
    let got = crate::support::send("GET", &crate::support::signed(&action), &[], b"").expect("an answer");
    assert_eq!(got.header("content-type"), Some("text/x-other"));
}

#[tokio::test]
async fn wrong_digests_and_keys_are_refused() {
    let s3 = Fixture::new().await;
    let cases = [
        ("k", "content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", "BadDigest"),
        ("k", "content-md5", "short", "InvalidDigest"),
        ("k", "x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "BadDigest"),
        ("a//b", "x-ok", "1", "XMinioInvalidObjectName"),
        (&"n".repeat(256), "x-ok", "1", "KeyTooLongError"),
        ("k", "x-amz-meta-a", &"v".repeat(2048), "MetadataTooLarge"),
    ];
    for (key, name, value, code) in cases {
        let put = s3.put(key, &[(name, value)], b"body");
        assert_eq!((put.status, put.element("Code").as_deref()), (400, Some(code)), "{key} {name}");
    }
    assert!(s3.server.objects("bucket").is_empty());
    let sha256 = "Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=";
    let put = s3.put("k", &[("x-amz-checksum-sha256", sha256)], b"body");
    assert_eq!((put.status, put.header("x-amz-checksum-sha256")), (200, Some(sha256)));
    let head = s3.head("k", &[("x-amz-checksum-mode", "ENABLED")]);
    assert_eq!(head.header("x-amz-checksum-sha256"), Some(sha256));
}

#[tokio::test]
async fn copies_overwrite_and_take_the_metadata_they_are_told() {
    let s3 = Fixture::new().await;
    s3.put(
        "from ü",
        &[("content-type", "text/x-a"), ("x-amz-meta-a", "1"), ("x-amz-tagging", "t=1")],
        b"from",
    );
    s3.put("to", &[], b"to");
    let source = ("x-amz-copy-source", "/bucket/from%20%C3%BC");
    let copied = s3.put("to", &[source, ("if-none-match", "*")], b"");
    assert_eq!(copied.status, 200);
    let got = s3.get("to", &[]);
    assert_eq!((got.text().as_str(), got.header("x-amz-meta-a")), ("from", Some("1")));
    assert_eq!(got.header("x-amz-tagging-count"), Some("1"));

    let replace = [source, ("x-amz-metadata-directive", "REPLACE"), ("content-type", "text/x-b")];
    assert_eq!(s3.put("to", &replace, b"").status, 200);
    let got = s3.head("to", &[]);
    assert_eq!((got.header("content-type"), got.header("x-amz-meta-a")), (Some("text/x-b"), None));

    assert_eq!(s3.put("from ü", &[source], b"").element("Code").as_deref(), Some("InvalidRequest"));
    assert_eq!(s3.put("to", &[source, ("x-amz-copy-source-if-match", "\"0\"")], b"").status, 412);
    let missing = s3.put("to", &[("x-amz-copy-source", "/bucket/nope")], b"");
    assert_eq!((missing.status, missing.element("Code").as_deref()), (404, Some("NoSuchKey")));
}

#[tokio::test]
async fn of_64_racers_for_one_key_one_wins() {
    let s3 = Fixture::new().await;
    let wins = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..64)
            .map(|racer: u8| {
                let s3 = &s3;
                scope.spawn(move || s3.put("k", &[("if-none-match", "*")], &[racer]).status)
            })
            .collect();
        let statuses = racers.into_iter().map(|racer| racer.join().expect("a status"));
        statuses.filter(|status| *status == 200).count()
    });
    assert_eq!(wins, 1);
    assert_eq!(s3.server.requests().count(), 64);
}

#[tokio::test]
async fn foreign_objects_come_out_as_they_were_planted() {
    let s3 = Fixture::new().await;
    s3.server.put_foreign("bucket", "a//b", &[("content-disposition", b"inline; filename=\"\xfc\"")], "x");
    let got = s3.get("a//b", &[]);
    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-disposition"), Some("inline; filename=\"\u{fc}\""));
    assert_eq!(s3.delete("a//b").status, 204);
    assert!(s3.server.objects("bucket").is_empty());
}
