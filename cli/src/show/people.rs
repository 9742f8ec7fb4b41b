use serde_json::{Map, Value};
use spkey::{DomainEvent, FieldShape, Shape};

use crate::printable::printable;
use crate::show::cell::cell;
use crate::show::table::Table;

const INDENT: &str = "  ";

/// The lines of a response, for people: a field on each, lists of objects as tables where they fit into a line of that many
/// columns.
pub(crate) fn lines(value: &Value, shape: &Shape, line: Option<usize>) -> Vec<String> {
    match (value, shape) {
        (Value::Object(map), Shape::Object(fields)) => object(map, fields, shape, line),
        (Value::Object(map), _) => object(map, &[], shape, line),
        (Value::Array(elements), _) => list(elements, element_shape(shape), line),
        _ => cell(value, shape).into_iter().collect(),
    }
}

/// The lines of the elements of a list, each after an empty line, or as a table.
pub(crate) fn list(elements: &[Value], shape: &'static Shape, line: Option<usize>) -> Vec<String> {
    if let Shape::Object(fields) = shape
        && let Some((table, head)) = Table::new(elements, fields, line)
    {
        return [head].into_iter().chain(elements.iter().map(|element| table.line(element))).collect();
    }
    elements.iter().map(|element| lines(element, shape, line)).collect::<Vec<_>>().join(&String::new())
}

/// Those of the contract come first, in its order; of what the contract leaves open, the type.
fn object(map: &Map<String, Value>, fields: &[FieldShape], shape: &Shape, line: Option<usize>) -> Vec<String> {
    let known = fields.iter().filter_map(|field| Some((field.name, map.get(field.name)?, field.shape)));
    let mut unknown: Vec<_> = map.iter().filter(|(name, _)| fields.iter().all(|field| field.name != *name)).collect();
    unknown.sort_by_key(|(name, _)| *name != "type");
    let unknown = unknown.into_iter().map(|(name, value)| (name.as_str(), value, open_shape(map, name, shape)));
    let entries: Vec<_> = known.chain(unknown).filter(|(_, value, _)| !value.is_null()).collect();
    let width = entries.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    entries.into_iter().flat_map(|(name, value, shape)| field(&printable(name), value, shape, (width, line))).collect()
}

/// A field on a line, or with what it holds on the lines below it.
fn field(name: &str, value: &Value, shape: &'static Shape, (width, line): (usize, Option<usize>)) -> Vec<String> {
    let on_a_line = match value {
        Value::Array(elements) if elements.is_empty() => Some("none".to_owned()),
        Value::Array(elements) => {
            let words: Option<Vec<_>> = elements.iter().map(|element| cell(element, element_shape(shape))).collect();
            words.map(|words| words.join(", "))
        }
        _ => cell(value, shape),
    };
    if let Some(text) = on_a_line {
        return vec![format!("{:width$} {text}", format!("{name}:"), width = width + 1)];
    }
    let within = lines(value, shape, line.map(|line| line.saturating_sub(INDENT.len())));
    [format!("{name}:")].into_iter().chain(within.into_iter().map(|line| format!("{INDENT}{line}"))).collect()
}

fn element_shape(shape: &Shape) -> &'static Shape {
    if let Shape::List(shape) = shape { shape } else { &Shape::Any }
}

/// The shape of an entry that is no known field: of the data of an event, the event's.
fn open_shape(map: &Map<String, Value>, name: &str, shape: &Shape) -> &'static Shape {
    let of_event = || map.get("type").and_then(Value::as_str).and_then(DomainEvent::shape);
    match shape {
        Shape::Map(shape) => shape,
        Shape::Any if name == "data" => of_event().unwrap_or(&Shape::Any),
        _ => &Shape::Any,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spkey::Operation;

    use super::*;

    fn shown(id: &str, value: &Value, line: Option<usize>) -> String {
        lines(value, Operation::find(id).unwrap().response.unwrap(), line).join("\n")
    }

    #[test]
    fn fields_are_in_the_contracts_order_and_aligned() {
        let value = json!({ "version": 7, "success": true, "newer": "x", "event": null, "aggregateId": "1\u{1b}" });
        let expected = "success:     true\naggregateId: 1\\u{1b}\nversion:     7\nnewer:       x";
        assert_eq!(shown("add_key", &value, None), expected);
    }

    #[test]
    fn event_has_its_type_first_and_its_fields_in_order() {
        let data = json!({ "lockId": 123, "keyUuid": "(hidden)", "newer": "x" });
        let value = json!({ "event": { "data": data, "type": "KeyAdded" } });
        let expected = "event:\n  type: KeyAdded\n  data:\n    lockId:  123\n    keyUuid: (hidden)\n    newer:   x";
        assert_eq!(shown("add_key", &value, None), expected);
    }

    #[test]
    fn list_of_objects_is_a_table_where_it_fits() {
        let residents = json!({ "residents": [{ "name": "Ada", "hasPhone": true }, { "name": "Zoë Ångström" }] });
        let table = "residents:\n  \u{1b}[1mname          hasPhone\u{1b}[0m\n  Ada           true\n  Zoë Ångström  -";
        assert_eq!(shown("get_residents", &residents, Some(80)), table);
        let records = "residents:\n  name:     Ada\n  hasPhone: true\n  \n  name: Zoë Ångström";
        assert_eq!(shown("get_residents", &residents, Some(20)), records);
    }

    #[test]
    fn what_a_cell_cannot_hold_is_not_left_out() {
        let residents = json!({ "residents": [{ "name": "Ada", "phones": ["1", "2"], "home": { "floor": 3 } }] });
        let records = "residents:\n  name:   Ada\n  home:\n    floor: 3\n  phones: 1, 2";
        assert_eq!(shown("get_residents", &residents, None), records);
    }
}
