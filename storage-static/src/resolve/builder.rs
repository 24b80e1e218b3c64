use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::entry::Table;
use super::folders::Folders;
use super::miss::{Miss, UnknownName};
use super::statics::{Names, Statics};
use crate::find::{Ignore, Source};
use crate::manifest::{Index, Manifest, ManifestError};

/// How names are resolved, before it is said which there are.
#[derive(Clone, Default)]
pub struct StaticsBuilder {
    base_url: Option<String>,
    miss: Miss,
    on_unknown: Option<Arc<Told>>,
    index: Option<Arc<Index>>,
}

pub(super) type Told = dyn Fn(&UnknownName) + Send + Sync;

impl StaticsBuilder {
    /// What stands before the paths: `/static/` by default. A slash at its end may be missing.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        let mut url = url.into();
        if !url.ends_with('/') {
            url.push('/');
        }
        self.base_url = Some(url);
        self
    }

    /// What becomes of a name that there is no file for: an error by default.
    pub fn miss(mut self, miss: Miss) -> Self {
        self.miss = miss;
        self
    }

    /// Is told, once for each name, of those whose plain URL was given ([`Miss::Plain`]); of the first 1,000. By default that is a warning of
    /// `tracing`, with the feature of that name.
    pub fn on_unknown(mut self, told: impl Fn(&UnknownName) + Send + Sync + 'static) -> Self {
        self.on_unknown = Some(Arc::new(told));
        self
    }

    /// The index of the deploy, which has integrity values, dependencies and compressed variants. It has no effect on the manifest of
    /// another deploy.
    pub fn index(self, index: Index) -> Self {
        self.with_index(Some(index))
    }

    pub(super) fn with_index(mut self, index: Option<Index>) -> Self {
        self.index = index.map(Arc::new);
        self
    }

    /// The names of a manifest.
    pub fn manifest(&self, manifest: &Manifest) -> Statics {
        let base_url = self.base();
        let names = Names::Table(Table::new(manifest, self.index.as_deref(), &base_url));
        self.build(base_url, names)
    }

    /// The names of a manifest's JSON: of a file that is part of the program (`include_bytes!`), or of what a store gave.
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::parse`].
    pub fn parse(&self, manifest: &[u8]) -> Result<Statics, ManifestError> {
        Ok(self.manifest(&Manifest::parse(manifest)?))
    }

    /// The names of a manifest's JSON, with what the index of its deploy says:
    ///
    /// ```no_run
    /// # use storage_static::manifest::ManifestError;
    /// # use storage_static::resolve::Statics;
    /// # fn embedded() -> Result<Statics, ManifestError> {
    /// # /* The files are made by `storage collect`.
    /// const MANIFEST: &[u8] = include_bytes!("../static/staticfiles.json");
    /// const INDEX: &[u8] = include_bytes!("../static/staticfiles.index.json");
    /// # */
    /// # const MANIFEST: &[u8] = b"";
    /// # const INDEX: &[u8] = b"";
    /// Statics::builder().parse_with_index(MANIFEST, INDEX)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::parse`] and [`Index::parse`]; [`ManifestError::OtherDeploy`] if the two do not belong together.
    pub fn parse_with_index(&self, manifest: &[u8], index: &[u8]) -> Result<Statics, ManifestError> {
        let (manifest, index) = (Manifest::parse(manifest)?, Index::parse(index)?);
        match index.is_of(&manifest) {
            true => Ok(self.clone().index(index).manifest(&manifest)),
            false => Err(ManifestError::OtherDeploy {
                deploy: index.deploy,
                expected: index.manifest_hash,
                found: manifest.hash(),
            }),
        }
    }

    /// The names of a manifest in a file; one that does not exist has none.
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::read`].
    pub fn read(&self, manifest: impl AsRef<Path>) -> Result<Statics, ManifestError> {
        Ok(self.manifest(&Manifest::read(manifest)?))
    }

    /// For development: each file of these folders by its plain name, as soon as it is there. A name that there is no file for is what
    /// it will be in production, and so is one that only a disk takes for that of a file: with other capital letters, or by a link out
    /// of its folder.
    ///
    /// References between the files are checked by what reads the files in production too:
    ///
    /// ```
    /// use storage_static::cache::Cache;
    /// use storage_static::find::{Ignore, Source, find};
    /// use storage_static::graph::{Graph, Options};
    /// use storage_static::resolve::Statics;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # std::fs::write(folder.path().join("site.css"), "a{background:url(cat.png)}")?;
    /// let sources = [Source::new(folder.path())];
    /// let statics = Statics::builder().folders(sources.clone(), Ignore::default());
    /// assert_eq!(statics.url("site.css")?, "/static/site.css");
    ///
    /// let graph = Graph::build(&find(&sources, &Ignore::default()), &Options::default(), &Cache::none());
    /// assert_eq!(
    ///     graph.problems()[0].to_string(),
    ///     "site.css:1:18: error: url() refers to cat.png, which is not there"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn folders(&self, sources: impl IntoIterator<Item = Source>, ignore: Ignore) -> Statics {
        let folders = Folders { sources: sources.into_iter().collect(), ignore };
        self.build(self.base(), Names::Folders(folders))
    }

    fn base(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| "/static/".to_owned())
    }

    fn build(&self, base_url: String, names: Names) -> Statics {
        Statics::new(base_url, names, self.miss.clone(), self.on_unknown.clone())
    }
}

impl fmt::Debug for StaticsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deploy = self.index.as_ref().map(|index| &index.deploy);
        f.debug_struct("StaticsBuilder")
            .field("base_url", &self.base_url)
            .field("miss", &self.miss)
            .field("deploy", &deploy)
            .finish_non_exhaustive()
    }
}
