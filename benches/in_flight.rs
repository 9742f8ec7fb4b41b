//! What a call costs while up to 10,000 are in flight: `cargo bench -p spkey-benches --bench in_flight`.
//!
//! Raw reqwest and this crate take turns in rounds. The server, a process of its own, holds the responses until all requests have
//! arrived, so that as many calls as it says are in flight: over one HTTP/2 connection with TLS, which needs no more than a few
//! file descriptors. Prints a table, and draws `docs/in-flight.svg`. Needs a Unix that counts the time of a thread.

#[path = "in_flight/picture.rs"]
mod picture;

use std::sync::Arc;
use std::time::{Duration, Instant};

use picture::{Line, Panel};
use rustix::time::{ClockId, clock_gettime};
use spkey_benches::clients::{Client, RAW, SPKEY};
use spkey_benches::server::{self, Protocol, Running};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const IN_FLIGHT: [usize; 5] = [1, 10, 100, 1_000, 10_000];
/// A round makes at least so many calls, one wave after the other.
const CALLS: usize = 1_000;
const ROUNDS: usize = 41;

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/in-flight.svg");

fn main() {
    if server::is_asked_for() {
        return server::run();
    }
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = Running::start(Protocol::Http2Tls);
    let clients = [RAW, SPKEY].map(|name| Arc::new(Client::new(name, &server).expect("a client of that protocol")));

    println!("Median of {ROUNDS} rounds; ratios are {SPKEY} / {RAW} in the same round\n");
    println!(
        "| in flight | CPU time a call, {RAW} | {SPKEY} | ratio | elapsed time, ratio | memory a call, {RAW} | {SPKEY} | \
         99th percentile / median latency, {RAW} | {SPKEY} |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut figures = Vec::new();
    for in_flight in IN_FLIGHT {
        runtime.block_on(clients[0].hold(in_flight));
        let figure = Figure::measure(&runtime, &clients, in_flight);
        figure.print();
        figures.push(figure);
    }
    let lines = |value: fn(&Figure, usize) -> f64| {
        let values = |client| figures.iter().map(|figure| value(figure, client)).collect();
        vec![Line { name: RAW, values: values(0) }, Line { name: SPKEY, values: values(1) }]
    };
    let panels = [
        Panel { title: "CPU time a call, µs", lines: lines(|figure, client| figure.cpu[client]) },
        Panel { title: "memory a call in flight, KiB", lines: lines(|figure, client| figure.kib[client]) },
    ];
    std::fs::write(PICTURE, picture::draw(&IN_FLIGHT, &panels)).expect("the picture is written");
    println!("\nThe picture: {PICTURE}");
}

/// What was measured with so many calls in flight: of raw reqwest, then of this crate.
struct Figure {
    in_flight: usize,
    /// Microseconds of the client's thread, for a call.
    cpu: [f64; 2],
    cpu_ratio: f64,
    elapsed_ratio: f64,
    /// At the peak, for a call.
    kib: [f64; 2],
    /// How unequal calls are: the 99th percentile of the latencies of a round, by their median.
    spread: [f64; 2],
}

impl Figure {
    fn measure(runtime: &Runtime, clients: &[Arc<Client>; 2], in_flight: usize) -> Self {
        for client in clients {
            Round::run(runtime, client, in_flight);
        }
        let kib = clients.each_ref().map(|client| {
            let counted = allocation_counter::measure(|| drop(runtime.block_on(wave(client, in_flight))));
            number(counted.bytes_max) / 1024.0 / number(in_flight)
        });
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let raw_first = fastrand::bool();
            let [first, second] = if raw_first { [0, 1] } else { [1, 0] };
            let first = Round::run(runtime, &clients[first], in_flight);
            let second = Round::run(runtime, &clients[second], in_flight);
            rounds.push(if raw_first { [first, second] } else { [second, first] });
        }
        let of =
            |value: fn(&Round) -> f64| [0, 1].map(|client| median(rounds.iter().map(|round| value(&round[client]))));
        Self {
            in_flight,
            cpu: of(|round| round.cpu.as_secs_f64() * 1e6),
            cpu_ratio: median(rounds.iter().map(|[raw, ours]| ours.cpu.as_secs_f64() / raw.cpu.as_secs_f64())),
            elapsed_ratio: median(
                rounds.iter().map(|[raw, ours]| ours.elapsed.as_secs_f64() / raw.elapsed.as_secs_f64()),
            ),
            kib,
            spread: of(|round| round.spread),
        }
    }

    fn print(&self) {
        let Self { in_flight, cpu, cpu_ratio, elapsed_ratio, kib, spread } = self;
        // Few calls at once do not compete: what a percentile of them shows is the machine.
        let spread = spread.map(|spread| if *in_flight < 100 { String::new() } else { format!("{spread:.2}") });
        println!(
            "| {in_flight} | {:.1} µs | {:.1} µs | {cpu_ratio:.3} | {elapsed_ratio:.3} | {:.1} KiB | {:.1} KiB | {} | {} |",
            cpu[0], cpu[1], kib[0], kib[1], spread[0], spread[1]
        );
    }
}

/// What one client took for a round.
struct Round {
    /// For a call.
    cpu: Duration,
    /// For a call.
    elapsed: Duration,
    spread: f64,
}

impl Round {
    fn run(runtime: &Runtime, client: &Arc<Client>, in_flight: usize) -> Self {
        let waves = (CALLS / in_flight).max(1);
        let calls = u32::try_from(waves * in_flight).expect("a number of calls");
        let (cpu, start) = (cpu_time(), Instant::now());
        let mut latencies = (0..waves).flat_map(|_| runtime.block_on(wave(client, in_flight))).collect::<Vec<_>>();
        let (cpu, elapsed) = (cpu_time().saturating_sub(cpu) / calls, start.elapsed() / calls);
        latencies.sort();
        let percentile = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64();
        Self { cpu, elapsed, spread: percentile(99) / percentile(50) }
    }
}

/// Makes so many calls at once, and says how long each took.
async fn wave(client: &Arc<Client>, in_flight: usize) -> Vec<Duration> {
    let mut calls = JoinSet::new();
    let start = Instant::now();
    for _ in 0..in_flight {
        let call = Arc::clone(client).grant();
        calls.spawn(async move {
            call.await;
            start.elapsed()
        });
    }
    calls.join_all().await
}

/// The processor time of this thread, which runs the client and nothing else. `/proc/thread-self/schedstat` would not do: for a
/// thread that runs it is behind by up to a tick of the scheduler, 4 ms in many kernels, where a round takes 15 ms.
fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("a time since the thread began")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn number<T: TryInto<u32>>(count: T) -> f64 {
    count.try_into().ok().map_or(f64::NAN, f64::from)
}
