use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// What something took. As JSON it is how a contestant in a process of its own reports a part of its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// From start to end.
    pub(crate) wall: Duration,
    /// User and system time of the process, all threads together.
    pub(crate) cpu: Duration,
    /// The most memory that was resident at any time of the process's life, in bytes; it begins with that of the process that has started it.
    pub(crate) peak_memory: u64,
}

/// Runs `command` and measures it; what it writes to its standard output is dropped, or returned by [`run_and_read`].
///
/// # Errors
/// When it cannot be started, or fails: its standard error is part of the message then.
pub(crate) fn run(command: &mut Command) -> Result<Usage> {
    command.stdout(Stdio::null());
    let (usage, _) = finish(command)?;
    Ok(usage)
}

/// Runs `command` and measures it; returns what it wrote to its standard output too.
///
/// # Errors
/// Those of [`run`], and output that is no UTF-8.
pub(crate) fn run_and_read(command: &mut Command) -> Result<(Usage, String)> {
    command.stdout(Stdio::piped());
    let (usage, output) = finish(command)?;
    Ok((usage, String::from_utf8(output).context("the output is no UTF-8")?))
}

fn finish(command: &mut Command) -> Result<(Usage, Vec<u8>)> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    // Both at once: a program whose pipe is full waits for ever.
    let errors = std::thread::spawn(move || read(errors));
    let output = read(output);
    let ended = child.wait4().with_context(|| format!("cannot wait for {name}"))?;
    let wall = start.elapsed();
    let errors = errors.join().unwrap_or_default();
    if !ended.status.success() {
        let errors = String::from_utf8_lossy(&errors);
        bail!("{name}: {}\n{}", ended.status, errors.trim_end());
    }
    let cpu = ended.rusage.utime + ended.rusage.stime;
    Ok((Usage { wall, cpu, peak_memory: ended.rusage.maxrss }, output))
}

fn read(pipe: Option<impl std::io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What was read until it broke is all there is to show.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

/// Measures a part of this process's own work, without what came before.
#[derive(Debug)]
pub(crate) struct Meter {
    start: Instant,
    cpu: Duration,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self { cpu: own_cpu(), start: Instant::now() }
    }

    /// What was used since the start. The peak of memory is that of the process's whole life.
    pub(crate) fn stop(self) -> Usage {
        Usage {
            wall: self.start.elapsed(),
            cpu: own_cpu().saturating_sub(self.cpu),
            peak_memory: own_peak_memory(),
        }
    }
}

fn own_cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn own_peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().map_or(0, |kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_measured() {
        let script = "x=0; while [ $x -lt 100000 ]; do x=$((x+1)); done; echo done";
        let (usage, output) = run_and_read(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(output, "done\n");
        assert!(usage.cpu > Duration::ZERO && usage.wall > Duration::ZERO);
        assert!((100 * 1024..1024 * 1024 * 1024).contains(&usage.peak_memory), "{}", usage.peak_memory);
    }

    #[test]
    fn a_failure_says_why() {
        let error = run(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(format!("{error:#}").contains("why"), "{error:#}");
    }

    #[test]
    fn own_work_is_measured() {
        let meter = Meter::start();
        let sum: u64 = std::hint::black_box((0..5_000_000_u64).map(std::hint::black_box).sum());
        assert!(sum > 0);
        let usage = meter.stop();
        assert!(usage.cpu > Duration::ZERO && usage.peak_memory > 100 * 1024);
    }
}
