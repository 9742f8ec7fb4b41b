//! With documents that the service has published: the present one in `SPKEY_PUBLISHED`, an older one in
//! `SPKEY_PUBLISHED_OLDER`.

mod cut;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::{env, fs};

use contract::document::wire_path;
use contract::{Kind, adopt};
use serde_json::Value;

fn ours() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/spkey.yaml")).unwrap()
}

fn yaml(text: &str) -> Value {
    yaml_serde::from_str(text).unwrap()
}

/// The document in the file that a variable names. Without the variable, the test is skipped, and says so.
fn published(variable: &str) -> Option<Value> {
    let Some(file) = env::var_os(variable) else {
        // Not by eprintln, which the test harness keeps to itself.
        _ = writeln!(std::io::stderr(), "skipped: set {variable} to the file of a published contract");
        return None;
    };
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{variable}: {error}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{variable} is not JSON: {error}")))
}

#[test]
fn our_contract_is_the_published_one() {
    let Some(present) = published("SPKEY_PUBLISHED") else { return };
    let adopted = adopt(&ours(), &present).unwrap();
    assert!(adopted.report.is_empty(), "{}", adopted.report);
    assert_eq!(adopted.text, ours());
}

/// Forwards: our contract as it was at the older document, with the present one adopted, says what our contract says.
#[test]
fn older_contract_becomes_ours_when_the_present_document_is_adopted() {
    let (Some(present), Some(older)) = (published("SPKEY_PUBLISHED"), published("SPKEY_PUBLISHED_OLDER")) else {
        return;
    };
    let ours = ours();
    let cut = cut::cut_down(&ours, &older);
    let (expected, before) = (wire::places(&yaml(&ours)), wire::places(&yaml(&cut)));
    assert!(before.len() < expected.len());
    let adopted = adopt(&cut, &present).unwrap();
    assert_eq!(adopted.report.changes, []);
    let found = wire::places(&yaml(&adopted.text));
    for (place, says) in &expected {
        assert_eq!(found.get(place), Some(says), "{place}");
    }
    assert_eq!(found.len(), expected.len());
    let again = adopt(&adopted.text, &present).unwrap();
    assert!(again.report.is_empty(), "{}", again.report);
    assert_eq!(again.text, adopted.text);
}

/// Backwards: with the older document adopted, everything that is new since is listed as removed, and nothing else is.
#[test]
fn what_is_new_since_the_older_document_is_removed_when_that_is_adopted() {
    let (Some(present), Some(older)) = (published("SPKEY_PUBLISHED"), published("SPKEY_PUBLISHED_OLDER")) else {
        return;
    };
    let ours = ours();
    let adopted = adopt(&ours, &older).unwrap();
    let [known, present, older] = [&yaml(&ours), &present, &older].map(wire::places);
    // Our contract says less than the document where it takes anything: what is in there is neither new nor removed.
    let is_within =
        |place: &str, other: &str| place.strip_prefix(other).is_some_and(|rest| rest.starts_with(['.', '[', ' ']));
    let only_in = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
        let only: BTreeSet<_> = one.keys().filter(|place| !other.contains_key(*place)).cloned().collect();
        let outermost = only.iter().filter(|place| !only.iter().any(|other| is_within(place, other)));
        outermost.cloned().collect::<BTreeSet<_>>()
    };
    let mut removed = only_in(&present, &older);
    removed.retain(|place| known.contains_key(place));
    let label = |line: &str| {
        let (title, place) = line.split_once(": ").unwrap_or((line, ""));
        let (method, path) = title.split_once(' ').unwrap();
        format!("{} {} {place}", method.to_lowercase(), wire_path(path)).trim_end().to_owned()
    };
    let is_removal = |change: &&contract::Change| change.kind.words() == "removed";
    let listed: BTreeSet<_> =
        adopted.report.changes.iter().filter(is_removal).map(|change| label(&change.place)).collect();
    assert_eq!(listed, removed);
    assert!(listed.len() > 20, "{listed:#?}");
    let others: Vec<_> = adopted.report.changes.iter().filter(|change| !is_removal(change)).collect();
    assert!(others.iter().all(|change| change.kind == Kind::NowRequired), "{others:#?}");
    // The service dropped these since.
    let added: Vec<_> = adopted.report.additions.iter().map(|(line, ..)| line.as_str()).collect();
    let expected = [
        "POST /collective-temp-keys: 201.doors[].pinCode: new property",
        "GET /rtsp-cameras/internal/active-streams: new operation",
    ];
    assert_eq!(added, expected);
}
