use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuzz_engine::Bound;

use crate::targets::{TARGETS, Target};

/// What the command line says.
pub struct Options {
    pub targets: Vec<&'static Target>,
    pub bound: Bound,
    pub seed: u64,
    pub jobs: usize,
    pub list: bool,
}

impl Options {
    /// `[TARGET…] [--executions N | --seconds N] [--seed N] [--jobs N] [--list]`
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            targets: Vec::new(),
            bound: Bound::Time(Duration::from_secs(10)),
            // Other inputs each time, and the same ones for who asks for them.
            seed: SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs()),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            list: false,
        };
        while let Some(word) = words.next() {
            let mut number = || -> Result<u64, String> {
                let text = words.next().ok_or(format!("{word} needs a number"))?;
                text.replace('_', "").parse().map_err(|_| format!("{word} needs a number, not `{text}`"))
            };
            match word.as_str() {
                "--executions" => options.bound = Bound::Executions(number()?),
                "--seconds" => options.bound = Bound::Time(Duration::from_secs(number()?)),
                "--seed" => options.seed = number()?,
                "--jobs" => options.jobs = usize::try_from(number()?).unwrap_or(1).max(1),
                "--list" => options.list = true,
                name => {
                    let target = TARGETS.iter().find(|target| target.name == name);
                    options
                        .targets
                        .push(target.ok_or(format!("there is no target `{name}`; --list shows all"))?);
                }
            }
        }
        if options.targets.is_empty() {
            options.targets = TARGETS.iter().collect();
        }
        Ok(options)
    }
}
