use std::ffi::OsString;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::ValueEnum;

use super::{aws_sdk, object_store, ours, rusty_s3};
use crate::harness::{Meter, Usage};

pub(super) const ADDRESS: &str = "http://files.example.org:9000";
pub(super) const VALID_FOR: Duration = Duration::from_secs(3_600);
pub(super) const DISPOSITION: &str = "attachment; filename=\"cat.jpg\"";
pub(super) const CONTENT_TYPE: &str = "image/jpeg";

/// How many URLs are signed before the clock starts.
const BEFORE: u32 = 1_000;

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Peer {
    Ours,
    OurBucket,
    RustyS3,
    ObjectStore,
    AwsSdk,
}

impl Peer {
    pub(super) const ALL: [Self; 5] =
        [Self::Ours, Self::OurBucket, Self::RustyS3, Self::ObjectStore, Self::AwsSdk];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours, signer",
            Self::OurBucket => "ours, Bucket",
            Self::RustyS3 => "rusty-s3",
            Self::ObjectStore => "object_store",
            Self::AwsSdk => "aws-sdk-s3",
        }
    }

    pub(super) fn can(self, load: Load) -> bool {
        self != Self::ObjectStore || load == Load::Plain
    }

    /// So many that a turn takes about as long as anybody's.
    pub(super) fn count(self) -> u32 {
        match self {
            Self::Ours | Self::OurBucket => 1_000_000,
            Self::RustyS3 | Self::ObjectStore => 200_000,
            Self::AwsSdk => 20_000,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Load {
    Plain,
    Download,
    Upload,
}

/// One contestant's share of `sign`, in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Signing {
    pub(super) peer: Peer,
    pub(super) load: Load,
    pub(super) count: u32,
}

impl Signing {
    /// How this program is told to do it.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let name = |value: Option<clap::builder::PossibleValue>| {
            value.map(|value| value.get_name().to_owned().into())
        };
        let mut words = vec!["signing".into()];
        words.extend(name(self.peer.to_possible_value()));
        words.extend(name(self.load.to_possible_value()));
        words.push(self.count.to_string().into());
        words
    }

    /// Prints what one URL took.
    ///
    /// # Errors
    /// When one cannot be signed.
    pub(crate) fn run(self) -> Result<()> {
        let usage = match self.peer {
            Peer::Ours => self.measure(ours::signer(self.load)?),
            Peer::OurBucket => self.measure(ours::bucket(self.load)?),
            Peer::RustyS3 => self.measure(rusty_s3::signer(self.load)?),
            Peer::ObjectStore => self.measure(object_store::signer()?),
            Peer::AwsSdk => self.measure(aws_sdk::signer(self.load)?),
        }?;
        println!("{}", serde_json::to_string(&usage)?);
        Ok(())
    }

    /// `sign` gets the name of an object, and says how long the URL is.
    fn measure(&self, mut sign: impl FnMut(&str) -> Result<usize>) -> Result<Usage> {
        let names: Vec<_> = (0..100).map(|number| format!("cats/2026/11/23/cat {number:04}.jpg")).collect();
        for name in names.iter().cycle().take(usize::try_from(BEFORE)?) {
            let length = sign(name)?;
            ensure!(length > 200, "a signed URL of {length} bytes");
        }
        let meter = Meter::start();
        for name in names.iter().cycle().take(usize::try_from(self.count)?) {
            black_box(sign(black_box(name))?);
        }
        let usage = meter.stop();
        Ok(Usage { wall: usage.wall / self.count, cpu: usage.cpu / self.count, ..usage })
    }
}
