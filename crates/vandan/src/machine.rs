//! The machine's clock and randomness, and what else of it the program asks.

use ports::machine::{Clock, Entropy};
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

/// The machine in words, for benchmarks.
pub(crate) fn describe() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(" : unknown");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}
