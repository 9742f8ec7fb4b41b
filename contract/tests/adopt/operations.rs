//! New operations.

use serde_json::json;

use crate::{OURS, add_operation, added, adopted, success, tasks};

#[test]
fn new_command_is_written_in_our_style_beside_its_neighbours() {
    let adopted = adopted(|document| {
        let node = json!({
            "operationId": "post_RingBellRoute", "summary": "Ring the bell", "description": "It's loud &#123;very&#125;",
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "requestBody": { "content": { "application/json": { "schema": {
                "type": "object", "required": ["times"],
                "properties": { "times": { "type": "integer" }, "at": { "type": "string", "format": "date-time" } },
            } } } },
            "responses": { "303": { "description": "rung" }, "429": { "description": "too often" } },
        });
        add_operation(document, "/locks/{id}/RingBell", "post", node);
    });
    let operation = "
  /locks/{lockId}/RingBell:
    post:
      operationId: ring_bell
      tags: [locks]
      summary:
      description:
      x-spkey-retry:
      x-spkey-retry-reason:
      x-spkey-confirm:
      parameters:
        - $ref: \"#/components/parameters/LockId\"
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: \"#/components/schemas/RingBellRequest\" }
      responses:
        \"303\":
          description:
        4XX: { $ref: \"#/components/responses/Rejected\" }
        5XX: { $ref: \"#/components/responses/ServerError\" }

  # Administration
";
    assert!(adopted.text.contains(operation), "{}", added(OURS, &adopted));
    let schema = "
    RingBellRequest:
      type: object
      description:
      required: [times]
      properties:
        times:
          type: integer
          format: int64
          description:
        at:
          type: string
          format: date-time
          description:
";
    assert!(adopted.text.contains(schema), "{}", added(OURS, &adopted));
    let tasks = tasks(&adopted);
    for expected in [
        "post.operationId: check: made from post_RingBellRoute",
        "post.summary: write; \"Ring the bell\"",
        "post.description: write; \"It's loud {very}\"",
        "post.responses.303.description: write; \"rung\"",
    ] {
        assert!(tasks.iter().any(|task| task.ends_with(expected)), "{expected} is not among {tasks:#?}");
    }
    assert!(!adopted.text.contains("loud"), "the service's words are not ours");
}

#[test]
fn whether_a_get_is_safe_is_for_a_person_to_say() {
    let adopted = adopted(|document| {
        let node = json!({ "operationId": "get_ListBellsRoute", "responses": { "200": { "description": "ok",
            "content": { "text/html": { "schema": { "type": "string" } } } } } });
        add_operation(document, "/bells", "get", node);
    });
    let added = added(OURS, &adopted);
    assert!(added.contains("      x-spkey-retry:\n"), "{added}");
    assert!(!added.contains("x-spkey-retry-reason"), "{added}");
    assert!(added.contains("            text/html:\n              schema: { type: string }\n"), "{added}");
    assert!(tasks(&adopted).iter().any(|task| task.contains("get.x-spkey-retry: decide: ")));
}

#[test]
fn credentials_are_those_that_the_document_says_or_those_of_administration() {
    let auth = |path: &str, security: Option<serde_json::Value>| {
        let adopted = adopted(|document| {
            let mut node = json!({ "operationId": "post_TryRoute", "responses": { "200": { "description": "ok" } } });
            if let Some(security) = security {
                node["security"] = security;
            }
            add_operation(document, path, "post", node);
        });
        added(OURS, &adopted)
    };
    let admin = "      x-spkey-auth: admin\n      x-spkey-retry:\n      x-spkey-retry-reason:\n      x-spkey-confirm:\n      security:\n        - \
                 adminKey: []\n          bearer: []\n";
    assert!(auth("/admin/try", None).contains(admin));
    assert!(auth("/try", Some(json!([{ "adminApiKey": [], "bearerAuth": [] }]))).contains(admin));
    let none = auth("/try", Some(json!([])));
    assert!(none.contains("      x-spkey-auth: none\n") && none.contains("      security: []\n"), "{none}");
    let caller = auth("/try", None);
    assert!(!caller.contains("x-spkey-auth") && !caller.contains("security"), "{caller}");
}

#[test]
fn parameters_of_the_path_have_our_names() {
    let adopted = adopted(|document| {
        let parameter =
            |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
        let node = json!({ "operationId": "get_GetGateRoute", "responses": { "200": { "description": "ok" } },
            "parameters": [parameter("id"), parameter("uuid"), parameter("slot")] });
        add_operation(document, "/admin/cameras/{id}/gates/{uuid}/slots/{slot}", "get", node);
    });
    let added = added(OURS, &adopted);
    assert!(added.contains("  /admin/cameras/{cameraId}/gates/{gateUuid}/slots/{slot}:\n"), "{added}");
    // What our words say of a known one is said once more.
    let known = "        - name: cameraId\n          in: path\n          required: true\n          description: The camera's id.\n";
    let new = "        - name: gateUuid\n          in: path\n          required: true\n          description:\n";
    assert!(added.contains(known) && added.contains(new), "{added}");
}

#[test]
fn second_method_of_a_known_path_stands_below_the_first() {
    let adopted = adopted(|document| {
        let node = json!({ "operationId": "get_GetCameraRoute", "responses": { "200": { "description": "ok" } },
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }] });
        add_operation(document, "/admin/cameras/{id}", "get", node);
    });
    let expected =
        "        5XX: { $ref: \"#/components/responses/ServerError\" }\n\n    get:\n      operationId: get_camera\n";
    assert!(adopted.text.contains(expected), "{}", adopted.text);
    assert_eq!(adopted.text.matches("/admin/cameras/{cameraId}:").count(), 1);
}

