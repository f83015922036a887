//! The workers that are called at the moment; one that has died gives its place to another.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use coproc::{Entry, Stderr, Stub};

use crate::service::SoakHost;

/// The workers that are called at the moment.
pub(crate) struct Stand {
    places: Vec<Mutex<Option<SoakHost>>>,
    entry: Entry<SoakHost, ()>,
    chaos: String,
    deaths: AtomicU64,
}

impl Stand {
    pub(crate) fn new(entry: Entry<SoakHost, ()>, workers: usize, chaos: &str) -> Arc<Self> {
        let places = (0..workers).map(|_| Mutex::new(None)).collect();
        Arc::new(Stand { places, entry, chaos: chaos.into(), deaths: AtomicU64::new(0) })
    }

    /// One of the workers, started if its place is empty.
    pub(crate) fn any(&self, random: &mut fastrand::Rng) -> Result<SoakHost, coproc::Error> {
        let mut place =
            self.places[random.usize(..self.places.len())].lock().expect("no panic under the lock");
        if let Some(worker) = &*place {
            return Ok(worker.clone());
        }
        // What its panics print would fill the screen.
        let spawn = self.entry.spawn().stderr(Stderr::quiet());
        let worker = spawn.command(|command| _ = command.env("COPROC_CHAOS", &self.chaos)).start(())?;
        Ok(place.insert(worker).clone())
    }

    /// Takes a worker out that has died.
    pub(crate) fn bury(&self, dead: &SoakHost) {
        for place in &self.places {
            let mut place = place.lock().expect("no panic under the lock");
            if place.as_ref().is_some_and(|worker| worker.pid() == dead.pid()) {
                self.deaths.fetch_add(1, Ordering::Relaxed);
                *place = None;
            }
        }
    }

    /// Kills one of the workers, from outside.
    pub(crate) fn kill_one(&self, random: &mut fastrand::Rng) {
        let place = &self.places[random.usize(..self.places.len())];
        let worker = place.lock().expect("no panic under the lock").clone();
        if let Some(worker) = worker {
            match random.u8(..3) {
                0 => drop(worker.terminate()),
                _ => drop(worker.kill()),
            }
        }
    }

    pub(crate) fn deaths(&self) -> u64 {
        self.deaths.load(Ordering::Relaxed)
    }
}
