//! What a call costs beside other ways to make it: `cargo bench -p spkey-benches --bench call`.
//!
//! The clients take turns in rounds, in a random order for each, against a server in a process of its own. Every figure
//! is a ratio to raw reqwest in the same round: the median over the rounds, with the 10th and 90th percentile.

mod clients;
mod server;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clients::{Client, NAMES, Work};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const ROUNDS: usize = 101;
const WARM_UP: usize = 200;

fn main() {
    if server::is_asked_for() {
        return server::run();
    }
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    for protocol in [server::Protocol::Http1, server::Protocol::Http2Tls] {
        let server = server::Running::start(protocol);
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
        if protocol == server::Protocol::Http1 {
            start(&server);
        }
    }
}

/// What a program pays before its first call: the time to make a client, and the memory that it holds from then on.
fn start(server: &server::Running) {
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

/// Allocations and bytes of a call that follows others, and the most memory held with a thousand in flight.
fn allocations(clients: &[Arc<Client>], runtime: &Runtime) {
    const CALLS: u64 = 200;
    println!("Grant, memory: allocations and bytes a call, and the peak in bytes a call with 1,000 in flight");
    for client in clients {
        runtime.block_on(flood(Arc::clone(client), 1000, 2000));
        let one = allocation_counter::measure(|| {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    client.call(Work::Grant).await;
                }
            });
        });
        let many = allocation_counter::measure(|| runtime.block_on(flood(Arc::clone(client), 1000, 1000)));
        let (count, bytes, peak) = (one.count_total / CALLS, one.bytes_total / CALLS, many.bytes_max / 1000);
        println!("    {:<20} {count:>6} {bytes:>8} {peak:>8}", client.name);
    }
}
