//! Commands through a proxy that loses requests and responses and delivers requests late and twice, while others give the same
//! commands; then what the client says became of each is compared with what reached the sandbox.
//!
//! `SPKEY_STORM=20000 cargo test --features mock --test confirm storm -- --nocapture` runs that many commands and prints the
//! figures. `SPKEY_STORM_SEED` repeats the faults of a run; their timing still differs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;
use futures_util::future::join_all;
use spkey::mock::Sandbox;
use spkey::{Client, Confirmation, Outcome, RetryPolicy, Ticket};
use tokio::time::sleep;

use crate::commands::{KINDS, Place, give, set_up};
use crate::proxy::{Delivery, Faults, Log, SharedLog, start};

/// How many commands are under way at once.
const WORKERS: u32 = 48;
/// The latest that a command is delivered after it came.
const LATE: Duration = Duration::from_millis(600);
/// What the client allows the service's clock to differ by.
const MARGIN: Duration = Duration::from_millis(2_500);

#[derive(Clone, Copy)]
struct Weather {
    late: Duration,
    lag: Duration,
    settle: Duration,
}

/// A command without a known outcome, and what was said of it.
struct Sample {
    kind: &'static str,
    number: u64,
    target: String,
    value: String,
    sent: Instant,
    ended: Instant,
    /// At once, and when it was settled.
    looks: [Look; 2],
}

struct Look {
    began: Instant,
    ended: Instant,
    confirmation: Confirmation,
}

