//! Many small files up, listed, down, and deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::harness::{Contestant, Report, Settings, Table, in_phases, run, run_and_read};
use crate::programs::{Payload, Rclone, S5cmd, Server, Storage};

const FILES_A_FOLDER: usize = 100;

/// Many small files up, listed, down and deleted: `storage`, s5cmd and rclone
#[derive(Debug, clap::Args)]
pub(crate) struct Tree {
    /// How many files there are
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    files: usize,
    /// The size of a file, in KiB
    #[arg(long, value_name = "KIB", default_value_t = 8)]
    size: usize,
    /// How many files are transferred at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    jobs: u16,
}

/// One who takes part: a name, and its commands for a tree of that name.
struct Program<'a> {
    name: &'static str,
    up: Make<'a>,
    list: Make<'a>,
    /// Into the folder that it is told.
    down: MakeInto<'a>,
    delete: Make<'a>,
}

type Make<'a> = Box<dyn Fn() -> Result<Command> + 'a>;
type MakeInto<'a> = Box<dyn Fn(&Path) -> Result<Command> + 'a>;

pub(crate) fn bench(args: &Tree, settings: &Settings) -> Result<()> {
    let server = Server::from_environment()?;
    let storage = Storage::new(&server)?;
    let (s5cmd, rclone) = (S5cmd::new(&server)?, Rclone::new(&server)?);
    let scratch = settings.scratch("tree")?;
    let tree = scratch.join("tree");
    make_tree(&tree, args)?;
    create_bucket(&storage, &scratch)?;

    let jobs = args.jobs.to_string();
    let programs = [ours(&storage, &tree, &jobs), s5(&s5cmd, &tree, &jobs), of_rclone(&rclone, &tree, &jobs)];
    let programs: Vec<_> = programs.into_iter().filter(|program| settings.wants(program.name)).collect();
    let mut report = Report::new("tree", "not slower than the fastest peer");
    let steps = [("Up", Step::Up), ("List", Step::List), ("Down", Step::Down), ("Delete", Step::Delete)];
    let content = content(args.size);
    let turns = |(_, step)| {
        programs.iter().map(|program| contestant(program, step, args.files, &content, &scratch)).collect()
    };
    let measured = in_phases(settings, steps.map(turns).into())?;
    for ((title, _), measured) in steps.iter().zip(&measured) {
        let title = format!("{title}: {} files of {} KiB, {jobs} at a time", args.files, args.size);
        report.table(&Table::of_wall_times(title, measured, |name| name == "storage"));
    }
    report.note(&format!(
        "By http to {} on the same machine. s5cmd hashes the content into the signature, the others do not. `storage` takes no \
         name that is taken, the others replace what is there: each finds a server without its tree. CPU time is the client's.",
        server.name
    ));
    report.versions([
        ("storage", storage.version()?),
        ("s5cmd", s5cmd.version()?),
        ("rclone", rclone.version()?),
    ]);
    fs::remove_dir_all(&scratch).context("cannot remove the scratch folder")?;
    report.finish(settings)
}

#[derive(Clone, Copy)]
enum Step {
    Up,
    List,
    Down,
    Delete,
}

fn contestant<'a>(
    program: &'a Program<'_>,
    step: Step,
    files: usize,
    content: &'a [u8],
    scratch: &'a Path,
) -> Contestant<'a> {
    Contestant::new(program.name, move |_| match step {
        Step::Up => run(&mut (program.up)()?),
        Step::List => {
            let (usage, output) = run_and_read(&mut (program.list)()?)?;
            let lines = output.lines().filter(|line| line.contains(".bin")).count();
            ensure!(lines == files, "it lists {lines} of {files} files");
            Ok(usage)
        }
        Step::Down => {
            let target = scratch.join("copy");
            let usage = run(&mut (program.down)(&target)?)?;
            let found = files_below(&target, content)?;
            ensure!(found == files, "it read {found} of {files} files");
            fs::remove_dir_all(&target)?;
            Ok(usage)
        }
        // What it left behind, the next round would list.
        Step::Delete => run(&mut (program.delete)()?),
    })
}

