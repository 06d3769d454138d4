//! Clients that do not read. What a connection cannot write for a while ends it, and so does an answer whose next piece nobody asks
//! for: with HTTP/2 a client can close its window while the connection itself stays alive.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// Bytes of an answer that are handed over at once. A whole answer in one piece would leave our sight with its first byte.
const PIECE: usize = 32 * 1024;

/// The answers of one connection that were handed a piece and not asked for the next one since.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    next: AtomicU64,
    waiting: Mutex<BTreeMap<u64, Instant>>,
}

impl Watch {
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<u64, Instant>> {
        // nothing in here can panic half-way
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same body, in pieces that are watched.
    pub(crate) fn over<B>(self: &Arc<Self>, body: B) -> Watched<B> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Watched { body, rest: Bytes::new(), number, watch: Arc::clone(self) }
    }

    /// Comes to an end when an answer was not read for so long.
    pub(crate) async fn stalled(&self, limit: Duration) {
        let mut looks = tokio::time::interval((limit / 4).max(Duration::from_millis(10)));
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let now = looks.tick().await;
            let late = |since: &Instant| now.saturating_duration_since(*since) > limit;
            if self.waiting().values().any(late) {
                return;
            }
        }
    }
}

/// See [`Watch::over`].
#[derive(Debug)]
pub(crate) struct Watched<B> {
    body: B,
    rest: Bytes,
    number: u64,
    watch: Arc<Watch>,
}

impl<B> Drop for Watched<B> {
    fn drop(&mut self) {
        self.watch.waiting().remove(&self.number);
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        // asked for: from here on it is the server that lets wait
        this.watch.waiting().remove(&this.number);
        if !this.rest.has_remaining() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let piece = this.rest.split_to(this.rest.len().min(PIECE));
        this.watch.waiting().insert(this.number, Instant::now());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_read_is_noticed_and_one_that_is_slow_to_come_is_not() {
        let watch = Arc::new(Watch::default());
        let limit = Duration::from_secs(30);
        let mut body = watch.over(Full::new(Bytes::from(vec![7; 3 * PIECE])));
        assert_eq!(body.size_hint().exact(), Some(3 * PIECE as u64));
        body.frame().await.unwrap().unwrap();
        let began = Instant::now();
        watch.stalled(limit).await;
        assert!(began.elapsed() >= limit && began.elapsed() < limit * 2);
        while let Some(frame) = body.frame().await {
            assert_eq!(frame.unwrap().into_data().unwrap().len(), PIECE);
        }
        drop(body);
        assert!(watch.waiting().is_empty());
        // whoever reads waits for the server here, for as long as it takes
        let never = futures::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
        let mut slow = watch.over(http_body_util::StreamBody::new(never));
        let read = tokio::time::timeout(limit * 4, slow.frame()).await;
        assert!(read.is_err());
        assert!(tokio::time::timeout(limit * 4, watch.stalled(limit)).await.is_err());
    }
}