/// What is known when all is over.
struct Truth<'a> {
    log: &'a Log,
    lag: Duration,
    settle: Duration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_false_is_said_in_a_storm() {
    let settle = Duration::from_secs(1);
    storm(Weather { late: LATE, lag: Duration::ZERO, settle }, commands()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_false_is_said_in_a_storm_with_reads_that_lag() {
    let settle = Duration::from_millis(1_200);
    let weather = Weather { late: LATE, lag: Duration::from_millis(150), settle };
    storm(weather, commands() / 2).await;
}

fn commands() -> u32 {
    std::env::var("SPKEY_STORM").map_or(2_400, |text| text.parse().expect("SPKEY_STORM is a number of commands"))
}

async fn storm(weather: Weather, commands: u32) {
    let seed = std::env::var("SPKEY_STORM_SEED").map_or_else(|_| fastrand::u64(..), |text| text.parse().unwrap());
    println!("SPKEY_STORM_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let sandbox = Sandbox::start().await;
    let log = SharedLog::default();
    let faults = |of_commands, lag| Faults { of_commands, late: weather.late, lag };
    let client = async |faults, seed| {
        let url = start(&sandbox.uri(), Arc::clone(&log), faults, seed).await;
        Client::builder().base_url(url).bearer_token("made-up.token").build().unwrap()
    };
    let ours = client(faults(true, weather.lag), random.u64(..)).await;
    let others = client(faults(false, Duration::ZERO), random.u64(..)).await;
    let places: Vec<Place> = (0..WORKERS).map(Place::new).collect();
    join_all(places.iter().map(|place| set_up(&others, place))).await;

    let (numbers, left) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicI64::new(commands.into())));
    let over = Arc::new(AtomicBool::new(false));
    let actors = (0..4).map(|_| {
        let (others, places, over) = (others.clone(), places.clone(), Arc::clone(&over));
        let (numbers, mut random) = (Arc::clone(&numbers), random.fork());
        tokio::spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let place = &places[random.usize(..places.len())];
                let kind = KINDS[random.usize(..KINDS.len())];
                let _ = give(&others, kind, place, numbers.fetch_add(1, Ordering::Relaxed), true, &mut random).await;
                sleep(Duration::from_millis(random.u64(2..20))).await;
            }
        })
    });
    let actors: Vec<_> = actors.collect();
    let samples = Arc::<Mutex<Vec<Sample>>>::default();
    let tasks = places.into_iter().map(|place| {
        let (ours, samples, left) = (ours.clone(), Arc::clone(&samples), Arc::clone(&left));
        let (numbers, mut random) = (Arc::clone(&numbers), random.fork());
        tokio::spawn(async move {
            while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                let kind = KINDS[random.usize(..KINDS.len())];
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                if let Some(sample) = sample(&ours, kind, &place, number, weather, &mut random).await {
                    samples.lock().unwrap().push(sample);
                }
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    for actor in join_all(actors).await {
        actor.unwrap();
    }
    // What is under way arrives.
    sleep(weather.late * 3).await;
    let log = log.lock().unwrap();
    let truth = Truth { log: &log, lag: weather.lag, settle: weather.settle };
    truth.check(&samples.lock().unwrap(), commands);
}

/// Gives a command, and finds out what became of it if that is not known.
async fn sample(
    ours: &Client,
    kind: &'static str,
    place: &Place,
    number: u64,
    weather: Weather,
    random: &mut Rng,
) -> Option<Sample> {
    let hasty =
        ours.with_attempt_timeout(Duration::from_millis(400)).with_retry(RetryPolicy::default().max_attempts(2));
    let sent = Instant::now();
    let (target, value, result) = give(&hasty, kind, place, number, false, random).await;
    let error = result.err().filter(|error| error.outcome() == Outcome::Unknown)?;
    let ticket = serde_json::to_string(&error.ticket().unwrap()).unwrap();
    let ticket: Ticket = serde_json::from_str(&ticket).unwrap();
    let ended = instant(ticket.ended_at()).unwrap();
    let look = async |once: bool| {
        let began = Instant::now();
        let confirming = ours.confirm(&ticket).settle(weather.settle);
        let confirmation = if once { confirming.once().await } else { confirming.await };
        let confirmation = confirmation.unwrap_or_else(|error| panic!("{kind}: {error:?}"));
        let (began, ended) = (read_at(&confirmation).unwrap_or(began), Instant::now());
        Look { began, ended, confirmation }
    };
    let looks = [look(true).await, look(false).await];
    Some(Sample { kind, number, target, value, sent, ended, looks })
}

/// When the read began that the confirmation rests on.
fn read_at(confirmation: &Confirmation) -> Option<Instant> {
    use Confirmation::{Applied, InEffect, NotSeen, Undone};
    match confirmation {
        Applied(evidence) | InEffect(evidence) | NotSeen(evidence) | Undone(evidence) => instant(evidence.read_at),
        _ => None,
    }
}

fn instant(time: SystemTime) -> Option<Instant> {
    Instant::now().checked_sub(SystemTime::now().duration_since(time).ok()?)
}

impl Truth<'_> {
    fn check(&self, samples: &[Sample], commands: u32) {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut unknowable: BTreeMap<String, u32> = BTreeMap::new();
        let (mut wrong, mut late) = (Vec::new(), 0);
        for sample in samples {
            let [at_once, settled] = &sample.looks;
            for (look, when) in [(at_once, "at once"), (settled, "settled")] {
                let name = format!("{:?}", look.confirmation).split(['(', ' ']).next().unwrap_or_default().to_owned();
                *counts.entry(format!("{when}: {name}")).or_default() += 1;
                if let (Confirmation::CannotBeKnown(why), "settled") = (&look.confirmation, when) {
                    *unknowable.entry(format!("{}: {why:?}", sample.kind)).or_default() += 1;
                }
                if let Some(problem) = self.problem(sample, look) {
                    wrong
                        .push(format!("{when}, {} {}: {problem}: {:?}", sample.kind, sample.number, look.confirmation));
                }
            }
            let is_not_seen = |look: &Look| matches!(look.confirmation, Confirmation::NotSeen(_));
            late += u32::from(is_not_seen(at_once) && self.acts_after(sample, at_once));
            // A machine that is busy may deliver later than it should.
            let in_time = |delivery: &&Delivery| delivery.ended <= sample.ended + self.settle;
            if is_not_seen(settled) && self.ours(sample).filter(in_time).any(|delivery| delivery.began >= settled.ended)
            {
                wrong.push(format!("{} {}: acted after it was not seen", sample.kind, sample.number));
            }
        }
        let acted = self.log.deliveries.iter().filter(|delivery| delivery.acted).count();
        println!("{commands} commands, {:?}; {acted} deliveries acted", self.log.faults);
        println!("{} outcomes unknown: {counts:?}; not seen at once and acted later: {late}", samples.len());
        println!("cannot be known: {unknowable:?}");
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert!(samples.len() > commands as usize / 4, "{} outcomes were unknown", samples.len());
        // What goes wrong without waiting.
        assert!(late > 0, "no command acted after it was not seen at once");
        for name in ["Applied", "InEffect", "NotSeen"] {
            assert!(counts.contains_key(&format!("settled: {name}")), "none was {name}: {counts:?}");
        }
    }

    /// What is false in what was said.
    fn problem(&self, sample: &Sample, look: &Look) -> Option<String> {
        let did = || self.ours(sample).any(|delivery| delivery.began <= look.ended);
        let since = sample.sent.checked_sub(MARGIN).unwrap_or(sample.sent);
        let done = |from: Instant| {
            let of_target = self.acted(&sample.target).filter(|delivery| delivery.value == sample.value);
            of_target.filter(|delivery| delivery.ended >= from && delivery.began <= look.ended).count()
        };
        let is_event = sample.target.starts_with("event ");
        match &look.confirmation {
            Confirmation::Applied(_) => (!did()).then(|| "it did not act".to_owned()),
            Confirmation::InEffect(_) if is_event => (done(since) == 0).then(|| "nobody did it".to_owned()),
            Confirmation::NotSeen(_) if is_event => self
                .ours(sample)
                .any(|delivery| delivery.ended + self.lag < look.began)
                .then(|| "it did act".to_owned()),
            Confirmation::InEffect(evidence) => match self.last(sample, look) {
                Some((value, _)) if value != sample.value => Some(format!("it is {value:?}")),
                Some((_, number)) if evidence.by_another && number == sample.number => Some("it was ours".to_owned()),
                _ => None,
            },
            Confirmation::NotSeen(_) | Confirmation::Undone(_) => {
                let is_undone = matches!(look.confirmation, Confirmation::Undone(_));
                match self.last(sample, look) {
                    Some((value, _)) if value == sample.value => Some("it is so".to_owned()),
                    _ => (is_undone && done(since) == 0).then(|| "nobody did it".to_owned()),
                }
            }
            _ => None,
        }
    }

    /// The state at the time of a look, and the number of the command that it comes from. Not known where one acted meanwhile,
    /// or two at once.
    fn last<'a>(&'a self, sample: &'a Sample, look: &Look) -> Option<(&'a str, u64)> {
        // What lags may show any state since then.
        let from = look.began.checked_sub(self.lag)?;
        let of_target = || self.acted(&sample.target);
        if of_target().any(|delivery| delivery.began <= look.ended && delivery.ended >= from) {
            return None;
        }
        let last = of_target().filter(|delivery| delivery.ended < from).max_by_key(|delivery| delivery.ended);
        let Some(last) = last else { return Some(("", 0)) };
        let at_once = |other: &&Delivery| other.ended > last.began && other.ended < last.ended;
        let is_alone = !of_target().filter(at_once).any(|other| other.value != last.value);
        is_alone.then_some((&last.value, last.number))
    }

    fn acts_after(&self, sample: &Sample, look: &Look) -> bool {
        self.ours(sample).any(|delivery| delivery.began > look.ended)
    }

    fn ours<'a>(&'a self, sample: &'a Sample) -> impl Iterator<Item = &'a Delivery> {
        self.acted(&sample.target).filter(|delivery| delivery.number == sample.number)
    }

    fn acted<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a Delivery> {
        self.log.deliveries.iter().filter(move |delivery| delivery.acted && delivery.target == target)
    }
}
