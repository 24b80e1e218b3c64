use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::BytesMut;
use futures_util::{StreamExt, stream};
use percent_encoding::percent_decode_str;
use storage_core::FileUrl;
use storage_core::admin::BucketAdmin;
use storage_core::attributes::Attributes;
use storage_core::backend::copy_by_stream;
use storage_core::capability::Capabilities;
use storage_core::health::Health;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, LevelStream, ListItem, ListOptions, ListStream};
use storage_core::options::PutMode;
use storage_core::outcome::GetOutcome;
use storage_core::outcome::{Deletion, PutOutcome};
use storage_core::url::{
    FormKey, FormOptions, SignedUpload, UploadForm, UploadOptions, UploadSigner, UrlSigner, UrlVerifier,
};
use storage_core::{
    Body, ByteRange, CopyOptions, CopySource, Error, ErrorKind, GetOptions, Object, ObjectKey, ObjectMeta,
    PutOptions, Result, Storage, UrlOptions,
};

use super::fault::Fault;

/// A store with one fault.
#[derive(Debug)]
pub(super) struct Broken {
    storage: Arc<dyn Storage>,
    fault: Fault,
}

/// Long enough for others to look in between.
const A_MOMENT: Duration = Duration::from_millis(2);

impl Broken {
    pub(super) fn new(storage: Arc<dyn Storage>, fault: Fault) -> Self {
        Self { storage, fault }
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn key(&self, key: &ObjectKey) -> Result<ObjectKey> {
        Ok(match self.fault {
            Fault::FoldsCase => ObjectKey::new(key.as_str().to_lowercase())?,
            Fault::DecodesKeys => ObjectKey::new(percent_decode_str(key.as_str()).decode_utf8_lossy())?,
            Fault::RefusesLongSegments if key.segments().any(|segment| segment.len() > 255) => {
                return Err(Error::invalid_input("too long"));
            }
            _ => key.clone(),
        })
    }

    fn signer(&self) -> Result<&dyn UploadSigner> {
        self.storage.upload_signer().ok_or_else(|| Error::unsupported("on purpose"))
    }

    fn refusal<T>(&self) -> Option<Result<T>> {
        self.is(Fault::RefusesEverything).then(|| Err(Error::unsupported("on purpose")))
    }

    fn missing<T>(&self) -> Option<Result<T>> {
        self.is(Fault::ForgetsEverything).then(|| Err(Error::new(ErrorKind::NotFound, "")))
    }

    fn told<T>(&self, result: Result<T>) -> Result<T> {
        match self.fault {
            Fault::ErrorsNameNothing => result.map_err(|error| Error::new(error.kind(), "")),
            _ => result,
        }
    }

    async fn put_wrongly(
        &self,
        key: &ObjectKey,
        mut body: Body,
        mut options: PutOptions,
    ) -> Result<PutOutcome> {
        match self.fault {
            Fault::CreateOverwrites if options.mode == PutMode::Create => options.mode = PutMode::Overwrite,
            Fault::CreateLooksFirst if options.mode == PutMode::Create => {
                if self.storage.stat(key).await.is_ok() {
                    return Err(Error::new(ErrorKind::AlreadyExists, ""));
                }
                tokio::time::sleep(A_MOMENT).await;
                options.mode = PutMode::Overwrite;
            }
            Fault::IfMatchIsIgnored if matches!(options.mode, PutMode::IfMatch(_)) => {
                options.mode = PutMode::Overwrite;
            }
            Fault::LosesMetadata => options.attributes.metadata.clear(),
            Fault::LosesNonAscii => options.attributes.metadata.retain(|_, value| value.is_ascii()),
            Fault::LosesHeaders => {
                let metadata = std::mem::take(&mut options.attributes.metadata);
                options.attributes = Attributes::default();
                options.attributes.metadata = metadata;
            }
            Fault::LosesTheLastByte => body = without_the_last_byte(body).await?,
            Fault::TellsNoProgress => options.progress = None,
            Fault::KeepsWhatCameOfABody => body = what_comes_of(body).await,
            Fault::WritesAPlaceholderFirst => {
                let placeholder = PutOptions::new().mode(options.mode.clone());
                self.storage.put(key, "".into(), placeholder).await?;
                tokio::time::sleep(A_MOMENT).await;
                options.mode = PutMode::Overwrite;
            }
            Fault::DeletesBeforeItOverwrites => {
                self.storage.delete(key).await?;
                tokio::time::sleep(A_MOMENT).await;
            }
            Fault::WritesAttributesAfterwards => {
                let attributes = std::mem::take(&mut options.attributes);
                self.storage.put(key, body, options).await?;
                tokio::time::sleep(A_MOMENT).await;
                return self.storage.copy(key, key, CopyOptions::new().attributes(attributes)).await;
            }
            _ => {}
        }
        self.storage.put(key, body, options).await
    }

    async fn get_wrongly(&self, key: &ObjectKey, mut options: GetOptions) -> Result<GetOutcome> {
        match (self.fault, options.range) {
            (Fault::RangesAreOffByOne, Some(ByteRange::Bounded(start, end))) => {
                options.range = Some(ByteRange::Bounded(start, end.saturating_sub(1)));
            }
            (Fault::RangesAreOffByOne, Some(ByteRange::From(start))) => {
                options.range = Some(ByteRange::From(start.saturating_sub(1)));
            }
            (Fault::RangesAreOffByOne, Some(ByteRange::Last(count))) => {
                options.range = Some(ByteRange::Last(count.saturating_add(1)));
            }
            (Fault::BadRangesGiveAll, Some(range)) => {
                let size = self.storage.stat(key).await?.size;
                options.range = options.range.filter(|_| range.resolve(size).is_ok());
            }
            (Fault::ConditionsOnReadsAreIgnored, range) => {
                options = GetOptions::new();
                options.range = range;
            }
            _ => {}
        }
        match self.storage.get(key, options).await {
            Err(error) if error.is_not_found() && self.is(Fault::MissingObjectsAreEmpty) => {
                let meta = ObjectMeta::new(key.clone(), 0);
                Ok(Object::new(meta, 0..0, Box::pin(stream::empty())).into())
            }
            result => result,
        }
    }

    fn listing(&self, mut options: ListOptions) -> ListOptions {
        if self.is(Fault::StartAfterIsInclusive) {
            // The last character but one: what begins with it comes too.
            options.start_after = options.start_after.map(|mut key| {
                key.pop();
                key
            });
        }
        if self.is(Fault::PrefixesAreFolders) && !options.prefix.ends_with('/') {
            options.prefix.push('/');
        }
        options
    }
}

/// What a body gives before it fails, as if that were all.
async fn what_comes_of(body: Body) -> Body {
    let mut stream = body.into_stream();
    let mut all = BytesMut::new();
    while let Some(Ok(chunk)) = stream.next().await {
        all.extend_from_slice(&chunk);
    }
    all.freeze().into()
}

async fn without_the_last_byte(body: Body) -> Result<Body> {
    let mut stream = body.into_stream();
    let mut all = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        all.extend_from_slice(&chunk?);
    }
    all.truncate(all.len().saturating_sub(1));
    Ok(all.freeze().into())
}

