use async_trait::async_trait;

use super::Naming;
use super::split::split;
use crate::{Body, Result};

/// A random stem of 32 hexadecimal digits, in the given folder and with the given extension. Nobody can guess it, and
/// it never collides.
pub fn random() -> Random {
    Random
}

/// See [`random()`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

#[async_trait]
impl Naming for Random {
    async fn name(&self, name: String, _: &mut Body) -> Result<String> {
        let (folder, _, extension) = split(&name);
        Ok(format!("{folder}{}{extension}", crate::random::hex()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn replaces_the_stem() {
        let name = random().name("a/tom.jpg".into(), &mut Body::from("")).await.unwrap();
        let stem = name.strip_prefix("a/").and_then(|name| name.strip_suffix(".jpg")).unwrap();
        assert!(stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    }
}
