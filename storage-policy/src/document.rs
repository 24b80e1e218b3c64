use serde_json::{Map, Value};

use crate::{OneOrMany, ParseError, Statement, TooLarge};

/// What a bucket takes at most, in bytes
/// ([S3 User Guide, "Bucket policies"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html)).
pub const MAX_BYTES: usize = 20 * 1024;

/// A policy as it is written. Equality is that of what is written; for what is meant see
/// [`means_the_same_as`](Self::means_the_same_as).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The version of the language, `2012-10-17`. Servers refuse a policy without one.
    pub version: Option<String>,
    /// Its name, if it has one; it means nothing.
    pub id: Option<String>,
    /// The statements.
    pub statement: OneOrMany<Statement>,
    /// Elements that are not known, as they were read.
    pub unknown: Map<String, Value>,
}

impl Policy {
    /// A policy of these statements, in the version that servers take.
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self {
            version: Some("2012-10-17".to_owned()),
            id: None,
            statement: OneOrMany::Many(statements.into_iter().collect()),
            unknown: Map::new(),
        }
    }

    /// With a name, which means nothing.
    pub fn named(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// In the form that most servers give back: each value as a list, also where there is one, and everybody as `{"AWS": ["*"]}`. It means
    /// the same.
    ///
    /// ```
    /// use storage_policy::Policy;
    ///
    /// let short = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/*"}}"#;
    /// let policy = Policy::parse(short)?.normalized();
    /// assert_eq!(
    ///     policy.to_json()?,
    ///     r#"{"Statement":[{"Action":["s3:*"],"Effect":"Deny","Principal":{"AWS":["*"]},"Resource":["arn:aws:s3:::photos/*"]}]}"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn normalized(mut self) -> Self {
        let statements = match self.statement {
            OneOrMany::One(statement) => vec![statement],
            OneOrMany::Many(statements) => statements,
        };
        self.statement = statements.into_iter().map(Statement::normalized).collect();
        self
    }

    /// Reads a document. What it means is not checked. What servers read differently is not read: a known element in other letters, such as
    /// `action`, and two of one name.
    ///
    /// # Errors
    ///
    /// [`ParseError`] says where the text is no policy, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let policy: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| located(error.inner(), &error.path().to_string()))?;
        reader.end().map_err(|error| located(&error, ""))?;
        Ok(policy)
    }

    /// The document in its shortest form.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if no bucket takes it.
    pub fn to_json(&self) -> Result<String, TooLarge> {
        let text = self.to_value().to_string();
        match text.len() {
            0..=MAX_BYTES => Ok(text),
            bytes => Err(TooLarge { bytes }),
        }
    }

    /// The document in lines, for people; of any size.
    pub fn to_pretty_json(&self) -> String {
        format!("{:#}", self.to_value())
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        self.statement.as_slice()
    }
}

fn located(error: &serde_json::Error, path: &str) -> ParseError {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let path = if path == "." { "" } else { path };
    ParseError {
        line: error.line(),
        column: error.column(),
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effect;

    #[test]
    fn errors_say_where_and_what() {
        for (text, line, path, message) in [
            ("", 1, "", "EOF"),
            ("[]", 1, "", "expected a policy"),
            (
                "{\n\"Statement\": [{\"Effect\": \"Maybe\"}]}",
                2,
                "Statement[0].Effect",
                "expected `Allow` or `Deny`",
            ),
            (
                "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"me\"}]}",
                1,
                "Statement[0].Principal",
                "{\"AWS\": [\"*\"]}",
            ),
            (
                "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": null}]}",
                1,
                "Statement[0].Action",
                "list of values",
            ),
            ("{\"Statement\": [{}]}", 1, "Statement[0]", "Effect"),
            ("{\"Statement\": [], \"Statement\": []}", 1, "", "`Statement`, or its negation, is there twice"),
            (
                "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"a\", \"NotAction\": \"b\"}]}",
                1,
                "Statement[0]",
                "Action",
            ),
            ("{\"Version\": \"2012-10-17\"}", 1, "", "Statement"),
            ("{\"Statement\": []} x", 1, "", "trailing"),
        ] {
            let error = Policy::parse(text).unwrap_err();
            assert_eq!((error.line, error.path.as_str()), (line, path), "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn both_forms_and_what_is_not_known_are_kept() {
        let text = r#"{"Future":{"a":[1]},"Id":"x","Statement":{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"true"}},"Effect":"Deny","Principal":"*","Resource":["arn:aws:s3:::a","arn:aws:s3:::a/*"],"Sid":"","When":1},"Version":"2012-10-17"}"#;
        let policy = Policy::parse(text).unwrap();
        assert_eq!(policy.statements()[0].effect, Effect::Deny);
        assert_eq!(policy.to_json().unwrap(), text);
        assert_eq!(Policy::parse(&policy.to_pretty_json()).unwrap(), policy);
        let truth = Policy::parse(&text.replace("\"true\"", "true")).unwrap();
        assert_eq!(truth, policy, "truth values and numbers are texts");
        let number = |number: &str| {
            let keys = format!("{{\"NumericLessThan\":{{\"s3:max-keys\":{number}}}}}");
            Policy::parse(&text.replace("{\"Bool\":{\"aws:SecureTransport\":\"true\"}}", &keys)).unwrap()
        };
        assert_eq!(number("1.5"), number("\"1.5\""));
        assert_eq!(number("[-2, 1.5]"), number("[\"-2\", \"1.5\"]"));
    }

    #[test]
    fn what_no_bucket_takes_is_not_printed() {
        let resource = format!("arn:aws:s3:::a/{}", "x".repeat(MAX_BYTES));
        let policy = Policy::new([Statement::allow_anyone(["s3:GetObject"], [resource])]);
        assert!(policy.to_json().unwrap_err().bytes > MAX_BYTES);
    }
}
