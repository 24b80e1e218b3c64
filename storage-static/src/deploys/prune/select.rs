use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{KeptBecause, KeptDeploy, PruneOptions, PrunePlan, PrunedObject};
use crate::deploys::read::Stored;
use crate::manifest::{Index, IndexedObject, MANIFEST_NAME, Manifest};
use crate::plan::{deploy_of, index_key};
use crate::variant::Encoding;

/// What may be deleted of what is there.
pub(super) fn select(
    indexes: &BTreeMap<String, Index>,
    there: &BTreeMap<String, Stored>,
    live: Option<&Manifest>,
    options: &PruneOptions,
) -> PrunePlan {
    let now = options.clock.now();
    let live_hash = live.map(Manifest::hash);
    let mut deploys: Vec<_> = indexes.iter().collect();
    // Of one second, the store's clock says which was first.
    let stored = |name: &str| there.get(&index_key(name)).and_then(|stored| stored.modified);
    deploys.sort_by_key(|(name, index)| (index.created, stored(name), name.as_str()));
    let recent = recent(&deploys, live_hash.as_deref(), options.keep);
    let (mut kept, mut old) = (Vec::new(), Vec::new());
    for (name, index) in deploys {
        let created = UNIX_EPOCH.checked_add(Duration::from_secs(index.created));
        let because = match index {
            index if live_hash.as_ref() == Some(&index.manifest_hash) => Some(KeptBecause::Live),
            _ if recent.contains(name) => Some(KeptBecause::Recent),
            _ if is_young(created, now, options) => Some(KeptBecause::Young),
            _ => None,
        };
        match because {
            Some(because) => kept.push((name, index, because)),
            None => old.push((name, index)),
        }
    }

    let named: BTreeSet<&str> =
        indexes.values().flat_map(|index| index.objects.keys()).map(String::as_str).collect();
    let of_kept = kept.iter().flat_map(|(_, index, _)| index.objects.keys().map(String::as_str));
    // The manifest may be of a deploy that has no index.
    let of_live = live.into_iter().flat_map(Manifest::iter).map(|(_, served)| served);
    let needed: BTreeSet<&str> = of_kept.chain(of_live).map(|key| base(key, &named)).collect();

    // An object and its variants live and die together.
    let mut unneeded: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut foreign = BTreeSet::new();
    for (_, index) in &old {
        for (key, known) in &index.objects {
            let Some(stored) = there.get(key) else { continue };
            let base = base(key, &named);
            if key == MANIFEST_NAME || deploy_of(key).is_some() || needed.contains(base) {
                continue;
            }
            match stored.is_as_stored(known, index.is_by_content(base)) {
                true => _ = unneeded.entry(base).or_default().insert(key),
                false => _ = foreign.insert(key.as_str()),
            }
        }
    }
    let is_key_young =
        |key: &&str| there.get(*key).is_none_or(|stored| is_young(stored.modified, now, options));
    let (young, dead): (Vec<_>, Vec<_>) =
        unneeded.into_values().partition(|group| group.iter().any(is_key_young));
    let young: BTreeSet<&str> = young.into_iter().flatten().collect();
    let dead: BTreeSet<&str> = dead.into_iter().flatten().collect();
    // One deploy has stored it, whatever another one says.
    foreign.retain(|key| !young.contains(key) && !dead.contains(key));

    let (waiting, gone): (Vec<_>, Vec<_>) =
        old.into_iter().partition(|(_, index)| index.objects.keys().any(|key| young.contains(key.as_str())));
    kept.extend(waiting.into_iter().map(|(name, index)| (name, index, KeptBecause::Waiting)));
    kept.sort_by_key(|(name, index, _)| (index.created, stored(name), name.as_str()));
    let object = |key: &str| PrunedObject {
        key: key.to_owned(),
        size: there.get(key).map_or(0, |stored| stored.size),
    };
    let kept_deploy = |(name, _, because): (&String, &Index, _)| KeptDeploy { deploy: name.clone(), because };
    PrunePlan {
        delete: dead.into_iter().map(object).collect(),
        deploys: gone.into_iter().map(|(name, _)| name.clone()).collect(),
        kept: kept.into_iter().map(kept_deploy).collect(),
        young: young.into_iter().map(str::to_owned).collect(),
        foreign: foreign.into_iter().map(str::to_owned).collect(),
        listed: there.len(),
        max_share: options.max_share,
        manifest_hash: live_hash,
    }
}

/// The last `keep` deploys that were published. Attempts that were interrupted, or were not the first of several, do not count, as no deploy
/// has replaced them. One that is newer than the live one may have been taken back: it is kept beside the others.
fn recent<'i>(deploys: &[(&'i String, &Index)], live: Option<&str>, keep: usize) -> BTreeSet<&'i String> {
    let replaced: BTreeSet<_> = deploys.iter().filter_map(|(_, index)| index.replaces.as_deref()).collect();
    let is_live = |index: &Index| live == Some(&index.manifest_hash);
    let Some(newest_live) = deploys.iter().rposition(|(_, index)| is_live(index)) else {
        return deploys.iter().rev().take(keep).map(|(name, _)| *name).collect();
    };
    let is_published = |name: &str, index: &Index| is_live(index) || replaced.contains(name);
    let published = deploys.iter().rev().filter(|(name, index)| is_published(name, index)).take(keep);
    let newer = deploys[newest_live + 1..].iter().filter(|(name, index)| !is_published(name, index));
    published.chain(newer).map(|(name, _)| *name).collect()
}

/// What is in the future is young too: clocks differ.
fn is_young(time: Option<SystemTime>, now: SystemTime, options: &PruneOptions) -> bool {
    let age = time.and_then(|time| now.duration_since(time).ok());
    age.is_none_or(|age| age < options.min_age)
}

/// The object that a variant is of; itself if it is none.
fn base<'k>(key: &'k str, named: &BTreeSet<&str>) -> &'k str {
    let bases = Encoding::ALL.into_iter().filter_map(|encoding| key.strip_suffix(encoding.suffix()));
    bases.into_iter().find(|base| named.contains(base)).unwrap_or(key)
}

impl Index {
    /// Whether a key stands for the content, as a file of it is served by that and has another name.
    fn is_by_content(&self, key: &str) -> bool {
        !self.files.contains_key(key)
    }
}

impl Stored {
    /// Whether it is what was stored. Of what has a fingerprint, the length is enough: a copy of the bucket has other `ETag`s.
    fn is_as_stored(&self, known: &IndexedObject, is_by_content: bool) -> bool {
        if is_by_content { self.size == known.size } else { self.is(known) }
    }

    /// Whether length and `ETag`, as far as both are known, are the same.
    pub(in crate::deploys) fn is(&self, known: &IndexedObject) -> bool {
        let expected = known.etag.as_deref().unwrap_or(&known.md5).trim_matches('"');
        let same_etag = self.etag.as_ref().is_none_or(|etag| etag.as_str().eq_ignore_ascii_case(expected));
        self.size == known.size && (same_etag || expected.is_empty())
    }
}
