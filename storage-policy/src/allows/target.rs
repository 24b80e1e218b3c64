use std::borrow::Cow;

use super::glob::{Glob, Resolved, Style};
use super::truth::Truth;
use super::view::{self, View};
use crate::{OneOrMany, Request, Scope, Statement};

/// What is asked for: one action on one resource; or any that a pattern stands for, to find out what can be asked for at all.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// In small letters.
    pub(crate) action: Glob,
    pub(crate) resource: Place,
}

/// Resources that all of some patterns stand for, and none of some others.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    within: Vec<Glob>,
    without: Vec<Glob>,
}

impl Place {
    pub(crate) fn within(patterns: Vec<Glob>) -> Self {
        Self { within: patterns, without: Vec::new() }
    }

    pub(crate) fn without(mut self, patterns: impl IntoIterator<Item = Glob>) -> Self {
        self.without.extend(patterns);
        self
    }
}

impl Target {
    pub(super) fn of(request: &Request) -> Self {
        let text = |text: &str| Glob::plain(text, Style::Text);
        Self { action: text(&request.action), resource: Place::within(vec![text(&request.resource)]) }
    }

    pub(super) fn has_action(&self, statement: &Statement) -> Truth {
        has(statement.action.as_ref(), |action| {
            let glob = Glob::new(&action.to_ascii_lowercase());
            is_among(&glob, std::slice::from_ref(&self.action), &[])
        })
    }

    pub(super) fn has_resource(&self, statement: &Statement, view: &View<'_>) -> Truth {
        has(statement.resource.as_ref(), |resource| {
            let Resolved { glob, missing } = view.read(&arn(resource), Style::Pattern);
            match (is_among(&glob, &self.resource.within, &self.resource.without), missing) {
                (Truth::Yes, Some(variable)) => view::missing(&variable),
                (is, _) => is,
            }
        })
    }
}

/// Some servers take a bucket's name without what comes before it.
pub(crate) fn arn(resource: &str) -> Cow<'_, str> {
    match resource.starts_with("arn:") || resource.starts_with('*') {
        true => Cow::Borrowed(resource),
        false => Cow::Owned(format!("arn:aws:s3:::{resource}")),
    }
}

fn has(scope: Option<&Scope<OneOrMany<String>>>, is: impl Fn(&String) -> Truth) -> Truth {
    match scope {
        None => Truth::No,
        Some(Scope::In(patterns)) => Truth::any(patterns.as_slice().iter().map(is)),
        Some(Scope::NotIn(patterns)) => Truth::any(patterns.as_slice().iter().map(is)).negated(),
    }
}

/// Whether a pattern stands for all that these have in common, without what is left out. For a plain text there is no doubt.
fn is_among(glob: &Glob, asked: &[Glob], left_out: &[Glob]) -> Truth {
    if asked.iter().any(|asked| glob.covers(asked)) {
        return Truth::Yes;
    }
    let is_left_out = || left_out.iter().any(|left_out| left_out.covers(glob));
    match asked.iter().all(|asked| glob.overlaps(asked)) && !is_left_out() {
        true => Truth::doubtful("it stands for a part of what is asked"),
        false => Truth::No,
    }
}
