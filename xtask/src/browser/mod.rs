//! `cargo xtask browser`: signed URLs, uploads and static files in a real browser, and by curl, against real servers.
//!
//! The application behind the page is `examples/page_backend`, its static files are those of `static`; the page is on another origin than the server. The cases are in
//! `script/cases`; [`tools`] finds what they need, [`origin`] starts a server that lets that page in. What they print is read as what a test
//! binary prints.

mod origin;
mod tools;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use self::origin::Origin;
use self::tools::Tools;
use crate::command;
use crate::integration::{Report, follow};
use crate::servers::{self, Running};
use crate::workspace::Workspace;

/// Tests signed URLs, uploads and static files in Chromium, and by curl, against real servers.
///
/// Chromium is looked for in `STORAGE_CHROMIUM_BIN` and on PATH, node, npm and curl on PATH; `playwright-core` is fetched from npm. Pictures of
/// what the browser shows are kept in `target/browser`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Servers to test; default: minio and seaweedfs
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = origin::SERVERS)]
    server: Vec<String>,
    /// Only cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
}

const COMMAND: [&str; 3] = ["build", "--package", "storage-cli"];

/// Runs the cases; true if all passed, and something ran on every server.
///
/// # Errors
/// When there is no browser, or the application behind the page does not compile.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let workspace = Workspace::load()?;
    let tools = Tools::obtain(&workspace.target)?;
    let example = ["build", "--package", "storage-suite", "--example", "page_backend"];
    for (what, arguments) in [("application behind the page", &example[..]), ("command `storage`", &COMMAND)]
    {
        ensure!(command::run(command::cargo().args(arguments))?, "the {what} does not compile");
    }
    let mut report = Report::default();
    for name in origin::SERVERS {
        let is_wanted = match args.server.is_empty() {
            true => origin::BY_DEFAULT.contains(&name),
            false => args.server.iter().any(|wanted| wanted == name),
        };
        if is_wanted {
            println!("\n== {name}");
            if let Err(error) = test(name, &workspace, &tools, args, &mut report) {
                println!("error: {error:#}");
                report.broken(name, "browser", &format!("{error:#}"));
            }
        }
    }
    print!("\n{}", report.terminal());
    Ok(report.passed())
}

fn test(name: &str, workspace: &Workspace, tools: &Tools, args: &Args, report: &mut Report) -> Result<()> {
    let origin = Origin::choose()?;
    let mut running = servers::start(&*origin.server(name), workspace)?;
    let mut node = node(workspace, tools, origin, &running)?;
    let cases = follow(node.args(&args.filter))?;
    ensure!(cases.iter().any(|case| case.outcome.ran()), "no case ran");
    let is_broken = cases.iter().any(|case| case.outcome.failed());
    report.add(name, "browser", cases);
    if let Some(how) = running.ended() {
        report.broken(name, "server", &format!("it ended while it was tested: {how}"));
    }
    if is_broken {
        println!("\nthe end of the log of {name}:\n{}", running.log_tail());
    }
    Ok(())
}

fn node(workspace: &Workspace, tools: &Tools, origin: Origin, running: &Running) -> Result<Command> {
    let output = workspace.target.join("browser").join(&running.target.server);
    if output.exists() {
        std::fs::remove_dir_all(&output).context("cannot remove the pictures of an earlier run")?;
    }
    let mut node = Command::new("node");
    node.arg(workspace.root.join(Path::new("xtask/src/browser/script/main.mjs")));
    node.envs(running.target.variables());
    node.env("BROWSER_OUTPUT", output).env("BROWSER_SITE_PORT", origin.port.to_string());
    node.env("BROWSER_BACKEND", workspace.target.join("debug/examples/page_backend"));
    node.env("BROWSER_STORAGE", workspace.target.join("debug/storage"));
    node.env("BROWSER_CHROMIUM", &tools.chromium).env("BROWSER_PLAYWRIGHT", &tools.playwright);
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_shows_the_script_that_is_run() {
        let workspace = Workspace::load().unwrap();
        let guide = workspace.read(Path::new("docs/urls-and-uploads.md")).unwrap();
        let script = workspace.read(Path::new("xtask/src/browser/script/uploads.js")).unwrap();
        assert!(
            guide.contains(&format!("```js\n{script}```\n")),
            "docs/urls-and-uploads.md shows another one"
        );
    }
}
