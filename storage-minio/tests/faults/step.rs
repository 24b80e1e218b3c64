//! The requests that faults hit, and the operation that each is part of.

use http::Method;
use s3_testserver::{Effect, Fault};

/// One request of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Overwrite,
    Create,
    IfMatch,
    Save,
    /// The beginning of a large object's upload.
    Begin,
    /// The second part of two.
    Part,
    /// The completion of an upload that must not overwrite.
    Complete,
    /// The completion of an upload that may.
    CompleteOver,
    /// The completion of an upload that may take another name.
    SaveLarge,
    Get,
    GetRange,
    /// An object that was stored in parts.
    GetLarge,
    Stat,
    Tags,
    Delete,
    DeleteMany,
    List,
    ListLevel,
    /// The look at a copy's source.
    CopyLook,
    CopyWhole,
    /// A copy that must not overwrite, which goes as a part.
    CopyPart,
    CopyComplete,
    /// The deletion of the source, once it was copied.
    RenameDelete,
}

use Step::{
    Begin, Complete, CompleteOver, CopyComplete, CopyLook, CopyPart, CopyWhole, Create, Delete, DeleteMany,
    Get, GetLarge, GetRange, IfMatch, List, ListLevel, Overwrite, Part, RenameDelete, Save, SaveLarge, Stat,
    Tags,
};

/// Every step, in the order of the document's columns.
pub(crate) const EVERY: &[Step] = &[
    Overwrite,
    Create,
    IfMatch,
    Save,
    Begin,
    Part,
    Complete,
    CompleteOver,
    SaveLarge,
    Get,
    GetRange,
    GetLarge,
    Stat,
    Tags,
    Delete,
    DeleteMany,
    List,
    ListLevel,
    CopyLook,
    CopyWhole,
    CopyPart,
    CopyComplete,
    RenameDelete,
];

/// Whole objects in one request.
pub(crate) const WHOLE: &[Step] = &[Overwrite, Create, IfMatch, Save];
/// Whole objects under a condition: where the answer is lost, they are known again by the id that they carry.
pub(crate) const CONDITIONAL: &[Step] = &[Create, IfMatch, Save];
/// Requests that make an object of parts, which is known again by its id.
pub(crate) const COMPLETING: &[Step] = &[Complete, CompleteOver, SaveLarge, CopyComplete];
/// Objects' bytes.
pub(crate) const CONTENT: &[Step] = &[Get, GetRange, GetLarge];
/// HEAD requests.
pub(crate) const LOOKING: &[Step] = &[Stat, CopyLook];
/// What is only read.
pub(crate) const READING: &[Step] = &[Get, GetRange, GetLarge, Stat, Tags, List, ListLevel, CopyLook];
/// Requests whose answers are XML.
pub(crate) const DOCUMENTS: &[Step] = &[
    Begin,
    Complete,
    CompleteOver,
    SaveLarge,
    Tags,
    DeleteMany,
    List,
    ListLevel,
    CopyWhole,
    CopyPart,
    CopyComplete,
];
/// Answers without a body.
pub(crate) const EMPTY_ANSWERS: &[Step] =
    &[Overwrite, Create, IfMatch, Save, Part, Stat, Delete, CopyLook, RenameDelete];
/// Requests without a body.
pub(crate) const EMPTY_REQUESTS: &[Step] = &[
    Begin,
    Get,
    GetRange,
    GetLarge,
    Stat,
    Tags,
    Delete,
    List,
    ListLevel,
    CopyLook,
    CopyWhole,
    CopyPart,
    RenameDelete,
];

impl Step {
    /// How documents and messages call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Overwrite => "put",
            Create => "put, create",
            IfMatch => "put, if match",
            Save => "save",
            Begin => "put large: begin",
            Part => "put large: part",
            Complete => "put large, create: complete",
            CompleteOver => "put large: complete",
            SaveLarge => "save large: complete",
            Get => "get",
            GetRange => "get range",
            GetLarge => "get large",
            Stat => "stat",
            Tags => "tags",
            Delete => "delete",
            DeleteMany => "delete many",
            List => "list",
            ListLevel => "list level",
            CopyLook => "copy: source",
            CopyWhole => "copy",
            CopyPart => "copy if absent: part",
            CopyComplete => "copy if absent: complete",
            RenameDelete => "rename: delete",
        }
    }

    /// The effect on exactly this request; `key` and `source` are those of the operation.
    pub(crate) fn fault(self, effect: Effect, key: &str, source: &str) -> Fault {
        let fault = Fault::new(effect);
        match self {
            Overwrite | Create | IfMatch | Save | CopyWhole => fault.method(Method::PUT).target(key),
            Begin => fault.method(Method::POST).target(key).target("?uploads"),
            Part => fault.method(Method::PUT).target(key).target("partNumber=2"),
            CopyPart => fault.method(Method::PUT).target(key).target("partNumber=1"),
            Complete | CompleteOver | SaveLarge | CopyComplete => {
                fault.method(Method::POST).target(key).target("uploadId=")
            }
            Get | GetRange | GetLarge => fault.method(Method::GET).target(key),
            Stat => fault.method(Method::HEAD).target(key),
            Tags => fault.method(Method::GET).target(key).target("?tagging"),
            Delete => fault.method(Method::DELETE).target(key),
            DeleteMany => fault.method(Method::POST).target("?delete"),
            List | ListLevel => fault.method(Method::GET).target("list-type=2"),
            CopyLook => fault.method(Method::HEAD).target(source),
            RenameDelete => fault.method(Method::DELETE).target(source),
        }
    }
}
