use std::env;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::failure::Failure;

/// The path of the configuration file: `SPKEY_CONFIG`, or `spkey/config.toml` in the platform's directory for configuration.
pub(crate) fn config_path() -> Result<PathBuf, Failure> {
    if let Some(path) = env::var_os("SPKEY_CONFIG") {
        if path.is_empty() {
            return Err(Failure::usage(
                "SPKEY_CONFIG is empty: set it to the path of a configuration file, or unset it",
            ));
        }
        return Ok(path.into());
    }
    let directories = etcetera::base_strategy::choose_native_strategy()
        .map_err(|_| Failure::usage("this user has no home directory: set SPKEY_CONFIG to the configuration file"))?;
    Ok(directories.config_dir().join("spkey").join("config.toml"))
}
