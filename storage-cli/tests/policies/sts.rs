use std::time::SystemTime;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use storage_suite::policy::Policy;

use crate::http::send;
use crate::server::Sandbox;

/// Temporary credentials that may do what a policy allows, and nothing else.
pub(crate) struct Session {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) token: String,
}

/// Asks the server for a session with this policy, as MinIO and AWS give them
/// ([STS, AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)); none if it knows no such thing.
pub(crate) fn assume(sandbox: &Sandbox, policy: &Policy) -> Option<Session> {
    let host = sandbox.variable("MINIO_ENDPOINT");
    let document = policy.to_json().unwrap();
    let body =
        format!("Action=AssumeRole&Version=2011-06-15&DurationSeconds=3600&Policy={}", escaped(&document));
    let headers = signed(sandbox, host, body.as_bytes());
    let answer = send("POST", &format!("http://{host}/"), &headers, body.as_bytes());
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status != 200 || !text.contains("<AssumeRoleResult>") {
        assert!(!text.contains("<Code>InvalidParameterValue"), "it refuses the policy: {text}");
        return None;
    }
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    Some(Session {
        access_key: element("AccessKeyId"),
        secret_key: element("SecretAccessKey"),
        token: element("SessionToken"),
    })
}

/// Signature Version 4 for the service `sts`, from its documentation.
fn signed(sandbox: &Sandbox, host: &str, body: &[u8]) -> Vec<(String, String)> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let time = jiff::Timestamp::from_second(i64::try_from(since.as_secs()).unwrap()).unwrap();
    let (time, day) = (time.strftime("%Y%m%dT%H%M%SZ").to_string(), time.strftime("%Y%m%d").to_string());
    let (digest, kind) = (hex(&Sha256::digest(body)), "application/x-www-form-urlencoded");
    let names = "content-type;host;x-amz-content-sha256;x-amz-date";
    let canonical = format!(
        "POST\n/\n\ncontent-type:{kind}\nhost:{host}\nx-amz-content-sha256:{digest}\nx-amz-date:{time}\n\n{names}\n{digest}"
    );
    let region = sandbox.variable("MINIO_REGION");
    let scope = format!("{day}/{region}/sts/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let secret = format!("AWS4{}", sandbox.variable("MINIO_SECRET_KEY")).into_bytes();
    let key = [&day, region, "sts", "aws4_request"].into_iter().fold(secret, |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &text));
    let credential = format!("{}/{scope}", sandbox.variable("MINIO_ACCESS_KEY"));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}");
    [
        ("Content-Type", kind),
        ("X-Amz-Content-Sha256", &digest),
        ("X-Amz-Date", &time),
        ("Authorization", &authorization),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}
