use std::fmt;

use super::{Action, IndexStep, Plan, Step, Summary};

/// A line for each object: what happens to it, and why.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        writeln!(f, "{:<9} {}: {}", self.index.action, self.index.key, self.index.why())?;
        writeln!(f, "{:<9} {}: {}", self.manifest.action, self.manifest.key, self.manifest.reason)?;
        for skipped in &self.skipped {
            writeln!(f, "skipped   {}: {}", skipped.name, skipped.why)?;
        }
        for key in &self.leftover {
            writeln!(f, "leftover  {key}")?;
        }
        Ok(())
    }
}

impl IndexStep {
    /// Why it is stored, or not.
    pub fn why(&self) -> &'static str {
        match self.action {
            Action::Unchanged => "nothing has changed since the deploy before",
            Action::Headers | Action::Upload => "each deploy has its own",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<9} {}: {} bytes, {}", self.action, self.key, self.size, self.reason)?;
        let wanted: Vec<_> = self.wanted().map(|variant| variant.encoding.token()).collect();
        if !wanted.is_empty() {
            write!(f, "; to be compressed by {}", wanted.join(", "))?;
        }
        let stale: Vec<_> = self.stale().map(|variant| variant.encoding.token()).collect();
        if !stale.is_empty() {
            write!(f, "; the headers of {} differ", stale.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { new, changed, headers, unchanged, skipped, variants, bytes } = self;
        write!(
            f,
            "{new} new, {changed} changed, {headers} with other headers, {unchanged} unchanged, {skipped} skipped, \
             {variants} to be compressed; {bytes} bytes to upload"
        )
    }
}
