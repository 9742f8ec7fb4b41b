//! Commands of which nobody knows whether they took effect: tickets, and ctrl-c.

use std::fs;

use spkey::mock::wiremock::ResponseTemplate;
use spkey::mock::{Failure, Sandbox};

use crate::home::Home;
use crate::service::Service;

const OPEN: [&str; 4] = ["locks", "open", "123", "--yes"];

/// A sandbox with a lock.
async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let lock = sandbox.client().create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001");
    lock.send().await.unwrap();
    sandbox
}

#[tokio::test(flavor = "multi_thread")]
async fn command_that_was_rejected_has_no_ticket() {
    let (sandbox, home) = (sandbox().await, Home::new());
    let file = home.path("ticket.json");
    let arguments = ["locks", "open", "7", "--yes", "--ticket-file", file.to_str().unwrap()];
    let variables = [("SPKEY_BASE_URL", &*sandbox.uri()), ("SPKEY_API_KEY", "any")];
    let rejected = home.run(&arguments, &variables);
    assert_eq!((rejected.status, rejected.stderr.lines().count()), (3, 1), "{}", rejected.stderr);
    assert!(!file.exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ticket_in_a_file_that_was_there_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (sandbox, home) = (sandbox().await, Home::new());
    let file = home.path("ticket.json");
    fs::write(&file, "older").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.fail_next("open_lock", Failure::LoseResponse);
    let variables = [("SPKEY_BASE_URL", &*sandbox.uri()), ("SPKEY_API_KEY", "any")];
    let opened = home.run(&[&OPEN[..], &["--ticket-file", file.to_str().unwrap()]].concat(), &variables);
    assert_eq!(opened.status, 4, "{}", opened.stderr);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn ticket_of_another_server_is_a_wrong_argument() {
    let (sandbox, home) = (sandbox().await, Home::new());
    sandbox.fail_next("open_lock", Failure::LoseResponse);
    let file = home.path("ticket.json");
    let arguments = [&OPEN[..], &["--ticket-file", file.to_str().unwrap()]].concat();
    home.run(&arguments, &[("SPKEY_BASE_URL", &sandbox.uri()), ("SPKEY_API_KEY", "any")]);
    let elsewhere = [("SPKEY_BASE_URL", "http://127.0.0.1:9"), ("SPKEY_API_KEY", "any")];
    let confirmed = home.run(&["confirm", file.to_str().unwrap()], &elsewhere);
    assert_eq!(confirmed.status, 2, "{}", confirmed.stderr);
    assert!(confirmed.stderr.contains("the ticket is of another server: give its --base-url"), "{}", confirmed.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn command_of_an_administrator_is_confirmed_with_the_admin_key() {
    let (service, home) = (Service::start().await, Home::new());
    let file = home.path("ticket.json");
    let variables = [
        ("SPKEY_BASE_URL", &*service.url()),
        ("SPKEY_TOKEN", "s3cret.bearer.token"),
        ("SPKEY_ADMIN_API_KEY", "s3cretAdminKey"),
    ];
    service.respond(ResponseTemplate::new(502));
    let delete = ["admin", "admin-full-delete-rtsp-camera", "camera-1", "--ticket-file", file.to_str().unwrap()];
    let deleted = home.run(&delete, &variables);
    assert_eq!((deleted.status, service.received().len()), (4, 1), "{}", deleted.stderr);
    service.respond(ResponseTemplate::new(404));
    let confirmed = home.run(&["confirm", file.to_str().unwrap(), "--once"], &variables);
    let received = service.received();
    assert!(received[0].credentials.contains_key("x-admin-api-key"), "{received:?}: {}", confirmed.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn request_without_a_ticket_does_not_advise_confirm() {
    let (sandbox, home) = (sandbox().await, Home::new());
    sandbox.fail_next("open_lock", Failure::LoseResponse);
    let variables = [("SPKEY_BASE_URL", &*sandbox.uri()), ("SPKEY_API_KEY", "any")];
    let called = home.run(&["api", "POST", "/locks/123/OpenLock", "--yes"], &variables);
    assert_eq!(called.status, 4, "{}", called.stderr);
    assert!(called.stderr.contains("find out before repeating it"), "{}", called.stderr);
}

#[cfg(unix)]
mod interrupted {
    use std::net::TcpListener;

    use crate::running::Running;

    /// The exit status and the message of a run that is interrupted when its request is under way.
    fn interrupted(arguments: &[&str]) -> (Option<i32>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut running = Running::start(arguments, &[("SPKEY_BASE_URL", &url), ("SPKEY_API_KEY", "any")]);
        let _connection = listener.accept().unwrap();
        let status = running.interrupt();
        (status, running.stderr_line())
    }

    #[test]
    fn command_that_may_act_is_unknown() {
        for arguments in [&super::OPEN[..], &["api", "POST", "/locks/123/OpenLock", "--yes"]] {
            let (status, message) = interrupted(arguments);
            assert_eq!(status, Some(4), "{arguments:?}: {message}");
            assert!(message.starts_with("spkey: interrupted: the command may have been sent"), "{message}");
        }
    }

    #[test]
    fn read_ends_without_a_word() {
        assert_eq!(interrupted(&["locks", "get-basic-lock-info", "123"]), (None, String::new()));
    }
}
