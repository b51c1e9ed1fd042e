//! Bytes that are wiped from memory when the last of those who share them is gone.

use std::io;

use bytes::Bytes;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

/// All of `parts`, one after another.
pub(crate) fn joined(parts: &[&str]) -> Bytes {
    // As large as it gets: growing would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        bytes.extend_from_slice(part.as_bytes());
    }
    Bytes::from_owner(bytes)
}

/// `value` as JSON.
pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<Bytes> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *bytes, value)?;
    Ok(Bytes::from_owner(bytes))
}

/// Counts what is written and keeps nothing of it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, json};

    #[test]
    fn what_is_kept_is_what_was_said() {
        assert_eq!(joined(&["Bearer ", "", "key"]), "Bearer key");
        let value = serde_json::json!({ "handle": "ada", "password": "\u{1f511}\n\"" });
        assert_eq!(json(&value).expect("JSON"), value.to_string());
    }
}
