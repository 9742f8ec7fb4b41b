//! How events make a state: one function for each type of aggregate.

mod camera;
mod camera_role;
mod hub;
mod lists;
mod lock;
mod matter_device;
mod plate_reads;
mod rtsp_camera;
mod temp_key;
mod user;

use serde_json::Value;

use crate::mock::sandbox::aggregate::Aggregate;
use crate::mock::sandbox::recorded_event::RecordedEvent;
use crate::mock::sandbox::values::written;

/// What an event makes of a state, which is null before the first one. Every state has its version and the time of its last event.
pub(super) fn fold(aggregate: Aggregate, state: &mut Value, event: &RecordedEvent, version: usize) {
    let fold = match aggregate {
        Aggregate::User => user::fold,
        Aggregate::Lock => lock::fold,
        Aggregate::TempKey => temp_key::fold,
        Aggregate::Hub => hub::fold,
        Aggregate::MatterDevice => matter_device::fold,
        Aggregate::Camera => camera::fold,
        Aggregate::PlateReads => plate_reads::fold,
        Aggregate::CameraRole => camera_role::fold,
        Aggregate::RtspCamera => rtsp_camera::fold,
    };
    fold(state, event);
    if !state.is_null() {
        state["version"] = version.into();
        state["timestamp"] = written(event.at).into();
    }
}