#[test]
fn id_that_is_taken_or_missing_is_made_of_the_path() {
    let adopted = adopted(|document| {
        let node = |id: &str| json!({ "operationId": id, "responses": { "200": { "description": "ok" } } });
        add_operation(document, "/bells/details", "get", node("get_GetLockDetailsRoute"));
        add_operation(document, "/bells/all", "get", node(""));
    });
    let added = added(OURS, &adopted);
    assert!(added.contains("operationId: bell_get_lock_details\n"), "{added}");
    assert!(added.contains("operationId: get_bells_all\n"), "{added}");
}

#[test]
fn result_of_a_command_is_the_one_that_all_share() {
    let adopted = adopted(|document| {
        let result = document["paths"]["/locks/{id}/Paint"]["post"]["responses"].clone();
        let node = json!({ "operationId": "post_RingBellRoute", "responses": result });
        add_operation(document, "/bells/Ring", "post", node);
    });
    let added = added(OURS, &adopted);
    assert!(added.contains("schema: { $ref: \"#/components/schemas/CommandResult\" }"), "{added}");
    assert!(!added.contains("RingBellResponse"), "{added}");
    assert!(tasks(&adopted).iter().any(|task| task.contains("CommandResult has the same properties: is it the same?")));
}

#[test]
fn status_and_parameter_that_the_build_lacks_are_named() {
    let adopted = adopted(|document| {
        let node = json!({ "operationId": "post_TryRoute", "responses": { "200": { "description": "" }, "202": { "description": "" } },
            "parameters": [{ "name": "X-Trace", "in": "header", "schema": { "type": "string" } }] });
        add_operation(document, "/try", "post", node);
    });
    let tasks = tasks(&adopted);
    for expected in [
        "status 202 is not supported by the build",
        "a parameter in the header, X-Trace, is not supported by the build",
    ] {
        assert!(tasks.iter().any(|task| task.ends_with(expected)), "{tasks:#?}");
    }
}

#[test]
fn new_operations_with_one_request_share_its_schema() {
    let adopted = adopted(|document| {
        let body = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } } });
        for path in ["/bells/One", "/bells/Two"] {
            let node = json!({ "operationId": path, "responses": success(&json!({ "type": "boolean" })),
                "requestBody": { "content": { "application/json": { "schema": body } } } });
            add_operation(document, path, "post", node);
        }
    });
    assert_eq!(added(OURS, &adopted).matches("Request:\n").count(), 1, "{}", added(OURS, &adopted));
}
