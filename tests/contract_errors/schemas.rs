//! Named schemas and their properties.

use crate::error;

const PAINTER: &str = "{ type: string, description: Who paints. }";

#[test]
fn schema_without_a_description_is_an_error() {
    assert_eq!(error("      description: A color.\n", ""), "schema Color: description is missing: add it");
}

#[test]
fn property_without_a_description_is_an_error() {
    let expected = "schema PaintRequest: painter: description is missing: add it";
    assert_eq!(error(PAINTER, "{ type: string }"), expected);
}

#[test]
fn empty_description_beside_a_reference_is_an_error() {
    let reference = r##"{ $ref: "#/components/schemas/Color" }"##;
    let expected = "schema PaintRequest: color: description is missing: add it";
    assert_eq!(error(reference, &reference.replace(" }", ", description: }")), expected);
}

#[test]
fn untyped_property_is_an_error() {
    let expected = "schema PaintRequest: painter: it has no type and may hold a secret: use a $ref to a named schema \
                    without type";
    assert_eq!(error(PAINTER, "{ description: Who paints. }"), expected);
    let list = "{ type: array, description: Who paints., items: {} }";
    assert_eq!(error(PAINTER, list), expected);
}

#[test]
fn inline_object_or_enum_is_an_error() {
    let expected = "schema PaintRequest: painter: an inline object or enum must become a named schema";
    let object = "{ type: object, description: Who paints., properties: { name: { type: string } } }";
    assert_eq!(error(PAINTER, object), expected);
    assert_eq!(error(PAINTER, "{ type: string, description: Who paints., enum: [ADA] }"), expected);
    let list = "{ type: array, description: Who paints., items: { type: string, enum: [ADA] } }";
    assert_eq!(error(PAINTER, list), expected);
}

#[test]
fn enum_without_values_is_an_error() {
    let expected = "schema Color: enum has no values, or values that are not text: list them";
    for wrong in ["enum: []", "enum: [1, 2]", "enum: null"] {
        assert_eq!(error("enum: [RED, GREEN]", wrong), expected);
    }
}

#[test]
fn unsupported_keyword_is_an_error() {
    for keyword in ["pattern: a", "minLength: 1", "maximum: 9", "default: a", "oneOf: []", "allOf: []"] {
        let name = keyword.split(':').next().unwrap();
        let expected = format!("{name} is not supported: say it in the description");
        let property = format!("{{ type: string, description: Who paints., {keyword} }}");
        assert_eq!(error(PAINTER, &property), format!("schema PaintRequest: painter: {expected}"));
        let schema = format!("description: A color.\n      {keyword}");
        assert_eq!(error("description: A color.", &schema), format!("schema Color: {expected}"));
    }
}

#[test]
fn format_without_a_meaning_is_an_error() {
    for (kind, format) in
        [("string", "date"), ("number", "int64"), ("integer", "date-time"), ("string", "epoch-millis")]
    {
        let property = format!("{{ type: {kind}, format: {format}, description: When it was painted. }}");
        let expected =
            format!("schema PaintRequest: painter: format {format} of type {kind} has no meaning: remove it");
        assert_eq!(error(PAINTER, &property), expected);
    }
}
