//! `cargo run -p contract -- adopt FILE` writes into `openapi/spkey.yaml` what the published document in FILE has in addition,
//! and prints what is to be done. With `--check` it writes nothing, and fails where the two differ.

use std::process::ExitCode;
use std::{env, fs};

use contract::adopt;
use serde_json::Value;

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/spkey.yaml");
const USAGE: &str = "usage: cargo run -p contract -- adopt FILE [--check]\n\
                     FILE is a published OpenAPI document, as JSON. --check writes nothing, and fails where it differs.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["adopt", "--check", file] | ["adopt", file, "--check"] => run(file, true),
        ["adopt", file] if !file.starts_with('-') => run(file, false),
        _ => Err(USAGE.to_owned()),
    };
    outcome.unwrap_or_else(|problem| {
        eprintln!("{problem}");
        ExitCode::from(2)
    })
}

fn run(file: &str, check: bool) -> Result<ExitCode, String> {
    let read = |file: &str| fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    let ours = read(CONTRACT)?;
    let published: Value =
        serde_json::from_str(&read(file)?).map_err(|error| format!("{file} is not JSON: {error}"))?;
    if !published["paths"].is_object() {
        return Err(format!("{file} has no `paths`: give the OpenAPI document that the service has published"));
    }
    let mut adopted = adopt(&ours, &published)?;
    if check {
        adopted.report.tasks.clear(); // nothing is written that they could be done in
    }
    print!("{}", adopted.report);
    if check {
        return Ok(ExitCode::from(u8::from(!adopted.report.is_empty())));
    }
    if adopted.text != ours {
        fs::write(CONTRACT, &adopted.text).map_err(|error| format!("{CONTRACT}: {error}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
