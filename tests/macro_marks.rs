//! `#[priority]` and `#[channel]` reach the messages of a method.

use std::sync::{Arc, Barrier};

use coproc::{Stub, proto::ChannelId};

const URGENT: i32 = -7;
const BULK: ChannelId = ChannelId::named("bulk");

#[coproc::worker]
trait Marked {
    #[priority(-100)]
    fn hold(&mut self);
    fn unmarked(&mut self);
    #[priority(5)]
    #[channel("named")]
    fn five(&mut self);
    #[priority(-1 - 2)]
    #[channel(-3)]
    fn three(&mut self);
    #[norequest]
    #[priority(URGENT)]
    #[channel(BULK)]
    fn urgent(&mut self);
    #[priority(2147483647)]
    fn order(&mut self) -> Vec<String>;
}

struct Order {
    ran: Vec<String>,
    barrier: Arc<Barrier>,
}

impl Order {
    fn run(&mut self, name: &str) {
        self.ran.push(name.to_owned());
    }
}

impl Marked for Order {
    fn hold(&mut self) {
        self.barrier.wait();
        self.barrier.wait();
    }
    fn unmarked(&mut self) {
        self.run("unmarked");
    }
    fn five(&mut self) {
        self.run("five");
    }
    fn three(&mut self) {
        self.run("three");
    }
    fn urgent(&mut self) {
        self.run("urgent");
    }
    fn order(&mut self) -> Vec<String> {
        std::mem::take(&mut self.ran)
    }
}

#[test]
fn a_method_is_called_at_its_priority_and_counted_on_its_channel() {
    let barrier = Arc::new(Barrier::new(2));
    let order = Order { ran: Vec::new(), barrier: Arc::clone(&barrier) };
    let host = coproc::in_thread(|| MarkedWorker(order)).unwrap();
    let start = host.start();
    let messenger = host.messenger::<(), ()>();

    let held = start.hold();
    barrier.wait();
    // What is sent while a method runs is taken in at once, and called in the order of its priority.
    let calls = [start.unmarked(), start.five(), start.three()];
    host.urgent().unwrap();
    let order = start.order();
    assert_eq!(messenger.remaining(ChannelId::named("named")), 1);
    assert_eq!(messenger.remaining(ChannelId::integer(-3)), 1);
    assert_eq!(messenger.remaining(BULK), 0);
    assert_eq!(messenger.remaining(ChannelId::DEFAULT), 3);
    barrier.wait();

    held.wait().unwrap();
    assert_eq!(order.wait().unwrap(), ["urgent", "three", "five"]);
    for call in calls {
        call.wait().unwrap();
    }
    assert_eq!(host.order().unwrap(), ["unmarked"]);
}
