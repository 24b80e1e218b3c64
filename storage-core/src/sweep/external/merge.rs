use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::record::order;
use super::run::{Run, RunReader};
use crate::Result;

/// The records of sorted runs in one order, each record once.
#[derive(Debug)]
pub(in crate::sweep) struct Merge {
    heads: BinaryHeap<Reverse<Head>>,
    /// The record before the current one.
    last: Vec<u8>,
}

impl Merge {
    /// At the first record.
    pub(super) fn new(runs: &[Run]) -> Result<Self> {
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for run in runs {
            let mut reader = run.reader();
            if reader.advance()? {
                heads.push(Reverse(Head(reader)));
            }
        }
        Ok(Self { heads, last: Vec::new() })
    }

    /// One run, at its first record.
    pub(in crate::sweep) fn of(run: &Run) -> Result<Self> {
        Self::new(std::slice::from_ref(run))
    }

    /// The key of the record that it is at; `None` at the end.
    pub(in crate::sweep) fn key(&self) -> Option<&[u8]> {
        self.heads.peek().map(|Reverse(head)| head.0.key())
    }

    /// The rest of that record.
    pub(in crate::sweep) fn rest(&self) -> Option<&[u8]> {
        self.heads.peek().map(|Reverse(head)| head.0.rest())
    }

    /// The whole record, as it is written.
    pub(super) fn record(&self) -> Option<&[u8]> {
        self.heads.peek().map(|Reverse(head)| head.0.record())
    }

    pub(in crate::sweep) fn advance(&mut self) -> Result<()> {
        self.last.clear();
        if let Some(Reverse(head)) = self.heads.peek() {
            self.last.extend_from_slice(head.0.record());
        }
        while let Some(mut head) = self.heads.peek_mut() {
            if head.0.0.record() != self.last {
                break;
            }
            if !head.0.0.advance()? {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
        Ok(())
    }

    /// Goes on to the first record whose key is not below `key`, shows what it leaves behind, and says whether it has that key.
    pub(in crate::sweep) fn seek(
        &mut self,
        key: &[u8],
        mut passed: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<bool> {
        while let Some(at) = self.key() {
            match at.cmp(key) {
                Ordering::Less => passed(at)?,
                order => return Ok(order.is_eq()),
            }
            self.advance()?;
        }
        Ok(false)
    }
}

/// A run at one of its records, in the order of that record.
#[derive(Debug)]
struct Head(RunReader);

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.0.record(), other.0.record())
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}
