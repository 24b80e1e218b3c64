use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};

use super::object::Fetched;
use super::{Finding, VerifyOptions, Wrong};
use crate::collect::{CollectError, Documents, Pace, StaticBucket};
use crate::graph::{Action, Severity};
use crate::manifest::{Index, Manifest};
use crate::plan::Listing;
use crate::references::{Kind, Positions, Syntax, Target};

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Verified {
    /// Names in the manifest.
    pub names: usize,
    /// Objects that were fetched, compressed variants among them.
    pub objects: usize,
    /// Bytes that they have.
    pub bytes: u64,
    /// References that were followed.
    pub references: usize,
    /// Calls of the store, a listing counted by its pages of 1,000.
    pub requests: u64,
    /// Whether there is an index of the deploy: without one it is not known which bytes and headers objects should have.
    pub is_indexed: bool,
    /// All that is wrong, by key.
    pub findings: Vec<Finding>,
}

impl Verified {
    /// Whether nothing is an error.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

impl StaticBucket {
    /// Fetches all that the live deploy serves: a request for each object, one for each 1,000 of them, one for the manifest, and as many as it
    /// takes to find its index. Files are read one piece after the other; CSS and JavaScript are held, 24 MiB of them at a time.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`], with [`NotFound`](storage_core::ErrorKind::NotFound) if nothing was collected yet, and
    /// [`CollectError::Index`] for a manifest or an index that is broken. What is wrong with an object is no error: it is a
    /// [finding](Verified::findings).
    pub async fn verify(&self, options: &VerifyOptions) -> Result<Verified, CollectError> {
        let everything = self.list("").await?;
        let Documents { manifest, index, requests: reads } = self.documents().await?;
        let walk = Walk {
            bucket: self,
            options,
            listing: &everything.listing,
            index: index.as_ref(),
            pace: Pace::new(options.at_once),
        };
        let objects = walk.objects(&manifest);
        let all = objects.len();
        let mut verified = Verified {
            names: manifest.len(),
            requests: everything.pages + reads,
            is_indexed: index.is_some(),
            ..Verified::default()
        };
        let mut looked = stream::iter(objects)
            .map(|(key, name)| {
                let walk = &walk;
                async move { walk.object(key, name).await }
            })
            .buffer_unordered(options.at_once);
        let mut done = 0;
        while let Some(seen) = looked.next().await {
            done += 1;
            verified.add(seen);
            if let Some(watch) = &options.progress {
                watch(done, all, verified.bytes);
            }
        }
        verified.findings.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(verified)
    }
}

struct Walk<'a> {
    bucket: &'a StaticBucket,
    options: &'a VerifyOptions,
    listing: &'a Listing,
    index: Option<&'a Index>,
    pace: Pace,
}

#[derive(Default)]
struct Seen {
    is_fetched: bool,
    bytes: u64,
    references: usize,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    /// What is served, each with one of its names; and the variants that the resolver may pick instead.
    fn objects(&self, manifest: &Manifest) -> BTreeMap<String, Option<String>> {
        let served = manifest.iter().map(|(name, served)| (served.to_owned(), Some(name.to_owned())));
        let mut objects: BTreeMap<_, _> = served.collect();
        if let Some(index) = self.index {
            let others = index.objects.keys().filter(|key| crate::manifest::MANIFEST_NAME != *key);
            for key in others {
                objects.entry(key.clone()).or_insert(None);
            }
        }
        objects
    }

    async fn object(&self, key: String, name: Option<String>) -> Seen {
        let error = |wrong: Wrong| Finding { key: key.clone(), severity: wrong.severity(), wrong };
        let syntax = Syntax::of(&key);
        let Some(listed) = self.listing.get(&key) else {
            return Seen { findings: vec![error(Wrong::Missing { name })], ..Seen::default() };
        };
        let held = if syntax.is_some() { listed.size } else { 0 };
        let fetched = match self.pace.hold(held).await {
            Ok(_held) => match Fetched::get(self.bucket, &key, syntax.is_some()).await {
                Ok(fetched) => Ok((self.followed(&key, syntax, &fetched), fetched)),
                Err(source) => Err(source),
            },
            Err(source) => Err(source),
        };
        match fetched {
            Err(source) if source.is_not_found() => {
                Seen { findings: vec![error(Wrong::Missing { name })], ..Seen::default() }
            }
            Err(source) => Seen { findings: vec![error(Wrong::Unreadable(source))], ..Seen::default() },
            Ok(((references, leads_nowhere), fetched)) => {
                let known = self.index.and_then(|index| index.objects.get(&key));
                let differences = known.map(|known| fetched.differences(known)).unwrap_or_default();
                let findings = differences.into_iter().map(error).chain(leads_nowhere).collect();
                Seen { is_fetched: true, bytes: fetched.size, references, findings }
            }
        }
    }

    /// Follows each reference: how many there are, and those that lead nowhere.
    fn followed(&self, key: &str, syntax: Option<Syntax>, fetched: &Fetched) -> (usize, Vec<Finding>) {
        let Some(syntax) = syntax else { return (0, Vec::new()) };
        let content = &fetched.content;
        let mut positions = Positions::new(content);
        let (mut count, mut findings) = (0, Vec::new());
        for reference in syntax.find(content).references {
            let Target::Local { path } = reference.target(content, key, &self.options.base_path) else {
                continue;
            };
            count += 1;
            if self.listing.get(&path).is_some() {
                continue;
            }
            if let Some(severity) = self.severity(reference.kind, key, &path) {
                let position = positions.at(reference.span.start);
                findings.push(Finding {
                    key: key.to_owned(),
                    wrong: Wrong::LeadsNowhere { position, target: path },
                    severity,
                });
            }
        }
        (count, findings)
    }

    fn severity(&self, kind: Kind, file: &str, target: &str) -> Option<Severity> {
        match self.options.missing.action(kind, file, target) {
            Action::Error => Some(Severity::Error),
            Action::Warn => Some(Severity::Warning),
            Action::Ignore => None,
        }
    }
}

impl Verified {
    fn add(&mut self, seen: Seen) {
        self.objects += usize::from(seen.is_fetched);
        self.requests += u64::from(seen.is_fetched);
        self.bytes += seen.bytes;
        self.references += seen.references;
        self.findings.extend(seen.findings);
    }
}
