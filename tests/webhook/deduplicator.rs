//! The deduplicator: which ids are new, and how long they are remembered.

use std::collections::HashSet;
use std::time::Duration;

use spkey::webhook::Deduplicator;

#[test]
fn id_is_new_once_and_again_after_forget() {
    let deduplicator = Deduplicator::default();
    assert!(deduplicator.is_new("a"));
    assert!(!deduplicator.is_new("a"));
    assert!(deduplicator.is_new("A"));
    deduplicator.forget("a");
    assert!(deduplicator.is_new("a"));
    assert!(!deduplicator.is_new("a"));
}

#[test]
fn concurrent_calls_with_one_id_find_it_new_once() {
    let deduplicator = Deduplicator::default();
    let new = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..500).filter(|id| deduplicator.is_new(&id.to_string())).count()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(new, 500);
}

#[test]
fn at_least_the_capacity_and_at_most_twice_as_many_ids_are_remembered() {
    let deduplicator = Deduplicator::new(100, Duration::from_secs(3600));
    let ids: Vec<_> = (0..1000).map(|id| id.to_string()).collect();
    assert!(ids.iter().all(|id| deduplicator.is_new(id)));
    let remembered: HashSet<_> = ids.iter().rev().take_while(|id| !deduplicator.is_new(id)).collect();
    assert!((100..=200).contains(&remembered.len()), "{}", remembered.len());
}

#[tokio::test(start_paused = true)]
async fn id_is_remembered_for_the_retention_and_at_most_twice_as_long() {
    let hour = Duration::from_secs(3600);
    for start in [Duration::ZERO, hour / 2, Duration::from_secs(3599)] {
        let (kept, gone) = (Deduplicator::new(100, hour), Deduplicator::new(100, hour));
        tokio::time::advance(start).await;
        assert!(kept.is_new("a") && gone.is_new("a"));
        tokio::time::advance(Duration::from_secs(3599)).await;
        assert!(!kept.is_new("a"), "forgotten too early, from {start:?} on");
        assert!(gone.is_new("b"));
        tokio::time::advance(hour + Duration::from_secs(1)).await;
        assert!(gone.is_new("a"), "remembered too long, from {start:?} on");
    }

    let idle = Deduplicator::new(100, hour);
    assert!(idle.is_new("a"));
    tokio::time::advance(hour + hour / 2).await;
    assert!(idle.is_new("b"));
    tokio::time::advance(hour / 2).await;
    assert!(idle.is_new("a"), "remembered too long, without deliveries in between");
}
