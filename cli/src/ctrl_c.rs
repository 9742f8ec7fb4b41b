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
