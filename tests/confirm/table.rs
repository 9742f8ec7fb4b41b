//! The table of `docs/reliability.md` is what the contract says.

use std::fmt::Write;

use serde_json::Value;
use spkey::Operation;

use crate::case::cases;

const HEAD: &str = "| command | read | what must be there | proves |\n|---|---|---|---|\n";

#[test]
fn documented_table_is_what_the_contract_says() {
    let cases = cases();
    let in_order = Operation::all().iter().filter_map(|operation| cases.iter().find(|case| case.id == operation.id));
    let table = in_order.fold(HEAD.to_owned(), |mut table, case| {
        let (read, fields, proves) = row(&case.entry);
        let _infallible = writeln!(table, "| `{}` | {read} | {fields} | {proves} |", case.id);
        table
    });
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reliability.md")).unwrap();
    assert!(page.contains(&table), "docs/reliability.md does not have this table:\n{table}");
}

fn row(entry: &Value) -> (String, String, String) {
    if let Some(why) = entry["nothing"].as_str() {
        return ("none".to_owned(), why.to_owned(), "nothing".to_owned());
    }
    let read = format!("`{}`", entry["read"].as_str().unwrap());
    let alternatives = entry["where"].as_array().cloned().unwrap_or_else(|| vec![entry["where"].clone()]);
    let mut alternatives: Vec<_> = alternatives.iter().map(names).filter(|names| !names.is_empty()).collect();
    alternatives.dedup();
    let mut fields = entry["event"].as_str().map(|event| format!("event `{event}` ")).unwrap_or_default();
    if entry["gone"] == true {
        fields += "gone: ";
    }
    fields +=
        &if alternatives.is_empty() && fields.is_empty() { "anything".to_owned() } else { alternatives.join(" or ") };
    let if_set = names(&entry["where-set"]);
    if !if_set.is_empty() {
        fields = format!("{fields}, and if set {if_set}");
    }
    let only = entry["only"].as_object().into_iter().flatten().map(|(name, value)| match value.as_str() {
        Some(value) => format!("{name} is {value}"),
        None => format!("{name} is not set"),
    });
    let mut only: Vec<_> = only.collect();
    only.sort_unstable();
    let only = only.join(", ");
    if !only.is_empty() {
        fields = format!("{fields}, if {only}");
    }
    let mut proves = match entry["proves"].as_str() {
        Some("command") => "this very command",
        Some("event") => "that it was done since",
        _ => "that it is so",
    }
    .to_owned();
    if let Some(history) = entry["history"]["event"].as_str() {
        let _infallible = write!(proves, "; `{history}`, that it was");
    }
    proves += match entry["absence"].as_str() {
        Some("unknown") => "; absence proves nothing",
        Some(_) => "; absence proves nothing to an API key",
        None => "",
    };
    (read, fields.trim_end().to_owned(), proves)
}

/// The fields, each with the value that it must have where that is fixed.
fn names(pairs: &Value) -> String {
    let pairs = pairs.as_object().into_iter().flatten();
    let names = pairs.map(|(name, value)| match value.as_str() {
        Some(value) if value.starts_with('$') => name.clone(),
        Some(value) => format!("{name} {value}"),
        None => format!("{name} {value}"),
    });
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.join(", ")
}
