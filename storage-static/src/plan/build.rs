use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Wanted, compare};
use super::{
    Action, HeaderRules, INDEX_FOLDER, IndexStep, Listed, Listing, ManifestStep, Origin, Phase, Plan,
    PlanFault, PlanFaults, PlanOptions, Skipped, Step, Variant, VariantState,
};
use crate::graph::{Digests, Graph, Naming, Output, hex};
use crate::manifest::{Index, IndexedObject, MANIFEST_NAME};
use crate::name::Algorithm;
use crate::variant::Encoding;

/// What is shorter is not compressed: it is one packet in any case.
const LEAST_BYTES: u64 = 256;

impl Plan {
    /// Compares a tree with what a bucket has. `previous` is the index of the deploy that the bucket's manifest is of, if there is one.
    ///
    /// Whether the graph is [good](Graph::is_good) is not asked: the plan of one that is not is for reading only.
    ///
    /// # Errors
    ///
    /// All that is wrong with keys, headers and the name of the deploy.
    pub fn new(
        graph: &Graph,
        listing: &Listing,
        previous: Option<&Index>,
        options: &PlanOptions,
    ) -> Result<Self, PlanFaults> {
        let planner = Planner { graph, listing, previous, options };
        let mut faults = options.headers.faults();
        if !is_good_name(&options.deploy) {
            faults.push(PlanFault::BadDeploy { deploy: options.deploy.clone() });
        }
        let mut steps = BTreeMap::new();
        let mut skipped = Vec::new();
        for step in planner.steps() {
            if step.key == MANIFEST_NAME
                || step.key.starts_with(INDEX_FOLDER) && step.key[INDEX_FOLDER.len()..].starts_with('/')
            {
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
        if !faults.is_empty() {
            return Err(PlanFaults(faults));
        }
        let shadowed = graph.shadowed().iter();
        skipped.extend(shadowed.map(|file| Skipped { name: file.path.clone(), why: file.to_string() }));
        skipped.sort_by(|one, other| one.name.cmp(&other.name));
        let mut steps: Vec<_> = steps.into_values().collect();
        steps.sort_by(|one, other| (one.phase, &one.key).cmp(&(other.phase, &other.key)));
        let manifest = planner.manifest();
        let index = planner.index(&steps, &manifest);
        let leftover = planner.leftover(&steps);
        Ok(Self { steps, index, manifest, skipped, leftover })
    }
}

struct Planner<'a> {
    graph: &'a Graph,
    listing: &'a Listing,
    previous: Option<&'a Index>,
    options: &'a PlanOptions,
}

impl Planner<'_> {
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
        let headers = self.options.headers.fingerprinted(&output.path);
        let refers = output.dependencies.iter().any(|link| link.is_renamed || output.naming == Naming::Kept);
        let phase = if refers { Phase::Referrers } else { Phase::Leaves };
        // Of a bundler's name it is not known what it says.
        let by_content = output.naming == Naming::Fingerprinted;
        let origin = Origin::Content(output.path.clone());
        let mut step = self.step(phase, &output.served, origin, &output.content, headers, by_content);
        step.variants = self.variants(&step);
        step
    }

    /// Under its plain path, as it was found.
    fn plain(&self, output: &Output) -> Step {
        let headers = self.options.headers.plain(&output.path);
        let phase = if is_page(&headers) { Phase::Html } else { Phase::Plain };
        self.step(phase, &output.path, Origin::Source(output.path.clone()), &output.source, headers, false)
    }

    fn step(
        &self,
        phase: Phase,
        key: &str,
        origin: Origin,
        digests: &Digests,
        headers: BTreeMap<String, String>,
        is_named_by_content: bool,
    ) -> Step {
        let (size, md5) = (digests.size(), digests.md5());
        let wanted = Wanted { is_named_by_content, size, md5: &md5, headers: &headers };
        let reason = compare(&wanted, self.listing.get(key), self.indexed(key), self.options.repair_headers);
        let (action, key) = (reason.action(), key.to_owned());
        Step { phase, key, action, reason, origin, size, md5, headers, variants: Vec::new() }
    }

    fn variants(&self, step: &Step) -> Vec<Variant> {
        let is_worth_it = step.size >= LEAST_BYTES
            && !step.headers.contains_key("content-encoding")
            && step.headers.get("content-type").is_some_and(|media_type| is_compressible(media_type));
        let encodings = self.options.encodings.iter().filter(|_| is_worth_it);
        let declined = self.indexed(&step.key).map(|object| object.declined.as_slice()).unwrap_or_default();
        let variant = |encoding: &Encoding| {
            let key = encoding.key(&step.key);
            // What is uploaded anew has variants of what was there before.
            let state = match (self.listing.get(&key), step.action) {
                (Some(_), Action::Unchanged | Action::Headers) => {
                    let known = self.indexed(&key).map(|object| &object.headers);
                    match known.is_none_or(|known| *known == step.variant_headers(*encoding)) {
                        true => VariantState::Present,
                        false => VariantState::Headers,
                    }
                }
                (None, Action::Unchanged | Action::Headers) if declined.contains(encoding) => {
                    VariantState::Declined
                }
                _ => VariantState::Wanted,
            };
            Variant { encoding: *encoding, key, state }
        };
        encodings.map(variant).collect()
    }

    fn indexed(&self, key: &str) -> Option<&IndexedObject> {
        self.previous?.objects.get(key)
    }

    fn manifest(&self) -> ManifestStep {
        let json = self.graph.manifest().to_json();
        let mut hasher = Algorithm::Md5.hasher();
        hasher.update(json.as_bytes());
        let md5 = hex(&hasher.digest());
        let headers = HeaderRules::document();
        let wanted =
            Wanted { is_named_by_content: false, size: json.len() as u64, md5: &md5, headers: &headers };
        let reason = compare(&wanted, self.listing.get(MANIFEST_NAME), self.indexed(MANIFEST_NAME), false);
        // A header of the manifest alone is no reason for a deploy: it is written with it or not at all.
        let action = if reason.action() == Action::Upload { Action::Upload } else { Action::Unchanged };
        ManifestStep { key: MANIFEST_NAME.to_owned(), action, reason, json, md5, headers }
    }

    fn index(&self, steps: &[Step], manifest: &ManifestStep) -> IndexStep {
        let PlanOptions { deploy, created, .. } = self.options;
        let mut index = Index::new(deploy.clone(), *created, self.graph.manifest().hash());
        let outputs = self.graph.outputs().iter();
        index.files = outputs.map(|output| (output.path.clone(), self.graph.indexed(output))).collect();
        for step in steps {
            index.objects.insert(step.key.clone(), self.object(step));
            let is_there =
                |variant: &&Variant| matches!(variant.state, VariantState::Present | VariantState::Headers);
            for variant in step.variants.iter().filter(is_there) {
                if let Some(listed) = self.listing.get(&variant.key) {
                    index.objects.insert(variant.key.clone(), self.variant(step, variant, listed));
                }
            }
        }
        let size = manifest.json.len() as u64;
        let etag = self.opaque_etag(MANIFEST_NAME, manifest.action, &manifest.md5);
        let object = IndexedObject {
            size,
            md5: manifest.md5.clone(),
            etag,
            headers: manifest.headers.clone(),
            ..IndexedObject::default()
        };
        index.objects.insert(MANIFEST_NAME.to_owned(), object);
        let is_idle = steps.iter().all(Step::is_idle);
        let says_the_same = self.previous.is_some_and(|previous| {
            previous.files == index.files
                && previous.objects == index.objects
                && previous.manifest_hash == index.manifest_hash
        });
        let stays = is_idle && says_the_same && manifest.action == Action::Unchanged;
        let action = if stays { Action::Unchanged } else { Action::Upload };
        let key = format!("{INDEX_FOLDER}/{deploy}.json");
        IndexStep { key, action, index, headers: HeaderRules::document() }
    }

    fn object(&self, step: &Step) -> IndexedObject {
        let of = |state| step.variants.iter().filter(move |variant| variant.state == state);
        IndexedObject {
            size: step.size,
            md5: step.md5.clone(),
            etag: self.opaque_etag(&step.key, step.action, &step.md5),
            headers: step.headers.clone(),
            declined: of(VariantState::Declined).map(|variant| variant.encoding).collect(),
        }
    }

    /// The `ETag` of what stays, where it is not the MD5.
    fn opaque_etag(&self, key: &str, action: Action, md5: &str) -> Option<String> {
        let listed = self.listing.get(key).filter(|_| action == Action::Unchanged)?;
        listed.bare_etag().filter(|etag| !etag.eq_ignore_ascii_case(md5)).map(str::to_owned)
    }

    fn variant(&self, step: &Step, variant: &Variant, listed: &Listed) -> IndexedObject {
        let headers = step.variant_headers(variant.encoding);
        if let Some(known) = self.indexed(&variant.key) {
            return IndexedObject { headers, ..known.clone() };
        }
        let etag = listed.bare_etag().map(str::to_owned);
        IndexedObject { size: listed.size, etag, headers, ..IndexedObject::default() }
    }

    fn leftover(&self, steps: &[Step]) -> Vec<String> {
        let variants = steps.iter().flat_map(|step| &step.variants).map(|variant| variant.key.as_str());
        let known: BTreeSet<_> =
            steps.iter().map(|step| step.key.as_str()).chain(variants).chain([MANIFEST_NAME]).collect();
        let is_index = |key: &str| key.strip_prefix(INDEX_FOLDER).is_some_and(|rest| rest.starts_with('/'));
        let others = self.listing.keys().filter(|key| !known.contains(key) && !is_index(key));
        others.map(str::to_owned).collect()
    }
}

fn is_page(headers: &BTreeMap<String, String>) -> bool {
    let media_type = headers.get("content-type").map(|value| essence(value));
    media_type.is_some_and(|media_type| matches!(media_type, "text/html" | "application/xhtml+xml"))
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether files of such a type are not compressed by themselves.
fn is_compressible(media_type: &str) -> bool {
    const KNOWN: [&str; 11] = [
        "application/javascript",
        "application/json",
        "application/rtf",
        "application/vnd.ms-fontobject",
        "application/wasm",
        "application/xml",
        "font/otf",
        "font/ttf",
        "image/bmp",
        "image/vnd.microsoft.icon",
        "image/x-icon",
    ];
    let media_type = essence(media_type);
    media_type.starts_with("text/")
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || KNOWN.contains(&media_type)
}

fn is_good_name(deploy: &str) -> bool {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    (1..=100).contains(&deploy.len()) && deploy.bytes().all(is_good) && !deploy.starts_with('.')
}
