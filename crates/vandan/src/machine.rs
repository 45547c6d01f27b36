//! The machine's clock and randomness, and what else of it the program asks.

use ports::machine::{Clock, Entropy};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::Instant;

/// The clock of the operating system.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant(since.as_micros() as i64)
    }
}

/// A clock that stands where it was set, for a register whose days are made up.
#[derive(Clone)]
pub(crate) struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock that stands at an instant.
    pub(crate) fn at(instant: Instant) -> SetClock {
        SetClock(Arc::new(AtomicI64::new(instant.0)))
    }

    /// From now on it is this instant.
    pub(crate) fn set(&self, instant: Instant) {
        self.0.store(instant.0, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

/// The randomness of the operating system.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is the entropy adapter")]
        let filled = getrandom::fill(bytes);
        // Without randomness no key may be made; there is no way on.
        assert!(filled.is_ok(), "the operating system gives no random bytes");
    }
}

/// An environment variable.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the roof reads the environment")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A stopwatch, for benchmarks and reports.
pub(crate) fn stopwatch() -> std::time::Instant {
    #[expect(clippy::disallowed_methods, reason = "measurements are reported, never decided on")]
    std::time::Instant::now()
}

/// The most memory this process has held, in bytes.
pub(crate) fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// From here on [`peak_rss_bytes`] is of what comes; where the system does not allow that, of all.
pub(crate) fn forget_peak_rss() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The machine in words, for benchmarks.
pub(crate) fn describe() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(" : unknown");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}
