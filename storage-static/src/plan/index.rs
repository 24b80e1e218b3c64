use std::collections::BTreeMap;

use super::build::Planner;
use super::compare::{Wanted, compare};
use super::digest::digest;
use super::keys::index_key;
use super::{
    Action, HeaderRules, IndexStep, Listed, ManifestStep, Mark, PlanOptions, Reason, Step, Variant,
    VariantState,
};
use crate::graph::hex;
use crate::manifest::{Index, IndexedFile, IndexedObject, MANIFEST_NAME, Manifest};
use crate::name::Algorithm;

impl Planner<'_> {
    /// Index and manifest: both are stored, or neither.
    pub(super) fn documents(&self, steps: &[Step]) -> (IndexStep, ManifestStep) {
        let names = self.graph.manifest();
        let outputs = self.graph.outputs().iter();
        let files = outputs.map(|output| (output.path.clone(), self.graph.indexed(output))).collect();
        let mut manifest = self.manifest(&names, &files, steps);
        let index = self.index(files, steps, names.hash(), &manifest);
        if index.action == Action::Upload && manifest.action == Action::Unchanged {
            (manifest.action, manifest.reason) = (Action::Upload, Reason::OtherDeploy);
        }
        (index, manifest)
    }

    fn manifest(
        &self,
        names: &Manifest,
        files: &BTreeMap<String, IndexedFile>,
        steps: &[Step],
    ) -> ManifestStep {
        let json = names.to_json();
        let mut hasher = Algorithm::Md5.hasher();
        hasher.update(json.as_bytes());
        let md5 = hex(&hasher.digest());
        let headers = HeaderRules::document();
        let digest = digest(names, files, steps, self.options);
        let mark = Mark { deploy: self.options.deploy.clone(), digest };
        let wanted =
            Wanted { is_named_by_content: false, size: json.len() as u64, md5: &md5, headers: &headers };
        let listed = self.found.listing.get(MANIFEST_NAME);
        let mut reason = compare(&wanted, listed, self.indexed(MANIFEST_NAME), false);
        if reason.action() != Action::Upload
            && self.found.digest.as_ref().is_some_and(|was| *was != mark.digest)
        {
            reason = Reason::OtherDeploy;
        }
        // A header of the manifest alone is no reason for a deploy.
        let action = if reason.action() == Action::Upload { Action::Upload } else { Action::Unchanged };
        ManifestStep { key: MANIFEST_NAME.to_owned(), action, reason, json, md5, headers, mark }
    }

    fn index(
        &self,
        files: BTreeMap<String, IndexedFile>,
        steps: &[Step],
        manifest_hash: String,
        manifest: &ManifestStep,
    ) -> IndexStep {
        let PlanOptions { deploy, created, .. } = self.options;
        let mut index = Index::new(deploy.clone(), *created, manifest_hash);
        index.replaces.clone_from(&self.found.live);
        index.files = files;
        for step in steps {
            index.objects.insert(step.key.clone(), self.object(step));
            let is_there =
                |variant: &&Variant| matches!(variant.state, VariantState::Present | VariantState::Headers);
            for variant in step.variants.iter().filter(is_there) {
                if let Some(listed) = self.found.listing.get(&variant.key) {
                    index.objects.insert(variant.key.clone(), self.variant(step, variant, listed));
                }
            }
        }
        let object = IndexedObject {
            size: manifest.json.len() as u64,
            md5: manifest.md5.clone(),
            etag: self.opaque_etag(MANIFEST_NAME, manifest.action, &manifest.md5),
            headers: manifest.headers.clone(),
            ..IndexedObject::default()
        };
        index.objects.insert(MANIFEST_NAME.to_owned(), object);
        let is_idle = steps.iter().all(Step::is_idle);
        let says_the_same = self.found.previous.as_ref().is_some_and(|previous| {
            previous.files == index.files
                && previous.objects == index.objects
                && previous.manifest_hash == index.manifest_hash
        });
        let stays = is_idle && says_the_same && manifest.action == Action::Unchanged;
        let action = if stays { Action::Unchanged } else { Action::Upload };
        IndexStep { key: index_key(deploy), action, index, headers: HeaderRules::document() }
    }

    /// Whether the index would be stored over that of another deploy. One that was never published, of an attempt that was interrupted,
    /// is the newest and not live: the next attempt may have its name.
    pub(super) fn would_lose(&self, index: &IndexStep) -> bool {
        let is_there = self.found.listing.get(&index.key).is_some();
        let name = Some(&self.options.deploy);
        let is_newest = self.found.previous.as_ref().map(|previous| &previous.deploy) == name;
        let is_live = self.found.live.as_ref() == name;
        index.action == Action::Upload && is_there && (is_live || !is_newest)
    }

    fn object(&self, step: &Step) -> IndexedObject {
        IndexedObject {
            size: step.size,
            md5: step.md5.clone(),
            etag: self.opaque_etag(&step.key, step.action, &step.md5),
            headers: step.headers.clone(),
            declined: self.declined(step),
        }
    }

    /// The `ETag` of what stays, where it is not the MD5.
    fn opaque_etag(&self, key: &str, action: Action, md5: &str) -> Option<String> {
        let listed = self.found.listing.get(key).filter(|_| action == Action::Unchanged)?;
        listed.bare_etag().filter(|etag| !etag.eq_ignore_ascii_case(md5)).map(str::to_owned)
    }

    fn variant(&self, step: &Step, variant: &Variant, listed: &Listed) -> IndexedObject {
        let headers = self.shared(step.variant_headers(variant.encoding));
        if let Some(known) = self.indexed(&variant.key) {
            return IndexedObject { headers, ..known.clone() };
        }
        let etag = listed.bare_etag().map(str::to_owned);
        IndexedObject { size: listed.size, etag, headers, ..IndexedObject::default() }
    }
}
