use futures_util::StreamExt;
use storage_suite::GetOptions;
use storage_suite::storage_core::ByteRange;
use tokio::io::AsyncWriteExt;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Write objects to the standard output
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage cat notes.txt
  storage cat video.mp4 --range 0-1048575 | file -
  storage cat server.log --range=-4096         the last 4,096 bytes

JSON:
  none: the bytes come as they are; errors are JSON")]
pub(crate) struct Cat {
    /// Keys of the objects
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// Only these bytes, as in HTTP: 0-99 is the first hundred, 100- all but those, -100 the last
    #[arg(long, value_parser = range, allow_hyphen_values = true)]
    range: Option<ByteRange>,
}

pub(crate) async fn run(args: Cat, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut exit = Exit::Ok;
    for key in &args.keys {
        match cat(key, args.range, context).await {
            Ok(()) => {}
            Err(failure) if failure.is_output() => return Err(failure),
            Err(failure) => exit = exit.and(context.output.failure(&failure)),
        }
    }
    Ok(exit)
}

pub(crate) async fn cat(key: &str, range: Option<ByteRange>, context: &Context<'_>) -> Result<(), Failure> {
    let mut options = GetOptions::new();
    options.range = range;
    let object = context.bucket.open_with(key, options).await?.into_object()?;
    let mut stream = object.into_stream();
    let mut stdout = tokio::io::stdout();
    while let Some(chunk) = stream.next().await {
        stdout.write_all(&chunk?).await.map_err(Failure::output)?;
    }
    stdout.flush().await.map_err(Failure::output)
}

/// The ranges of [RFC 9110 §14.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2): both ends are included.
fn range(text: &str) -> Result<ByteRange, String> {
    let rule = || "a range is written as 0-99, 100- or -100".to_owned();
    let number = |text: &str| match text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<u64>().map_err(|_| rule()),
        false => Err(rule()),
    };
    let (first, last) = text.split_once('-').ok_or_else(rule)?;
    let range = match (first, last) {
        ("", last) => ByteRange::Last(number(last)?),
        (first, "") => ByteRange::From(number(first)?),
        (first, last) => (number(first)?..=number(last)?).into(),
    };
    range.validate().map_err(|error| error.message().to_owned())?;
    Ok(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_http() {
        assert_eq!(range("0-99"), Ok(ByteRange::Bounded(0, 100)));
        assert_eq!(range("100-"), Ok(ByteRange::From(100)));
        assert_eq!(range("-100"), Ok(ByteRange::Last(100)));
        for text in ["", "-", "1", "2-1", "a-b", "-0", "1--2", "+1-2", "0-99999999999999999999"] {
            assert!(range(text).is_err(), "{text}");
        }
    }
}
