//! What depends on a terminal: questions, colours, and how wide a line is.

use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use rexpect::session::{PtySession, spawn_command};
use spkey::mock::Sandbox;

use crate::home::Home;

const TIMEOUT_MS: Option<u64> = Some(20_000);
const BOLD: &str = "\u{1b}[1m";

async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let spkey = sandbox.client();
    spkey.create_lock(123).index(1).uuid("0a1b2c3d-0000-4000-8000-000000000001").send().await.unwrap();
    spkey.create_user("550e8400-e29b-41d4-a716-446655440000").email("ada@example.com").send().await.unwrap();
    let resident = spkey.add_resident(123).name("Ada Lovelace").email("ada@example.com");
    resident.send().await.unwrap();
    sandbox
}

/// Runs the program on a terminal of its own.
fn on_terminal(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> PtySession {
    let mut command = Command::new(cargo_bin!("spkey"));
    command.args(arguments).env_remove("NO_COLOR").env("TERM", "xterm-256color");
    command.env("SPKEY_BASE_URL", sandbox.uri()).env("SPKEY_API_KEY", "any").envs(variables.iter().copied());
    spawn_command(command, TIMEOUT_MS).unwrap()
}

fn printed(mut session: PtySession) -> String {
    session.exp_eof().unwrap()
}

async fn events(sandbox: &Sandbox) -> usize {
    sandbox.client().get_lock_events(123).send().await.unwrap().events.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn physical_command_asks_and_acts_only_after_yes() {
    let sandbox = sandbox().await;
    let before = events(&sandbox).await;
    for (reply, acted) in [("", 0), ("n", 0), ("x", 0), ("yes", 1), ("Y", 2)] {
        let mut session = on_terminal(&sandbox, &["locks", "open", "123"], &[]);
        session.exp_string("open_lock moves something physical, by /locks/123/OpenLock. Go on? [y/N] ").unwrap();
        session.send_line(reply).unwrap();
        let printed = printed(session);
        assert_eq!(
            printed.contains("not confirmed: nothing was sent"),
            !reply.to_lowercase().starts_with('y'),
            "{printed}"
        );
        assert_eq!(events(&sandbox).await - before, acted, "{reply:?}: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_of_a_table_is_bold_on_a_terminal_unless_no_colour_is_wanted() {
    let sandbox = sandbox().await;
    let residents = ["locks", "get-residents", "123"];
    assert!(printed(on_terminal(&sandbox, &residents, &[])).contains(BOLD));
    assert!(!printed(on_terminal(&sandbox, &residents, &[("NO_COLOR", "1")])).contains(BOLD));
    let never = [&residents[..], &["--color", "never"]].concat();
    assert!(!printed(on_terminal(&sandbox, &never, &[])).contains(BOLD));

    let variables = [("SPKEY_BASE_URL", &*sandbox.uri()), ("SPKEY_API_KEY", "any")];
    assert!(!Home::new().run(&residents, &variables).stdout.contains(BOLD));
    let always = [&residents[..], &["--color", "always"]].concat();
    assert!(Home::new().run(&always, &variables).stdout.contains(BOLD));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_is_shown_on_a_terminal_alone() {
    let sandbox = sandbox().await;
    sandbox.fail_next("open_lock", spkey::mock::Failure::LoseRequest);
    let home = Home::new();
    let file = home.path("ticket.json");
    let variables = [("SPKEY_BASE_URL", &*sandbox.uri()), ("SPKEY_API_KEY", "any")];
    home.run(&["locks", "open", "123", "--yes", "--ticket-file", file.to_str().unwrap()], &variables);
    let confirm = ["confirm", file.to_str().unwrap(), "--settle", "1"];
    assert!(printed(on_terminal(&sandbox, &confirm, &[])).contains("looking until the command can act no more"));
    assert_eq!(home.run(&confirm, &variables).stderr, "");
}
