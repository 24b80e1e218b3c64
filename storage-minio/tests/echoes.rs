//! A server, or something on the way to it, may repeat what it was sent. No error shows a secret of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use storage_core::key::RawKey;
use storage_core::list::ListOptions;
use storage_core::options::{CustomerKey, ServerSideEncryption};
use storage_core::{Body, CopyOptions, Error, GetOptions, PutOptions, Storage};
use support::{Asked, Reply, SECRET, Scripted, key};

const TOKEN: &str = "FwoGZXIvYXdzEJr1234567890wEaDHh4eHh4eHh4eHh4eHh4eA==";
const CUSTOMER_KEY: [u8; 32] = *b"0123456789abcdef0123456789ABCDEF";

/// What of a request is secret.
fn secrets(asked: &Asked) -> Vec<String> {
    let authorization = asked.header("authorization").unwrap();
    let (_, signature) = authorization.split_once("Signature=").unwrap();
    let mut secrets = vec![SECRET.to_owned(), TOKEN.to_owned(), signature.to_owned()];
    secrets.extend(asked.header("x-amz-server-side-encryption-customer-key").map(str::to_owned));
    secrets
}

/// Every header, one after the other.
fn head(asked: &Asked) -> String {
    let mut head = asked.line();
    for (name, value) in &asked.headers {
        let _ = write!(head, " {name}: {}", value.to_str().unwrap());
    }
    head
}

type Echo = fn(&Asked) -> Reply;

const ECHOES: [Echo; 8] = [
    |asked| Reply::status(400).body(head(asked)),
    |asked| Reply::status(200).body(format!("<html><body>{}</body></html>", head(asked))),
    |asked| Reply::status(200).body(format!("<{}", head(asked))),
    |asked| Reply::status(200).body(format!("<A></{}>", secrets(asked).join("_"))),
    |asked| {
        let message = head(asked);
        Reply::status(400)
            .body(format!("<Error><Code>Odd</Code><Message>you sent {message}</Message></Error>"))
    },
    |asked| {
        let texts = secrets(asked).split_off(1).join(" and ");
        Reply::status(400).body(format!("<Error><Code>Odd</Code><Message>Got {texts}</Message></Error>"))
    },
    |asked| {
        let secret = secrets(asked).pop().unwrap();
        Reply::status(400).header("x-amz-bucket-region", &secret).header("x-amz-request-id", &secret).body(
            format!("<Error><Code>{secret}</Code><Message>{secret}</Message><RequestId>{secret}</RequestId></Error>"),
        )
    },
    |asked| {
        let secret = secrets(asked).pop().unwrap();
        Reply::status(302).header("location", format!("http://{secret}@h/{secret}?X-Amz-Signature={secret}"))
    },
];

fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {:?}", error.hint());
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, " {cause} {cause:?}");
        source = cause.source();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_secret_comes_back_in_an_error() {
    for (number, echo) in ECHOES.into_iter().enumerate() {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&sent);
        let transport = Scripted::new(move |asked| {
            seen.lock().unwrap().extend(secrets(asked));
            echo(asked)
        });
        let storage = transport.builder().session_token(TOKEN).build().unwrap();
        let customer_key = CustomerKey::new(CUSTOMER_KEY);
        let encrypted = PutOptions::new().encryption(ServerSideEncryption::Customer(customer_key.clone()));
        let mut errors = vec![
            storage.put(&key("a"), Body::from("x"), encrypted.clone()).await.err(),
            storage.put(&key("a"), Body::from(vec![0; 6 * 1024 * 1024]), encrypted).await.err(),
            storage.get(&key("a"), GetOptions::new().customer_key(customer_key)).await.err(),
            storage.stat(&key("a")).await.err(),
            storage.tags(&key("a")).await.err(),
            storage.delete(&key("a")).await.err(),
            storage.delete_many(vec![RawKey::new("a")]).await.err(),
            storage.copy(&key("a"), &key("b"), CopyOptions::new()).await.err(),
            storage.create_bucket().await.err(),
        ];
        errors.extend(storage.list(ListOptions::new()).next().await.map(Result::err));
        let sent = sent.lock().unwrap();
        let failed = errors.iter().flatten().count();
        assert!(failed >= 5 && sent.len() > 20, "{failed} of echo {number} failed");
        for error in errors.iter().flatten() {
            let text = everything(error);
            for secret in sent.iter() {
                assert!(!text.contains(secret.as_str()), "echo {number} shows {secret}: {text}");
            }
        }
    }
}
