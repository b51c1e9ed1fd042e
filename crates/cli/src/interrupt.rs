//! Ctrl-C: stops at once, after the line that is being written.

use std::{io::Write as _, process, thread, time::Duration};

use crate::output::OutputGate;

/// What a shell reports for a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Watches for Ctrl-C on a thread of its own: the main one may be waiting for a pager that reads no more.
pub(crate) fn watch(gate: OutputGate) {
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_err() {
            return;
        }
        // A reader that never reads on must not keep us.
        for _ in 0..20 {
            if gate.is_open() {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        // Takes away the progress line, if there is one.
        if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
        }
        process::exit(INTERRUPTED);
    });
}
