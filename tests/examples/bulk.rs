use std::fs;
use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use spkey::mock::{Failure, Sandbox};
use spkey::{Client, Number};

use crate::bulk_grant::{Report, run};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const SETTLE: Duration = Duration::from_millis(20);
const NOBODY: &str = "0a1b2c3d-0000-4000-8000-00000000dead";
const HEADER: &str = "user,lock,lock_name,access_level,granted_by\n";

/// A list and its journal, in a folder of their own.
struct Files {
    folder: PathBuf,
}

impl Files {
    fn new(name: &str, list: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("spkey-test-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("grants.csv"), list).unwrap();
        let files = Self { folder };
        files.set_journal(b"");
        files
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.folder.join("journal")).unwrap()
    }

    fn set_journal(&self, text: &[u8]) {
        fs::write(self.folder.join("journal"), text).unwrap();
    }

    async fn run(&self, spkey: &Client) -> Report {
        let (list, journal) = (self.folder.join("grants.csv"), self.folder.join("journal"));
        run(spkey, &list, &journal, (3, SETTLE), |_, _| ()).await.unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn list_of(locks: u32) -> String {
    let lines = (1..=locks).map(|lock| format!("{USER},{lock},Door {lock},USER,{USER}\n"));
    HEADER.to_owned() + &lines.collect::<String>()
}

async fn with_user() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    client.create_user(USER).send().await.unwrap();
    (sandbox, client)
}

/// How many events the user has.
async fn version(spkey: &Client) -> Option<Number> {
    spkey.create_user(USER).send().await.unwrap().version
}

#[tokio::test]
async fn report_has_the_result_of_every_line() {
    let (sandbox, spkey) = with_user().await;
    let grant = |lock: u32| {
        let call = spkey.add_accessible_lock(USER).lock_id(lock).lock_name("Door");
        call.access_level("USER").granted_by(USER)
    };
    grant(2).send().await.unwrap();
    let list = format!(
        "{HEADER}{USER},1,\"Door, front\",USER,{USER}\n{USER},2,Door,USER,{USER}\n{NOBODY},1,Door,USER,{USER}\n\
         {USER},front,Door,USER,{USER}\n{USER},1,Door,GUEST,{USER}\n{USER},3\n{USER},4,Door,KING,{USER}\n"
    );
    let files = Files::new("report", &list);
    let report = files.run(&spkey).await;
    assert_eq!((report.applied, report.already_there, report.unknown.len()), (1, 1, 0));
    assert_eq!((report.rejected.len(), report.rejected[0].0), (1, 4));
    assert!(report.rejected[0].1.contains("404"), "{}", report.rejected[0].1);
    let bad: Vec<_> = report.bad_lines.iter().map(|bad| (bad.line, bad.why.as_str())).collect();
    assert_eq!(bad[0], (5, "lock: not a lock's id: give a positive integer, like 123"));
    assert_eq!(bad[1], (6, "it repeats line 2"));
    assert_eq!(bad[2], (7, "lock_name is missing"));
    assert!(bad[3].0 == 8 && bad[3].1.starts_with("access_level: not a known AccessLevel"), "{:?}", bad[3]);
    assert!(report.to_string().contains("  line 5: lock: not a lock's id"), "{report}");
    drop(sandbox);
}

#[tokio::test]
async fn lost_response_is_looked_up_and_the_grant_is_not_repeated() {
    let (sandbox, spkey) = with_user().await;
    let files = Files::new("lost", &list_of(3));
    sandbox.fail_next("add_accessible_lock", Failure::LoseResponse);
    sandbox.fail_next("add_accessible_lock", Failure::LoseRequest);
    let report = files.run(&spkey).await;
    assert_eq!((report.applied, report.unknown.len()), (2, 1), "{report}");
    let second = files.run(&spkey).await;
    assert_eq!((second.applied, second.unknown.len()), (2, 1), "a person has to look: {second}");
    assert_eq!(version(&spkey).await, Some(3.into()));
}

#[tokio::test]
async fn rejected_grant_is_tried_in_the_next_run() {
    let (sandbox, spkey) = with_user().await;
    let files = Files::new("rejected", &list_of(4));
    sandbox.fail("add_accessible_lock", Failure::Status(403));
    assert_eq!(files.run(&spkey).await.rejected.len(), 4);
    sandbox.clear_failures();
    assert_eq!(files.run(&spkey).await.applied, 4);
}

#[tokio::test]
async fn run_after_a_kill_at_any_moment_completes_and_repeats_nothing() {
    const GRANTS: u32 = 30;
    let mut interrupted = 0;
    for polls in 1.. {
        let (_sandbox, spkey) = with_user().await;
        let files = Files::new(&format!("killed-{polls}"), &list_of(GRANTS));
        {
            let mut running = pin!(files.run(&spkey));
            let mut left = polls;
            let killed = poll_fn(|context| {
                left -= 1;
                if running.as_mut().poll(context).is_ready() {
                    return Poll::Ready(false);
                }
                if left == 0 { Poll::Ready(true) } else { Poll::Pending }
            });
            if !killed.await {
                break;
            }
        }
        interrupted += 1;
        let report = files.run(&spkey).await;
        assert_eq!(report.applied + report.already_there, GRANTS as usize, "after {polls} polls: {report}");
        assert_eq!(version(&spkey).await, Some((GRANTS + 1).into()), "after {polls} polls");
    }
    assert!(interrupted > 3, "killed before the end only {interrupted} times");
}

#[tokio::test]
async fn truncated_journal_loses_nothing() {
    let (_sandbox, spkey) = with_user().await;
    let files = Files::new("truncated", &list_of(3));
    files.run(&spkey).await;
    let journal = files.journal();
    for end in 0..journal.len() {
        files.set_journal(&journal.as_bytes()[..end]);
        // The second run reads what the first has written after the truncated line.
        for _ in 0..2 {
            let report = files.run(&spkey).await;
            assert_eq!(report.applied + report.already_there, 3, "truncated at {end}: {report}");
        }
        assert_eq!(version(&spkey).await, Some(4.into()), "truncated at {end}");
    }
    let started: Vec<_> = journal.lines().filter(|line| line.starts_with("started ")).collect();
    assert_eq!(started.len(), 3, "each is recorded before it is sent");
    files.set_journal((started.join("\n") + "\n").as_bytes());
    assert_eq!(files.run(&spkey).await.applied, 3, "what was started and is there was applied by this list");

    files.set_journal(b"this is no journal\n");
    let (list, journal) = (files.folder.join("grants.csv"), files.folder.join("journal"));
    assert!(run(&spkey, &list, &journal, (3, SETTLE), |_, _| ()).await.is_err());
}

#[tokio::test]
async fn thousands_of_grants_are_applied() {
    let (_sandbox, spkey) = with_user().await;
    let files = Files::new("thousands", &list_of(2000));
    let report = files.run(&spkey).await;
    assert_eq!((report.applied, report.rejected.len()), (2000, 0), "{report}");
}
