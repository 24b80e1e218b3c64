//! One large file to the server and back.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::harness::{Contestant, Report, Settings, Table, in_rounds, run};
use crate::programs::{Curl, Payload, Rclone, S5cmd, Server, Storage};

const MIB: usize = 1024 * 1024;

/// The object that everybody reads.
const KEY: &str = "transfer/read.bin";

/// One large file put and got: `storage`, s5cmd, rclone and curl
#[derive(Debug, clap::Args)]
pub(crate) struct Transfer {
    /// The size of the file, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    size: usize,
}

/// Who takes part.
struct Programs<'a> {
    storage: Storage<'a>,
    s5cmd: S5cmd<'a>,
    rclone: Rclone<'a>,
    curl: Curl<'a>,
}

pub(crate) fn bench(args: &Transfer, settings: &Settings) -> Result<()> {
    let server = Server::from_environment()?;
    let programs = Programs {
        storage: Storage::new(&server)?,
        s5cmd: S5cmd::new(&server)?,
        rclone: Rclone::new(&server)?,
        curl: Curl::new(&server)?,
    };
    let folder = settings.scratch("transfer")?;
    let file = folder.join("file.bin");
    make_file(&file, args.size)?;
    run(programs.storage.command(Payload::Unsigned)?.arg("put").arg(&file).args(["--name", KEY]))?;

    let size = args.size;
    let mut report =
        Report::new("transfer", "not slower than the fastest peer; ours in at most 40 MiB of memory");
    let is_ours = |name: &str| name.starts_with("storage");
    let put = in_rounds(settings, puts(&programs, &file))?;
    report.table(&Table::of_wall_times(format!("Put of {size} MiB"), &put, is_ours));
    let get = in_rounds(settings, gets(&programs, &file, &folder))?;
    report.table(&Table::of_wall_times(format!("Get of {size} MiB"), &get, is_ours));
    report.note(&format!(
        "All by http to {} on the same machine, the content not hashed into the signature, except where it says \"signed\" and in \
         s5cmd, which cannot leave that out. curl stores in one request, without parts and without a condition. CPU time is the \
         client's.",
        server.name
    ));
    report.versions([
        ("storage", programs.storage.version()?),
        ("s5cmd", programs.s5cmd.version()?),
        ("rclone", programs.rclone.version()?),
        ("curl", programs.curl.version()?),
    ]);
    std::fs::remove_dir_all(&folder).context("cannot remove the scratch folder")?;
    report.finish(settings)
}

fn puts<'a>(programs: &'a Programs<'_>, file: &'a Path) -> Vec<Contestant<'a>> {
    let Programs { storage, s5cmd, rclone, curl } = programs;
    // An object is deleted when it is measured: all of them would fill the disk.
    let delete = |key: &str| run(storage.command(Payload::Unsigned)?.args(["rm", key]));
    let ours = move |payload, key: &'static str| {
        move |_| {
            let usage = run(storage.command(payload)?.arg("put").arg(file).args(["--name", key]))?;
            delete(key)?;
            Ok(usage)
        }
    };
    vec![
        Contestant::new("storage", ours(Payload::Unsigned, "transfer/ours.bin")),
        Contestant::new("s5cmd", move |_| {
            let usage = run(s5cmd.command().arg("cp").arg(file).arg(S5cmd::address("transfer/s5cmd.bin")))?;
            delete("transfer/s5cmd.bin")?;
            Ok(usage)
        }),
        Contestant::new("rclone", move |_| {
            let target = Rclone::address("transfer/rclone.bin");
            let usage = run(rclone.command().arg("copyto").arg(file).arg(target))?;
            delete("transfer/rclone.bin")?;
            Ok(usage)
        }),
        Contestant::new("curl", move |_| {
            let usage = run(&mut curl.put(file, "transfer/curl.bin"))?;
            delete("transfer/curl.bin")?;
            Ok(usage)
        }),
        Contestant::new("storage, signed", ours(Payload::Signed, "transfer/signed.bin")),
    ]
}

/// The command that reads the object into that file.
type ReadInto<'a> = Box<dyn Fn(&Path) -> Result<Command> + 'a>;

fn gets<'a>(programs: &'a Programs<'_>, original: &'a Path, folder: &'a Path) -> Vec<Contestant<'a>> {
    let Programs { storage, s5cmd, rclone, curl } = programs;
    let checked = move |name: &'static str, read: ReadInto<'a>| {
        Contestant::new(name, move |round| {
            let copy = folder.join("copy.bin");
            let usage = run(&mut read(&copy)?)?;
            if round == 0 {
                ensure!(same_bytes(original, &copy)?, "what {name} read is not what was stored");
            }
            std::fs::remove_file(&copy)?;
            Ok(usage)
        })
    };
    vec![
        checked(
            "storage",
            Box::new(|copy| {
                let mut command = storage.command(Payload::Unsigned)?;
                command.args(["get", KEY, "--output"]).arg(copy);
                Ok(command)
            }),
        ),
        checked(
            "s5cmd",
            Box::new(|copy| {
                let mut command = s5cmd.command();
                command.arg("cp").arg(S5cmd::address(KEY)).arg(copy);
                Ok(command)
            }),
        ),
        checked(
            "rclone",
            Box::new(|copy| {
                let mut command = rclone.command();
                command.arg("copyto").arg(Rclone::address(KEY)).arg(copy);
                Ok(command)
            }),
        ),
        checked("curl", Box::new(|copy| Ok(curl.get(KEY, copy)))),
    ]
}

/// Bytes in which no two blocks are alike.
fn make_file(path: &PathBuf, mebibytes: usize) -> Result<()> {
    let mut file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut block = Vec::with_capacity(MIB);
    for _ in 0..mebibytes {
        block.clear();
        while block.len() < MIB {
            // xorshift64: https://www.jstatsoft.org/article/view/v008i14
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block.extend_from_slice(&state.to_le_bytes());
        }
        file.write_all(&block)?;
    }
    // Not written back while somebody is measured.
    file.sync_all()?;
    Ok(())
}

fn same_bytes(one: &Path, other: &Path) -> Result<bool> {
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    let (mut left, mut right) = (vec![0; MIB], vec![0; MIB]);
    loop {
        let (count, same) = (fill(&mut one, &mut left)?, fill(&mut other, &mut right)?);
        if count != same || left[..count] != right[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(true);
        }
    }
}

fn fill(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match from.read(&mut buffer[count..])? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}
