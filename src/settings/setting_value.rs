use std::fmt;
use std::time::Duration;

use config::{Value, ValueKind};

use super::Secret;

/// A value that code sets: text, a number, a boolean, a duration, a list of strings or a [`Secret`].
pub struct SettingValue(ValueKind);

impl SettingValue {
    pub(super) fn into_value(self) -> Value {
        Value::new(None, self.0)
    }
}

impl fmt::Debug for SettingValue {
    /// Without the value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SettingValue")
    }
}

macro_rules! setting_value {
    ($($type:ty: $value:ident => $kind:expr),+ $(,)?) => {$(
        impl From<$type> for SettingValue {
            fn from($value: $type) -> Self {
                Self($kind)
            }
        }
    )+};
}

setting_value! {
    &str: value => value.into(),
    String: value => value.into(),
    &String: value => value.as_str().into(),
    bool: value => value.into(),
    u32: value => value.into(),
    u64: value => value.into(),
    Duration: value => format!("{}ms", value.as_millis()).into(),
    Secret: value => value.expose().into(),
    Vec<String>: value => value.into(),
    &[&str]: value => value.to_vec().into(),
}

impl<const N: usize> From<[&str; N]> for SettingValue {
    fn from(value: [&str; N]) -> Self {
        Self(value.to_vec().into())
    }
}
