//! Texts from outside, made fit for a terminal.

use std::{borrow::Cow, fmt::Write as _};

/// `text` with every character written out that could steer a terminal, hide, or turn the text around:
/// `\u{1b}[31m` instead of red.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unprintable(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and those that change the direction of a text or cannot be seen.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// `character` as JSON writes it without showing it: `\u202e`.
pub(crate) fn json_escape(character: char) -> String {
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().fold(String::new(), |mut escape, unit| {
        // Writing to a string cannot fail.
        let _ = write!(escape, "\\u{unit:04x}");
        escape
    })
}

#[cfg(test)]
mod tests {
    use super::{json_escape, printable};

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\u{9b}d"), "a\\u{1b}[31mb\\u{202e}c\\u{9b}d");
        assert_eq!(printable("two\nlines\t."), "two\\nlines\\t.");
        assert_eq!(printable("Zoë 日本 👩‍💻"), "Zoë 日本 👩‍💻");
    }

    #[test]
    fn a_json_escape_is_read_back() {
        for character in ['\u{9b}', '\u{202e}', '\u{1f600}'] {
            let text: String =
                serde_json::from_str(&format!("\"{}\"", json_escape(character))).expect("it is proper JSON");
            assert_eq!(text, character.to_string());
        }
    }
}
