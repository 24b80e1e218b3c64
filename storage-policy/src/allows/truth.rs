/// Whether something holds, as far as it can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    /// Nobody knows, for this reason.
    Doubtful(String),
}

impl Truth {
    pub(crate) fn doubtful(reason: impl Into<String>) -> Self {
        Self::Doubtful(reason.into())
    }

    /// All of them; a single `No` is enough to know.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for truth in truths {
            match truth {
                Self::No => return Self::No,
                Self::Doubtful(_) if all == Self::Yes => all = truth,
                _ => {}
            }
        }
        all
    }

    /// One of them; a single `Yes` is enough to know.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::No;
        for truth in truths {
            match truth {
                Self::Yes => return Self::Yes,
                Self::Doubtful(_) if any == Self::No => any = truth,
                _ => {}
            }
        }
        any
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            doubtful @ Self::Doubtful(_) => doubtful,
        }
    }

    /// As it is, or its opposite.
    pub(crate) fn if_not(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
