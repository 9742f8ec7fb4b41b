//! Writes the additions of a published document into the text of our contract.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::addition::{Addition, Direction, New};
use crate::compare::compare;
use crate::contract_file::Contract;
use crate::convert::Converter;
use crate::document::{Operation, Path, elements, find, join, operations, path, schema_path, text};
use crate::new_operation::{common, new_operation, parameter, request_body, response};
use crate::note::{Note, Task};
use crate::report::Report;
use crate::reuse::{Written, reachable};
use crate::yaml_lines::{Lines, Position};

/// An addition may bring a schema that lacks what another place of the document has: then it is compared once more.
const MAX_ROUNDS: usize = 8;

/// A contract with everything adopted, and what is to be said of it.
pub struct Adopted {
    /// The text of the contract. It is the same as before if there was nothing to adopt.
    pub text: String,
    /// What was written, what is to be done, and what else changed.
    pub report: Report,
}

/// Writes what a published document has in addition into the text of our contract.
///
/// # Errors
///
/// Where a place cannot be found in the text, or the result would not say what it should. Nothing is to be written then.
pub fn adopt(ours: &str, published: &Value) -> Result<Adopted, String> {
    let mut writer = Writer { contract: Contract::parse(ours)?, written: Written::new(), notes: Vec::new() };
    let mut report = Report::default();
    for _ in 0..MAX_ROUNDS {
        let value = writer.contract.value().clone();
        let comparison = compare(&value, published);
        if comparison.additions.is_empty() {
            report.changes = comparison.changes;
            let lines = Lines::new(&writer.contract.lines().text());
            let text = if report.additions.is_empty() { ours.to_owned() } else { writer.contract.finish()? };
            report.note(&lines, &value, writer.notes);
            return Ok(Adopted { text, report });
        }
        for addition in &comparison.additions {
            writer.write(published, addition).map_err(|problem| format!("nothing was written: {problem}"))?;
            report.add(addition);
        }
    }
    Err("nothing was written: the additions have no end, which is a bug".into())
}

struct Writer {
    contract: Contract,
    /// The named schemas that were written.
    written: Written,
    notes: Vec<Note>,
}

impl Writer {
    fn write(&mut self, published: &Value, addition: &Addition) -> Result<(), String> {
        match &addition.new {
            New::Operation { path, method } => self.operation(published, path, method),
            New::Parameter { at, node } => {
                let mut converter = self.converter(published, Direction::Request);
                let index = elements(&self.node(at)["parameters"]).count().to_string();
                let place = join(&join(at, "parameters"), &index);
                let made = parameter(&mut converter, &place, &self.id(at), text(&node["name"]), node);
                self.contract.append(at, "parameters", &["requestBody", "responses"], made)?;
                self.schemas(vec![converter], &owner(at))
            }
            New::Body { at, schema } => {
                let mut converter = self.converter(published, Direction::Request);
                let made = request_body(&mut converter, &join(at, "requestBody"), &self.id(at), schema);
                self.contract.insert_before(at, &["responses"], ("requestBody", made))?;
                self.schemas(vec![converter], &owner(at))
            }
            New::Status { at, status, node } => self.status(published, at, status, node),
            New::Property { at, name, schema, required, direction } => {
                let mut converter = self.converter(published, *direction);
                let owner = at.last().cloned().unwrap_or_default();
                let place = join(&join(at, "properties"), name);
                let made = converter.property(&owner, &place, name, schema);
                if *required {
                    self.contract.append(at, "required", &["properties"], json!(name))?;
                }
                self.contract.insert(&join(at, "properties"), Position::End, (name, made), false)?;
                if addition.places.len() > 1 {
                    let task = format!("{owner} is shared: {} places get it", addition.places.len());
                    converter.note(&place, Task::Check(task));
                }
                self.schemas(vec![converter], &[owner])
            }
            New::Value { at, value } => self.contract.append(at, "enum", &[], json!(value)),
        }
    }

