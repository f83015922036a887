//! `#[cfg]` on methods, arguments and the trait reaches all that is generated for them.

#[coproc::worker]
#[cfg(test)]
trait Chosen {
    #[cfg(not(test))]
    fn absent(&self, text: &str, missing: Missing) -> Missing;
    /// What could not cross does no harm where it isn't there.
    #[cfg(not(test))]
    fn absent_mistake<'t>(&'t self) -> Box<dyn Iterator<Item = u8> + 't>;
    fn present(&self, text: &str) -> usize;
    #[cfg(test)]
    #[cfg_attr(test, cfg(test), doc = "Also present.", allow(unused))]
    fn conditional(&self, number: u32) -> u32;
    #[cfg_attr(test, cfg(not(test)))]
    fn absent_too(&self) -> Missing;
    /// One of two, in this place.
    #[cfg(test)]
    fn either(&self, number: u32) -> u32;
    #[cfg(not(test))]
    fn either(&self, text: Missing) -> Missing;
    fn arguments(&self, #[cfg(test)] first: &str, #[cfg(not(test))] second: &Missing, third: u8) -> usize;
    #[norequest]
    #[cfg(not(test))]
    fn absent_norequest(&self, text: &str);
    fn last(&self) -> u8;
}

/// All of it is gone.
#[coproc::worker]
#[cfg(not(test))]
trait Gone {
    fn missing(&self, missing: &Missing) -> Missing;
}

/// All that borrows is gone.
#[coproc::worker]
trait Lifetimes {
    #[cfg(not(test))]
    fn absent(&self, text: &str);
    fn present(&self, #[cfg(not(test))] text: &str) -> u8;
    #[norequest]
    #[cfg(not(test))]
    fn tell(&self, text: &str);
}

struct Here;

impl Chosen for Here {
    fn present(&self, text: &str) -> usize {
        text.len()
    }
    fn conditional(&self, number: u32) -> u32 {
        number + 1
    }
    fn either(&self, number: u32) -> u32 {
        number + 2
    }
    fn arguments(&self, first: &str, third: u8) -> usize {
        first.len() + usize::from(third)
    }
    fn last(&self) -> u8 {
        9
    }
}

impl Lifetimes for Here {
    fn present(&self) -> u8 {
        1
    }
}

#[test]
fn what_is_there_works() {
    let host = host_of(ChosenWorker(Here));
    assert_eq!(host.present("four").unwrap(), 4);
    assert_eq!(host.conditional(1).unwrap(), 2);
    assert_eq!(host.either(1).unwrap(), 3);
    assert_eq!(host.arguments("four", 1).unwrap(), 5);
    assert_eq!(host.last().unwrap(), 9);
    assert_eq!(host_of(LifetimesWorker(Here)).present().unwrap(), 1);
}

/// A worker in a thread, and the stub that calls it.
#[allow(clippy::unwrap_used, reason = "only tests call it")]
fn host_of<W: coproc::Worker + Send>(worker: W) -> W::Host {
    coproc::in_thread(|| worker).unwrap()
}
