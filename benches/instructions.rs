//! Instructions of a call, counted by callgrind: `cargo bench -p spkey-benches --bench instructions`.
//!
//! This program runs itself under valgrind, as a client that counts only while it is in `counted`: start, connection and
//! warm-up are left out. (The difference of two runs would be less exact: the random numbers of a start alone cost more than a
//! thousand calls, and never the same.) The server is a process of its own, which valgrind does not see.
//!
//! `-- --check` fails where this crate takes more than its bounds allow, over HTTP/1.1 without TLS.

use std::env::{self, consts::ARCH};
use std::process::{Command, ExitCode};
use std::time::Duration;

use spkey_benches::clients::{Client, NAMES, RAW, SPKEY, Work};
use spkey_benches::server::{self, Protocol, Running};
use tokio::runtime::{Builder, Runtime};

/// The most instructions of a call, as a ratio to raw reqwest with the same `User-Agent`, that `--check` lets pass.
const BOUNDS: [(Work, f64); 3] = [(Work::Grant, 0.98), (Work::Read100KiB, 1.0), (Work::List1000, 0.88)];

/// Rounds of a figure, which is their median.
const ROUNDS: usize = 3;
const WARM_UP: u32 = 20;

const WORKS: [Work; 3] = [Work::Grant, Work::Read100KiB, Work::List1000];
const PROTOCOLS: [Protocol; 2] = [Protocol::Http1, Protocol::Http2Tls];

fn main() -> ExitCode {
    if server::is_asked_for() {
        server::run();
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [role, name, work, protocol, calls] = &*arguments
        && role == "client"
    {
        run_client(name, work, protocol, calls.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    let Ok(version) = Command::new("valgrind").arg("--version").output() else {
        eprintln!("SKIPPED: no instructions were counted, there is no valgrind here: install the package `valgrind`");
        return ExitCode::SUCCESS;
    };
    println!("{}, {ARCH}, median of {ROUNDS} rounds", String::from_utf8_lossy(&version.stdout).trim());
    if arguments.iter().any(|argument| argument == "--check") { check() } else { tables() }
}

/// Prints a table for each protocol.
fn tables() -> ExitCode {
    let names: Vec<_> = NAMES.into_iter().filter(|name| *name != "hyper").collect();
    for protocol in PROTOCOLS {
        println!("\n{protocol:?}: instructions a call\n");
        println!("| | {} | {SPKEY} / {RAW} | spread |", names.join(" | "));
        println!("|---|{}", "---|".repeat(names.len() + 2));
        for work in WORKS {
            let figures: Vec<_> = names.iter().map(|name| (*name, Figure::count(name, work, protocol))).collect();
            let median = |name| figures.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |(_, it)| it.median);
            let spread = figures.iter().map(|(_, figure)| figure.spread).fold(0.0, f64::max);
            let cells: Vec<_> = figures.iter().map(|(_, figure)| format!("{:.0}", figure.median)).collect();
            let ratio = median(SPKEY) / median(RAW);
            println!("| {work:?} | {} | {ratio:.3} | {:.1} % |", cells.join(" | "), spread * 100.0);
        }
    }
    ExitCode::SUCCESS
}

/// Whether this crate keeps within its bounds.
fn check() -> ExitCode {
    let mut exit = ExitCode::SUCCESS;
    for (work, bound) in BOUNDS {
        let [raw, ours] = [RAW, SPKEY].map(|name| Figure::count(name, work, Protocol::Http1).median);
        let ratio = ours / raw;
        println!("{work:?}: {ours:.0} instructions a call, {RAW}: {raw:.0}, ratio {ratio:.3}, at most {bound}");
        if ratio > bound {
            eprintln!("{work:?}: more instructions than allowed: see \"The benches\" in CONTRIBUTING.md");
            exit = ExitCode::FAILURE;
        }
    }
    exit
}

/// Instructions of a call.
struct Figure {
    median: f64,
    /// The difference between the rounds, as a part of the median.
    spread: f64,
}

impl Figure {
    fn count(name: &str, work: Work, protocol: Protocol) -> Self {
        let calls = if work == Work::Grant { 200 } else { 20 };
        let mut rounds = [(); ROUNDS].map(|()| collected(name, work, protocol, calls) / f64::from(calls));
        rounds.sort_by(f64::total_cmp);
        let median = rounds[ROUNDS / 2];
        Self { median, spread: (rounds[ROUNDS - 1] - rounds[0]) / median }
    }
}

/// The instructions of so many calls.
fn collected(name: &str, work: Work, protocol: Protocol, calls: u32) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=instructions::counted"])
        .arg(env::current_exe().expect("this program"))
        .args(["client", name, &format!("{work:?}"), &format!("{protocol:?}"), &calls.to_string()])
        .output()
        .expect("valgrind runs");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client failed under valgrind: {log}");
    let collected = log.split("Collected : ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let collected = collected.and_then(|number| number.parse().ok()).filter(|number| *number > 0.0);
    collected.unwrap_or_else(|| panic!("valgrind counted nothing: is the function's name another one? {log}"))
}

/// Makes so many calls under valgrind.
fn run_client(name: &str, work: &str, protocol: &str, calls: u32) {
    let name = NAMES.into_iter().find(|other| *other == name).expect("a client");
    let work = WORKS.into_iter().find(|other| format!("{other:?}") == work).expect("a work");
    let protocol = PROTOCOLS.into_iter().find(|other| format!("{other:?}") == protocol).expect("a protocol");
    // All of a response has arrived before the client looks, so that it is read in as many pieces in every run.
    let wait = || std::thread::sleep(Duration::from_millis(1));
    let runtime = Builder::new_current_thread().enable_all().on_thread_park(wait).build().expect("a runtime");
    let server = Running::start(protocol);
    let client = Client::new(name, &server).expect("a client of that protocol");
    make_calls(&runtime, &client, work, WARM_UP);
    counted(&runtime, &client, work, calls);
}

/// What is counted. valgrind knows it by its name.
#[inline(never)]
fn counted(runtime: &Runtime, client: &Client, work: Work, calls: u32) {
    make_calls(runtime, client, work, calls);
}

fn make_calls(runtime: &Runtime, client: &Client, work: Work, calls: u32) {
    runtime.block_on(async {
        for _ in 0..calls {
            client.call(work).await;
        }
    });
}
