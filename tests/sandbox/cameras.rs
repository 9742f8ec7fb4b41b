use std::panic::{AssertUnwindSafe, catch_unwind};

use spkey::mock::Sandbox;
use spkey::types::{AccessLevel, CameraRoleStatus, CameraStatus, CameraType};
use spkey::{Client, LockId};

use crate::{STAFF, USER, kind, start, status, with_user_and_lock};

async fn register(spkey: &Client, id: &'static str) {
    let call = spkey.register_camera(id).name("Gate").type_(CameraType::Onvif).http_url("http://10.0.0.1");
    let call = call.rtsp_url("rtsp://10.0.0.1/1").org_id("acme").owner_id(USER).login("admin").password("made-up");
    call.send().await.unwrap();
}

async fn create_role(spkey: &Client) {
    spkey.create_camera_role("role").name("Guards").description("Night").org_id("acme").send().await.unwrap();
}

/// A client with a token of the user.
fn as_user(sandbox: &Sandbox) -> Client {
    sandbox.client_builder().bearer_token(USER).build().unwrap()
}

#[tokio::test]
async fn camera_is_registered_once_changed_disabled_and_deleted() {
    let (_sandbox, spkey) = start().await;
    let pnp = || {
        let call = spkey.register_pnp_camera("cam").name("Gate").registration_code("R-1").org_id("acme");
        call.owner_id(USER).login("admin").password("made-up")
    };
    let first = pnp().send().await.unwrap();
    assert_eq!((first.status().as_u16(), kind(first.event.as_ref()).as_deref()), (201, Some("CameraRegistered")));
    assert!(!first.event.as_ref().unwrap().to_string().contains("made-up"), "the login is in no event");
    assert_eq!(pnp().send().await.unwrap().status().as_u16(), 200);
    let wrong = spkey.update_camera("cam").http_url("gate");
    assert_eq!(status(wrong.send().await), 400);
    let updated = spkey.update_camera("cam").name("Back gate").send().await.unwrap();
    assert_eq!(kind(updated.event.as_ref()).as_deref(), Some("CameraUpdated"));
    let camera = spkey.get_camera_details("cam").send().await.unwrap();
    assert_eq!((camera.name.as_deref(), camera.status.clone()), (Some("Back gate"), Some(CameraStatus::Active)));
    assert_eq!(camera.type_, Some(CameraType::Pnp));

    let disable = || spkey.disable_camera("cam").reason("broken").disabled_by(STAFF);
    assert_eq!(kind(disable().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraDisabled"));
    assert_eq!(status(disable().send().await), 400);
    assert_eq!(spkey.get_camera_details("cam").send().await.unwrap().status, Some(CameraStatus::Disabled));
    let delete = || spkey.delete_camera("cam").deleted_by(STAFF);
    assert_eq!(kind(delete().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraDeleted"));
    assert_eq!(status(delete().send().await), 400);
    assert_eq!(spkey.get_camera_details("cam").send().await.unwrap().status, Some(CameraStatus::Deleted));
    assert_eq!(status(spkey.update_camera("other").name("x").send().await), 404);
}

#[tokio::test]
async fn role_shows_its_users_the_cameras_with_all_their_permissions() {
    let (sandbox, spkey) = with_user_and_lock().await;
    register(&spkey, "cam").await;
    create_role(&spkey).await;
    let mine = as_user(&sandbox);
    assert_eq!(mine.get_my_cameras().send().await.unwrap().cameras.len(), 0);
    assert_eq!(status(mine.get_camera_stream("cam").send().await), 403);
    assert_eq!(status(spkey.get_my_cameras().send().await), 401, "no user's token");
    assert_eq!(status(spkey.get_camera_stream("cam").send().await), 401);

    let assign = || spkey.assign_camera_role_user("role").user_id(USER);
    assert_eq!(kind(assign().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraRoleUserAssigned"));
    assert_eq!(status(assign().send().await), 400);
    let add = || {
        spkey
            .assign_camera_role_camera("role")
            .camera_id("cam".to_owned())
            .permissions(["View".to_owned(), "Share".to_owned()])
    };
    assert_eq!(kind(add().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraRoleCameraAssigned"));
    assert_eq!(status(add().send().await), 400);
    let cameras = mine.get_my_cameras().send().await.unwrap().into_inner().cameras;
    assert_eq!((cameras.len(), &cameras[0].permissions[..]), (1, &["Share".to_owned(), "View".to_owned()][..]));
    let stream = mine.get_camera_stream("cam").send().await.unwrap();
    assert_eq!(stream.access_urls.rtsp.as_ref().unwrap().expose(), "rtsp://10.0.0.1/1");
    let role = spkey.get_camera_role_details("role").send().await.unwrap();
    let account = spkey.get_threedeye_credentials(USER).send().await.unwrap();
    assert_eq!(role.users[0].three_deye_user_id, account.three_deye_user_id, "one account for all roles");
    assert_eq!((role.cameras.len(), role.status.clone()), (1, Some(CameraRoleStatus::Active)));

    let remove = || spkey.remove_camera_role_camera("role").camera_id("cam".to_owned());
    assert_eq!(kind(remove().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraRoleCameraRemoved"));
    assert_eq!(status(remove().send().await), 400);
    assert!(mine.get_my_cameras().send().await.unwrap().cameras.is_empty());
    let remove = || spkey.remove_camera_role_user("role").user_id(USER);
    assert_eq!(kind(remove().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraRoleUserRemoved"));
    assert_eq!(status(remove().send().await), 400);
}

#[tokio::test]
async fn role_is_created_once_and_deleted_once() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    create_role(&spkey).await;
    let again = spkey.create_camera_role("role").name("x").description("x").org_id("x").send().await.unwrap();
    assert_eq!((again.status().as_u16(), &again.event), (200, &None));
    let delete = || spkey.delete_camera_role("role").deleted_by(STAFF);
    assert_eq!(kind(delete().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraRoleDeleted"));
    assert_eq!(status(delete().send().await), 400);
    let role = spkey.get_camera_role_details("role").send().await.unwrap();
    assert_eq!((role.name.as_deref(), role.status.clone()), (Some("Guards"), Some(CameraRoleStatus::Deleted)));
    assert_eq!(status(spkey.assign_camera_role_user("role").user_id(USER).send().await), 400);
    assert_eq!(status(spkey.delete_camera_role("other").deleted_by(STAFF).send().await), 404);
}

#[tokio::test]
async fn plate_of_a_user_who_may_opens_the_linked_lock() {
    let (sandbox, spkey) = with_user_and_lock().await;
    register(&spkey, "cam").await;
    let version = async || spkey.get_lock_details(1).send().await.unwrap().version.unwrap().to_string();
    let plates = async || spkey.get_camera_lpr_events("cam").send().await.unwrap().into_inner();
    spkey.add_license_plate(USER).plate("b-xy 123").send().await.unwrap();
    sandbox.read_plate("cam", "B XY 123");
    assert_eq!(version().await, "1", "the camera is linked to no lock");
    let link = spkey.link_camera_to_lock("cam").lock_id(1).send().await.unwrap();
    assert_eq!(kind(link.event.as_ref()).as_deref(), Some("CameraLinkedToLock"));
    assert_eq!(spkey.get_camera_details("cam").send().await.unwrap().lock_id, Some(LockId::try_from(1).unwrap()));
    sandbox.read_plate("cam", "B XY 123");
    assert_eq!(version().await, "1", "the lock is not accessible to the user");
    let grant = spkey.add_accessible_lock(USER).lock_id(1).lock_name("Gate").access_level(AccessLevel::User);
    grant.granted_by(STAFF).send().await.unwrap();
    sandbox.read_plate("cam", "B XY 123");
    assert_eq!(version().await, "2");
    let read = plates().await;
    let matched: Vec<_> = read.events.iter().map(|event| event.matched.unwrap()).collect();
    assert_eq!(matched, [true, false, false], "the newest first");
    assert_eq!(read.events[0].matched_user_id.unwrap(), USER);
    let page = spkey.get_camera_lpr_events("cam").page(2).page_size(2).send().await.unwrap();
    assert_eq!((page.events.len(), page.has_more), (1, Some(false)));
    let later = spkey.get_camera_lpr_events("cam").from("2999-01-01T00:00:00Z").send().await.unwrap();
    assert_eq!(later.events.len(), 0);

    sandbox.unreachable(LockId::try_from(1).unwrap());
    sandbox.read_plate("cam", "B XY 123");
    let newest = plates().await.events.remove(0);
    assert_eq!((newest.matched, newest.action_taken.as_deref()), (Some(true), Some("none")), "the lock is unreachable");
    sandbox.reachable(LockId::try_from(1).unwrap());

    let unlink = || spkey.unlink_camera_from_lock("cam");
    assert_eq!(kind(unlink().send().await.unwrap().event.as_ref()).as_deref(), Some("CameraUnlinkedFromLock"));
    assert_eq!(status(unlink().send().await), 400);
    sandbox.read_plate("cam", "B XY 123");
    assert_eq!(version().await, "2");
}

#[tokio::test]
async fn camera_that_is_not_active_reads_no_plate() {
    let (sandbox, spkey) = start().await;
    register(&spkey, "cam").await;
    spkey.disable_camera("cam").reason("broken").disabled_by(STAFF).send().await.unwrap();
    for camera in ["cam", "other"] {
        let panic = catch_unwind(AssertUnwindSafe(|| sandbox.read_plate(camera, "B XY 123"))).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("there is no active camera"));
    }
    assert_eq!(status(spkey.get_camera_lpr_events("other").send().await), 404);
}

#[tokio::test]
async fn account_at_3deye_is_created_on_first_use() {
    let (_sandbox, spkey) = with_user_and_lock().await;
    let read = async || spkey.get_threedeye_credentials(USER).send().await.unwrap().into_inner();
    let first = read().await;
    assert_eq!(first.email.as_deref(), Some("ada@example.com"));
    assert_eq!(read().await.password.unwrap().expose(), first.password.unwrap().expose());
    assert_eq!(status(spkey.get_threedeye_credentials(STAFF).send().await), 404);
}
