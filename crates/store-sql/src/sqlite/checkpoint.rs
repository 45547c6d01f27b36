//! Carrying the write-ahead log over into the database, beside the writer instead of within its commits.
//!
//! A commit is durable in the log; carrying over only keeps the log short. So it is done by a thread of its own when the
//! log has grown, and the writer does it itself only where that thread does not keep up.

use super::{READER_CACHE_KIB, connect};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// A log of this many bytes is carried over by the thread.
const LOG_BYTES: u64 = 16 << 20;
/// A log of this many pages (128 MiB at 8 KiB each) is carried over by the writer.
pub(crate) const LOG_PAGES_MAX: u32 = 16_384;

/// The thread, and the way to wake it.
pub(crate) struct Checkpointer {
    log: PathBuf,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread for a database file.
    pub(crate) fn start(database: &Path) -> Checkpointer {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let (wake, woken) = sync_channel(1);
        let path = database.to_owned();
        let thread = std::thread::Builder::new().name("checkpoint".into()).spawn(move || carry_over(&path, &woken));
        // Without a thread the writer does it all.
        Checkpointer { log: log.into(), wake: Some(wake), thread: thread.ok() }
    }

    /// To be called after each commit; wakes the thread if the log has grown.
    pub(crate) fn committed(&self) {
        let grown = std::fs::metadata(&self.log).is_ok_and(|log| log.len() >= LOG_BYTES);
        if grown && let Some(wake) = &self.wake {
            match wake.try_send(()) {
                // It is at work or has been woken already; or it could not start, and the writer does it.
                Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
            }
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has lost nothing: the log is whole.
            let _ = thread.join();
        }
    }
}

fn carry_over(database: &Path, woken: &Receiver<()>) {
    let Ok(connection) = connect(database, READER_CACHE_KIB) else { return };
    while woken.recv().is_ok() {
        // A reader that still needs old pages, or another process at the same work, only puts it off.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
