//! Makes Rust of `openapi/spkey.yaml`: types, operations, environments and events, each a file in `OUT_DIR`, and a list
//! for tests. Writes nowhere else and needs no network.

#[path = "build/emit.rs"]
mod emit;
#[path = "build/lists.rs"]
mod lists;
#[path = "build/model.rs"]
mod model;
#[path = "build/spec.rs"]
mod spec;
#[path = "build/types.rs"]
mod types;

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;

const CONTRACT: &str = "openapi/spkey.yaml";

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={CONTRACT}");
    if let Err(problem) = run() {
        println!("cargo::error={CONTRACT}: {problem}");
    }
}

fn run() -> Result<(), String> {
    let feature = |name: &str| env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let text = fs::read_to_string(CONTRACT).map_err(|error| error.to_string())?;
    let spec = spec::Spec::parse(&text)?;
    let types = types::types(&spec, feature("ROUND_TRIP"))?;
    let operations = model::operations(&spec, &types)?;

    write_code("types.rs", lists::types(&spec, &types, &operations, feature("MOCK")))?;
    write_code("operations.rs", emit::operations(&operations))?;
    write_code("environments.rs", lists::environments(&spec))?;
    write_code("events.rs", lists::events(&spec))?;
    write("endpoints.md", &lists::endpoints_page(&spec, &operations))?;
    if feature("MOCK") {
        write("operation_tests.rs", &emit::operation_tests(&operations))?;
        write("contract.json", &spec.document.to_string())?;
    }
    Ok(())
}

fn write_code(name: &str, code: TokenStream) -> Result<(), String> {
    let file = syn::parse2(code).map_err(|error| format!("{name}: {error}"))?;
    write(name, &prettyplease::unparse(&file))
}

fn write(name: &str, source: &str) -> Result<(), String> {
    let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this by cargo")?;
    fs::write(Path::new(&directory).join(name), source).map_err(|error| format!("{name}: {error}"))
}
