use storage_core::BucketName;

use super::key::{self, Key};
use super::parse::{self, Parsed};
use super::reader::Reader;

/// Which buckets there are, and who may read them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Buckets {
    /// Buckets whose objects are read by signed URLs.
    pub private: Vec<BucketName>,
    /// Buckets whose objects anybody may read.
    pub public: Vec<BucketName>,
    /// Where uploads go unless another bucket is asked for. Default: `auto-generated-bucket-media-files`, private.
    pub media: BucketName,
    /// Where static files go. Default: `auto-generated-bucket-static-files`, private.
    pub static_files: BucketName,
}

impl Buckets {
    /// All buckets, each once: the lists in their order, then the one for media if it is in neither. The default one for static files
    /// is not among them before something uses it.
    pub fn all(&self) -> impl Iterator<Item = &BucketName> {
        let listed = || self.private.iter().chain(&self.public);
        listed()
            .chain(std::iter::once(&self.media).filter(move |name| !listed().any(|listed| listed == *name)))
    }

    /// Whether anybody may read the bucket's objects. What is in no list is private.
    pub fn is_public(&self, bucket: &BucketName) -> bool {
        self.public.contains(bucket)
    }
}

pub(super) fn read(reader: &mut Reader<'_>, is_server: bool) -> Option<Buckets> {
    let private = reader.read_all(&key::PRIVATE_BUCKETS, names);
    let public = reader.read_all(&key::PUBLIC_BUCKETS, names);
    let lists_are_good = reader.is_good(&key::PRIVATE_BUCKETS) && reader.is_good(&key::PUBLIC_BUCKETS);
    let (private, public) = (private.unwrap_or_default(), public.unwrap_or_default());
    for name in public.iter().filter(|name| private.contains(name)) {
        reader.fault(&key::PUBLIC_BUCKETS, format!("`{name}` is in the list of private buckets too"));
    }
    if is_server && lists_are_good && private.is_empty() && public.is_empty() {
        reader.missing(&key::PRIVATE_BUCKETS, "at least one bucket must be private or public");
    }
    let listed = |name: &BucketName| private.contains(name) || public.contains(name);
    let mut one = |key: &Key| {
        let name = reader.read(key, |value| parse::text(value).and_then(|text| bucket_name(&text)))?;
        if reader.is_set(key) && lists_are_good && !listed(&name) {
            reader.fault(key, "it must be in the list of private or of public buckets".into());
        }
        Some(name)
    };
    let media = one(&key::MEDIA_BUCKET);
    let default = one(&key::DEFAULT_BUCKET);
    let static_files = one(&key::STATIC_BUCKET);
    let media = match (media, default) {
        (Some(media), Some(default)) if reader.is_set(&key::MEDIA_BUCKET) && media != default => {
            reader.fault(
                &key::DEFAULT_BUCKET,
                format!("`{}` says `{media}`; set one of the two", key::MEDIA_BUCKET.path),
            );
            media
        }
        (media, default) => default.or(media)?,
    };
    Some(Buckets { private, public, media, static_files: static_files? })
}

fn names(value: &config::Value) -> Result<Vec<BucketName>, Vec<String>> {
    let (mut names, mut rules) = (Vec::<BucketName>::new(), Vec::new());
    for text in parse::list(value).map_err(|rule| vec![rule])? {
        match bucket_name(&text) {
            Err(rule) => rules.push(rule),
            Ok(name) if names.contains(&name) => rules.push(format!("`{name}` is in it twice")),
            Ok(name) => names.push(name),
        }
    }
    if rules.is_empty() { Ok(names) } else { Err(rules) }
}

fn bucket_name(text: &str) -> Parsed<BucketName> {
    text.parse().map_err(|error| format!("{error}"))
}