fn ours<'a>(storage: &'a Storage<'_>, tree: &'a Path, jobs: &'a str) -> Program<'a> {
    let command = |arguments: &[&str]| {
        let mut command = storage.command(Payload::Unsigned)?;
        command.args(arguments);
        Ok(command)
    };
    Program {
        name: "storage",
        up: Box::new(move || {
            let mut command = command(&["put", "--jobs", jobs, "--to", "storage"])?;
            command.arg(tree);
            Ok(command)
        }),
        list: Box::new(move || command(&["ls", "--recursive", "storage"])),
        down: Box::new(move |target| {
            let mut command = command(&["get", "--recursive", "--jobs", jobs, "storage", "--output"])?;
            command.arg(target);
            Ok(command)
        }),
        delete: Box::new(move || command(&["rm", "--recursive", "storage"])),
    }
}

fn s5<'a>(s5cmd: &'a S5cmd<'_>, tree: &'a Path, jobs: &'a str) -> Program<'a> {
    let command = move || {
        let mut command = s5cmd.command();
        command.args(["--numworkers", jobs]);
        command
    };
    let everything = S5cmd::address("s5cmd/*");
    let (list_of, down_of) = (everything.clone(), everything.clone());
    Program {
        name: "s5cmd",
        up: Box::new(move || {
            let mut command = command();
            command.args(["cp", "--concurrency", "1"]).arg(format!("{}/", tree.display()));
            command.arg(S5cmd::address("s5cmd/"));
            Ok(command)
        }),
        list: Box::new(move || {
            let mut command = command();
            command.arg("ls").arg(&list_of);
            Ok(command)
        }),
        down: Box::new(move |target| {
            let mut command = command();
            command.arg("cp").arg(&down_of).arg(format!("{}/", target.display()));
            Ok(command)
        }),
        delete: Box::new(move || {
            let mut command = command();
            command.arg("rm").arg(&everything);
            Ok(command)
        }),
    }
}

fn of_rclone<'a>(rclone: &'a Rclone<'_>, tree: &'a Path, jobs: &'a str) -> Program<'a> {
    let address = || Rclone::address("rclone");
    Program {
        name: "rclone",
        up: Box::new(move || {
            let mut command = rclone.command();
            // What was just emptied need not be looked at file by file.
            command
                .args(["copy", "--no-check-dest", "--transfers", jobs, "--checkers", jobs])
                .arg(tree)
                .arg(address());
            Ok(command)
        }),
        list: Box::new(move || {
            let mut command = rclone.command();
            command.args(["lsf", "--recursive", "--fast-list", "--files-only"]).arg(address());
            Ok(command)
        }),
        down: Box::new(move |target| {
            let mut command = rclone.command();
            command
                .args(["copy", "--fast-list", "--transfers", jobs, "--checkers", jobs])
                .arg(address())
                .arg(target);
            Ok(command)
        }),
        delete: Box::new(move || {
            let mut command = rclone.command();
            command.args(["delete", "--fast-list", "--transfers", jobs, "--checkers", jobs]).arg(address());
            Ok(command)
        }),
    }
}

/// The first save makes the bucket.
fn create_bucket(storage: &Storage<'_>, scratch: &Path) -> Result<()> {
    let file = scratch.join("first.txt");
    fs::write(&file, "first")?;
    run(storage.command(Payload::Unsigned)?.arg("put").arg(file))?;
    Ok(())
}

fn make_tree(root: &Path, args: &Tree) -> Result<()> {
    let content = content(args.size);
    for at in 0..args.files {
        let folder: PathBuf = root.join(format!("folder-{:04}", at / FILES_A_FOLDER));
        if at % FILES_A_FOLDER == 0 {
            fs::create_dir_all(&folder)?;
        }
        fs::write(folder.join(format!("file-{at:06}.bin")), &content)?;
    }
    Ok(())
}

fn content(kibibytes: usize) -> Vec<u8> {
    b"0123456789abcdef".repeat(kibibytes * 64)
}

/// How many files hold the content.
fn files_below(folder: &Path, content: &[u8]) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += match entry.file_type()?.is_dir() {
            true => files_below(&entry.path(), content)?,
            false => usize::from(fs::read(entry.path())? == content),
        };
    }
    Ok(count)
}
