use serde_json::{Value, json};

use crate::mock::sandbox::fold::lists::push;
use crate::mock::sandbox::recorded_event::RecordedEvent;

/// There is one kind of event: the camera has read a plate.
pub(super) fn fold(state: &mut Value, event: &RecordedEvent) {
    if state.is_null() {
        *state = json!({ "reads": [] });
    }
    push(state, "reads", event.data.clone());
}
