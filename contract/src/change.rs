//! What a published document no longer has or has otherwise, and what that means for the crate's version.

use std::fmt;

/// Something that is not adopted by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is: an operation, and the place in its request or response.
    pub place: String,
    /// What changed, in words; empty where the kind says it all.
    pub detail: String,
    /// The kind of change.
    pub kind: Kind,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`words` says what each is")]
pub enum Kind {
    OperationRemoved,
    ParameterRemoved,
    BodyRemoved,
    RequestPropertyRemoved,
    ResponsePropertyRemoved,
    StatusRemoved,
    ValueRemoved,
    RequestTypeChanged,
    ResponseTypeChanged,
    ResponseBodyChanged,
    NowRequired,
    NoLongerRequired,
    NullAllowed,
    NullForbidden,
    NoLongerPromised,
    AuthChanged,
    Unsupported,
}

/// What a change or an addition means for the crate's version. While the version is 0.y.z, a major change raises y and
/// every other one z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Programs that compile still compile, and nothing new is offered.
    Patch,
    /// Programs that compile still compile.
    Minor,
    /// Programs that compile may no longer do so.
    Major,
}

impl Kind {
    /// The kind in words, for a line that begins with the place.
    pub fn words(self) -> &'static str {
        match self {
            Self::OperationRemoved
            | Self::ParameterRemoved
            | Self::RequestPropertyRemoved
            | Self::ResponsePropertyRemoved
            | Self::StatusRemoved => "removed",
            Self::BodyRemoved => "the request has no body any more",
            Self::ValueRemoved => "value removed",
            Self::RequestTypeChanged | Self::ResponseTypeChanged => "type changed",
            Self::ResponseBodyChanged => "the response's content changed",
            Self::NowRequired => "now required",
            Self::NoLongerRequired => "no longer required",
            Self::NullAllowed => "may now be null",
            Self::NullForbidden => "may no longer be null",
            Self::NoLongerPromised => "no longer promised",
            Self::AuthChanged => "takes other credentials",
            Self::Unsupported => "not supported by the build",
        }
    }

    /// What it means for the crate's version, and what to do.
    pub fn meaning(self) -> (Level, &'static str) {
        match self {
            Self::OperationRemoved => (
                Level::Major,
                "calls fail at run time with 404. Say so in its description in a minor version; remove it in the next major \
                 one",
            ),
            Self::ParameterRemoved | Self::RequestPropertyRemoved => (
                Level::Major,
                "its setter has no effect, or the service rejects it. Say so in its description in a minor version; to remove \
                 the setter is major",
            ),
            Self::BodyRemoved => (Level::Major, "its setters have no effect. To remove them is major"),
            Self::ResponsePropertyRemoved => (
                Level::Patch,
                "it reads as None, and calls succeed: say so in its description. To remove the field is major. If the \
                 contract requires it, decoding fails: remove it from `required` now, which is major",
            ),
            Self::StatusRemoved => (Level::Patch, "nothing in the code depends on it: remove it from the contract"),
            Self::ValueRemoved => (
                Level::Major,
                "a request with it is rejected at run time, a response no longer has it. Say so in the description; to remove \
                 the variant is major",
            ),
            Self::RequestTypeChanged => {
                (Level::Major, "the setter takes another type. Until then, calls that set it are rejected at run time")
            }
            Self::ResponseTypeChanged => {
                (Level::Major, "the field has another type. Until then, its value cannot be decoded: release it soon")
            }
            Self::ResponseBodyChanged => (Level::Major, "the call returns another type: write it by hand"),
            Self::NowRequired => (
                Level::Major,
                "the setter no longer takes an Option. A call that does not set it compiles, and fails at run time before it \
                 is sent; the service rejects it already",
            ),
            Self::NoLongerRequired => (
                Level::Minor,
                "the setter takes an Option too, and may be left out: every call still compiles. Remove it from `required`",
            ),
            Self::NullAllowed => (Level::Minor, "a required setter takes an Option too. Write `nullable: true`"),
            Self::NullForbidden => (Level::Major, "the setter no longer takes None; null is rejected at run time"),
            Self::NoLongerPromised => (
                Level::Major,
                "the field becomes an Option. Until then, a response without it cannot be decoded: remove it from `required` \
                 soon",
            ),
            Self::AuthChanged => (
                Level::Minor,
                "calls compile, and are rejected with 401 until security and x-spkey-auth say what the service wants",
            ),
            Self::Unsupported => (Level::Minor, "the build must learn it first, or the contract leave it out"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind.words())?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
