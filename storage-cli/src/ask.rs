use std::io::{IsTerminal, Write};

use crate::failure::Failure;

/// Whether somebody can be asked.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks on the standard error, and reads the answer from the standard input: only a yes is a yes.
pub(crate) async fn ask(question: String) -> Result<bool, Failure> {
    let asked = tokio::task::spawn_blocking(move || {
        std::io::stderr().write_all(question.as_bytes())?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        Ok(is_yes(&answer))
    });
    asked.await.map_err(std::io::Error::other).flatten().map_err(|error| Failure::file("-", error))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(["y\n", "YES\r\n", " yes "].into_iter().all(is_yes));
        assert!(!["", "\n", "n", "ye", "yes please"].into_iter().any(is_yes));
    }
}
