//! What the contract says of a value's JSON, as data: what the lenient reading of a response goes by, and the inputs of an
//! operation that is chosen at run time.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher;

use crate::value::secret::Secret;
use crate::value::sensitive_json::SensitiveJson;

/// The kind of JSON that the contract says of an input or a response.
///
/// ```
/// use spkey::{Operation, Shape};
///
/// let operation = Operation::find("get_residents").ok_or("unknown")?;
/// let Some(Shape::Object(fields)) = operation.response else { return Err("an object".into()) };
/// assert_eq!(fields[0].name, "residents");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A text, a number or a boolean.
    Scalar(ScalarKind),
    /// Any JSON at all.
    Any,
    /// An object with these fields, and others that are not known.
    Object(&'static [FieldShape]),
    /// A list.
    List(&'static Shape),
    /// An object with any names.
    Map(&'static Shape),
}

/// What a text, a number or a boolean stands for. No variant has the name of its type: the compiler's messages would then name each
/// of the types by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScalarKind {
    /// A text.
    Text,
    /// A text that is a [`Secret`].
    SecretText,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A [`LockId`](crate::LockId).
    Lock,
    /// A [`UserId`](crate::UserId).
    User,
    /// A [`DateTime`](crate::DateTime).
    Time,
    /// A [`Number`](crate::Number), such as a version.
    Version,
    /// One of these texts, as far as this version knows them.
    Enum(&'static [&'static str]),
}

/// A field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldShape {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether the object is useless without it.
    pub required: bool,
    /// What it holds.
    pub shape: &'static Shape,
}

/// What is expected where a value is of another kind.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(kind) => kind.fmt(f),
            Self::Any => f.write_str("JSON"),
            Self::Object(_) | Self::Map(_) => f.write_str("a JSON object"),
            Self::List(_) => f.write_str("a list"),
        }
    }
}

impl fmt::Display for ScalarKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text | Self::SecretText => f.write_str("a text"),
            Self::Integer => f.write_str("a whole number"),
            Self::Float | Self::Version => f.write_str("a number"),
            Self::Boolean => f.write_str("`true` or `false`"),
            Self::Lock => f.write_str("a lock's id, a whole number from 1"),
            Self::User => f.write_str("a user's id, a UUID"),
            Self::Time => f.write_str("an RFC 3339 time, such as `2026-11-27T12:00:00Z`"),
            Self::Enum(known) => write!(f, "one of {}", known.join(", ")),
        }
    }
}

/// A type that is read from JSON of a known shape.
pub trait Shaped {
    /// The shape.
    const SHAPE: &'static Shape;
}

/// Gives scalar types their shape.
macro_rules! scalar_shape {
    ($($ty:ty => $kind:expr),+ $(,)?) => {$(
        impl $crate::value::shape::Shaped for $ty {
            const SHAPE: &'static $crate::value::shape::Shape = &$crate::value::shape::Shape::Scalar($kind);
        }
    )+};
}
pub(crate) use scalar_shape;

/// Gives a struct its shape, from its fields.
macro_rules! object_shape {
    ($ty:ident { $($kind:ident $field_ty:ty = $name:literal),* }) => {
        impl $crate::value::shape::Shaped for $ty {
            const SHAPE: &'static $crate::value::shape::Shape = &$crate::value::shape::Shape::Object(&[$(
                $crate::value::shape::FieldShape {
                    name: $name,
                    required: $crate::value::shape::is_required!($kind),
                    shape: <$field_ty as $crate::value::shape::Shaped>::SHAPE,
                }
            ),*]);
        }
    };
}
pub(crate) use object_shape;

macro_rules! is_required {
    (required) => {
        true
    };
    ($kind:ident) => {
        false
    };
}
pub(crate) use is_required;

scalar_shape! {
    String => ScalarKind::Text,
    Secret => ScalarKind::SecretText,
    i64 => ScalarKind::Integer,
    f64 => ScalarKind::Float,
    bool => ScalarKind::Boolean,
}

impl Shaped for SensitiveJson {
    const SHAPE: &'static Shape = &Shape::Any;
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);
}

impl<T: Shaped, S: BuildHasher> Shaped for HashMap<String, T, S> {
    const SHAPE: &'static Shape = &Shape::Map(T::SHAPE);
}
