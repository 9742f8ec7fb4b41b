use std::borrow::Cow;

use serde::Deserialize;

/// A text on the wire, which is copied only where it is written with escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);
