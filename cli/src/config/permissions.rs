use std::fs::File;
use std::path::Path;

use crate::failure::Failure;

/// Rejects a file that other users may read: it can hold credentials.
#[cfg(unix)]
pub(crate) fn check(file: &File, path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;

    /// What others and the group may do.
    const OTHERS: u32 = 0o077;
    let path = path.display();
    let metadata = file.metadata().map_err(|error| Failure::usage(format!("{path} cannot be examined: {error}")))?;
    if metadata.mode() & OTHERS == 0 {
        return Ok(());
    }
    let mode = metadata.mode() & 0o777;
    Err(Failure::usage(format!("{path} is open to other users (mode {mode:03o}) and may hold keys: chmod 600 {path}")))
}

/// Elsewhere a file in the user's own directory is the user's own.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as it is on Unix")]
pub(crate) fn check(_: &File, _: &Path) -> Result<(), Failure> {
    Ok(())
}
