use crate::http::get;
use crate::server::Sandbox;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture has";

fn stored(key: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.pipe(PICTURE, &["put", "-", "--name", key]).ok();
    sandbox
}

fn url(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox.run(&[&["url"], args].concat()).ok().lines().remove(0)
}

#[test]
fn a_signed_url_gives_bytes_and_headers_to_anybody() {
    let sandbox = stored("a b/ü+&=.png");
    let answer = get(&url(&sandbox, &["a b/ü+&=.png", "--expires", "10m"]));
    assert_eq!((answer.status, answer.body.as_slice()), (200, PICTURE), "{answer:?}");
    assert_eq!(answer.headers["content-type"], "image/png");
    assert_eq!(answer.headers["content-length"], PICTURE.len().to_string());
}

#[test]
fn overrides_are_answered() {
    let sandbox = stored("a.png");
    let options = ["a.png", "--download-as", "Übersicht \"1\".png", "--response", "cache-control=no-store"];
    let answer = get(&url(&sandbox, &options));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let disposition = &answer.headers["content-disposition"];
    assert!(disposition.starts_with("attachment") && disposition.contains("%C3%9Cbersicht"), "{disposition}");
}

#[test]
fn a_changed_or_unsigned_url_is_refused() {
    let sandbox = stored("a.png");
    sandbox.pipe(b"secret", &["put", "-", "--name", "b.png"]).ok();
    let url = url(&sandbox, &["a.png", "--expires", "10m"]);
    assert_eq!(get(&url).status, 200);
    for changed in [
        url.replace("/a.png", "/b.png"),
        url.replace("X-Amz-Expires=600", "X-Amz-Expires=601"),
        url.split('?').next().unwrap().to_owned(),
    ] {
        assert_ne!(changed, url);
        assert_eq!(get(&changed).status, 403, "{changed}");
    }
}
