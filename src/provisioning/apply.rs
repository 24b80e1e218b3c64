use storage_core::admin::{BucketAdmin, Creation};
use storage_core::{Error, ErrorKind, Result, Visibility};

use super::difference::{Step, policy_step};
use super::{BucketReport, Change, Finding, Mode, ProvisionOptions, Task, aspects};

/// What there is. The policy is asked for first: its answer tells a missing bucket, too.
enum Actual {
    Missing,
    Policy(Option<String>),
    /// The bucket is there, on a server that has no policies.
    NoPolicies,
}

/// All but what a hook wants, which is given back. Never fails: what goes wrong is in the report.
pub(super) async fn prepare(
    task: &Task,
    options: &ProvisionOptions,
    mode: Mode,
) -> (BucketReport, Option<Change>) {
    let mut report = BucketReport::new(&task.alias, &task.bucket);
    let Some(admin) = task.storage.bucket_admin() else {
        report.findings.push(Finding::Unmanaged(task.wishes()));
        return (report, None);
    };
    let mut work = Work { task, admin, mode, report, hook: None };
    let done = work.bring_about(options).await;
    work.report.error = done.err();
    (work.report, work.hook)
}

/// What is left for when all buckets exist.
pub(super) async fn put_hook(task: &Task, change: Change, mode: Mode, report: BucketReport) -> BucketReport {
    let Some(admin) = task.storage.bucket_admin() else { return report };
    let mut work = Work { task, admin, mode, report, hook: None };
    let put = work.put_policy(change).await;
    work.report.error = work.report.error.or(put.err());
    work.report
}

/// One bucket, what is done to it, and what came of it so far.
struct Work<'a> {
    task: &'a Task,
    admin: &'a dyn BucketAdmin,
    mode: Mode,
    report: BucketReport,
    /// What its hook wants.
    hook: Option<Change>,
}

impl Work<'_> {
    async fn bring_about(&mut self, options: &ProvisionOptions) -> Result<()> {
        let (policy, is_new) = match actual(self.admin).await? {
            Actual::Missing => (Some(None), self.make(Change::CreateBucket).await?),
            Actual::Policy(policy) => (Some(policy), false),
            Actual::NoPolicies => (None, false),
        };
        let policy = match policy {
            Some(policy) => self.bring_policy_about(policy.as_deref(), options).await,
            None => self.without_policies(),
        };
        // The one does not wait for the other: a policy that is refused keeps no rule from being put.
        let aspects = self.bring_aspects_about(is_new, options).await;
        policy.and(aspects)
    }

    async fn bring_policy_about(&mut self, policy: Option<&str>, options: &ProvisionOptions) -> Result<()> {
        match policy_step(&self.task.bucket, &self.task.wanted, policy, options)? {
            Step::Nothing => self.note_hook(),
            Step::Leave(finding) => self.report.findings.push(finding),
            Step::Do(change) if self.task.wanted.is_hook => self.hook = Some(change),
            Step::Do(change) => return self.put_policy(change).await,
        }
        Ok(())
    }

    async fn put_policy(&mut self, change: Change) -> Result<()> {
        match self.make(change).await {
            Err(error) if error.kind() == ErrorKind::Unsupported => self.without_policies(),
            Err(error) => Err(error),
            Ok(_) => {
                self.note_hook();
                Ok(())
            }
        }
    }

    fn note_hook(&mut self) {
        let opened = self.task.wanted.opened_by_hook(&self.task.bucket);
        self.report.findings.extend(opened.map(Finding::OpenByHook));
    }

    /// Nobody can be let in there, so that a private bucket is private.
    fn without_policies(&mut self) -> Result<()> {
        if self.task.wanted.is_hook {
            return Err(Error::unsupported("this server has no policies, and a hook wants one"));
        }
        if self.task.wanted.visibility == Visibility::Public {
            self.report.findings.push(Finding::NoPolicies);
        }
        Ok(())
    }

    /// The first failure, after everything was tried.
    async fn bring_aspects_about(&mut self, is_new: bool, options: &ProvisionOptions) -> Result<()> {
        let mut result = Ok(());
        for step in aspects::steps(self.admin, &self.task.aspects, is_new, options).await {
            let done = match step {
                aspects::Step::Leave(finding) => {
                    self.report.findings.push(finding);
                    Ok(())
                }
                aspects::Step::Failed(error) => Err(error),
                aspects::Step::Do(aspect, change) => match self.make(change).await {
                    Err(error) if error.kind() == ErrorKind::Unsupported => {
                        // In a new bucket nothing was read, which would have told.
                        let gap = match is_new {
                            true => aspects::gap(self.admin, aspect).await,
                            false => Finding::Refused(aspect),
                        };
                        self.report.findings.push(gap);
                        Ok(())
                    }
                    done => done.map(drop),
                },
            };
            result = result.and(done);
        }
        result
    }

    /// Whether the bucket is new, and nothing in it for sure. Somebody else's process may have been quicker, and further on its way.
    async fn make(&mut self, change: Change) -> Result<bool> {
        let mut is_new = change == Change::CreateBucket;
        if self.mode == Mode::Apply {
            match &change {
                Change::CreateBucket => is_new = self.admin.create().await? == Creation::Created,
                Change::PutPolicy { json, .. } => self.admin.put_policy(json).await?,
                Change::DeletePolicy => self.admin.delete_policy().await?,
                Change::PutCors(rules) => self.admin.put_cors(rules).await?,
                Change::PutLifecycle(lifecycle) => self.admin.put_lifecycle(lifecycle).await?,
                Change::PutVersioning(versioning) => self.admin.put_versioning(*versioning).await?,
            }
        }
        self.report.changes.push(change);
        Ok(is_new)
    }
}

async fn actual(admin: &dyn BucketAdmin) -> Result<Actual> {
    match admin.policy().await {
        Ok(policy) => Ok(Actual::Policy(policy)),
        Err(error) if error.kind() == ErrorKind::BucketMissing => Ok(Actual::Missing),
        Err(error) if error.kind() == ErrorKind::Unsupported => match admin.exists().await? {
            true => Ok(Actual::NoPolicies),
            false => Ok(Actual::Missing),
        },
        Err(error) => Err(error),
    }
}
