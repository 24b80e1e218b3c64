/// A function that panics on an input that shows a fault, and inputs to begin with.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    pub seeds: &'static [&'static [u8]],
}

macro_rules! targets {
    ($($package:ident: $($name:ident)+;)+) => {
        /// All there are; each has a file of its name in `fuzz_targets` too.
        pub const TARGETS: &[Target] = &[$($(Target {
            name: stringify!($name),
            run: $package::fuzz::$name::run,
            seeds: $package::fuzz::$name::SEEDS,
        },)+)+];
    };
}

targets! {
    storage_core: content_types disposition keys naming values;
    storage_local: layout records signed_forms signed_urls;
    storage_minio: addresses answers dates error_xml list_xml metadata;
    storage_object_store: foreign_attributes listings store_urls;
    storage_policy: policies;
    storage_static: css_references js_references manifests;
    storage_suite: setting_values settings;
}
