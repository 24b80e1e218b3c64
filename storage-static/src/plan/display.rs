use std::fmt;

use super::{Action, Plan, Step, Summary};

/// A line for each object: what happens to it, and why.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        let index = match self.index.action {
            Action::Unchanged => "nothing has changed since the deploy before",
            Action::Headers | Action::Upload => "it is not in the bucket",
        };
        writeln!(f, "{:<9} {}: {index}", self.index.action, self.index.key)?;
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

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<9} {}: {} bytes, {}", self.action, self.key, self.size, self.reason)?;
        let wanted: Vec<_> = self.wanted().map(|variant| variant.encoding.token()).collect();
        match wanted.is_empty() {
            true => Ok(()),
            false => write!(f, "; to be compressed by {}", wanted.join(", ")),
        }
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
