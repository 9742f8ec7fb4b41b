//! Which operations the sandbox has.

use crate::mock::sandbox::handler::Handler;
use crate::mock::sandbox::{
    admin, devices, grants, keys, lock_reads, lock_temp_keys, locks, residents, temp_key_pages,
};
use crate::mock::sandbox::{temp_keys, users, wallet};
use crate::request::operation::Operation;

const AREAS: [&[(&str, Handler)]; 12] = [
    admin::OPERATIONS,
    devices::OPERATIONS,
    grants::OPERATIONS,
    keys::OPERATIONS,
    lock_reads::OPERATIONS,
    lock_temp_keys::OPERATIONS,
    locks::OPERATIONS,
    residents::OPERATIONS,
    temp_key_pages::OPERATIONS,
    temp_keys::OPERATIONS,
    users::OPERATIONS,
    wallet::OPERATIONS,
];

pub(super) fn handler(operation: &Operation) -> Option<Handler> {
    AREAS.iter().flat_map(|area| *area).find(|(id, _)| *id == operation.id).map(|(_, handler)| *handler)
}
