use std::error::Error as StdError;

/// What a server answered, as far as `object_store` tells: it does so in the text of an error only, whose type is private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

const STATUS: &str = "Server returned non-2xx status code: ";
const ERROR_IN_SUCCESS: &str = "Server returned error response: ";
const REDIRECT: &str = "Received redirect without LOCATION";

impl Answer {
    /// The first answer among the causes of an error. Each is looked at by itself, as an outer text may repeat a key, and a key may hold
    /// anything.
    pub(super) fn find(error: &(dyn StdError + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(answer) = Self::parse(&error.to_string()) {
                return Some(answer);
            }
            next = error.source();
        }
        None
    }

    fn parse(text: &str) -> Option<Self> {
        if text.starts_with(REDIRECT) {
            return Some(Self { status: 301, code: None, message: None });
        }
        if let Some(body) = text.strip_prefix(ERROR_IN_SUCCESS) {
            return Some(Self::of(503, body));
        }
        let rest = text.strip_prefix(STATUS)?;
        let status = rest.get(..3)?.parse().ok()?;
        Some(Self::of(status, rest.split_once(": ").map_or("", |(_, body)| body)))
    }

    fn of(status: u16, body: &str) -> Self {
        Self {
            status,
            code: element(body, "Code").filter(|code| is_code(code)),
            message: element(body, "Message"),
        }
    }
}

/// The first element of this name, if it holds plain text. A server's error document has each once.
fn element(body: &str, name: &str) -> Option<String> {
    const LONGEST: usize = 300;
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.chars().filter(|c| !c.is_control()).take(LONGEST).collect())
}

fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 64
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_out_of_the_text() {
        let text = "Server returned non-2xx status code: 409 Conflict: <?xml version=\"1.0\"?><Error><Code>OperationAborted</Code>\
                    <Message>try again</Message><Key>&lt;Code&gt;x</Key></Error>";
        let answer = Answer::parse(text).unwrap();
        assert_eq!((answer.status, answer.code.as_deref()), (409, Some("OperationAborted")));
        assert_eq!(answer.message.as_deref(), Some("try again"));
        assert_eq!(Answer::parse("Server returned non-2xx status code: 404 Not Found: ").unwrap().code, None);
        let hidden =
            Answer::parse("Server returned error response: <Error><Code>SlowDown</Code></Error>").unwrap();
        assert_eq!((hidden.status, hidden.code.as_deref()), (503, Some("SlowDown")));
    }

    #[test]
    fn a_key_cannot_play_the_server() {
        for text in [
            "Object at location Server returned non-2xx status code: 412",
            "Server returned non-2xx status code: ü12",
        ] {
            assert_eq!(Answer::parse(text), None);
        }
    }
}
