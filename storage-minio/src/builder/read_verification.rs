/// When the bytes of an object that is read whole are compared with the MD5 that its `ETag` is, if it is one.
///
/// The `ETag` of an object that was stored in one request and is not encrypted is the MD5 of its content on MinIO, SeaweedFS, Garage,
/// VersityGW, Ceph and AWS (but for directory buckets). Of an object that was stored in parts it is none, and of a range there is none: those
/// are not compared, and only TLS tells whether they arrive as they were sent. The length is checked always.
///
/// It costs the processor time of an MD5: 1.6 seconds for each GiB, measured on an AMD EPYC with `md-5` 0.11 (1.5 µs for each KiB).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadVerification {
    /// Without TLS, which checks the content itself.
    #[default]
    Auto,
    /// Always: also what changed on the server is noticed.
    Always,
    /// Never: for a server whose `ETag`s look like an MD5 and are none.
    Never,
}
