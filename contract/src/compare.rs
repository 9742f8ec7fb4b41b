//! Compares our contract with a published document, as far as the wire goes: every operation, parameter, property, status and
//! enumeration. Words are not compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::addition::{Addition, Direction, New};
use crate::change::Kind;
use crate::compare_schema::Schemas;
use crate::comparison::Comparison;
use crate::document::{
    METHODS, Operation, body_schema, elements, entries, join, json_schema, operations, path, placeholders, reference,
    resolve, text,
};
use crate::shape::Shape;

/// The statuses of success that the build supports.
pub(crate) const SUCCESSES: [&str; 3] = ["200", "201", "303"];

/// Compares our contract with a published document.
pub fn compare<'a>(ours: &'a Value, published: &'a Value) -> Comparison<'a> {
    let theirs: BTreeMap<String, Operation> = operations(published).map(|found| (found.key(), found)).collect();
    let mut comparison = Comparison::default();
    let mut schemas = Schemas::new(ours, published);
    let mut known = Vec::new();
    for our in operations(ours) {
        known.push(our.key());
        match theirs.get(&our.key()) {
            None => comparison.change(our.title(), Kind::OperationRemoved, String::new()),
            Some(their) => Pair { ours, published, our, their: *their }.compare(&mut comparison, &mut schemas),
        }
    }
    for (path, item) in entries(&published["paths"]) {
        for (method, _) in
            entries(item).filter(|(method, node)| !METHODS.contains(&method.as_str()) && node.is_object())
        {
            comparison.change(format!("{} {path}", method.to_uppercase()), Kind::Unsupported, "method".into());
        }
    }
    schemas.finish(&mut comparison);
    // Last, so that a new operation finds the schemas of others complete, and can share them.
    for their in operations(published).filter(|their| !known.contains(&their.key())) {
        let new = New::Operation { path: their.path, method: their.method };
        comparison.additions.push(Addition { places: vec![their.title()], new });
    }
    comparison
}

/// An operation that both documents have.
struct Pair<'a> {
    ours: &'a Value,
    published: &'a Value,
    our: Operation<'a>,
    their: Operation<'a>,
}

impl<'a> Pair<'a> {
    fn compare(&self, comparison: &mut Comparison<'a>, schemas: &mut Schemas<'a>) {
        self.compare_parameters(comparison, schemas);
        self.compare_bodies(comparison, schemas);
        self.compare_responses(comparison, schemas);
        if let Some(auth) = published_auth(self.their.node) {
            let our = self.our.node.get("x-spkey-auth").map_or("caller", text);
            if our != auth {
                comparison.change(self.our.title(), Kind::AuthChanged, format!("was {our}, is {auth}"));
            }
        }
    }

    fn place(&self, part: &str) -> String {
        format!("{}: {part}", self.our.title())
    }

    fn compare_parameters(&self, comparison: &mut Comparison<'a>, schemas: &mut Schemas<'a>) {
        let ours: Vec<_> = self.our.parameters(self.ours).collect();
        let theirs: Vec<_> = self.their.parameters(self.published).collect();
        // A parameter of the path is known by its position: its name is no part of the wire.
        let key = |operation: &Operation, parameter: &Value| match text(&parameter["in"]) {
            "path" => {
                let position = placeholders(operation.path).position(|name| name == text(&parameter["name"]));
                format!("path {}", position.unwrap_or(usize::MAX))
            }
            place => format!("{place} {}", text(&parameter["name"])),
        };
        for their in &theirs {
            let (place, name) = (text(&their["in"]), text(&their["name"]));
            let label = self.place(&format!("{place} {name}"));
            match ours.iter().find(|our| key(&self.our, our) == key(&self.their, their)) {
                Some(our) => {
                    let at = self.parameter_path(our);
                    schemas.parameter(comparison, &label, (our, at), their);
                }
                None if place == "query" => comparison
                    .additions
                    .push(Addition { places: vec![label], new: New::Parameter { at: self.our.at(), node: their } }),
                None => comparison.change(label, Kind::Unsupported, format!("a parameter in the {place}")),
            }
        }
        for our in &ours {
            if !theirs.iter().any(|their| key(&self.our, our) == key(&self.their, their)) {
                let label = self.place(&format!("{} {}", text(&our["in"]), text(&our["name"])));
                comparison.change(label, Kind::ParameterRemoved, String::new());
            }
        }
    }

