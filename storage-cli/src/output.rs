use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Bars;

/// Where results, notices and failures go.
pub(crate) struct Output {
    pub(crate) is_json: bool,
    is_quiet: bool,
    is_terminal: bool,
    bars: Bars,
}

impl Output {
    pub(crate) fn new(is_json: bool, is_quiet: bool) -> Self {
        let is_watched = io::stderr().is_terminal() && !is_json && !is_quiet;
        Self { is_json, is_quiet, is_terminal: io::stdout().is_terminal(), bars: Bars::new(is_watched) }
    }

    pub(crate) fn bars(&self) -> &Bars {
        &self.bars
    }

    /// One line for people.
    pub(crate) fn line(&self, text: &str) -> Result<(), Failure> {
        self.bars.suspend(|| writeln!(io::stdout().lock(), "{text}")).map_err(Failure::output)
    }

    /// One line for programs.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value).map_err(|error| Failure::output(error.into()))?;
        self.line(&text)
    }

    /// A result: for programs or for people, as was asked.
    pub(crate) fn result(
        &self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.is_json {
            true => self.json(value),
            false => self.line(&text()),
        }
    }

    /// What was done. The work goes on although nobody reads of it any more.
    pub(crate) fn report(
        &self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.result(value, text) {
            Err(failure) if failure.is_broken_pipe() => Ok(()),
            done => done,
        }
    }

    /// What became of one of several things. Who asked for quiet is told of failures only, on the standard error.
    pub(crate) fn outcome(
        &self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
        exit: Exit,
    ) -> Result<(), Failure> {
        match (self.is_quiet && !self.is_json, exit) {
            (false, _) => self.report(value, || escaped(&text())),
            (true, Exit::Ok) => Ok(()),
            (true, _) => {
                self.complain(&escaped(&text()));
                Ok(())
            }
        }
    }

    /// Text from outside as it may be shown: on a terminal without what could move the cursor or turn the writing around.
    pub(crate) fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.is_terminal && text.contains(is_unsafe) {
            true => Cow::Owned(escaped(text)),
            false => Cow::Borrowed(text),
        }
    }

    /// Something that somebody should know. Not an error, so not for programs.
    pub(crate) fn notice(&self, text: &str) {
        if !self.is_quiet && !self.is_json {
            self.complain(&format!("notice: {}", escaped(text)));
        }
    }

    /// Something that is left out on purpose: said in every mode.
    pub(crate) fn skipped(&self, path: &str, reason: &str) {
        match self.is_json {
            true => self.complain(&json!({"skipped": {"path": path, "reason": reason}}).to_string()),
            false => self.complain(&format!("skipped: {}: {reason}", escaped(path))),
        }
    }

    /// A failure, with what to do about it; its exit status.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        if self.is_json {
            self.complain(&failure.to_json().to_string());
        } else {
            let text: Vec<_> = failure.to_string().lines().map(escaped).collect();
            self.complain(&format!("error: {}", text.join("\n")));
            if let Some(hint) = failure.hint() {
                self.complain(&format!("hint: {}", escaped(hint)));
            }
        }
        failure.exit()
    }

    /// Nobody can be told if the standard error is closed.
    fn complain(&self, text: &str) {
        let _ = self.bars.suspend(|| writeln!(io::stderr().lock(), "{text}"));
    }
}

pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_unsafe(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    shown
}

/// Control characters, and those that change the direction of writing
/// ([Unicode Standard Annex 9](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters)).
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(escaped("a\u{1b}[2J\u{202e}ü"), "a\\u{1b}[2J\\u{202e}ü");
    }
}
