use spkey::RetryClass;

use crate::exit_status::ExitStatus;
use crate::failure::Failure;

/// Does the work until it ends or the user presses ctrl-c, which is success. Ctrl-c counts from before the work begins.
pub(crate) async fn until_ctrl_c(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::select! {
        biased;
        stopped = tokio::signal::ctrl_c() => {
            stopped.map_err(|error| Failure::local(format!("ctrl-c cannot be waited for: {error}: end the process instead")))
        }
        ended = work => ended,
    }
}

/// Sends a request, or ends with what is not known if the user presses ctrl-c: a command that was sent may act all the same.
/// What only reads is left to end with the program.
pub(crate) async fn unless_interrupted<T>(class: RetryClass, send: impl Future<Output = T>) -> Result<T, Failure> {
    if class == RetryClass::Safe {
        return Ok(send.await);
    }
    tokio::select! {
        biased;
        Ok(()) = tokio::signal::ctrl_c() => Err(Failure {
            status: ExitStatus::Unknown,
            message: "interrupted: the command may have been sent and may still take effect, read the state before repeating it".to_owned(),
        }),
        response = send => Ok(response),
    }
}
