use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::{distance, lister, sink};
use crate::harness::myself;

/// Which server a process is.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Takes every object, and forgets it
    Sink,
    /// Lists a million objects
    Lister,
    /// Brings everything to another server and back, later
    Distance,
}

/// What is done with a connection.
type Answer = dyn Fn(TcpStream) -> io::Result<()> + Send + Sync;

/// Serves until the standard input ends; the first line of the output is the address.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    kind: Kind,
    /// The server behind a distance, `http://127.0.0.1:9000`
    #[arg(long, value_name = "URL")]
    behind: Option<String>,
}

impl Serve {
    /// # Errors
    /// When no port can be had.
    pub(crate) fn run(self) -> Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port to listen on")?;
        println!("http://{}", listener.local_addr()?);
        let answer: Arc<Answer> = match self.kind {
            Kind::Sink => Arc::new(sink::connection),
            Kind::Lister => Arc::new(lister::connection),
            Kind::Distance => {
                let behind = self.behind.context("no server behind the distance")?;
                let address = behind.trim_start_matches("http://").to_owned();
                Arc::new(move |stream| distance::connection(stream, &address))
            }
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away is no concern of the others.
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || _ = answer(stream));
            }
        });
        io::stdin().read_to_end(&mut Vec::new()).context("the parent is gone")?;
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
                Kind::Distance => bail!("a distance to what?"),
            },
        ]);
        Self::spawn(command)
    }

    /// A way to the server at `endpoint` on which everything takes its time.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn distance(endpoint: &str) -> Result<Self> {
        let mut command = myself()?;
        command.args(["serve", "distance", "--behind", endpoint]);
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Result<Self> {
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