    fn converter<'a>(&self, published: &'a Value, direction: Direction) -> Converter<'a> {
        Converter::new(published, self.contract.value(), &self.written, direction)
    }

    fn node(&self, at: &[String]) -> &Value {
        find(self.contract.value(), at).unwrap_or(&Value::Null)
    }

    fn id(&self, operation: &[String]) -> String {
        text(&self.node(operation)["operationId"]).to_owned()
    }

    fn operation(&mut self, published: &Value, published_path: &str, method: &str) -> Result<(), String> {
        let mut found = operations(published);
        let is_it = |found: &Operation| found.path == published_path && found.method == method;
        let operation = found.find(is_it).ok_or("the operation is not in the document")?;
        let ours = self.contract.value().clone();
        let made = new_operation(&ours, published, &self.written, operation);
        let paths = path(&["paths"]);
        if ours["paths"].get(&made.path).is_some() {
            self.contract.insert(&join(&paths, &made.path), Position::End, (method, made.node), true)?;
        } else {
            let neighbour = self.nearest_path(&made.path);
            let position = neighbour.as_deref().map_or(Position::End, Position::After);
            self.contract.insert(&paths, position, (&made.path, json!({ method: made.node })), true)?;
        }
        let at = path(&["paths", &made.path, method]);
        self.schemas(made.parts, &owner(&at))
    }

    /// The path that begins most like this one; the last of several in the text.
    fn nearest_path(&self, path: &str) -> Option<String> {
        let lines = self.contract.lines();
        let known = self.contract.value()["paths"].as_object()?.keys();
        let line = |known: &str| lines.number(&["paths".to_owned(), known.to_owned()]);
        let nearest = known.clone().map(|known| common(known, path)).max();
        known.filter(|known| Some(common(known, path)) == nearest).max_by_key(|known| line(known)).cloned()
    }

    fn status(&mut self, published: &Value, at: &Path, status: &str, node: &Value) -> Result<(), String> {
        let mut converter = self.converter(published, Direction::Response);
        let responses = join(at, "responses");
        let place = join(&responses, status);
        let known = ["200", "201"].iter().map(|status| &self.node(&responses)[*status]).find(|node| node.is_object());
        let made = match known {
            // All successes of an operation have one type.
            Some(known) if known.get("content").is_some() => {
                converter.write(&join(&place, "description"), text(&node["description"]));
                json!({ "description": null, "content": known["content"] })
            }
            _ => response(&mut converter, &place, &self.id(at), node),
        };
        self.contract.insert_before(&responses, &["4XX", "5XX"], (status, made))?;
        self.schemas(vec![converter], &owner(at))
    }

    /// Writes the schemas that were made, after the last one that belongs to their owner.
    fn schemas(&mut self, converters: Vec<Converter>, owner: &[String]) -> Result<(), String> {
        let schemas = Contract::schemas_path();
        let mut anchor = self.anchor(owner);
        // What belongs to a new operation stands apart.
        let mut apart = owner.first().is_some_and(|key| key == "paths");
        for converter in converters {
            for (name, schema) in converter.schemas() {
                let position = anchor.as_deref().map_or(Position::End, Position::After);
                self.contract.insert(&schemas, position, (name, schema.clone()), apart)?;
                self.written.insert(name.to_owned(), converter.direction());
                anchor = Some(name.to_owned());
                apart = false;
            }
            self.notes.extend(converter.notes);
        }
        Ok(())
    }

    /// The schema after which those of an owner are written: the owner itself, or the last one that is only of the operation, or
    /// of one before it.
    fn anchor(&self, owner: &[String]) -> Option<String> {
        let value = self.contract.value();
        let line = |name: &str| self.contract.lines().number(&schema_path(name));
        let [_, owner_path, method] = owner else { return owner.last().cloned() };
        let position = |operation: &Operation| self.contract.lines().number(&operation.at());
        let mut before: Vec<_> = operations(value).collect();
        before.sort_by_cached_key(position);
        let end = before.iter().position(|known| known.path == owner_path && known.method == method)?;
        let mut all = vec![BTreeSet::new(); before.len()];
        for (operation, found) in before.iter().zip(&mut all) {
            reachable(value, operation.node, found);
        }
        let only = |index: usize, name: &str| {
            !all.iter().enumerate().any(|(other, names)| other != index && names.contains(name))
        };
        (0..=end).rev().find_map(|index| {
            let own = all[index].iter().filter(|name| only(index, name) && self.contract.has_schema(name));
            own.max_by_key(|name| line(name)).map(|name| (*name).to_owned())
        })
    }
}

/// What schemas belong to: an operation.
fn owner(at: &[String]) -> Path {
    at.iter().take(3).cloned().collect()
}
