use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind as ClapKind;

use crate::cli::{Cli, Command};
use crate::commands::{
    accept, buckets, cat, collect, completions, config, cors, cp, deploys, get, health, init, lifecycle, ls,
    mv, orphans, policy, post_policy, presign_put, prune, put, rm, rollback, stat, statics,
    unfinished_uploads, url, verify_url,
};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Enough for the network and the disk side by side; more only cost memory.
const WORKER_THREADS: usize = 2;
const BLOCKING_THREADS: usize = 16;

/// How long uploads that were broken off may take to clean up after themselves.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = Output::new(cli.global.json, cli.global.quiet);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return output.failure(&Failure::file("the runtime", error)),
    };
    let exit = runtime.block_on(until_interrupted(cli, &output));
    // A thread that still waits for the standard input would keep a plain drop waiting.
    runtime.shutdown_timeout(Duration::from_millis(100));
    exit
}

/// Help and version are no failures; anything else is one that JSON readers can read.
fn usage(error: &clap::Error) -> Exit {
    let is_json = std::env::args_os().any(|argument| argument == "--json");
    match error.kind() {
        ClapKind::DisplayHelp | ClapKind::DisplayVersion => match error.print() {
            Ok(()) => Exit::Ok,
            Err(_) => Exit::Other,
        },
        _ if is_json => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Output::new(true, false).failure(&Failure::usage(first.strip_prefix("error: ").unwrap_or(first)))
        }
        _ => {
            let _ = error.print();
            Exit::Usage
        }
    }
}

async fn until_interrupted(cli: Cli, output: &Output) -> Exit {
    let exit = tokio::select! {
        exit = execute(cli, output) => Some(exit),
        () = interrupted() => None,
    };
    if let Some(exit) = exit {
        return exit;
    }
    await_clean_up().await;
    output.failure(&Failure::interrupted())
}

async fn execute(cli: Cli, output: &Output) -> Exit {
    let global = cli.global;
    let done = match cli.command {
        Command::Completions(args) => completions::run(&args, output),
        Command::Config(args) => config::run(&args, &global, output),
        command => match Context::open(&global, output) {
            Err(failure) => Err(failure),
            Ok(context) => match command {
                Command::Put(args) => put::run(args, &context).await,
                Command::Get(args) => get::run(args, &context).await,
                Command::Cat(args) => cat::run(args, &context).await,
                Command::Ls(args) => ls::run(args, &context).await,
                Command::Stat(args) => stat::run(args, &context).await,
                Command::Rm(args) => rm::run(args, &context).await,
                Command::Cp(args) => cp::cp(args, &context).await,
                Command::Mv(args) => mv::mv(args, &context).await,
                Command::Url(args) => url::run(args, &context),
                Command::PresignPut(args) => presign_put::run(&args, &context),
                Command::PostPolicy(args) => post_policy::run(&args, &context),
                Command::Accept(args) => accept::run(args, &context).await,
                Command::VerifyUrl(args) => verify_url::run(&args, &context),
                Command::Init(args) => init::run(&args, &context).await,
                Command::Policy(args) => policy::run(&args, &context).await,
                Command::Health(args) => health::run(&args, &context).await,
                Command::Collect(args) => collect::run(args, &context).await,
                Command::Deploys(_) => deploys::run(&context).await,
                Command::Rollback(args) => rollback::run(&args, &context).await,
                Command::Prune(args) => prune::run(&args, &context).await,
                Command::Statics(args) => statics::run(&args, &context).await,
                Command::Cors(args) => cors::run(&args, &context).await,
                Command::Lifecycle(args) => lifecycle::run(&args, &context).await,
                Command::Buckets(_) => buckets::run(&context).await,
                Command::Orphans(args) => orphans::run(&args, &context).await,
                Command::Uploads(args) => unfinished_uploads::run(&args, &context).await,
                Command::Completions(_) | Command::Config(_) => Ok(Exit::Ok),
            },
        },
    };
    match done {
        Ok(exit) => exit,
        // Whoever read our output has seen enough.
        Err(failure) if failure.is_broken_pipe() => Exit::Ok,
        Err(failure) => output.failure(&failure),
    }
}

/// Ends at Ctrl-C, and at SIGTERM where there is one.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Waits for tasks that stores have left behind to abort what was broken off.
async fn await_clean_up() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let quiet = async {
        while metrics.num_alive_tasks() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let _ = tokio::time::timeout(GRACE, quiet).await;
}
