use spkey::Client;
use spkey::types::{RtspCameraPlacementOutcome, RtspCameraPlacementStatus, RtspCameraRole, RtspCameraStatus};

use crate::{STAFF, USER, kind, start, status};

const CAMERA: &str = "0a1b2c3d-0000-4000-8000-00000000000c";
const OTHER: &str = "0a1b2c3d-0000-4000-8000-00000000000d";

async fn register(spkey: &Client, id: &'static str, url: &'static str) -> Result<(), spkey::Error> {
    let call = spkey.register_rtsp_camera(id).name("Gate").rtsp_url(url).password("made-up").owner_id(USER);
    let response = call.send().await?;
    assert_eq!(kind(response.event.as_ref()).as_deref(), Some("RtspCameraRegistered"));
    assert_eq!(response.placement_status, Some(RtspCameraPlacementStatus::Pending));
    let event = response.event.as_ref().unwrap().to_string();
    assert!(!event.contains("made-up") && !event.contains(url), "{event}");
    Ok(())
}

#[tokio::test]
async fn camera_is_registered_changed_and_deleted_once() {
    let (_sandbox, spkey) = start().await;
    register(&spkey, CAMERA, "rtsp://10.0.0.1/1").await.unwrap();
    assert_eq!(status(register(&spkey, CAMERA, "rtsp://10.0.0.2/1").await), 409);
    assert_eq!(status(register(&spkey, OTHER, "rtsp://10.0.0.1/1").await), 409, "the address is taken");
    assert_eq!(status(register(&spkey, OTHER, "http://10.0.0.1/1").await), 400);
    register(&spkey, OTHER, "rtsp://10.0.0.2/1").await.unwrap();
    let update = || spkey.update_rtsp_camera(CAMERA);
    assert_eq!(status(update().rtsp_url("rtsp://10.0.0.2/1").send().await), 409);
    let updated = update().name("Back gate").rtsp_url("rtsp://10.0.0.3/1").send().await.unwrap();
    assert_eq!(updated.event.as_ref().unwrap()["data"]["sourceChanged"], true);
    let camera = spkey.get_rtsp_camera(CAMERA).send().await.unwrap();
    assert_eq!((camera.name.as_deref(), camera.status.clone()), (Some("Back gate"), Some(RtspCameraStatus::Working)));

    let delete = || spkey.delete_rtsp_camera(CAMERA);
    assert_eq!(kind(delete().send().await.unwrap().event.as_ref()).as_deref(), Some("RtspCameraDeleted"));
    assert_eq!(status(delete().send().await), 422);
    assert_eq!(status(update().name("x").send().await), 422);
    assert_eq!(spkey.get_rtsp_camera(CAMERA).send().await.unwrap().status, Some(RtspCameraStatus::Deleted));
    assert_eq!(status(spkey.delete_rtsp_camera("none").send().await), 404);
}

#[tokio::test]
async fn access_is_granted_to_others_and_revoked() {
    let (sandbox, spkey) = start().await;
    register(&spkey, CAMERA, "rtsp://10.0.0.1/1").await.unwrap();
    let role = async |user: &str| {
        let client = sandbox.client_builder().bearer_token(user).build().unwrap();
        let list = client.get_my_rtsp_cameras().send().await.unwrap().into_inner().cameras;
        list.first().map(|camera| camera.role.clone().unwrap())
    };
    assert_eq!(status(spkey.get_my_rtsp_cameras().send().await), 401);
    assert_eq!((role(USER).await, role(STAFF).await), (Some(RtspCameraRole::Manager), None));
    let grant = |user| spkey.grant_rtsp_camera_access(CAMERA).user_id(user).role(RtspCameraRole::Viewer);
    assert_eq!(status(grant(USER).send().await), 422, "the owner");
    assert_eq!(kind(grant(STAFF).send().await.unwrap().event.as_ref()).as_deref(), Some("RtspCameraAccessGranted"));
    assert_eq!(role(STAFF).await, Some(RtspCameraRole::Viewer));
    assert_eq!(spkey.get_rtsp_camera(CAMERA).send().await.unwrap().access_grants.len(), 1);
    let revoke = || spkey.revoke_rtsp_camera_access(CAMERA).user_id(STAFF);
    assert_eq!(kind(revoke().send().await.unwrap().event.as_ref()).as_deref(), Some("RtspCameraAccessRevoked"));
    assert_eq!(status(revoke().send().await), 422);
    assert_eq!(role(STAFF).await, None);
}

#[tokio::test]
async fn stream_is_stopped_and_started() {
    let (_sandbox, spkey) = start().await;
    register(&spkey, CAMERA, "rtsp://10.0.0.1/1").await.unwrap();
    let is = async || spkey.get_rtsp_camera(CAMERA).send().await.unwrap().into_inner().status.unwrap();
    let stopped = spkey.stop_rtsp_camera_stream(CAMERA).send().await.unwrap();
    assert_eq!(
        (kind(stopped.event.as_ref()).as_deref(), is().await),
        (Some("RtspCameraStreamStopped"), RtspCameraStatus::Stopped)
    );
    let started = spkey.start_rtsp_camera_stream(CAMERA).send().await.unwrap();
    assert_eq!(
        (kind(started.event.as_ref()).as_deref(), is().await),
        (Some("RtspCameraStreamStarted"), RtspCameraStatus::Working)
    );
    spkey.delete_rtsp_camera(CAMERA).send().await.unwrap();
    assert_eq!(status(spkey.start_rtsp_camera_stream(CAMERA).send().await), 422);
    assert!(spkey.stop_rtsp_camera_stream(CAMERA).send().await.unwrap().event.is_none());
}

#[tokio::test]
async fn placement_result_is_applied_once() {
    use RtspCameraPlacementOutcome::{Failed, Released, Running};
    let (sandbox, spkey) = start().await;
    register(&spkey, CAMERA, "rtsp://10.0.0.1/1").await.unwrap();
    let apply = |generation: i64, outcome: RtspCameraPlacementOutcome| {
        let call = spkey.apply_rtsp_camera_placement_result(CAMERA).aggregate_version(1).internal_secret("secret");
        call.placement_generation(generation).status(outcome)
    };
    let event = async |generation, outcome| kind(apply(generation, outcome).send().await.unwrap().event.as_ref());
    assert_eq!(event(1, Failed).await.as_deref(), Some("RtspCameraPlacementFailed"));
    assert_eq!(event(1, Failed).await, None);
    assert_eq!(event(2, Running).await.as_deref(), Some("RtspCameraPlaced"));
    assert_eq!(event(1, Failed).await, None, "an older result");
    assert_eq!(event(2, Released).await, None);
    let camera = spkey.get_rtsp_camera(CAMERA).send().await.unwrap();
    assert_eq!((&camera.placement_status, &camera.placement_error), (&Some(RtspCameraPlacementStatus::Running), &None));
    assert_eq!(status(apply(-1, Running).send().await), 400);
    let foreign = serde_json::json!({
        "cameraId": OTHER, "aggregateVersion": 1, "placementGeneration": 3, "status": "running", "internalSecret": "s",
    });
    let path = "/rtsp-cameras/{cameraId}/ApplyPlacementResult";
    let call = spkey.request(spkey::reqwest::Method::POST, path).path_param("cameraId", CAMERA);
    assert_eq!(status(call.json(&foreign).send::<()>().await), 422);
    sandbox.accept_only(["made-up.bearer.token", "MadeUpApiKey"]);
    assert_eq!(status(apply(3, Running).send().await), 403, "a wrong secret");
}
