use super::glob::{Glob, Resolved, Style};
use super::truth::Truth;
use crate::condition_keys::is_of_known_people;
use crate::request::Requester;
use crate::{Policy, Request};

/// How a request is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) request: &'a Request,
    pub(crate) mode: Mode,
    /// Policies of the first version have none: `${aws:username}` is text in them.
    pub(crate) has_variables: bool,
}

/// What becomes of what nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The request is what it is, and doubts are resolved against it.
    Cautious,
    /// It may have further condition keys, and doubts are resolved for it: what somebody could do at most.
    Generous,
}

impl<'a> View<'a> {
    pub(crate) fn new(policy: &Policy, request: &'a Request, mode: Mode) -> Self {
        Self { request, mode, has_variables: policy.version.as_deref() == Some("2012-10-17") }
    }

    pub(crate) fn read(&self, text: &str, style: Style) -> Resolved {
        match self.has_variables {
            true => Glob::resolve(text, style, self.request, self.mode),
            false => Resolved { glob: Glob::plain(text, style), missing: None },
        }
    }

    /// Whether such a request could have a key, in small letters, that this one does not have.
    pub(crate) fn may_have(&self, key: &str) -> bool {
        let is_stranger = self.request.who == Requester::Anonymous;
        self.mode == Mode::Generous && !(is_stranger && is_of_known_people(key))
    }
}

pub(crate) fn missing(variable: &str) -> Truth {
    Truth::doubtful(format!("the request has no single value for `${{{variable}}}`"))
}
