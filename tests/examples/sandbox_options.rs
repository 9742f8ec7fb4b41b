use crate::sandbox::{Options, start};

fn options(text: &str) -> Result<Options, String> {
    Options::parse(text.split_whitespace().map(ToOwned::to_owned))
}

#[tokio::test]
async fn it_is_as_the_command_line_says() {
    let user = "550e8400-e29b-41d4-a716-446655440000";
    let line =
        format!("--port 0 --lock 1 --lock 7 --user {user} --unreachable 7 --fail set_owner=503 --fail add_key=drop");
    let sandbox = start(&options(&line).unwrap()).await.unwrap();
    let spkey = sandbox.client();
    spkey.open_lock().lock_id(1).send().await.unwrap();
    assert_eq!(spkey.open_lock().lock_id(7).send().await.unwrap_err().status(), Some(502));
    spkey.get_user_profile().user_id(user).send().await.unwrap();
    let owner = spkey.set_owner().lock_id(1).body_map(|body| body.user_id(user)).send().await;
    assert_eq!(owner.unwrap_err().status(), Some(503));
    let key = spkey.add_key().lock_id(1).body_map(|key| key.key_uuid("k")).send().await;
    assert_eq!(key.unwrap_err().status(), None);
    let sandbox = start(&options("--port 0 --credential good").unwrap()).await;
    assert_eq!(sandbox.unwrap().client().get_residents().lock_id(1).send().await.unwrap_err().status(), Some(401));
}

#[test]
fn a_slip_on_the_command_line_is_told() {
    for (line, said) in [
        ("--port http", "--port:"),
        ("--port", "--port takes a value"),
        ("--lock front", "--lock: not a lock's id"),
        ("--fail open_door=503", "there is no operation open_door"),
        ("--fail open_lock=200", "give a status from 400 to 599"),
        ("--doors 3", "--doors is no option"),
    ] {
        let error = options(line).unwrap_err();
        assert!(error.contains(said), "{line}: {error}");
    }
}
