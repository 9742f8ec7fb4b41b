//! Finds the named schema of ours that a published inline one already has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::addition::Direction;
use crate::document::{elements, entries, operations, schema_name, text};
use crate::shape::Shape;

/// Shapes are compared this deep.
const MAX_DEPTH: usize = 8;

/// Named schemas, with the way they go.
pub(crate) type Written = BTreeMap<String, Direction>;

/// The named object that has the same properties, among those that may be shared: what responses are made of, and what was
/// written in the same run. What the setters of another request say would not fit. A schema that has the name that it would get
/// is the same in any case.
pub(crate) fn object(
    ours: &Value,
    shared: &Written,
    wanted: &str,
    (published, theirs): (&Value, &Value),
    direction: Direction,
) -> Option<String> {
    let schemas = &ours["components"]["schemas"];
    let count = Shape::of(published, theirs).properties.len();
    let is_same = |name: &str| {
        let schema = &schemas[name];
        entries(&schema["properties"]).count() == count && is_same((ours, schema), (published, theirs), direction, 0)
    };
    if schemas.get(wanted).is_some() && is_same(wanted) {
        return Some(wanted.to_owned());
    }
    let names = entries(schemas).map(|(name, _)| name).filter(|name| shared.get(*name) == Some(&direction));
    names.into_iter().find(|name| count > 1 && is_same(name)).cloned()
}

/// The named enumeration that has the same values, whatever their order.
pub(crate) fn enumeration(ours: &Value, values: &[&str]) -> Option<String> {
    let wanted: BTreeSet<_> = values.iter().copied().collect();
    let mut schemas = entries(&ours["components"]["schemas"]);
    let found = schemas
        .find(|(_, schema)| elements(&schema["enum"]).filter_map(Value::as_str).collect::<BTreeSet<_>>() == wanted);
    found.map(|(name, _)| name.clone())
}

/// Adds the names of the schemas that a node is made of.
pub(crate) fn reachable<'a>(document: &'a Value, node: &'a Value, found: &mut BTreeSet<&'a str>) {
    if let Some(name) = schema_name(node) {
        if found.insert(name) {
            reachable(document, &document["components"]["schemas"][name], found);
        }
    } else if let Some(reference) = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        document.pointer(reference).into_iter().for_each(|target| reachable(document, target, found));
    }
    entries(node).map(|(_, child)| child).chain(elements(node)).for_each(|child| reachable(document, child, found));
}

/// The names of the schemas that responses are made of.
pub(crate) fn response_schemas(document: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    operations(document).for_each(|operation| reachable(document, &operation.node["responses"], &mut found));
    found
}

fn is_same(
    (our_document, ours): (&Value, &Value),
    (their_document, theirs): (&Value, &Value),
    direction: Direction,
    depth: usize,
) -> bool {
    let (our, their) = (Shape::of(our_document, ours), Shape::of(their_document, theirs));
    if depth > MAX_DEPTH || our.is_any() && depth > 0 {
        return true;
    }
    let values = |shape: &Shape| shape.texts().iter().map(|value| (*value).to_owned()).collect::<BTreeSet<_>>();
    let alike = text(&ours["format"]) != "password"
        && our.covers(&their)
        && their.covers(&our)
        && values(&our) == values(&their)
        && our.properties.len() == their.properties.len()
        && (direction == Direction::Response || our.required == their.required);
    let same = |our: Option<&Value>, their: Option<&Value>| match (our, their) {
        (Some(our), Some(their)) => is_same((our_document, our), (their_document, their), direction, depth + 1),
        (None, None) => true,
        _ => false,
    };
    alike
        && our.properties.iter().all(|(name, property)| same(Some(property), their.property(name)))
        && same(our.items, their.items)
        && (our.is_map() == their.is_map() && (!our.is_map() || same(our.map_values, their.map_values)))
}
