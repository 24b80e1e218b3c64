use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Wanted, compare};
use super::keys::below_index_folder;
use super::variants::essence;
use super::{Found, Origin, Phase, Plan, PlanFault, PlanFaults, PlanOptions, Skipped, Step};
use crate::graph::{Digests, Graph, Naming, Output};
use crate::manifest::{Headers, IndexedObject, MANIFEST_NAME, SharedHeaders};

impl Plan {
    /// Compares a tree with what a bucket has.
    ///
    /// Whether the graph is [good](Graph::is_good) is not asked: the plan of one that is not is for reading only.
    ///
    /// # Errors
    ///
    /// All that is wrong with keys, headers and the name of the deploy.
    pub fn new(graph: &Graph, found: &Found, options: &PlanOptions) -> Result<Self, PlanFaults> {
        let planner = Planner { graph, found, options, headers: RefCell::default() };
        let mut faults = options.headers.faults();
        if !is_good_name(&options.deploy) {
            faults.push(PlanFault::BadDeploy { deploy: options.deploy.clone() });
        }
        let (mut steps, mut skipped) = planner.distinct(&mut faults);
        let shadowed = graph.shadowed().iter();
        skipped.extend(shadowed.map(|file| Skipped { name: file.path.clone(), why: file.to_string() }));
        skipped.sort_by(|one, other| one.name.cmp(&other.name));
        steps.sort_by(|one, other| (one.phase, &one.key).cmp(&(other.phase, &other.key)));
        let (index, manifest) = planner.documents(&steps);
        if planner.would_lose(&index) {
            faults.push(PlanFault::DeployExists { deploy: options.deploy.clone() });
        }
        if !faults.is_empty() {
            return Err(PlanFaults(faults));
        }
        let leftover = planner.leftover(&steps);
        Ok(Self { steps, index, manifest, skipped, leftover })
    }
}

pub(super) struct Planner<'a> {
    pub(super) graph: &'a Graph,
    pub(super) found: &'a Found,
    pub(super) options: &'a PlanOptions,
    headers: RefCell<SharedHeaders>,
}

impl Planner<'_> {
    /// One step for each key.
    fn distinct(&self, faults: &mut Vec<PlanFault>) -> (Vec<Step>, Vec<Skipped>) {
        let mut steps: BTreeMap<String, Step> = BTreeMap::new();
        let mut skipped = Vec::new();
        for step in self.steps() {
            if step.key == MANIFEST_NAME || below_index_folder(&step.key).is_some() {
                let fault = PlanFault::Reserved { name: step.origin.name().to_owned() };
                // Of two keys of one file one is enough.
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
                continue;
            }
            let Some(known) = steps.get(&step.key) else {
                steps.insert(step.key.clone(), step);
                continue;
            };
            let (one, other) = (known.origin.name().to_owned(), step.origin.name().to_owned());
            match known.md5 == step.md5 && known.size == step.size {
                true => skipped
                    .push(Skipped { name: other, why: format!("it is stored as {}, as {one} is", step.key) }),
                false => faults.push(PlanFault::TwoFiles { key: step.key, one, other }),
            }
        }
        // A file that somebody has compressed already is as good as a variant of ours.
        let keys: BTreeSet<String> = steps.keys().cloned().collect();
        for step in steps.values_mut() {
            step.variants.retain(|variant| !keys.contains(&variant.key));
        }
        (steps.into_values().collect(), skipped)
    }

    /// Files with fingerprints come first.
    fn steps(&self) -> Vec<Step> {
        let outputs = self.graph.outputs();
        let mut steps: Vec<_> = outputs.iter().map(|output| self.served(output)).collect();
        let plain = self.options.plain.of(self.graph);
        steps.extend(plain.into_iter().map(|at| self.plain(&outputs[at])));
        steps
    }

    /// Under the path that the manifest says.
    fn served(&self, output: &Output) -> Step {
        if output.naming == Naming::Plain {
            return self.plain(output);
        }
        let headers = self.shared(self.options.headers.fingerprinted(&output.path));
        let refers = output.dependencies.iter().any(|link| link.is_renamed || output.naming == Naming::Kept);
        let phase = if refers { Phase::Referrers } else { Phase::Leaves };
        // Of a bundler's name it is not known what it says.
        let by_content = output.naming == Naming::Fingerprinted;
        let origin = Origin::Content(output.path.clone());
        let mut step = self.step(phase, &output.served, origin, &output.content, headers, by_content);
        step.variants = self.variants(&step, by_content);
        step
    }

    /// Under its plain path, as it was found.
    fn plain(&self, output: &Output) -> Step {
        let headers = self.shared(self.options.headers.plain(&output.path));
        let phase = if is_page(&headers) { Phase::Html } else { Phase::Plain };
        self.step(phase, &output.path, Origin::Source(output.path.clone()), &output.source, headers, false)
    }

    fn step(
        &self,
        phase: Phase,
        key: &str,
        origin: Origin,
        digests: &Digests,
        headers: Headers,
        is_named_by_content: bool,
    ) -> Step {
        let (size, md5) = (digests.size(), digests.md5());
        let wanted = Wanted { is_named_by_content, size, md5: &md5, headers: &headers };
        let listed = self.found.listing.get(key);
        let reason = compare(&wanted, listed, self.indexed(key), self.options.repair_headers);
        let (action, key) = (reason.action(), key.to_owned());
        Step { phase, key, action, reason, origin, size, md5, headers, variants: Vec::new() }
    }

    pub(super) fn shared(&self, headers: Headers) -> Headers {
        self.headers.borrow_mut().share(headers)
    }

    pub(super) fn indexed(&self, key: &str) -> Option<&IndexedObject> {
        self.found.previous.as_ref()?.objects.get(key)
    }

    fn leftover(&self, steps: &[Step]) -> Vec<String> {
        let variants = steps.iter().flat_map(|step| &step.variants).map(|variant| variant.key.as_str());
        let known: BTreeSet<_> =
            steps.iter().map(|step| step.key.as_str()).chain(variants).chain([MANIFEST_NAME]).collect();
        let others = self.found.listing.keys();
        let others = others.filter(|key| !known.contains(key) && below_index_folder(key).is_none());
        others.map(str::to_owned).collect()
    }
}

fn is_page(headers: &Headers) -> bool {
    let media_type = headers.get("content-type").map(|value| essence(value));
    media_type.is_some_and(|media_type| matches!(media_type, "text/html" | "application/xhtml+xml"))
}

fn is_good_name(deploy: &str) -> bool {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    (1..=100).contains(&deploy.len()) && deploy.bytes().all(is_good) && !deploy.starts_with('.')
}
