//! What a call costs beside other ways to make it: `cargo bench -p spkey-benches --bench call`.
//!
//! The clients take turns in rounds, in a random order for each, against a server in a process of its own. Every figure
//! is a ratio to raw reqwest in the same round: the median over the rounds, with the 10th and 90th percentile.
//!
//! `-- --check` counts allocations alone, and fails where this crate makes more of them than its bounds allow.

use std::collections::BTreeMap;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use spkey_benches::clients::{Client, NAMES, RAW, SPKEY, Work};
use spkey_benches::server::{self, Protocol, Running};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const ROUNDS: usize = 101;
const WARM_UP: usize = 200;

/// The most allocations and bytes of a call, in percent of raw reqwest with the same `User-Agent`, that `--check` lets pass.
const MAX_ALLOCATIONS: u64 = 86;
const MAX_BYTES: u64 = 93;

fn main() -> ExitCode {
    if server::is_asked_for() {
        server::run();
        return ExitCode::SUCCESS;
    }
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    if std::env::args().any(|argument| argument == "--check") {
        return check(&runtime);
    }
    for protocol in [Protocol::Http1, Protocol::Http2Tls] {
        let server = Running::start(protocol);
        let clients: Vec<_> = NAMES.iter().filter_map(|name| Client::new(name, &server)).map(Arc::new).collect();
        println!("\n{protocol:?}: ratios to raw reqwest, median [10th, 90th percentile] of {ROUNDS} rounds\n");
        for work in [Work::Grant, Work::Read100KiB, Work::List1000] {
            let calls = if work == Work::Grant { 200 } else { 20 };
            let one = |client: Arc<Client>| {
                timed(&runtime, async move {
                    for _ in 0..calls {
                        client.call(work).await;
                    }
                })
            };
            report(&format!("{work:?}, latency"), &clients, &runtime, work, one);
        }
        for in_flight in [64, 1000] {
            let many = |client: Arc<Client>| timed(&runtime, flood(client, in_flight, 2 * in_flight.max(500)));
            report(&format!("Grant, time of a call at {in_flight} in flight"), &clients, &runtime, Work::Grant, many);
        }
        allocations(&clients, &runtime);
        if protocol == Protocol::Http1 {
            start(&server);
        }
    }
    ExitCode::SUCCESS
}

/// What a program pays before its first call: the time to make a client, and the memory that it holds from then on.
fn start(server: &Running) {
    const ROUNDS: usize = 21;
    let names: Vec<_> = NAMES.into_iter().filter(|name| *name != "hyper").collect();
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut order = names.clone();
        fastrand::shuffle(&mut order);
        for name in order {
            let start = Instant::now();
            let client = Client::new(name, server);
            times.entry(name).or_default().push(start.elapsed().as_secs_f64());
            drop(client);
        }
    }
    println!("Making a client: median time, allocations, and bytes that it holds");
    for name in names {
        let time = percentile(times.get_mut(name).expect("every client is measured"), 50);
        let mut client = None;
        let made = allocation_counter::measure(|| client = Client::new(name, server));
        println!("    {name:<20} {:.3} ms {:>6} {:>8}", time * 1e3, made.count_total, made.bytes_current);
    }
}

fn timed(runtime: &Runtime, work: impl Future<Output = ()>) -> f64 {
    let start = Instant::now();
    runtime.block_on(work);
    start.elapsed().as_secs_f64()
}

async fn flood(client: Arc<Client>, in_flight: usize, calls: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..in_flight {
        let client = Arc::clone(&client);
        tasks.spawn(async move {
            for _ in 0..calls / in_flight {
                client.call(Work::Grant).await;
            }
        });
    }
    tasks.join_all().await;
}

fn report(title: &str, clients: &[Arc<Client>], runtime: &Runtime, work: Work, measure: impl Fn(Arc<Client>) -> f64) {
    for client in clients {
        runtime.block_on(async {
            for _ in 0..WARM_UP / 4 {
                client.call(work).await;
            }
        });
    }
    let mut ratios: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut raw_times = Vec::new();
    for _ in 0..ROUNDS {
        let mut order: Vec<_> = clients.iter().collect();
        fastrand::shuffle(&mut order);
        let times: BTreeMap<_, _> =
            order.into_iter().map(|client| (client.name, measure(Arc::clone(client)))).collect();
        raw_times.push(times["raw reqwest"]);
        for (name, time) in &times {
            ratios.entry(name).or_default().push(time / times["raw reqwest"]);
        }
    }
    println!("{title} (raw reqwest: {:?} a round)", Duration::from_secs_f64(percentile(&mut raw_times, 50)));
    for client in clients {
        let (name, ratios) = (client.name, ratios.get_mut(client.name).expect("every client is measured"));
        let (low, middle, high) = (percentile(ratios, 10), percentile(ratios, 50), percentile(ratios, 90));
        println!("    {name:<20} {middle:.3} [{low:.3}, {high:.3}]");
    }
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * percent / 100]
}

fn allocations(clients: &[Arc<Client>], runtime: &Runtime) {
    println!("Grant, memory: allocations and bytes a call, and the peak in bytes a call with 1,000 in flight");
    for client in clients {
        runtime.block_on(flood(Arc::clone(client), 1000, 2000));
        let (count, bytes) = allocations_of_a_call(client, runtime);
        let many = allocation_counter::measure(|| runtime.block_on(flood(Arc::clone(client), 1000, 1000)));
        println!("    {:<20} {count:>6} {bytes:>8} {:>8}", client.name, many.bytes_max / 1000);
    }
}

/// Allocations and bytes of a grant that follows others.
fn allocations_of_a_call(client: &Client, runtime: &Runtime) -> (u64, u64) {
    const CALLS: u64 = 200;
    let calls = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                client.call(Work::Grant).await;
            }
        });
    };
    calls();
    let counted = allocation_counter::measure(calls);
    (counted.count_total / CALLS, counted.bytes_total / CALLS)
}

/// Whether this crate keeps within its bounds.
fn check(runtime: &Runtime) -> ExitCode {
    let server = Running::start(Protocol::Http1);
    let [raw, ours] = [RAW, SPKEY].map(|name| {
        let client = Client::new(name, &server).expect("a client of that protocol");
        allocations_of_a_call(&client, runtime)
    });
    let mut exit = ExitCode::SUCCESS;
    for (what, raw, ours, bound) in
        [("allocations", raw.0, ours.0, MAX_ALLOCATIONS), ("bytes", raw.1, ours.1, MAX_BYTES)]
    {
        println!("Grant: {ours} {what} a call, {RAW}: {raw}, bound: {bound} % of them");
        if ours * 100 > raw * bound {
            eprintln!("Grant: more {what} than allowed: see \"The benches\" in CONTRIBUTING.md");
            exit = ExitCode::FAILURE;
        }
    }
    exit
}
