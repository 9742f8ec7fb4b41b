use std::future::pending;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::JoinSet;
use tokio::time::{advance, timeout};

use super::*;
use crate::auth::token_source::TokenFuture;

/// What a source does when it is called, one after the other; the last one stays.
#[derive(Clone, Copy)]
enum Does {
    /// Gives a token of that many seconds, after a second.
    Give(u64),
    Fail,
    Panic,
    Hang,
    Rubbish,
}

struct Source {
    script: &'static [Does],
    asked: Arc<AtomicU32>,
}

impl TokenSource for Source {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) as usize;
            tokio::time::sleep(Duration::from_secs(1)).await;
            match self.script[number.min(self.script.len() - 1)] {
                Does::Give(seconds) => {
                    Ok(Token::new(format!("token-{number}")).expires_in(Duration::from_secs(seconds)))
                }
                Does::Fail => Err("made up".into()),
                Does::Panic => std::panic::resume_unwind(Box::new("made up")),
                Does::Hang => pending().await,
                Does::Rubbish => Ok(Token::new("two\nlines")),
            }
        })
    }
}

fn cache(script: &'static [Does]) -> (Arc<TokenCache>, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    (Arc::new(TokenCache::new(Source { script, asked: Arc::clone(&asked) }, BEARER_TOKEN)), asked)
}

/// The token for an attempt of 15 seconds, or what the error says.
async fn get(cache: &TokenCache) -> Result<String, String> {
    match cache.get(Instant::now() + Duration::from_secs(15)).await {
        Ok(token) => Ok(token.header.to_str().unwrap().to_owned()),
        Err(fault) => Err(fault.what.into_owned()),
    }
}

async fn get_at_once(cache: &Arc<TokenCache>, calls: usize) -> Vec<Result<String, String>> {
    let mut waiting = JoinSet::new();
    for _ in 0..calls {
        let cache = Arc::clone(cache);
        waiting.spawn(async move { get(&cache).await });
    }
    waiting.join_all().await
}

#[allow(clippy::unnecessary_wraps, reason = "it is compared with what may be an error")]
fn given(number: u32) -> Result<String, String> {
    Ok(format!("Bearer token-{number}"))
}