    /// Where a parameter's own node is.
    fn parameter_path(&self, parameter: &Value) -> Vec<String> {
        let list = join(&self.our.at(), "parameters");
        let own = elements(&self.our.node["parameters"]).position(|node| resolve(self.ours, node) == parameter);
        let index = own.unwrap_or_default();
        reference(&self.our.node["parameters"][index]).unwrap_or_else(|| join(&list, &index.to_string()))
    }

    fn compare_bodies(&self, comparison: &mut Comparison<'a>, schemas: &mut Schemas<'a>) {
        let at = self.our.at();
        let ours = body_schema(self.ours, self.our.node);
        let theirs = body_schema(self.published, self.their.node);
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let at = [at, path(&["requestBody", "content", "application/json", "schema"])].concat();
                schemas.walk(comparison, &self.place("body"), Direction::Request, (ours, at), theirs);
            }
            (Some(_), None) => comparison.change(self.our.title(), Kind::BodyRemoved, String::new()),
            // An object without properties is no body worth to send.
            (None, Some(schema)) if !Shape::of(self.published, schema).properties.is_empty() => {
                comparison.additions.push(Addition { places: vec![self.place("body")], new: New::Body { at, schema } });
            }
            (None, _) if self.their.node.get("requestBody").is_some() && theirs.is_none() => {
                comparison.change(self.place("body"), Kind::Unsupported, "a body that is not JSON".into());
            }
            (None, _) => {}
        }
    }

    fn compare_responses(&self, comparison: &mut Comparison<'a>, schemas: &mut Schemas<'a>) {
        let responses = |document: &'a Value, node: &'a Value| {
            entries(&node["responses"]).map(move |(status, node)| (status.as_str(), resolve(document, node)))
        };
        let ours: BTreeMap<_, _> = responses(self.ours, self.our.node).collect();
        let theirs: BTreeMap<_, _> = responses(self.published, self.their.node).collect();
        for (&status, &node) in &theirs {
            let place = self.place(status);
            let range = format!("{}XX", status.get(..1).unwrap_or_default());
            if !ours.contains_key(status) && !ours.contains_key(range.as_str()) && status != "default" {
                if SUCCESSES.contains(&status) {
                    let new = New::Status { at: self.our.at(), status, node };
                    comparison.additions.push(Addition { places: vec![place.clone()], new });
                } else {
                    comparison.change(place.clone(), Kind::Unsupported, "status".into());
                }
            }
            if matches!(status, "200" | "201") {
                self.compare_success(comparison, schemas, (place, &ours), node);
            }
        }
        for status in SUCCESSES.iter().filter(|status| ours.contains_key(*status) && !theirs.contains_key(*status)) {
            comparison.change(self.place(status), Kind::StatusRemoved, String::new());
        }
    }

    /// Compares what a success holds. All successes of an operation have one type: without this status, it is that of another.
    fn compare_success(
        &self,
        comparison: &mut Comparison<'a>,
        schemas: &mut Schemas<'a>,
        (place, ours): (String, &BTreeMap<&'a str, &'a Value>),
        their: &'a Value,
    ) {
        let status = place.rsplit(' ').next().unwrap_or_default();
        let Some((status, our)) = [status, "200", "201"].iter().find_map(|status| ours.get_key_value(*status)) else {
            return;
        };
        let kinds = |node: &Value| entries(&node["content"]).map(|(kind, _)| kind.clone()).collect::<Vec<_>>();
        match (json_schema(&our["content"]), json_schema(&their["content"])) {
            (Some(schema), Some(theirs)) => {
                let at =
                    [self.our.at(), path(&["responses", status, "content", "application/json", "schema"])].concat();
                schemas.walk(comparison, &place, Direction::Response, (schema, at), theirs);
            }
            _ if kinds(our) == kinds(their) => {}
            _ => {
                let name =
                    |node| Some(kinds(node).join(", ")).filter(|names| !names.is_empty()).unwrap_or("none".into());
                comparison.change(place, Kind::ResponseBodyChanged, format!("was {}, is {}", name(our), name(their)));
            }
        }
    }
}

/// The credentials that a published operation says it takes, if it says so itself.
pub fn published_auth(node: &Value) -> Option<&'static str> {
    let security = node.get("security")?;
    let schemes: Vec<_> = elements(security).flat_map(entries).map(|(name, _)| name.to_lowercase()).collect();
    Some(match schemes.as_slice() {
        [] => "none",
        names if names.iter().any(|name| name.contains("admin")) => "admin",
        _ => "caller",
    })
}
