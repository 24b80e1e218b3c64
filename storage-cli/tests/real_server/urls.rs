use crate::http::get;
use crate::server::Sandbox;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture has";

fn stored(name: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let key = sandbox.put(PICTURE, name);
    (sandbox, key)
}

fn url(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox.run(&[&["url"], args].concat()).ok().lines().remove(0)
}

#[test]
fn a_signed_url_gives_bytes_and_headers_to_anybody() {
    let (sandbox, key) = stored("a b/ü+&=.png");
    let answer = get(&url(&sandbox, &[&key, "--expires", "10m"]));
    assert_eq!((answer.status, answer.body.as_slice()), (200, PICTURE), "{answer:?}");
    assert_eq!(answer.headers["content-type"], "image/png");
    assert_eq!(answer.headers["content-length"], PICTURE.len().to_string());
}

#[test]
fn overrides_are_answered() {
    let (sandbox, key) = stored("a.png");
    let options =
        [key.as_str(), "--download-as", "Übersicht \"1\".png", "--response", "cache-control=no-store"];
    let answer = get(&url(&sandbox, &options));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let disposition = &answer.headers["content-disposition"];
    assert!(disposition.starts_with("attachment") && disposition.contains("%C3%9Cbersicht"), "{disposition}");
}

#[test]
fn a_changed_or_unsigned_url_is_refused() {
    let (sandbox, key) = stored("a.png");
    let other = sandbox.put(b"secret", "b.png");
    let url = url(&sandbox, &[&key, "--expires", "10m"]);
    assert_eq!(get(&url).status, 200);
    for changed in [
        url.replace(&format!("/{key}"), &format!("/{other}")),
        url.replace("X-Amz-Expires=600", "X-Amz-Expires=601"),
        url.split('?').next().unwrap().to_owned(),
    ] {
        assert_ne!(changed, url);
        assert_eq!(get(&changed).status, 403, "{changed}");
    }
}
