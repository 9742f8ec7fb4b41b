//! Tells whether an attempt that ran out of time had sent anything. The HTTP library does not say it: an attempt that waits for
//! a connection, for a name or for TLS ends just as one that waits for a response.
//!
//! Two things are watched: whether the connector is at work for this attempt, and whether the body of the request was asked
//! for, which happens when its head is written. Both are needed: while a connection is made, another one may become free and
//! take the request.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tower_layer::Layer;
use tower_service::Service;

thread_local! {
    /// The attempt that is polled on this thread.
    static CURRENT: RefCell<Option<Arc<ConnectWatch>>> = const { RefCell::new(None) };
}

/// How far one attempt came.
#[derive(Default)]
pub(crate) struct ConnectWatch {
    connecting: AtomicBool,
    dispatched: AtomicBool,
}

impl ConnectWatch {
    /// Whether the attempt certainly sent nothing: it was still waiting for its connection.
    pub(crate) fn nothing_sent(&self) -> bool {
        self.connecting.load(Ordering::SeqCst) && !self.dispatched.load(Ordering::SeqCst)
    }

    /// Runs a request and watches the connector meanwhile.
    pub(crate) async fn watch<F: Future>(self: &Arc<Self>, request: F) -> F::Output {
        let mut request = pin!(request);
        poll_fn(|cx| {
            let _entered = Entered::new(Arc::clone(self));
            request.as_mut().poll(cx)
        })
        .await
    }

    /// A body that notes when it is asked for.
    pub(crate) fn body(self: &Arc<Self>, body: Bytes) -> reqwest::Body {
        reqwest::Body::wrap(WatchedBody { watch: Arc::clone(self), body: Some(body) })
    }
}

/// Makes an attempt the current one of this thread, until it is dropped.
struct Entered(Option<Arc<ConnectWatch>>);

impl Entered {
    fn new(watch: Arc<ConnectWatch>) -> Self {
        Self(CURRENT.with(|current| current.borrow_mut().replace(watch)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|current| *current.borrow_mut() = self.0.take());
    }
}

struct WatchedBody {
    watch: Arc<ConnectWatch>,
    body: Option<Bytes>,
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.watch.dispatched.store(true, Ordering::SeqCst);
        Poll::Ready(self.body.take().filter(|body| !body.is_empty()).map(|body| Ok(Frame::data(body))))
    }

    fn is_end_stream(&self) -> bool {
        // An empty body is asked for too.
        self.body.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.as_ref().map_or(0, |body| body.len() as u64))
    }
}

/// The layer around the connector of the HTTP library.
#[derive(Clone)]
pub(crate) struct ConnectLayer;

/// A connector that notes for which attempt it is at work. The HTTP library clones it six times a call, and seldom connects: the
/// connector inside, a box that holds a dozen things, is shared until then.
#[derive(Clone)]
pub(crate) struct WatchedConnector<S>(Arc<S>);

impl<S> Layer<S> for ConnectLayer {
    type Service = WatchedConnector<S>;

    fn layer(&self, connector: S) -> WatchedConnector<S> {
        WatchedConnector(Arc::new(connector))
    }
}

impl<S, R> Service<R> for WatchedConnector<S>
where
    S: Service<R> + Clone + Send + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    /// Always: what is inside is asked when it is to connect.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: R) -> Self::Future {
        let watch = CURRENT.with(|current| current.borrow().clone());
        if let Some(watch) = &watch {
            watch.connecting.store(true, Ordering::SeqCst);
        }
        let mut connector = S::clone(&self.0);
        Box::pin(async move {
            let connecting = async {
                poll_fn(|cx| connector.poll_ready(cx)).await?;
                connector.call(target).await
            };
            let connected = connecting.await;
            if let Some(watch) = watch {
                watch.connecting.store(false, Ordering::SeqCst);
            }
            connected
        })
    }
}