#[async_trait]
#[deny(clippy::missing_trait_methods, reason = "a method that is not forwarded is a second fault")]
impl Storage for Broken {
    fn name(&self) -> &str {
        self.storage.name()
    }

    fn capabilities(&self) -> Capabilities {
        match self.fault {
            Fault::ClaimsToBeAbleToDoNothing => Capabilities::none(),
            Fault::RefusesEverything | Fault::ForgetsEverything => Capabilities::all(),
            _ => self.storage.capabilities(),
        }
    }

    async fn probe(&self) -> Result<Capabilities> {
        Ok(self.capabilities())
    }

    async fn probe_for(&self, _size: Option<u64>) -> Result<Capabilities> {
        Ok(self.capabilities())
    }

    async fn put(&self, key: &ObjectKey, body: Body, options: PutOptions) -> Result<PutOutcome> {
        if let Some(refusal) = self.refusal() {
            return refusal;
        }
        if self.is(Fault::ForgetsEverything) {
            return Ok(PutOutcome::new(0));
        }
        self.told(self.put_wrongly(&self.key(key)?, body, options).await)
    }

    async fn get(&self, key: &ObjectKey, options: GetOptions) -> Result<GetOutcome> {
        match self.refusal().or_else(|| self.missing()) {
            Some(refusal) => refusal,
            None => self.told(self.get_wrongly(&self.key(key)?, options).await),
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        if let Some(refusal) = self.refusal().or_else(|| self.missing()) {
            return refusal;
        }
        match self.told(self.storage.stat(&self.key(key)?).await) {
            Err(error) if error.is_not_found() && self.is(Fault::MissingObjectsAreEmpty) => {
                Ok(ObjectMeta::new(key.clone(), 0))
            }
            result => result,
        }
    }

    async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        if let Some(refusal) = self.refusal().or_else(|| self.missing()) {
            return refusal;
        }
        match self.is(Fault::LosesHeaders) {
            true => Ok(BTreeMap::new()),
            false => self.told(self.storage.tags(&self.key(key)?).await),
        }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<()> {
        if let Some(refusal) = self.refusal() {
            return refusal;
        }
        let key = self.key(key)?;
        match self.fault {
            Fault::DeletingNothingFails => {
                self.storage.stat(&key).await?;
            }
            Fault::DeletesWhatIsBelow => {
                let mut items = self.storage.list(ListOptions::new().prefix(format!("{key}/")));
                while let Some(item) = items.next().await {
                    if let ListItem::Object(entry) = item? {
                        self.storage.delete(&entry.key).await?;
                    }
                }
            }
            _ => {}
        }
        self.storage.delete(&key).await
    }

    async fn delete_many(&self, mut keys: Vec<RawKey>) -> Result<Deletion> {
        if let Some(refusal) = self.refusal() {
            return refusal;
        }
        if self.is(Fault::DeletesOnePage) {
            keys.truncate(1_000);
        }
        self.storage.delete_many(keys).await
    }

    fn list(&self, options: ListOptions) -> ListStream {
        let items = self.storage.list(self.listing(options));
        match self.fault {
            Fault::ListsOnePage => Box::pin(items.take(1_000)),
            Fault::ListsFoldersFirst => Box::pin(stream::once(folders_first(items)).flatten()),
            _ => items,
        }
    }

    fn list_level(&self, options: ListOptions) -> LevelStream {
        let items = self.storage.list_level(self.listing(options));
        match self.fault {
            Fault::ListsOnePage => Box::pin(items.take(1_000)),
            Fault::RepeatsFolders => Box::pin(items.flat_map(|item| {
                let again = match &item {
                    Ok(folder @ LevelItem::Folder(_)) => Some(Ok(folder.clone())),
                    _ => None,
                };
                stream::iter([item]).chain(stream::iter(again))
            })),
            _ => items,
        }
    }

    async fn copy(&self, from: &ObjectKey, to: &ObjectKey, mut options: CopyOptions) -> Result<PutOutcome> {
        if let Some(refusal) = self.refusal().or_else(|| self.missing()) {
            return refusal;
        }
        match self.fault {
            Fault::CopiesLoseAttributes => options.attributes = Some(Attributes::default()),
            Fault::CopyIfAbsentOverwrites => options.if_absent = false,
            _ => {}
        }
        self.told(self.storage.copy(&self.key(from)?, &self.key(to)?, options).await)
    }

    async fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let outcome = self.copy(from, to, options).await?;
        if from != to && !self.is(Fault::RenameKeepsTheSource) {
            self.delete(from).await?;
        }
        Ok(outcome)
    }

