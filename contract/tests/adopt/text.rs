//! What happens to the text of our contract.

use contract::adopt;
use serde_json::json;

use crate::{OURS, added, adopted, adopted_into, details, paint, published, tasks};

#[test]
fn every_line_of_ours_stays_in_its_order() {
    let adopted = adopted(|document| {
        details(document)["properties"]["online"] = json!({ "type": "boolean" });
        document["paths"]["/bells"]["get"] =
            json!({ "operationId": "x", "responses": { "200": { "description": "ok" } } });
    });
    // `added` fails where a line is lost.
    assert!(added(OURS, &adopted).contains("online"));
    assert!(adopted.text.ends_with("\n\n# Nothing follows.\n"));
}

#[test]
fn property_in_flow_style_does_not_hide_the_end_of_its_schema() {
    let adopted = adopted(|document| {
        document["paths"]["/locks/{id}/details"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            ["properties"]["keys"]["items"]["properties"]["cut"] = json!({ "type": "boolean" });
    });
    let expected = "          description: What is written on it.\n        cut:\n          type: boolean\n          description:\n";
    assert!(adopted.text.contains(expected), "{}", adopted.text);
}

#[test]
fn schema_in_flow_style_is_an_error_and_nothing_is_written() {
    let flow = "    LockKey: { type: object, description: A key., properties: { label: { type: string, description: A. } } }\n";
    let (before, _) = OURS.split_once("    LockKey:\n").unwrap();
    let ours = format!("{before}{flow}");
    let mut document = published();
    details(&mut document)["properties"]["keys"]["items"]["properties"]["cut"] = json!({ "type": "boolean" });
    let problem = adopt(&ours, &document).err().unwrap();
    let expected = "nothing was written: components > schemas > LockKey > properties: not found in block style: write it over \
                    several lines, then adopt again";
    assert_eq!(problem, expected);
}

/// The same text says two things: an edit for one of them would change the other.
#[test]
fn edit_that_would_say_something_else_too_is_an_error_and_nothing_is_written() {
    let (before, after) = OURS.split_once("    LockKey:\n").unwrap();
    let after = after.replacen("properties:", "properties: &label", 1);
    let other = "    Sticker:\n      type: object\n      description: A sticker.\n      properties: *label\n";
    let ours =
        format!("{before}    LockKey:\n{}", after.replacen("\n\n# Nothing", &format!("\n{other}\n# Nothing"), 1));
    assert!(ours.contains("*label"));
    let mut document = published();
    details(&mut document)["properties"]["keys"]["items"]["properties"]["cut"] = json!({ "type": "boolean" });
    let problem = adopt(&ours, &document).err().unwrap();
    let expected =
        "nothing was written: the result would not say what it should at /components/schemas/Sticker/properties/cut";
    assert_eq!(problem, expected);
}

#[test]
fn text_whose_line_ends_would_be_lost_is_an_error_and_nothing_is_written() {
    let ours = OURS.replace('\n', "\r\n");
    assert_eq!(adopt(&ours, &published()).unwrap().text, ours);
    let mut document = published();
    details(&mut document)["properties"]["online"] = json!({ "type": "boolean" });
    let problem = adopt(&ours, &document).err().unwrap();
    assert_eq!(problem, "nothing was written: the result would lose a part of our contract");
}

#[test]
fn texts_of_the_service_are_shown_without_escapes() {
    let adopted = adopted(|document| {
        let description = "&lt;a&gt; &quot;b&quot; &#39;c&#x27; &#123;\n d &nope; &";
        details(document)["properties"]["online"] = json!({ "type": "boolean", "description": description });
    });
    let expected = r#"LockDetails.properties.online.description: write; "<a> "b" 'c' { d &nope; &""#;
    assert_eq!(tasks(&adopted), [expected]);
}

#[test]
fn enumeration_in_lines_gets_a_line() {
    let ours = OURS.replace("      enum: [RED, GREEN]\n", "      enum:\n        - RED\n        - GREEN\n");
    let adopted = adopted_into(&ours, |document| {
        paint(document)["properties"]["color"]["enum"] = json!(["RED", "GREEN", "BLUE"]);
    });
    assert!(adopted.text.contains("        - GREEN\n        - BLUE\n"));
}

#[test]
fn enumeration_that_is_wrapped_in_brackets_is_an_error_and_nothing_is_written() {
    let ours = OURS.replace("      enum: [RED, GREEN]\n", "      enum: [RED,\n        GREEN]\n");
    let mut document = published();
    paint(&mut document)["properties"]["color"]["enum"] = json!(["RED", "GREEN", "BLUE"]);
    let problem = adopt(&ours, &document).err().unwrap();
    assert!(problem.starts_with("nothing was written: components > schemas > Color > enum: "), "{problem}");
}

#[test]
fn contract_that_is_no_yaml_is_an_error() {
    let problem = adopt("paths: [", &published()).err().unwrap();
    assert!(problem.starts_with("our contract is not valid YAML: "), "{problem}");
}

#[test]
fn report_names_the_line_of_every_task() {
    let adopted = adopted(|document| details(document)["properties"]["online"] = json!({ "type": "boolean" }));
    let line = adopted.text.lines().position(|line| line == "        online:").unwrap() + 1;
    let [(found, _)] = adopted.report.tasks.as_slice() else { panic!("{:?}", adopted.report.tasks) };
    assert_eq!(*found, line + 2, "the description stands below the type");
    let report = adopted.report.to_string();
    assert!(
        report.contains(&format!(
            "\n  LockDetails\n  {:>5}  online.description: write; the service says nothing\n",
            line + 2
        )),
        "{report}"
    );
}
