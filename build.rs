//! Turns `openapi/spkey.yaml` into Rust: the client's operations, the deployments, the events and the table of operations,
//! each a file in `OUT_DIR`, and a list of calls for tests; with the feature `mock`, the entries of the mock kit too. Writes
//! nowhere else and needs no network.

#[path = "build/calls.rs"]
mod calls;
#[path = "build/contract.rs"]
mod contract;
#[path = "build/derives.rs"]
mod derives;
#[path = "build/docs.rs"]
mod docs;
#[path = "build/enums.rs"]
mod enums;
#[path = "build/environments.rs"]
mod environments;
#[path = "build/events.rs"]
mod events;
#[path = "build/generate.rs"]
mod generate;
#[path = "build/mock.rs"]
mod mock;
#[path = "build/operations.rs"]
mod operations;
#[path = "build/rewrite.rs"]
mod rewrite;
#[path = "build/types.rs"]
mod types;

use std::path::Path;
use std::{env, fs};

const CONTRACT: &str = "openapi/spkey.yaml";

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={CONTRACT}");
    if let Err(fault) = run() {
        println!("cargo::error={CONTRACT}: {fault}");
    }
}

fn run() -> Result<(), String> {
    let text = fs::read_to_string(CONTRACT).map_err(|error| error.to_string())?;
    let document = yaml_serde::from_str(&text).map_err(|error| format!("not YAML: {error}"))?;
    let contract = contract::Contract::read(document)?;

    let mut code = generate::generate(&contract)?;
    rewrite::client(&mut code, &contract)?;
    types::rewrite(&mut code, &contract)?;
    docs::rewrite(&mut code, &contract);
    derives::rewrite(&mut code, &contract, env::var_os("CARGO_FEATURE_ROUND_TRIP").is_some())?;

    write("client.rs", &prettyplease::unparse(&code))?;
    write("environments.rs", &environments::source(&contract)?)?;
    write("events.rs", &events::source(&contract)?)?;
    write("operations.rs", &operations::source(&contract))?;
    write("operations.md", &operations::page(&contract))?;
    write("calls.rs", &calls::source(&contract, &mut code))?;
    if env::var_os("CARGO_FEATURE_MOCK").is_some() {
        write("mock.rs", &mock::source(&contract, &mut code)?)?;
        write("mocks.rs", &mock::list(&contract))?;
        write("contract.json", &mock::data(&contract))?;
    }
    Ok(())
}

fn write(name: &str, source: &str) -> Result<(), String> {
    let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this by cargo")?;
    fs::write(Path::new(&directory).join(name), source).map_err(|error| format!("{name}: {error}"))
}
