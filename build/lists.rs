//! Writes the table of operations.

use std::fmt::Write;

use crate::contract::Contract;

/// The source of the table.
pub(crate) fn source(contract: &Contract) -> String {
    let mut source = String::new();
    let mut names = Vec::new();
    for operation in &contract.operations {
        let name = operation.id.to_uppercase();
        let _ = writeln!(
            source,
            "pub(crate) static {name}: Operation = Operation {{ id: {:?}, method: Method::{}, path: {:?}, retry: \
             RetryClass::{}, auth: Auth::{}, redirects: {} }};",
            operation.id,
            operation.method.to_uppercase(),
            operation.path,
            capital(&operation.retry),
            capital(operation.auth),
            operation.redirects,
        );
        names.push(format!("&{name}"));
    }
    let _ = writeln!(source, "static ALL: [&Operation; {}] = [{}];", names.len(), names.join(", "));
    source
}

/// The page of the documentation that names the call for each endpoint, by area.
pub(crate) fn page(contract: &Contract) -> String {
    let mut page = String::new();
    for tag in contract.document["tags"].as_array().into_iter().flatten() {
        let _ = writeln!(
            page,
            "\n## {}\n\n{}.\n",
            tag["name"].as_str().unwrap_or_default(),
            tag["description"].as_str().unwrap_or_default()
        );
        page.push_str("| endpoint | call | what it does | repeats |\n|---|---|---|---|\n");
        for operation in
            contract.operations.iter().filter(|operation| contract.node(operation)["tags"][0] == tag["name"])
        {
            let summary = contract.node(operation)["summary"].as_str().unwrap_or_default();
            let _ = writeln!(
                page,
                "| `{} {}` | [`{id}`](crate::Client::{id}) | {summary} | {} |",
                operation.method.to_uppercase(),
                operation.path,
                operation.retry,
                id = operation.id,
            );
        }
    }
    page
}

fn capital(word: &str) -> String {
    let (head, tail) = word.split_at(1);
    head.to_uppercase() + tail
}
