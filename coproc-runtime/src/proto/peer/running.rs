//! Requests of the other side that are being served.

use super::owed::Debt;
use crate::proto::{Deadline, Message, RequestId};

/// Requests that were taken to be served and have no answer yet: one, or as many as are nested.
#[derive(Debug, Default)]
pub(super) struct Running(Vec<Run>);

#[derive(Debug)]
struct Run {
    debt: Debt,
    deadline: Option<Deadline>,
    wanted: Wanted,
}

/// Whether somebody waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    Yes,
    Cancelled,
}

impl Running {
    #[inline]
    pub(super) fn begin(&mut self, request: &Message) {
        let debt = Debt { id: request.id.0, channel: request.channel.clone(), priority: request.priority };
        self.0.push(Run { debt, deadline: request.terms.deadline, wanted: Wanted::Yes });
    }

    /// Has one run again whose answer never left.
    pub(super) fn put_back(&mut self, debt: Debt) {
        self.0.push(Run { debt, deadline: None, wanted: Wanted::Yes });
    }

    /// Takes note that nobody waits for this one any more, if it runs.
    pub(super) fn cancel(&mut self, id: u64) {
        for run in self.0.iter_mut().filter(|run| run.debt.id == id) {
            run.wanted = Wanted::Cancelled;
        }
    }

    /// Ends it, and says whether its answer is wanted.
    #[inline]
    pub(super) fn end(&mut self, id: RequestId) -> Option<(Debt, Wanted)> {
        let place = self.0.iter().position(|run| run.debt.id == id.0)?;
        let run = self.0.swap_remove(place);
        Some((run.debt, run.wanted))
    }

    pub(super) fn is_wanted(&self, id: RequestId) -> bool {
        self.0.iter().any(|run| run.debt.id == id.0 && run.wanted == Wanted::Yes)
    }

    pub(super) fn deadline(&self, id: RequestId) -> Option<Deadline> {
        self.0.iter().find(|run| run.debt.id == id.0)?.deadline
    }
}

#[cfg(test)]
mod tests {
    use crate::proto::{
        Addressee, ChannelId, Deadline, Limits, Message, MessageKind, Moment, Order, Peer, Priority,
        RequestId, Terms,
    };

    fn pair() -> (Peer, Peer) {
        (Peer::new(Order::Priority, Limits::PAIR), Peer::serving(Order::Priority, Limits::PAIR))
    }

    fn call(host: &mut Peer, deadline: Option<u64>) -> RequestId {
        let deadline = deadline.map(|milliseconds| Deadline::at(Moment::from_millis(milliseconds)));
        let channel = ChannelId::DEFAULT;
        let sent = host.send_request(
            &channel,
            Priority::NONE,
            Terms { deadline, ..Terms::default() },
            Addressee::Caller,
            &mut b"call".to_vec(),
        );
        sent.unwrap().0
    }

    fn carry(from: &mut Peer, to: &mut Peer) {
        let bytes = from.output().concat();
        from.wrote(bytes.len());
        to.handle_bytes(&bytes).unwrap();
    }

    fn answer(worker: &mut Peer, request: &Message) {
        let _ = worker.answer(request.id, MessageKind::Reply, &mut b"reply".to_vec()).unwrap();
    }

    #[test]
    fn what_has_expired_is_dropped_before_it_is_begun() {
        let (mut host, mut worker) = pair();
        let ids = [call(&mut host, Some(10)), call(&mut host, Some(20)), call(&mut host, None)];
        carry(&mut host, &mut worker);
        worker.handle_time(Moment::from_millis(9));
        assert_eq!(worker.queued_together(), 3);
        worker.handle_time(Moment::from_millis(10));
        assert_eq!(worker.peek_next().unwrap().id, ids[1]);
        worker.handle_time(Moment::from_millis(1000));
        assert_eq!(worker.take_next().unwrap().id, ids[2]);
        carry(&mut worker, &mut host);
        assert_eq!(host.take_reply(ids[0]).unwrap().kind, MessageKind::Cancelled);
        assert_eq!(host.take_reply(ids[1]).unwrap().kind, MessageKind::Cancelled);
        assert!(!host.has_reply(ids[2]));
    }

    #[test]
    fn the_memory_of_an_answer_that_nobody_waits_for_is_let_go() {
        let (mut host, mut worker) = pair();
        let id = call(&mut host, None);
        carry(&mut host, &mut worker);
        assert_eq!(worker.take_next().unwrap().id, id);
        worker.give_up(id);
        let mut tail = b"reply".to_vec();
        let _ = worker.answer_with(id, MessageKind::Reply, &mut Vec::new(), &mut tail).unwrap();
        assert_eq!(tail.capacity(), 0);
    }

    #[test]
    fn what_runs_learns_that_it_is_cancelled_and_its_reply_stays_here() {
        let (mut host, mut worker) = pair();
        let (id, other) = (call(&mut host, None), call(&mut host, None));
        carry(&mut host, &mut worker);
        let request = worker.take_next().unwrap();
        assert!(worker.is_wanted(id) && !worker.is_wanted(other), "the other one does not run");
        host.cancel(id);
        carry(&mut host, &mut worker);
        assert!(!worker.is_wanted(id));
        answer(&mut worker, &request);
        assert!(!worker.output().concat().windows(5).any(|bytes| bytes == b"reply"));
        carry(&mut worker, &mut host);
        assert_eq!(host.counters(&ChannelId::DEFAULT).remaining, 1);

        let request = worker.take_next().unwrap();
        assert!(worker.is_wanted(other));
        answer(&mut worker, &request);
        assert!(!worker.is_wanted(other), "it has its answer");
        carry(&mut worker, &mut host);
        assert_eq!(host.take_reply(other).unwrap().payload, b"reply");
    }
}
