use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::error::Error;
use crate::error::attempt_error::AttemptError;
use crate::error::response_headers::take_headers;
use crate::execute::attempt::Attempt;
use crate::execute::context::CallContext;
use crate::execute::response::Response;
use crate::execute::telemetry::{self, CallTelemetry, Within};
use crate::execute::ticket::ticket;
use crate::request::operation::Operation;
use crate::request::parts::RequestParts;
use crate::retry::outcome::Outcome;
use crate::retry::policy::PHYSICAL_MAX_WAIT;
use crate::retry::retry_loop::{CallHistory, RetryPlan, retry_loop};
use crate::value::reader::ReadResult;

/// The longest time limit that counts: the clock cannot hold every one.
const CENTURY: Duration = Duration::from_secs(60 * 60 * 24 * 36_525);

/// Makes a call, with all of its attempts, and reads its response.
pub(crate) fn execute<T>(
    context: CallContext,
    operation: &Operation,
    parts: RequestParts,
    read: fn(&[u8]) -> ReadResult<T>,
) -> impl Future<Output = Result<Response<T>, Error>> + Send {
    async move {
        let started = Instant::now();
        let telemetry = CallTelemetry::start(&context, operation);
        let attempt = Attempt { context: &context, operation, parts: &parts, telemetry: &telemetry };
        let plan = RetryPlan {
            class: operation.retry,
            policy: &context.policy,
            budget: &context.shared.budget,
            deadline: started + context.timeout.min(CENTURY),
            attempt_timeout: context.attempt_timeout,
            max_wait: operation.physical.then_some(PHYSICAL_MAX_WAIT),
        };
        let attempts = pin!(retry_loop(
            &plan,
            |next| attempt.send(next),
            AttemptError::failed,
            sleep,
            fastrand::f64,
            |attempt, wait, error| telemetry.retry(attempt, wait, error),
        ));
        let (result, history) = Within::new(telemetry.span(), attempts).await;
        let fail = |error: Box<AttemptError>, history: CallHistory| {
            telemetry.failed(&error, history);
            let elapsed = started.elapsed();
            let ticket = ticket(&context, operation, &parts, &error, (history.outcome, elapsed));
            Error::of_call(error, operation.id, operation.retry, history, elapsed, ticket)
        };
        let mut response = match result {
            Ok(response) => response,
            Err(error) => return Err(fail(error, history)),
        };
        match read(&response.body) {
            Ok((value, ignored)) => {
                let status = response.head.status();
                telemetry.succeeded(status.as_u16(), history);
                telemetry::ignored(operation.id, &ignored);
                Ok(Response::new(value, status, take_headers(&mut response.head), ignored))
            }
            Err(error) => {
                let applied = CallHistory { outcome: Outcome::Applied, ..history };
                Err(fail(attempt.unreadable(response, &error), applied))
            }
        }
    }
}
