use std::fmt;
use std::str::FromStr;

use crate::value::conversion_error::ConversionError;

/// Where a value is in the state of a device: an endpoint, a cluster on it, an attribute of that. It is written as
/// `endpoint/cluster/attribute` in decimal, and is ordered by these numbers.
///
/// ```
/// use spkey::matter::{Path, door_lock};
///
/// let path: Path = "1/257/0".parse()?;
/// assert_eq!(path, Path { endpoint: 1, cluster: 257, attribute: 0 });
/// assert_eq!(path, door_lock::LOCK_STATE.on(1));
/// assert_eq!(path.to_string(), "1/257/0");
/// assert!(path < "1/1026/0".parse()?);
/// # Ok::<(), spkey::ConversionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    /// The part of the device: 0 is the device as a whole, its functions are on 1 and up.
    pub endpoint: u16,
    /// The number of the cluster.
    pub cluster: u32,
    /// The number of the attribute within its cluster.
    pub attribute: u32,
}

const PROBLEM: &str = "not a path: give endpoint, cluster and attribute in decimal, like 1/257/0";

impl FromStr for Path {
    type Err = ConversionError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, ConversionError> {
        parse(text).ok_or(ConversionError::new(PROBLEM))
    }
}

impl TryFrom<&str> for Path {
    type Error = ConversionError;

    #[inline]
    fn try_from(text: &str) -> Result<Self, ConversionError> {
        text.parse()
    }
}

impl fmt::Display for Path {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.endpoint, self.cluster, self.attribute)
    }
}

impl fmt::Debug for Path {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Only the text that a path is written as: with any other, such as `01/6/0`, two texts would be one path.
#[inline]
fn parse(text: &str) -> Option<Path> {
    let mut numbers = text.split('/');
    let mut number = || numbers.next()?.parse::<u32>().ok();
    let (endpoint, cluster, attribute) = (number()?.try_into().ok()?, number()?, number()?);
    let path = Path { endpoint, cluster, attribute };
    (numbers.next().is_none() && path.to_string() == text).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_written_as_a_path_is_none() {
        for text in [
            "",
            "1",
            "1/2",
            "1/2/3/4",
            "1/2/",
            "/1/2",
            "+1/2/3",
            "01/2/3",
            "1/2/-3",
            "1/2/x",
            "1 /2/3",
            "65536/0/0",
            "0/4294967296/0",
            "0/0/4294967296",
            "١/2/3",
        ] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_are_read_and_written() {
        for text in ["0/0/0", "65535/4294967295/4294967295"] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn paths_are_ordered_by_number_not_by_text() {
        let mut paths: Vec<Path> =
            ["10/6/0", "2/257/0", "2/6/10", "2/6/9"].iter().map(|text| text.parse().unwrap()).collect();
        paths.sort();
        assert_eq!(format!("{paths:?}"), "[2/6/9, 2/6/10, 2/257/0, 10/6/0]");
    }
}
