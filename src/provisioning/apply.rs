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
    let mut hook = None;
    report.error = bring_about(task, admin, options, mode, &mut report, &mut hook).await.err();
    (report, hook)
}

/// What is left for when all buckets exist.
pub(super) async fn put_hook(task: &Task, change: Change, mode: Mode, report: &mut BucketReport) {
    let Some(admin) = task.storage.bucket_admin() else { return };
    match put_policy(task, admin, change, mode, report).await {
        Ok(()) => {}
        Err(error) => drop(report.error.get_or_insert(error)),
    }
}

async fn bring_about(
    task: &Task,
    admin: &dyn BucketAdmin,
    options: &ProvisionOptions,
    mode: Mode,
    report: &mut BucketReport,
    hook: &mut Option<Change>,
) -> Result<()> {
    let (policy, is_new) = match actual(admin).await? {
        Actual::Missing => (Some(None), make(admin, Change::CreateBucket, mode, report).await?),
        Actual::Policy(policy) => (Some(policy), false),
        Actual::NoPolicies => (None, false),
    };
    let policy = match policy {
        None => without_policies(task, report),
        Some(policy) => match policy_step(&task.bucket, &task.wanted, policy.as_deref(), options) {
            Err(error) => Err(error),
            Ok(Step::Nothing) => {
                note_hook(task, report);
                Ok(())
            }
            Ok(Step::Leave(finding)) => {
                report.findings.push(finding);
                Ok(())
            }
            Ok(Step::Do(change)) if task.wanted.is_hook => {
                *hook = Some(change);
                Ok(())
            }
            Ok(Step::Do(change)) => put_policy(task, admin, change, mode, report).await,
        },
    };
    // The one does not wait for the other: a policy that is refused keeps no rule from being put.
    let aspects = bring_aspects_about(task, admin, is_new, options, mode, report).await;
    policy.and(aspects)
}

async fn put_policy(
    task: &Task,
    admin: &dyn BucketAdmin,
    change: Change,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<()> {
    match make(admin, change, mode, report).await {
        Err(error) if error.kind() == ErrorKind::Unsupported => without_policies(task, report),
        Err(error) => Err(error),
        Ok(_) => {
            note_hook(task, report);
            Ok(())
        }
    }
}

fn note_hook(task: &Task, report: &mut BucketReport) {
    report.findings.extend(task.wanted.opened_by_hook(&task.bucket).map(Finding::OpenByHook));
}

/// The first failure, after everything was tried.
async fn bring_aspects_about(
    task: &Task,
    admin: &dyn BucketAdmin,
    is_new: bool,
    options: &ProvisionOptions,
    mode: Mode,
    report: &mut BucketReport,
) -> Result<()> {
    let mut result = Ok(());
    for step in aspects::steps(admin, &task.aspects, is_new, options).await {
        let done = match step {
            aspects::Step::Leave(finding) => {
                report.findings.push(finding);
                Ok(())
            }
            aspects::Step::Failed(error) => Err(error),
            aspects::Step::Do(aspect, change) => match make(admin, change, mode, report).await {
                // In a new bucket nothing was read, which would have told.
                Err(error) if error.kind() == ErrorKind::Unsupported && is_new => {
                    report.findings.push(aspects::gap(admin, aspect).await);
                    Ok(())
                }
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    report.findings.push(Finding::Refused(aspect));
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
