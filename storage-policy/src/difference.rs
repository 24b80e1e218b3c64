use std::collections::BTreeSet;

use crate::meaning::{Atom, says};
use crate::{Grant, Policy};

/// What two policies say differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What the one says and the other does not.
    pub only_here: Vec<Grant>,
    /// What the other says and the one does not.
    pub only_there: Vec<Grant>,
}

impl Policy {
    /// What one of two policies says and the other does not, by what they mean.
    pub fn difference(&self, other: &Self) -> Difference {
        let (here, there) = (self.atoms(), other.atoms());
        let only = |policy: &Self, these: &BTreeSet<Atom>, those: &BTreeSet<Atom>| {
            let left = these.iter().filter(|atom| !says(those, atom)).cloned().collect();
            Grant::all(policy, left)
        };
        Difference { only_here: only(self, &here, &there), only_there: only(other, &there, &here) }
    }
}

#[cfg(test)]
mod tests {
    use crate::Preset;

    #[test]
    fn what_the_one_grants_and_the_other_does_not() {
        let (read, list) =
            (Preset::PublicRead.policy("b", ""), Preset::PublicReadWithListing.policy("b", ""));
        let difference = read.difference(&list);
        assert_eq!(difference.only_here, []);
        let sentences: Vec<_> = difference.only_there.iter().map(ToString::to_string).collect();
        assert_eq!(sentences, ["anyone may s3:ListBucket on arn:aws:s3:::b"]);
        let prefixed = Preset::Download.policy("b", "sub");
        let sentences = prefixed.explain();
        assert!(
            sentences
                .contains(&"anyone may s3:ListBucket on arn:aws:s3:::b if s3:prefix StringEquals sub".into()),
            "{sentences:?}"
        );
    }
}
