//! `spkey`: the SpKey API on the command line.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod api;
mod arguments;
mod auth;
mod command;
mod completions;
mod config;
mod confirm;
mod connection;
mod ctrl_c;
mod dispatch;
mod dry_run;
mod exit_status;
mod failure;
mod fixed_command;
mod given;
mod global_options;
mod man;
mod note;
mod operations;
mod output;
mod printable;
mod progress;
mod question;
mod sandbox;
mod show;
mod ticket;
mod verbose;
mod webhook;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::failure::Failure;
use crate::global_options::GlobalOptions;

fn main() -> ExitCode {
    let matches = arguments::parse();
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(matches: &clap::ArgMatches) -> Result<(), Failure> {
    let options = GlobalOptions::from_arg_matches(matches)?;
    options.color.apply();
    if options.verbose {
        verbose::start();
    }
    // One thread: a command makes one call at a time, and starts sooner without a pool.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::local(format!("the runtime cannot be started: {error}")))?;
    runtime.block_on(dispatch::dispatch(matches, &options))
}
