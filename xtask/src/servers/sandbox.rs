//! Where a server runs: a folder of its own, free ports, a clean environment, a log.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::guarded::Guarded;

/// How long a server may take until it answers.
const DEADLINE: Duration = Duration::from_secs(60);
/// How much of a log is shown.
const LOG_LINES: usize = 40;

/// A fresh folder, which goes with this value.
#[derive(Debug)]
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// A page that a server answers with 200 once it is ready.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(super) port: u16,
    pub(super) path: &'static str,
}

impl Sandbox {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("storage-server-").tempdir();
        Ok(Self { folder: folder.context("cannot make a temporary folder")? })
    }

    /// A folder or file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts `command` with a clean environment (what it sets itself is kept) and waits until all probes are
    /// answered. `leftovers` are files outside of the sandbox that the server would leave behind. The sandbox's
    /// folder is removed when the first of its processes is dropped.
    ///
    /// # Errors
    /// When it cannot be started, ends, or does not answer in time; the end of its log is part of the message.
    pub(super) fn launch(
        &self,
        command: &mut Command,
        leftovers: &[PathBuf],
        ready: &[Probe],
    ) -> Result<Guarded> {
        let mut process = self.spawn(command, leftovers)?;
        self.wait_for(std::slice::from_mut(&mut process), ready)?;
        Ok(process)
    }

    /// The first half of [`launch`](Self::launch).
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn spawn(&self, command: &mut Command, leftovers: &[PathBuf]) -> Result<Guarded> {
        let log =
            File::options().create(true).append(true).open(self.log()).context("cannot write the log")?;
        let own: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(own.into_iter().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let leftovers: Vec<_> = leftovers.iter().cloned().chain([self.folder.path().to_owned()]).collect();
        Guarded::spawn(command, &leftovers)
    }

    /// The second half of [`launch`](Self::launch), for any number of processes.
    ///
    /// # Errors
    /// When one of them ends, or a probe is not answered in time; the end of the log is part of the message.
    pub(crate) fn wait_for(&self, processes: &mut [Guarded], ready: &[Probe]) -> Result<()> {
        let start = Instant::now();
        while !ready.iter().all(Probe::is_answered) {
            if let Some(how) = processes.iter_mut().find_map(Guarded::ended) {
                bail!("it ended: {how}; the end of its log:\n{}", self.log_tail());
            }
            if start.elapsed() > DEADLINE {
                bail!(
                    "it did not answer within {} s; the end of its log:\n{}",
                    DEADLINE.as_secs(),
                    self.log_tail()
                );
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The last lines of the log.
    pub(crate) fn log_tail(&self) -> String {
        let bytes = std::fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.path("server.log")
    }
}

/// Ports of this machine that nobody listens on.
///
/// # Errors
/// When the system has none.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    // All are held until the last is found, so that they differ.
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

impl Probe {
    fn is_answered(&self) -> bool {
        self.status().is_ok_and(|status| status == "200")
    }

    fn status(&self) -> Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request = format!("GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", self.path);
        stream.write_all(request.as_bytes())?;
        // The status line has a fixed form: `HTTP/1.1 200 …`.
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[9..]).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn ports_differ() {
        let [a, b, c] = free_ports().unwrap();
        assert!(a != b && b != c && a != c);
    }

    #[test]
    fn a_server_that_ends_shows_the_end_of_its_log() {
        let sandbox = Sandbox::new().unwrap();
        let [port] = free_ports().unwrap();
        let script = "for n in $(seq 100); do echo line $n; done; echo $SECRET $CARGO; exit 7";
        let error = sandbox
            .launch(shell(script).env("SECRET", "own"), &[], &[Probe { port, path: "/" }])
            .unwrap_err();
        let message = format!("{error:#}");
        assert!(message.contains("exit status: 7"), "{message}");
        assert!(message.ends_with("line 99\nline 100\nown"), "{message}");
        assert!(!message.contains("line 50\n"), "{message}");
    }

    #[test]
    fn a_server_is_ready_when_it_answers_200() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            for status in ["503 Busy", "200 OK"] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 512];
                assert!(stream.read(&mut request).unwrap() > 0);
                stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).unwrap();
            }
        });
        let sandbox = Sandbox::new().unwrap();
        let folder = sandbox.path("");
        let process =
            sandbox.launch(&mut shell("exec sleep 600"), &[], &[Probe { port, path: "/ready" }]).unwrap();
        server.join().unwrap();
        drop(process);
        assert!(!folder.exists(), "the sandbox is still there");
    }

    #[test]
    fn no_answer_is_not_ready() {
        let [port] = free_ports().unwrap();
        assert!(!Probe { port, path: "/" }.is_answered());
    }
}
