//! Makes Rust of `openapi/spkey.yaml`: types, operations, environments and events, each a file in `OUT_DIR`, and a list
//! for tests; and of `openapi/matter.yaml`, the attributes of Matter. Writes nowhere else and needs no network.

#[path = "build/code.rs"]
mod code;
#[path = "build/emit.rs"]
mod emit;
#[path = "build/entries.rs"]
mod entries;
#[path = "build/generate.rs"]
mod generate;
#[path = "build/lists.rs"]
mod lists;
#[path = "build/matter.rs"]
mod matter;
#[path = "build/model.rs"]
mod model;
#[path = "build/spec.rs"]
mod spec;
#[path = "build/types.rs"]
mod types;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build");
    let matter = |text: &str| write("matter.rs", &matter::rows(text)?);
    for (path, run) in [("openapi/spkey.yaml", contract as fn(&str) -> _), ("openapi/matter.yaml", matter)] {
        println!("cargo::rerun-if-changed={path}");
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        if let Err(problem) = text.and_then(|text| run(&text)) {
            println!("cargo::error={path}: {problem}");
        }
    }
}

fn contract(text: &str) -> Result<(), String> {
    let feature = |name: &str| env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let spec = spec::Spec::parse(text)?;
    let types = types::types(&spec, feature("ROUND_TRIP"))?;
    let operations = model::operations(&spec, &types)?;

    write("types.rs", &code::text(lists::types(&spec, &types, &operations, feature("MOCK"))))?;
    let operations_and_areas = [emit::operations(&operations), lists::areas(&spec)].into_iter().collect();
    write("operations.rs", &code::text(operations_and_areas))?;
    write("environments.rs", &code::text(lists::environments(&spec)))?;
    write("events.rs", &code::text(lists::events(&spec)))?;
    write("endpoints.md", &lists::endpoints_page(&spec, &operations))?;
    if feature("MOCK") {
        write("operation_tests.rs", &emit::operation_tests(&operations))?;
        write("contract.json", &spec.document.to_string())?;
    }
    Ok(())
}

fn write(name: &str, source: &str) -> Result<(), String> {
    let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this by cargo")?;
    fs::write(Path::new(&directory).join(name), source).map_err(|error| format!("{name}: {error}"))
}
