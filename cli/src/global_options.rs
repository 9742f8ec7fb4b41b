use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum, value_parser};
use spkey::Environment;

/// The options that every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct GlobalOptions {
    /// The profile of the configuration file whose URL and credentials are used, in place of environment variables
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The URL of the service, in place of the profile's or the environment's
    #[arg(long, global = true, value_name = "URL", conflicts_with = "environment")]
    pub(crate) base_url: Option<String>,
    /// The deployment of the service, in place of the profile's or the environment's
    #[arg(long, global = true, value_name = "NAME", value_parser = environment_parser())]
    pub(crate) environment: Option<Environment>,
    /// The time limit of a call with its retries, in seconds
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds_parser())]
    pub(crate) timeout: Option<Duration>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print secrets, and what the contract does not know, instead of hiding them
    #[arg(long, global = true)]
    pub(crate) show_secrets: bool,
    /// Print the request as a curl command, and send nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Do not ask before something physical moves
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    /// Where to write the ticket of a command whose outcome is unknown, for `spkey confirm`
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ticket_file: Option<PathBuf>,
    /// Show attempts and waits on standard error
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to print in colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: ColorMode,
}

/// When to print in colour. `auto`: on a terminal, unless `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ColorMode {
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorMode {
    /// Makes `anstream` print so.
    pub(crate) fn apply(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// Takes the names of the deployments in the contract.
fn environment_parser() -> impl clap::builder::TypedValueParser<Value = Environment> {
    let names = Environment::ALL.iter().map(|environment| environment.as_str());
    PossibleValuesParser::new(names).try_map(|name| environment_of(&name).ok_or("there is no deployment of that name"))
}

/// The deployment of that name.
pub(crate) fn environment_of(name: &str) -> Option<Environment> {
    Environment::ALL.iter().copied().find(|environment| environment.as_str() == name)
}

/// Takes whole seconds, at least one.
pub(crate) fn seconds_parser() -> impl clap::builder::TypedValueParser<Value = Duration> {
    value_parser!(u64).range(1..).map(Duration::from_secs)
}
