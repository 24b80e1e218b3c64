use std::sync::Arc;

use minijinja::{Environment, Error, ErrorKind};

use super::{LiveStatics, UnknownName};

impl LiveStatics {
    /// Gives minijinja the functions `static(name)` and `static_integrity(name)`; the second gives nothing where there is no value.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use storage_static::resolve::{LiveStatics, Statics};
    ///
    /// let statics = Statics::builder().parse(br#"{"paths": {"a.css": "a.0.css"}, "version": "1.1"}"#)?;
    /// let mut templates = minijinja::Environment::new();
    /// Arc::new(LiveStatics::new(statics)).add_to(&mut templates);
    /// assert_eq!(templates.render_str("{{ static('a.css') }}", ())?, "/static/a.0.css");
    /// assert!(templates.render_str("{{ static('b.css') }}", ()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_to(self: Arc<Self>, templates: &mut Environment<'_>) {
        let statics = self.clone();
        templates.add_function("static", move |name: &str| {
            statics.current().url(name).map(std::borrow::Cow::into_owned).map_err(failed)
        });
        templates.add_function("static_integrity", move |name: &str| {
            self.current().integrity(name).map(str::to_owned)
        });
    }
}

fn failed(unknown: UnknownName) -> Error {
    Error::new(ErrorKind::InvalidOperation, unknown.to_string()).with_source(unknown)
}
