//! JSON in which no character can steer a terminal.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::text::{is_unprintable, json_escape};

/// One document over many lines.
pub(super) fn write_document(lines: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    write(lines, value, Escaping(PrettyFormatter::new()))
}

/// One value in one line.
pub(super) fn write_line(lines: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    write(lines, value, Escaping(CompactFormatter))
}

fn write(lines: &mut Vec<u8>, value: &impl Serialize, formatter: impl Formatter) -> io::Result<()> {
    let start = lines.len();
    match value.serialize(&mut Serializer::with_formatter(&mut *lines, formatter)) {
        Ok(()) => lines.push(b'\n'),
        Err(problem) => {
            lines.truncate(start);
            return Err(problem.into());
        }
    }
    Ok(())
}

/// Writes out the characters that JSON allows as they are and a terminal must not see: C1 controls,
/// changes of direction. What reads JSON gets the same text.
struct Escaping<F>(F);

/// Hands a method on as it is.
macro_rules! as_it_is {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => { $(
        fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$method(writer $(, $argument)*)
        }
    )* };
}

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(place) = rest.find(is_unprintable) {
            let (before, from) = rest.split_at(place);
            self.0.write_string_fragment(writer, before)?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                writer.write_all(json_escape(character).as_bytes())?;
            }
            rest = characters.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }

    as_it_is! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }
}

#[cfg(test)]
mod tests {
    use super::write_line;

    #[test]
    fn a_name_cannot_steer_the_terminal_and_is_read_back() {
        let name = "a\u{1b}[31m\u{9b}2J\u{202e}ü";
        let mut line = Vec::new();
        write_line(&mut line, &name).expect("a string serializes");
        let text = String::from_utf8(line).expect("JSON is UTF-8");
        assert_eq!(text, "\"a\\u001b[31m\\u009b2J\\u202eü\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).expect("proper JSON"), name);
    }
}
