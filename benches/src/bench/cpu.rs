//! What waiting costs in CPU time, where no answer comes for long.

use std::thread;
use std::time::Duration;

use coproc::{Stub, Wait};
use coproc_benches::figure::Figure;

use crate::contender::Outcome;
use crate::ours::{self, ServiceHost};
use crate::process::cpu_time;

/// How long a pair of host and worker idles.
const IDLE: Duration = Duration::from_secs(60);

/// So many calls, and how long the method of each sleeps.
const SLOW: (u32, Duration) = (1000, Duration::from_millis(10));

/// The CPU time of a minute in which nothing is called, and of calls of a slow method; in milliseconds, of host and worker
/// together. Beside them the same of a worker that sleeps at once.
pub(crate) fn measure() -> Outcome<[Figure; 2]> {
    let idle = |_: &ServiceHost| {
        thread::sleep(IDLE);
        Ok(())
    };
    let slow = |stub: &ServiceHost| {
        let milliseconds = SLOW.1.as_millis().try_into()?;
        (0..SLOW.0).try_for_each(|_| stub.rest(milliseconds)).map_err(Into::into)
    };
    Ok([figure("cpu.idle_minute", idle)?, figure("cpu.calls_of_10ms.1000", slow)?])
}

fn figure(name: &str, what: impl Fn(&ServiceHost) -> Outcome) -> Outcome<Figure> {
    let [host, worker] = spent(Wait::default(), &what)?;
    let blocking = spent(Wait::Block, &what)?;
    let figure = Figure::new(name, "ms", host + worker).and("host", host).and("worker", worker);
    Ok(figure.beside("coproc_block", blocking.iter().sum()))
}

/// What host and worker have spent on it, in milliseconds.
fn spent(wait: Wait, what: impl Fn(&ServiceHost) -> Outcome) -> Outcome<[f64; 2]> {
    let stub = ours::entry().spawn().wait(wait).start(())?;
    let both = [std::process::id(), stub.pid().ok_or("no process")?];
    // Whoever learns from its last waits has learnt that looking pays.
    (0..1000).try_for_each(|number| stub.add(number).map(drop))?;
    let times = || -> Outcome<_> { Ok([cpu_time(both[0])?, cpu_time(both[1])?]) };
    let before = times()?;
    what(&stub)?;
    let after = times()?;
    Ok([0, 1].map(|side| (after[side] - before[side]).as_secs_f64() * 1e3))
}
