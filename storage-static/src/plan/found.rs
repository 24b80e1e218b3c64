use super::{Listed, Listing, Plan, VariantState};
use crate::manifest::{Index, IndexedObject};

/// What a bucket has before a deploy.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Found {
    /// All objects below the root of the static files.
    pub listing: Listing,
    /// The newest index that can be understood: what is known of the objects beyond the listing.
    pub previous: Option<Index>,
    /// The deploy that the manifest is of, as far as that is known.
    pub live: Option<String>,
    /// The digest of the plan that the live deploy was made by, if the manifest was asked for it.
    pub digest: Option<String>,
    /// Indexes that cannot be understood, each as a sentence. The next deploy has one that can be.
    pub broken: Vec<String>,
    /// Calls of the store that it took to find out, a listing counted by its pages of 1,000.
    pub requests: u64,
}

impl Found {
    /// A bucket with these objects, and no index.
    pub fn new(listing: Listing) -> Self {
        Self { listing, ..Self::default() }
    }

    /// An index that is there, of the deploy that is live.
    pub fn with_previous(mut self, index: Index) -> Self {
        self.live = Some(index.deploy.clone());
        self.previous = Some(index);
        self
    }
}

impl Plan {
    /// What the bucket has of this deploy once it is carried out, as far as that is known before: all variants were made.
    pub fn carried_out(&self) -> Found {
        let mut index = self.index.index.clone();
        let mut listing = Listing::new();
        for step in &self.steps {
            listing.insert(&step.key, Listed { size: step.size, etag: Some(step.md5.clone()) });
            for variant in step.variants.iter().filter(|variant| variant.state != VariantState::Declined) {
                listing.insert(&variant.key, Listed::default());
                let headers = step.variant_headers(variant.encoding);
                let made = || IndexedObject { headers, ..IndexedObject::default() };
                index.objects.entry(variant.key.clone()).or_insert_with(made);
            }
        }
        let size = self.manifest.json.len() as u64;
        listing.insert(&self.manifest.key, Listed { size, etag: Some(self.manifest.md5.clone()) });
        listing.insert(&self.index.key, Listed::default());
        Found::new(listing).with_previous(index)
    }
}
