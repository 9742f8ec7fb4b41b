//! Cuts our contract down to what an older document has: removes every operation, parameter, status, property, value and schema
//! of which the older document knows nothing.

use std::collections::{BTreeMap, BTreeSet};

use contract::document::{
    Path, body_schema, elements, entries, find, join, json_schema, operations, path, placeholders, reference, resolve,
    text,
};
use contract::yaml_lines::Lines;
use serde_json::Value;

/// The text of our contract without what the older document does not have.
pub fn cut_down(ours: &str, older: &Value) -> String {
    let document: Value = yaml_serde::from_str(ours).unwrap();
    let mut cut = Cut { ours: &document, older, kept: BTreeMap::new(), removed: BTreeSet::new() };
    cut.operations();
    for (at, kept) in &cut.kept {
        let node = find(&document, at).unwrap();
        for (name, _) in entries(&node["properties"]).filter(|(name, _)| !kept.contains(name.as_str())) {
            cut.removed.insert(join(&join(at, "properties"), name));
        }
    }
    let mut text = remove(ours, &cut.removed);
    for (at, kept) in &cut.kept {
        for key in ["required", "enum"] {
            text = keep_in_list(&text, &document, &join(at, key), kept);
        }
    }
    // What nothing refers to any more.
    loop {
        let document: Value = yaml_serde::from_str(&text).unwrap();
        let whole = document.to_string();
        // Types that are written by hand stay, used or not.
        let is_by_hand = |name: &str| matches!(name, "LockId" | "LockNumber" | "UserId" | "Event" | "Version");
        let is_used = |name: &str| {
            is_by_hand(name) || whole.contains(&format!("schemas/{name}\"")) || whole.contains(&format!(":\"{name}\""))
        };
        let unused = entries(&document["components"]["schemas"]).map(|(name, _)| name).filter(|name| !is_used(name));
        let unused: BTreeSet<Path> = unused.map(|name| path(&["components", "schemas", name])).collect();
        if unused.is_empty() {
            return text;
        }
        text = remove(&text, &unused);
    }
}

struct Cut<'a> {
    ours: &'a Value,
    older: &'a Value,
    /// The names of properties and the values that the older document has, by schema.
    kept: BTreeMap<Path, BTreeSet<String>>,
    removed: BTreeSet<Path>,
}

impl<'a> Cut<'a> {
    fn operations(&mut self) {
        for our in operations(self.ours) {
            let Some(their) = operations(self.older).find(|their| their.key() == our.key()) else {
                let methods = entries(&self.ours["paths"][our.path]).map(|(method, _)| method);
                let is_left = |method: &String| {
                    let key = our.key().replacen(our.method, method, 1);
                    operations(self.older).any(|their| their.key() == key)
                };
                let whole = !methods.into_iter().any(is_left);
                self.removed.insert(if whole { path(&["paths", our.path]) } else { our.at() });
                continue;
            };
            let key = |path: &str, node: &Value| match text(&node["in"]) {
                "path" => placeholders(path).position(|name| name == text(&node["name"])).unwrap().to_string(),
                place => format!("{place} {}", text(&node["name"])),
            };
            let theirs: Vec<_> = their.parameters(self.older).collect();
            for (index, node) in elements(&our.node["parameters"]).enumerate() {
                let node = resolve(self.ours, node);
                match theirs.iter().find(|their_node| key(their.path, their_node) == key(our.path, node)) {
                    Some(their) => self.schema(&node["schema"], &Path::new(), &their["schema"]),
                    None => _ = self.removed.insert(join(&join(&our.at(), "parameters"), &index.to_string())),
                }
            }
            if let (Some(ours), Some(theirs)) = (body_schema(self.ours, our.node), body_schema(self.older, their.node))
            {
                self.schema(ours, &Path::new(), theirs);
            }
            for (status, node) in entries(&our.node["responses"]).filter(|(status, _)| !status.ends_with("XX")) {
                match their.node["responses"].get(status) {
                    None => _ = self.removed.insert(join(&join(&our.at(), "responses"), status)),
                    Some(their) => {
                        let (ours, theirs) = (json_schema(&node["content"]), json_schema(&their["content"]));
                        if let (Some(ours), Some(theirs)) = (ours, theirs) {
                            self.schema(ours, &Path::new(), theirs);
                        }
                    }
                }
            }
        }
    }

    fn schema(&mut self, ours: &'a Value, at: &Path, theirs: &'a Value) {
        let at = reference(ours).unwrap_or_else(|| at.clone());
        let ours = resolve(self.ours, ours);
        let alternatives = elements(&theirs["anyOf"]).chain([theirs]).collect::<Vec<_>>();
        let kept = self.kept.entry(at.clone()).or_default();
        for value in alternatives.iter().flat_map(|their| elements(&their["enum"])) {
            kept.insert(text(value).to_owned());
        }
        for (name, ours) in entries(&ours["properties"]) {
            let Some(their) = alternatives.iter().find_map(|their| their["properties"].get(name)) else { continue };
            self.kept.entry(at.clone()).or_default().insert(name.clone());
            self.schema(ours, &join(&join(&at, "properties"), name), their);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(their) = alternatives.iter().find_map(|their| their.get(key))
                && ours[key].is_object()
            {
                self.schema(&ours[key], &join(&at, key), their);
            }
        }
    }
}

/// The text without these nodes.
fn remove(text: &str, nodes: &BTreeSet<Path>) -> String {
    let found = Lines::new(text);
    let blocks: Vec<_> =
        nodes.iter().map(|at| found.find(at).unwrap_or_else(|| panic!("{at:?} is not found"))).collect();
    let is_left = |line: &usize| !blocks.iter().any(|block| (block.start..block.end).contains(line));
    let lines = text.lines().enumerate().filter(|(line, _)| is_left(line));
    lines.flat_map(|(_, line)| [line, "\n"]).collect()
}

/// The text with only those elements in a list of one line.
fn keep_in_list(text: &str, document: &Value, at: &Path, kept: &BTreeSet<String>) -> String {
    let Some(list) = find(document, at).filter(|_| !at.is_empty()) else { return text.to_owned() };
    let left: Vec<_> = elements(list).filter_map(Value::as_str).filter(|value| kept.contains(*value)).collect();
    if left.len() == elements(list).count() || left.is_empty() && at.last().is_some_and(|key| key == "enum") {
        return text.to_owned();
    }
    let block = Lines::new(text).find(at).unwrap();
    assert_eq!(block.end, block.start + 1, "{at:?} has several lines");
    let mut lines: Vec<_> = text.lines().map(ToOwned::to_owned).collect();
    let (start, _) = lines[block.start].split_once('[').unwrap();
    lines[block.start] = format!("{start}[{}]", left.join(", "));
    if left.is_empty() {
        lines.remove(block.start);
    }
    lines.into_iter().flat_map(|line| [line, "\n".into()]).collect()
}
