use std::sync::Arc;

use bytes::Bytes;
use storage_core::options::PutMode;
use storage_core::{Error, ErrorKind, PutOptions};

use super::changes::Changes;
use super::progress::{Meter, Stage};
use super::run::Run;
use super::{ApplyOptions, CollectError, StaticBucket, attributes, manifest, upload};
use crate::graph::{Graph, hex};
use crate::name::Algorithm;
use crate::plan::{Action, Found, Phase, Plan, Step, VariantState};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected {
    /// Objects that were stored, but for index and manifest.
    pub uploaded: usize,
    /// Compressed variants among them.
    pub variants: usize,
    /// Objects that have other headers now.
    pub changed_headers: usize,
    /// Bytes that were stored.
    pub bytes: u64,
    /// Objects that travelled together with others.
    pub in_bulk: usize,
    /// Calls of the store: a listing counts its pages of 1,000, and the trial of what the store takes together three.
    pub requests: u64,
}

impl StaticBucket {
    /// Carries out what is planned, from the files of the graph that it was planned of. Nothing is sent if there is nothing to do.
    ///
    /// # Errors
    ///
    /// [`CollectError::Failed`] names the objects that could not be stored, [`CollectError::Concurrent`] says that somebody else was quicker,
    /// [`CollectError::Deleted`] that a prune went on beside it. The manifest is the old one then.
    pub async fn apply(
        &self,
        plan: &Plan,
        graph: &Arc<Graph>,
        found: &Found,
        options: &ApplyOptions,
    ) -> Result<Collected, CollectError> {
        if plan.is_done() {
            return Ok(Collected::default());
        }
        let mut run = Run::new(self, graph, plan, Meter::new(plan, options), options).await;
        for phases in [[Phase::Leaves, Phase::Referrers], [Phase::Plain, Phase::Html]] {
            let mut together = Vec::new();
            for phase in phases {
                let steps: Vec<_> = plan.steps.iter().filter(|step| step.phase == phase).collect();
                run.phase(&steps, &mut together).await?;
            }
            run.verify(&together).await?;
        }
        run.meter.stage(Stage::Publishing);
        if plan.index.action != Action::Unchanged {
            run.put_index(plan, found).await?;
        }
        let mut collected = run.collected;
        if plan.steps.iter().any(counts_on_what_is_there) {
            let failed =
                |source| CollectError::Store { doing: "looking whether somebody has pruned", source };
            collected.requests += 1;
            if self.has_lost_objects(found).await.map_err(failed)? {
                return Err(CollectError::Deleted);
            }
        }
        if plan.manifest.action != Action::Unchanged {
            manifest::publish(self, &plan.manifest, found).await?;
            collected.requests += 1;
        }
        Ok(collected)
    }
}

fn counts_on_what_is_there(step: &Step) -> bool {
    let is_there = |state| matches!(state, VariantState::Present | VariantState::Headers);
    step.action != Action::Upload || step.variants.iter().any(|variant| is_there(variant.state))
}

impl<'a> Run<'a> {
    /// Before the manifest, which says that it is there. Who has begun a deploy of the same name meanwhile keeps it.
    async fn put_index(&mut self, plan: &'a Plan, found: &Found) -> Result<(), CollectError> {
        let failed = |source: Error| CollectError::Store { doing: "storing the index of the deploy", source };
        let key = self.bucket.key(&plan.index.key).map_err(|invalid| failed(invalid.into()))?;
        let planned = Changes::to(&plan.index.index);
        let json = Bytes::from(std::mem::replace(&mut self.changes, planned).index().to_json());
        let mut hasher = Algorithm::Md5.hasher();
        hasher.update(&json);
        let mut options = PutOptions::new().attributes(attributes::of(&plan.index.headers));
        options.checksum = upload::checksum(self.bucket, &hex(&hasher.digest()));
        if found.listing.get(&plan.index.key).is_none() {
            options.mode = PutMode::Create;
        }
        let put = async |options: PutOptions| {
            self.pace.send(|| self.bucket.storage.put(&key, json.clone().into(), options.clone())).await
        };
        let stored = match put(options.clone()).await {
            Err(error) if error.kind() == ErrorKind::Unsupported && options.mode == PutMode::Create => {
                put(options.mode(PutMode::Overwrite)).await
            }
            stored => stored,
        };
        self.collected.requests += 1;
        match stored {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(CollectError::Concurrent { key: plan.index.key.clone(), source: Some(error) })
            }
            Err(error) => Err(failed(error)),
        }
    }
}