    fn url_signer(&self) -> Option<&dyn UrlSigner> {
        match self.fault {
            Fault::RefusesEverything | Fault::ForgetsEverything => None,
            Fault::UrlsAreNotEncoded => Some(self),
            _ => self.storage.url_signer(),
        }
    }

    async fn copy_from(
        &self,
        source: &dyn Storage,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        copy_by_stream(self, source, from, to, options).await
    }

    fn copy_source(&self, _: &ObjectKey) -> Option<CopySource> {
        None
    }

    fn upload_signer(&self) -> Option<&dyn UploadSigner> {
        match self.fault {
            Fault::RefusesEverything | Fault::ForgetsEverything => None,
            Fault::SignsAnyUpload => Some(self),
            _ => self.storage.upload_signer(),
        }
    }

    fn url_verifier(&self) -> Option<&dyn UrlVerifier> {
        self.storage.url_verifier()
    }

    fn bulk_put(&self) -> Option<&dyn storage_core::bulk::BulkPut> {
        None
    }

    fn bucket_admin(&self) -> Option<&dyn BucketAdmin> {
        self.storage.bucket_admin()
    }

    fn health(&self) -> Option<&dyn Health> {
        self.storage.health()
    }
}

async fn folders_first(items: ListStream) -> ListStream {
    let mut items: Vec<_> = items.collect().await;
    items.sort_by_key(|item| match item {
        // A directory is read before the files beside it.
        Ok(ListItem::Object(entry)) => std::cmp::Reverse(entry.key.segments().count()),
        _ => std::cmp::Reverse(0),
    });
    Box::pin(stream::iter(items))
}

/// What was asked is signed, without any of its conditions.
impl UploadSigner for Broken {
    fn upload_url(&self, key: &ObjectKey, _: &UploadOptions) -> Result<SignedUpload> {
        self.signer()?.upload_url(key, &UploadOptions::new())
    }

    fn upload_form(&self, key: &FormKey, _: &FormOptions) -> Result<UploadForm> {
        let mut form = self.signer()?.upload_form(key, &FormOptions::new())?;
        form.fields.retain(|(name, _)| name != "policy");
        Ok(form)
    }
}

impl UrlSigner for Broken {
    fn public_url(&self, key: &ObjectKey) -> Result<FileUrl> {
        Ok(FileUrl::new(format!("https://example.org/{key}")))
    }

    fn signed_url(&self, key: &ObjectKey, _: &UrlOptions) -> Result<FileUrl> {
        Ok(FileUrl::new(format!("https://example.org/{key}?signature=0")))
    }
}
