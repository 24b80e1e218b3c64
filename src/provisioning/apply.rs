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

/// Never fails: what goes wrong is in the report. A store without buckets is as it should be.
pub(super) async fn provision(task: &Task, options: &ProvisionOptions, mode: Mode) -> BucketReport {
    let mut report = BucketReport::new(&task.alias, task.storage.name());
    if let Some(admin) = task.storage.bucket_admin()
        && let Err(error) = bring_about(task, admin, options, mode, &mut report).await
    {
        report.error = Some(error);
    }
    report
}

async fn bring_about(
    task: &Task,
    admin: &dyn BucketAdmin,
    options: &ProvisionOptions,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<()> {
    let (policy, is_new) = match actual(admin).await? {
        Actual::Missing => (Some(None), make(admin, Change::CreateBucket, mode, report).await?),
        Actual::Policy(policy) => (Some(policy), false),
        Actual::NoPolicies => (None, false),
    };
    let policy = match policy {
        Some(policy) => bring_policy_about(task, admin, policy.as_deref(), options, mode, report).await,
        None => without_policies(task, report),
    };
    // The one does not wait for the other: a policy that is refused keeps no rule from being put.
    let aspects = bring_aspects_about(task, admin, is_new, mode, report).await;
    policy.and(aspects)
}

async fn bring_policy_about(
    task: &Task,
    admin: &dyn BucketAdmin,
    policy: Option<&str>,
    options: &ProvisionOptions,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<()> {
    match policy_step(task.storage.name(), &task.wanted, policy, options) {
        Step::Nothing => Ok(()),
        Step::Leave(finding) => {
            report.findings.push(finding);
            Ok(())
        }
        Step::Do(change) => match make(admin, change, mode, report).await {
            Err(error) if error.kind() == ErrorKind::Unsupported => without_policies(task, report),
            result => result.map(drop),
        },
    }
}

/// The first failure, after everything was tried.
async fn bring_aspects_about(
    task: &Task,
    admin: &dyn BucketAdmin,
    is_new: bool,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<()> {
    let mut result = Ok(());
    for step in aspects::steps(admin, &task.aspects, is_new).await {
        let done = match step {
            aspects::Step::Leave(finding) => {
                report.findings.push(finding);
                Ok(())
            }
            aspects::Step::Failed(error) => Err(error),
            aspects::Step::Do(aspect, change) => match make(admin, change, mode, report).await {
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    report.findings.push(Finding::Lacking(aspect));
                    Ok(())
                }
                done => done.map(drop),
            },
        };
        result = result.and(done);
    }
    result
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

/// Whether the bucket is new, and nothing in it for sure. Somebody else's process may have been quicker, and further on its way.
async fn make(
    admin: &dyn BucketAdmin,
    change: Change,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<bool> {
    let mut is_new = change == Change::CreateBucket;
    if mode == Mode::Apply {
        match &change {
            Change::CreateBucket => is_new = admin.create().await? == Creation::Created,
            Change::PutPolicy { json, .. } => admin.put_policy(json).await?,
            Change::DeletePolicy => admin.delete_policy().await?,
            Change::PutCors(rules) => admin.put_cors(rules).await?,
            Change::PutLifecycle(lifecycle) => admin.put_lifecycle(lifecycle).await?,
            Change::PutVersioning(versioning) => admin.put_versioning(*versioning).await?,
        }
    }
    report.changes.push(change);
    Ok(is_new)
}

/// Nobody can be let in there, so that a private bucket is private.
fn without_policies(task: &Task, report: &mut BucketReport) -> Result<()> {
    if task.wanted.is_hook {
        return Err(Error::unsupported("this server has no policies, and a hook wants one"));
    }
    if task.wanted.visibility == Visibility::Public {
        report.findings.push(Finding::NoPolicies);
    }
    Ok(())
}
