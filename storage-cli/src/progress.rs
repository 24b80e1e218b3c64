use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar for each transfer under way, on the standard error if a person watches it, else none.
pub(crate) struct Bars {
    multi: Option<MultiProgress>,
}

impl Bars {
    pub(crate) fn new(is_watched: bool) -> Self {
        let multi = is_watched.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        Self { multi }
    }

    /// A bar for a transfer of `total` bytes, or of unknown length.
    pub(crate) fn start(&self, name: &str, total: Option<u64>) -> Bar {
        let Some(multi) = &self.multi else { return Bar(None) };
        let template = match total {
            Some(_) => "{msg:30!} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            None => "{msg:30!} {spinner} {bytes} {bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar =
            multi.add(ProgressBar::new(total.unwrap_or(0)).with_style(style).with_message(name.to_owned()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar(Some(bar))
    }

    /// A bar for work of several stages on many files.
    pub(crate) fn stages(&self) -> Stages {
        let Some(multi) = &self.multi else { return Stages(None) };
        let template = "{msg:15!} {wide_bar} {pos}/{len} files, {prefix} {elapsed} {eta}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = multi.add(ProgressBar::new(0).with_style(style));
        bar.enable_steady_tick(Duration::from_millis(200));
        Stages(Some(Shown { bar, began: Arc::default() }))
    }

    /// Writes something while no bar is on the screen.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.multi {
            Some(multi) => multi.suspend(write),
            None => write(),
        }
    }
}

/// How far many files have come. A clone is the same bar.
#[derive(Clone)]
pub(crate) struct Stages(Option<Shown>);

#[derive(Clone)]
struct Shown {
    bar: ProgressBar,
    /// When bytes began to move.
    began: Arc<OnceLock<Instant>>,
}

impl Stages {
    /// What is being done, how many of the files are done with, and how many bytes have moved.
    pub(crate) fn show(
        &self,
        stage: &'static str,
        files: usize,
        all_files: usize,
        bytes: u64,
        all_bytes: u64,
    ) {
        let Some(Shown { bar, began }) = &self.0 else { return };
        bar.set_message(stage);
        bar.set_length(all_files as u64);
        bar.set_position(files as u64);
        let mut moved = format!("{}/{}", HumanBytes(bytes), HumanBytes(all_bytes));
        if bytes > 0 {
            let seconds = began.get_or_init(Instant::now).elapsed().as_secs_f64().max(0.001);
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "for the eye"
            )]
            let rate = (bytes as f64 / seconds) as u64;
            moved = format!("{moved} {}/s", HumanBytes(rate));
        }
        bar.set_prefix(moved);
    }

    /// It leaves the screen.
    pub(crate) fn end(&self) {
        if let Some(Shown { bar, .. }) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// It leaves the screen when it is dropped.
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(crate) fn add(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// Tells how far the transfer has come; for where the bar itself cannot go.
    pub(crate) fn setter(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |bytes| {
            if let Some(bar) = &bar {
                bar.set_position(bytes);
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