#[tokio::test(start_paused = true)]
async fn thousand_callers_cause_one_refresh() {
    let (cache, asked) = cache(&[Does::Give(100)]);
    for refreshes in 0..3 {
        assert!(get_at_once(&cache, 1000).await.iter().all(|token| *token == given(refreshes)));
        assert_eq!(asked.load(Ordering::SeqCst), refreshes + 1);
        advance(Duration::from_secs(101)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn token_that_is_expired_on_arrival_is_fetched_once_for_all_who_wait() {
    let (cache, asked) = cache(&[Does::Give(0)]);
    assert!(get_at_once(&cache, 1000).await.iter().all(|token| *token == given(0)));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn failed_refresh_reaches_all_who_wait_and_none_gets_the_expired_token() {
    for (fault, says) in [(Does::Fail, "failed"), (Does::Panic, "panicked"), (Does::Rubbish, "line break")] {
        let script = match fault {
            Does::Fail => &[Does::Give(100), Does::Fail, Does::Give(100)],
            Does::Panic => &[Does::Give(100), Does::Panic, Does::Give(100)],
            _ => &[Does::Give(100), Does::Rubbish, Does::Give(100)],
        };
        let (cache, asked) = cache(script);
        assert_eq!(get(&cache).await, given(0));
        advance(Duration::from_secs(101)).await;
        for result in get_at_once(&cache, 100).await {
            assert!(result.as_ref().is_err_and(|error| error.contains(says)), "{result:?}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        assert_eq!(get(&cache).await, given(2), "the next call asks again");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_source_costs_each_caller_no_more_than_its_own_time_limit() {
    let (cache, _) = cache(&[Does::Hang]);
    let started = Instant::now();
    for result in get_at_once(&cache, 100).await {
        assert!(result.as_ref().is_err_and(|error| error.contains("gave nothing in time")), "{result:?}");
    }
    assert_eq!(started.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn refresh_ahead_never_fails_a_call() {
    for script in [&[Does::Give(100), Does::Hang], &[Does::Give(100), Does::Panic], &[Does::Give(100), Does::Fail]] {
        let (cache, asked) = cache(script);
        assert_eq!(get(&cache).await, given(0));
        advance(Duration::from_secs(85)).await;
        assert_eq!(get(&cache).await, given(0));
        assert_eq!(asked.load(Ordering::SeqCst), 1, "it is not due yet");
        advance(Duration::from_secs(8)).await;
        let started = Instant::now();
        for token in get_at_once(&cache, 100).await {
            assert_eq!(token, given(0));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2, "one caller asks, the others go on");
        assert!(
            started.elapsed() < Duration::from_secs(8),
            "no time is left to send anything: {:?}",
            started.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn token_rejected_to_many_calls_is_replaced_once() {
    let (cache, asked) = cache(&[Does::Give(100)]);
    let rejected = cache.get(Instant::now() + Duration::from_secs(15)).await.map_err(|fault| fault.what).unwrap();
    for _ in 0..100 {
        assert!(cache.invalidate(&rejected), "a new one is there");
        assert_eq!(get(&cache).await, given(1));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn caller_dropped_while_refreshing_leaves_the_refresh_to_the_next() {
    let (cache, asked) = cache(&[Does::Give(100)]);
    for _ in 0..10 {
        assert!(timeout(Duration::from_millis(500), get(&cache)).await.is_err());
    }
    assert_eq!(get(&cache).await, given(10));
    assert_eq!(asked.load(Ordering::SeqCst), 11);
}

/// The token that is sent now.
async fn current(cache: &TokenCache) -> Arc<CachedToken> {
    cache.get(Instant::now() + Duration::from_secs(15)).await.map_err(|fault| fault.what).unwrap()
}

#[tokio::test(start_paused = true)]
async fn rejected_replacement_is_kept_until_the_interval_has_passed() {
    let (cache, asked) = cache(&[Does::Give(1000)]);
    assert!(cache.invalidate(current(&cache).await.as_ref()), "the first token may have been revoked");
    for refreshes in 2..5 {
        let replacement = current(&cache).await;
        assert_eq!(asked.load(Ordering::SeqCst), refreshes);
        assert!(!cache.invalidate(&replacement));
        advance(REJECTED_REFRESH_INTERVAL.saturating_sub(Duration::from_millis(1))).await;
        for _ in 0..100 {
            assert!(!cache.invalidate(&replacement));
            assert_eq!(current(&cache).await.round, replacement.round);
        }
        advance(Duration::from_millis(1)).await;
        assert!(cache.invalidate(&replacement));
    }
}

#[tokio::test(start_paused = true)]
async fn token_that_came_by_a_refresh_ahead_is_replaced_at_its_first_rejection() {
    let (cache, asked) = cache(&[Does::Give(100)]);
    assert!(cache.invalidate(current(&cache).await.as_ref()));
    let replacement = current(&cache).await;
    advance(Duration::from_secs(95)).await;
    let refreshed = current(&cache).await;
    assert_eq!((replacement.round, refreshed.round), (2, 3));
    assert!(cache.invalidate(&refreshed), "it replaced no rejected token");
    assert_eq!(current(&cache).await.round, 4);
    assert_eq!(asked.load(Ordering::SeqCst), 4);
}

#[tokio::test(start_paused = true)]
async fn replacement_is_kept_although_the_source_failed_in_between() {
    let (cache, _) = cache(&[Does::Give(100), Does::Fail, Does::Give(100)]);
    assert!(cache.invalidate(current(&cache).await.as_ref()));
    assert!(get(&cache).await.is_err());
    assert!(!cache.invalidate(current(&cache).await.as_ref()));
}
