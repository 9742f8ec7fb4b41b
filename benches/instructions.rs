//! Instructions of a call, counted by callgrind: `cargo bench -p spkey-benches --bench instructions`.
//!
//! This program runs itself under valgrind, as a client that counts only while it is in `counted`: start, connection and
//! warm-up are left out. (The difference of two runs would be less exact: the random numbers of a start alone cost more than a
//! thousand calls, and never the same.) The server is a process of its own, which valgrind does not see.
//!
//! `-- --in-flight` shows what a call of many in flight costs, with the misses of caches that callgrind simulates.
//!
//! `-- --check` fails where this crate takes more than its bounds allow, over HTTP/1.1 without TLS.

use std::env::{self, consts::ARCH};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use spkey_benches::clients::{Client, NAMES, RAW, SPKEY, Work};
use spkey_benches::server::{self, Protocol, Running};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// The most instructions of a call, as a ratio to raw reqwest with the same `User-Agent`, that `--check` lets pass.
const BOUNDS: [(Work, f64); 3] = [(Work::Grant, 0.98), (Work::Read100KiB, 1.0), (Work::List1000, 0.88)];

/// Rounds of a figure, which is their median.
const ROUNDS: usize = 3;
const WARM_UP: u32 = 20;

/// Grants at once: what they hold is more than the second cache below, and valgrind makes them within the time limit of a call.
const IN_FLIGHT: u32 = 100;
const WAVES: u32 = 10;
/// The caches of a core: 32 KiB for data, and a second one of 256 KiB.
const CACHES: [&str; 3] = ["--cache-sim=yes", "--D1=32768,8,64", "--LL=262144,8,64"];

const WORKS: [Work; 3] = [Work::Grant, Work::Read100KiB, Work::List1000];
const PROTOCOLS: [Protocol; 2] = [Protocol::Http1, Protocol::Http2Tls];

fn main() -> ExitCode {
    if server::is_asked_for() {
        server::run();
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [role, name, work, protocol, calls, in_flight] = &*arguments
        && role == "client"
    {
        let [calls, in_flight] = [calls, in_flight].map(|number| number.parse().expect("a number"));
        run_client(name, work, protocol, calls, in_flight);
        return ExitCode::SUCCESS;
    }
    let Ok(version) = Command::new("valgrind").arg("--version").output() else {
        eprintln!("SKIPPED: no instructions were counted, there is no valgrind here: install the package `valgrind`");
        return ExitCode::SUCCESS;
    };
    println!("{}, {ARCH}, median of {ROUNDS} rounds", String::from_utf8_lossy(&version.stdout).trim());
    match arguments.iter().map(String::as_str).find(|argument| ["--check", "--in-flight"].contains(argument)) {
        Some("--check") => check(),
        Some(_) => table_in_flight(),
        None => tables(),
    }
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

/// Prints what a grant costs with many in flight over HTTP/2.
fn table_in_flight() -> ExitCode {
    let [raw, ours] = [RAW, SPKEY].map(|name| {
        let counted = collected(name, Work::Grant, Protocol::Http2Tls, IN_FLIGHT * WAVES, IN_FLIGHT);
        counted.map(|count| count / f64::from(IN_FLIGHT * WAVES))
    });
    println!("\nHttp2Tls, {IN_FLIGHT} grants in flight: a call\n\n| | {RAW} | {SPKEY} | ratio |\n|---|---|---|---|");
    let rows = ["instructions", "misses of 32 KiB, data", "misses of 256 KiB, data"];
    for ((row, raw), ours) in rows.into_iter().zip(raw).zip(ours) {
        println!("| {row} | {raw:.0} | {ours:.0} | {:.3} |", ours / raw);
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
        let mut rounds = [(); ROUNDS].map(|()| collected(name, work, protocol, calls, 1)[0] / f64::from(calls));
        rounds.sort_by(f64::total_cmp);
        let median = rounds[ROUNDS / 2];
        Self { median, spread: (rounds[ROUNDS - 1] - rounds[0]) / median }
    }
}

/// The instructions of so many calls, and the misses of both caches if more than one call is in flight.
fn collected(name: &str, work: Work, protocol: Protocol, calls: u32, in_flight: u32) -> [f64; 3] {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=instructions::counted"])
        .args(CACHES.iter().filter(|_| in_flight > 1))
        .arg(env::current_exe().expect("this program"))
        .args(["client", name, &format!("{work:?}"), &format!("{protocol:?}")])
        .args([calls, in_flight].map(|number| number.to_string()))
        .output()
        .expect("valgrind runs");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client failed under valgrind: {log}");
    // With caches: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw.
    let counts = log.split("Collected : ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let counts: Vec<f64> = counts.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let count = |place: usize| counts.get(place).copied().unwrap_or_default();
    assert!(count(0) > 0.0, "valgrind counted nothing: is the function's name another one? {log}");
    [count(0), count(4) + count(5), count(7) + count(8)]
}

/// Makes so many calls under valgrind.
fn run_client(name: &str, work: &str, protocol: &str, calls: u32, in_flight: u32) {
    let name = NAMES.into_iter().find(|other| *other == name).expect("a client");
    let work = WORKS.into_iter().find(|other| format!("{other:?}") == work).expect("a work");
    let protocol = PROTOCOLS.into_iter().find(|other| format!("{other:?}") == protocol).expect("a protocol");
    // All of a response has arrived before the client looks, so that it is read in as many pieces in every run.
    let wait = || std::thread::sleep(Duration::from_millis(1));
    let runtime = Builder::new_current_thread().enable_all().on_thread_park(wait).build().expect("a runtime");
    let server = Running::start(protocol);
    let client = Client::new(name, &server).expect("a client of that protocol");
    if in_flight == 1 {
        make_calls(&runtime, &client, work, WARM_UP);
        return counted(|| make_calls(&runtime, &client, work, calls));
    }
    let raw = Client::new(RAW, &server).expect("a client of that protocol");
    runtime.block_on(raw.hold(in_flight.try_into().expect("a number of requests")));
    let client = Arc::new(client);
    make_grants(&runtime, &client, 1, in_flight);
    counted(|| make_grants(&runtime, &client, calls / in_flight, in_flight));
}

/// What is counted. valgrind knows it by its name.
#[inline(never)]
fn counted(calls: impl FnOnce()) {
    calls();
}

fn make_calls(runtime: &Runtime, client: &Client, work: Work, calls: u32) {
    runtime.block_on(async {
        for _ in 0..calls {
            client.call(work).await;
        }
    });
}

/// Makes so many grants at once, one wave after the other.
fn make_grants(runtime: &Runtime, client: &Arc<Client>, waves: u32, in_flight: u32) {
    for _ in 0..waves {
        runtime.block_on(async {
            let grants: JoinSet<()> = (0..in_flight).map(|_| Arc::clone(client).grant()).collect();
            grants.join_all().await;
        });
    }
}
