use storage_core::admin::BucketAdmin;
use storage_core::{Error, ErrorKind, Result, Visibility};

use super::difference::{Step, policy_step};
use super::{BucketReport, Change, Finding, Mode, ProvisionOptions, Task};

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
    let policy = match actual(admin).await? {
        Actual::Missing => {
            make(admin, Change::CreateBucket, mode, report).await?;
            None
        }
        Actual::Policy(policy) => policy,
        Actual::NoPolicies => return without_policies(task, report),
    };
    match policy_step(task.storage.name(), &task.wanted, policy.as_deref(), options) {
        Step::Nothing => Ok(()),
        Step::Leave(finding) => {
            report.findings.push(finding);
            Ok(())
        }
        Step::Do(change) => match make(admin, change, mode, report).await {
            Err(error) if error.kind() == ErrorKind::Unsupported => without_policies(task, report),
            result => result,
        },
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

async fn make(admin: &dyn BucketAdmin, change: Change, mode: Mode, report: &mut BucketReport) -> Result<()> {
    if mode == Mode::Apply {
        match &change {
            Change::CreateBucket => admin.create().await.map(drop)?,
            Change::PutPolicy { json, .. } => admin.put_policy(json).await?,
            Change::DeletePolicy => admin.delete_policy().await?,
        }
    }
    report.changes.push(change);
    Ok(())
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
