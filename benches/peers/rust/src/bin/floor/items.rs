//! Cuts the first list of a body into its objects, without looking into them. It takes well-formed bodies only: what a
//! hostile one would do to it is no concern of a floor.

use memchr::memchr2;

/// Where in the list the next byte is.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// The beginning of an item whose end has not come yet.
    kept: Vec<u8>,
    has_begun: bool,
    has_ended: bool,
    depth: u32,
    is_in_string: bool,
    is_escaped: bool,
}

impl Items {
    /// Hands every item that ends in `chunk` to `each`.
    pub(crate) fn feed<E>(&mut self, chunk: &[u8], mut each: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut start = 0;
        let mut at = 0;
        while at < chunk.len() && !self.has_ended {
            if self.is_in_string {
                if std::mem::take(&mut self.is_escaped) {
                    at += 1;
                    continue;
                }
                let Some(found) = memchr2(b'"', b'\\', &chunk[at..]) else { break };
                at += found + 1;
                if chunk[at - 1] == b'"' {
                    self.is_in_string = false;
                } else {
                    self.is_escaped = true;
                }
                continue;
            }
            match chunk[at] {
                b'"' => self.is_in_string = true,
                b'[' if !self.has_begun => self.has_begun = true,
                // The member that holds the list stands in the outer object.
                _ if !self.has_begun => {}
                b']' if self.depth == 0 => self.has_ended = true,
                b'{' | b'[' => {
                    if self.depth == 0 {
                        start = at;
                    }
                    self.depth += 1;
                }
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        let end = &chunk[start..=at];
                        if self.kept.is_empty() {
                            each(end)?;
                        } else {
                            self.kept.extend_from_slice(end);
                            each(&self.kept)?;
                            self.kept.clear();
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        if self.depth > 0 {
            self.kept.extend_from_slice(&chunk[start..]);
        }
        Ok(())
    }

    /// Whether the list's end has come.
    pub(crate) fn are_complete(&self) -> bool {
        self.has_ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_the_same_however_the_body_is_cut() {
        let rows = [r#"{"a":"]}\\"}"#, r#"{"b":[{"c":"\"{"},[]]}"#, "{}"];
        let body = format!(r#"{{"object":"x{{","items":[{}, {},{}],"cursor":null}}"#, rows[0], rows[1], rows[2]);
        for size in 1..=body.len() {
            let mut items = Items::default();
            let mut seen = Vec::new();
            for chunk in body.as_bytes().chunks(size) {
                let each = |row: &[u8]| {
                    seen.push(String::from_utf8_lossy(row).into_owned());
                    Ok::<_, ()>(())
                };
                items.feed(chunk, each).unwrap();
            }
            assert_eq!(seen, rows, "in chunks of {size}");
            assert!(items.are_complete());
        }
    }

    #[test]
    fn a_list_that_is_cut_short_is_not_complete() {
        let mut items = Items::default();
        items.feed(br#"{"data":[{},{"a":1}"#, |_| Ok::<_, ()>(())).unwrap();
        assert!(!items.are_complete());
    }
}
