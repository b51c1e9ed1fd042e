//! JSON in which no character can steer a terminal.

use std::io;

use serde::Serialize;

use crate::text::{is_unprintable, json_escape};

/// One document over many lines.
pub(super) fn write_document(lines: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    write(lines, |lines| serde_json::to_writer_pretty(lines, value))
}

/// One value in one line.
pub(super) fn write_line(lines: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    write(lines, |lines| serde_json::to_writer(lines, value))
}

fn write(lines: &mut Vec<u8>, json: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> io::Result<()> {
    let start = lines.len();
    if let Err(problem) = json(lines) {
        lines.truncate(start);
        return Err(problem.into());
    }
    escape_unprintable(lines, start)?;
    lines.push(b'\n');
    Ok(())
}

/// The first byte from which on JSON leaves characters as they are that a terminal must not see.
const DELETE: u8 = 0x7f;

/// Writes out, from `start` on, the characters that JSON allows as they are and a terminal must not see: C1 controls,
/// changes of direction. What reads JSON gets the same text: such characters stand nowhere but in strings.
fn escape_unprintable(json: &mut Vec<u8>, start: usize) -> io::Result<()> {
    // One look at the whole line costs a tenth of one at each of its texts, and most lines are ASCII.
    if json[start..].iter().fold(0, |highest, byte| *byte.max(&highest)) < DELETE {
        return Ok(());
    }
    let text = str::from_utf8(&json[start..]).map_err(io::Error::other)?;
    let mut escaped = Vec::new();
    let mut rest = text;
    while let Some((place, character)) = first_unprintable(rest) {
        escaped.extend_from_slice(&rest.as_bytes()[..place]);
        escaped.extend_from_slice(json_escape(character).as_bytes());
        rest = &rest[place + character.len_utf8()..];
    }
    if !escaped.is_empty() {
        escaped.extend_from_slice(rest.as_bytes());
        json.truncate(start);
        json.append(&mut escaped);
    }
    Ok(())
}

/// Where in `text`, which is JSON, the first character is that has to be written out.
fn first_unprintable(text: &str) -> Option<(usize, char)> {
    let mut place = 0;
    loop {
        place += text.as_bytes()[place..].iter().position(|byte| *byte >= DELETE)?;
        let character = text[place..].chars().next()?;
        if is_unprintable(character) {
            return Some((place, character));
        }
        place += character.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{write_document, write_line};
    use crate::text::is_unprintable;

    #[test]
    fn a_name_cannot_steer_the_terminal_and_is_read_back() {
        let name = "a\u{1b}[31m\u{9b}2J\u{202e}ü";
        let mut line = Vec::new();
        write_line(&mut line, &name).expect("a string serializes");
        let text = String::from_utf8(line).expect("JSON is UTF-8");
        assert_eq!(text, "\"a\\u001b[31m\\u009b2J\\u202eü\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).expect("proper JSON"), name);
    }

    #[test]
    fn every_character_is_either_shown_or_written_out_and_read_back() {
        let all: String = ('\0'..=char::MAX).collect();
        let mut lines = Vec::new();
        write_line(&mut lines, &all).expect("a string serializes");
        let text = String::from_utf8(lines).expect("JSON is UTF-8");
        assert_eq!(serde_json::from_str::<String>(&text).expect("proper JSON"), all);

        let line = text.strip_suffix('\n').expect("a line has an end");
        assert_eq!(line.find(is_unprintable), None);
        let beyond_ascii = |text: &str| text.chars().filter(|one| !one.is_ascii() && !is_unprintable(*one)).count();
        assert_eq!(beyond_ascii(line), beyond_ascii(&all));
    }

    #[test]
    fn what_was_written_before_stays_and_names_of_members_cannot_steer_either() {
        let members = BTreeMap::from([("a\u{7f}", "日本"), ("b", "\u{feff}")]);
        let mut lines = "before \u{9b}\n".as_bytes().to_vec();
        write_line(&mut lines, &members).expect("a map serializes");
        write_document(&mut lines, &members).expect("a map serializes");
        let expected = "before \u{9b}\n\
            {\"a\\u007f\":\"日本\",\"b\":\"\\ufeff\"}\n\
            {\n  \"a\\u007f\": \"日本\",\n  \"b\": \"\\ufeff\"\n}\n";
        assert_eq!(String::from_utf8(lines).expect("JSON is UTF-8"), expected);
    }
}
