use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdin, Stdio};

use anyhow::{Context, Result};

use super::{lister, sink};
use crate::harness::myself;

/// Which server a process is.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Takes every object, and forgets it
    Sink,
    /// Lists a million objects
    Lister,
}

/// Serves until the standard input ends; the first line of the output is the address.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    kind: Kind,
}

impl Serve {
    /// # Errors
    /// When no port can be had.
    pub(crate) fn run(self) -> Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port to listen on")?;
        println!("http://{}", listener.local_addr()?);
        let answer = match self.kind {
            Kind::Sink => sink::connection,
            Kind::Lister => lister::connection,
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away is no concern of the others.
                std::thread::spawn(move || _ = answer(stream));
            }
        });
        std::io::stdin().read_to_end(&mut Vec::new()).context("the parent is gone")?;
        Ok(())
    }
}

/// A server in a process of its own. It ends when this is dropped, or with this process.
pub(crate) struct Server {
    child: Child,
    /// Its end is what the server waits for.
    input: Option<ChildStdin>,
    address: String,
}

impl Server {
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(kind: Kind) -> Result<Self> {
        let mut command = myself()?;
        command.args([
            "serve",
            match kind {
                Kind::Sink => "sink",
                Kind::Lister => "lister",
            },
        ]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut address = String::new();
        let output = child.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut address)?;
        let input = child.stdin.take();
        Ok(Self { child, input, address: address.trim_end().to_owned() })
    }

    /// `http://127.0.0.1:port`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        // It has nothing to lose.
        let _ = self.child.wait();
    }
}
