use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use super::at_least::AtLeast;
use super::{Incoming, too_short};
#[cfg(feature = "sniff")]
use crate::content_type::DEFAULT_CONTENT_TYPE;
use crate::{Body, Error, ObjectKey, PutOptions, Result};

/// How many of the first bytes a check is shown.
pub(super) const HEAD_BYTES: usize = 8 * 1024;

type Verdict = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What has to hold of what is stored.
#[derive(Clone, Default)]
pub(super) struct Rules {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    #[cfg(feature = "sniff")]
    pub(super) types: Option<Types>,
    pub(super) checks: Vec<Arc<dyn Fn(Incoming) -> Verdict + Send + Sync>>,
}

impl Rules {
    /// The body, if as much of it as can be seen holds the rules, watched for the rest.
    pub(super) async fn admit(&self, key: &ObjectKey, mut body: Body, options: &PutOptions) -> Result<Body> {
        self.check_length(&body)?;
        if self.looks_inside() {
            let head = body.peek(HEAD_BYTES).await?;
            // A short stream has been read to its end by now.
            self.check_length(&body)?;
            self.check_content(&head, options)?;
            for check in &self.checks {
                let incoming = Incoming {
                    key: key.clone(),
                    length: body.len(),
                    options: options.clone(),
                    head: head.clone(),
                };
                check(incoming).await?;
            }
        }
        self.watch_length(body)
    }

    /// A content type that is given to something that is stored already.
    #[cfg_attr(
        not(feature = "sniff"),
        allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "only sniffing knows types")
    )]
    pub(super) fn check_declared(&self, declared: Option<&str>) -> Result<()> {
        #[cfg(feature = "sniff")]
        if let (Some(types), Some(declared)) = (&self.types, said(declared)) {
            return types.check_one(declared, "it is declared as");
        }
        #[cfg(not(feature = "sniff"))]
        let _ = declared;
        Ok(())
    }

    fn looks_inside(&self) -> bool {
        #[cfg(feature = "sniff")]
        if self.types.is_some() {
            return true;
        }
        !self.checks.is_empty()
    }

    fn check_length(&self, body: &Body) -> Result<()> {
        match (body.len(), self.max) {
            (Some(length), _) if length < self.min => Err(too_short(length, self.min)),
            (Some(length), Some(max)) if length > max => {
                Err(Error::invalid_input(format!("{length} bytes are more than the {max} allowed")))
            }
            _ => Ok(()),
        }
    }

    fn watch_length(&self, body: Body) -> Result<Body> {
        let body = match self.max {
            Some(max) => body.with_max_length(max)?,
            None => body,
        };
        match body.len().is_none() && self.min > 0 {
            true => Ok(Body::from_stream(AtLeast::new(body.into_stream(), self.min))),
            false => Ok(body),
        }
    }

    #[cfg_attr(
        not(feature = "sniff"),
        allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "only sniffing knows types")
    )]
    fn check_content(&self, head: &Bytes, options: &PutOptions) -> Result<()> {
        #[cfg(feature = "sniff")]
        if let Some(types) = &self.types {
            return types.check(head, said(options.attributes.content_type.as_deref()));
        }
        #[cfg(not(feature = "sniff"))]
        let _ = (head, options);
        Ok(())
    }
}

/// A content type that says something.
#[cfg(feature = "sniff")]
fn said(declared: Option<&str>) -> Option<&str> {
    declared.filter(|declared| essence(declared) != DEFAULT_CONTENT_TYPE)
}

#[cfg(feature = "sniff")]
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The content types that are taken.
#[cfg(feature = "sniff")]
#[derive(Clone, Default)]
pub(super) struct Types {
    pub(super) allowed: Vec<String>,
    pub(super) takes_unrecognised: bool,
}

#[cfg(feature = "sniff")]
impl Types {
    fn check(&self, head: &[u8], declared: Option<&str>) -> Result<()> {
        let found = crate::content_type::from_content(head);
        if let Some(found) = found {
            self.check_one(found, "its content is")?;
        }
        if let Some(declared) = declared {
            self.check_one(declared, "it is declared as")?;
        }
        match found.is_some() || (self.takes_unrecognised && declared.is_some()) {
            true => Ok(()),
            false => Err(Error::invalid_input(format!("its content is none of {}", self.list()))),
        }
    }

    fn check_one(&self, content_type: &str, how: &str) -> Result<()> {
        let wanted = essence(content_type);
        let is_allowed = self.allowed.iter().any(|allowed| match allowed.strip_suffix('*') {
            Some(start) => wanted.starts_with(start),
            None => wanted == *allowed,
        });
        if is_allowed {
            return Ok(());
        }
        let shown = wanted.escape_debug();
        Err(Error::invalid_input(format!("{how} `{shown}`, which is none of {}", self.list())))
    }

    fn list(&self) -> String {
        self.allowed.join(", ")
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Rules");
        shown.field("min", &self.min).field("max", &self.max).field("checks", &self.checks.len());
        #[cfg(feature = "sniff")]
        shown.field("types", &self.types.as_ref().map(|types| &types.allowed));
        shown.finish()
    }
}
