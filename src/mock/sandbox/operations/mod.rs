//! Which operations the sandbox has.

mod admin;
mod camera_reads;
mod camera_roles;
mod cameras;
mod devices;
mod grants;
mod hubs;
mod keys;
pub(super) mod license_plates;
mod lock_reads;
mod lock_temp_keys;
mod locks;
mod matter_devices;
mod physical_keys;
mod residents;
mod rtsp_access;
mod rtsp_cameras;
mod sensors;
mod temp_key_pages;
mod temp_keys;
mod threedeye;
mod users;
mod wallet;

use crate::mock::sandbox::handler::Handler;
use crate::request::operation::Operation;

const AREAS: [&[(&str, Handler)]; 23] = [
    admin::OPERATIONS,
    camera_reads::OPERATIONS,
    camera_roles::OPERATIONS,
    cameras::OPERATIONS,
    devices::OPERATIONS,
    grants::OPERATIONS,
    hubs::OPERATIONS,
    keys::OPERATIONS,
    license_plates::OPERATIONS,
    lock_reads::OPERATIONS,
    lock_temp_keys::OPERATIONS,
    locks::OPERATIONS,
    matter_devices::OPERATIONS,
    physical_keys::OPERATIONS,
    residents::OPERATIONS,
    rtsp_access::OPERATIONS,
    rtsp_cameras::OPERATIONS,
    sensors::OPERATIONS,
    temp_key_pages::OPERATIONS,
    temp_keys::OPERATIONS,
    threedeye::OPERATIONS,
    users::OPERATIONS,
    wallet::OPERATIONS,
];

pub(super) fn handler(operation: &Operation) -> Option<Handler> {
    AREAS.iter().flat_map(|area| *area).find(|(id, _)| *id == operation.id).map(|(_, handler)| *handler)
}
