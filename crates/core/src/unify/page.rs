//! The address of a page, taken apart without asking anybody.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Parameters that say where a visitor came from and never who is visited.
const TRACKING: [&str; 7] = ["fbclid", "gclid", "igsh", "igshid", "mibextid", "ref_src", "trk"];

/// The parts of an address that name an account. Addresses without a scheme are read too: vendors and
/// people write them so.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// In lower case, without user, port, `www.`, `m.` or `mobile.`.
    pub(super) host: String,
    /// The steps of the path that are not empty, percent-decoded.
    pub(super) steps: Vec<Cow<'a, str>>,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// `None` for what is no address of the web.
    pub(super) fn read(address: &'a str) -> Option<Self> {
        let rest = match address.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") => rest,
            Some(_) => return None,
            None => address.strip_prefix("//").unwrap_or(address),
        };
        let (rest, fragment) = split_at(rest, '#');
        let (rest, query) = split_at(rest, '?');
        let (authority, path) = split_at(rest, '/');
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        let is_fit = |host: &str| host.contains('.') && !host.starts_with('.') && !host.contains(char::is_whitespace);
        if !is_fit(&host) {
            return None;
        }
        // `m.me` is no page for phones.
        let without = |prefix: &&str| host.strip_prefix(prefix).filter(|rest| rest.contains('.'));
        let host = ["www.", "m.", "mobile."].iter().find_map(without).unwrap_or(&host);
        let steps = path.unwrap_or_default().split('/').filter(|step| !step.is_empty()).map(decoded).collect();
        Some(Self { host: host.to_owned(), steps, query, fragment })
    }

    /// The step at `place`, or an empty text.
    pub(super) fn step(&self, place: usize) -> &str {
        self.steps.get(place).map_or("", |step| step)
    }

    /// The value of a parameter of the query, as it stands there.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        let pairs = self.query?.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
    }

    /// The address in one spelling, for a page whose form says nothing; `None` for the front page of a
    /// site, which is nobody's own.
    ///
    /// Scheme, `www.`, trailing slashes, the order of parameters and those that only track visitors make
    /// no difference. Everything else does.
    pub(super) fn spelling(&self) -> Option<String> {
        let mut parameters: Vec<&str> =
            self.query.unwrap_or_default().split('&').filter(|one| is_telling(one)).collect();
        parameters.sort_unstable();
        let fragment = self.fragment.filter(|fragment| !fragment.is_empty());
        if self.steps.is_empty() && parameters.is_empty() && fragment.is_none() {
            return None;
        }
        let mut spelling = self.host.clone();
        for step in &self.steps {
            spelling.push('/');
            spelling.push_str(step);
        }
        if !parameters.is_empty() {
            spelling.push('?');
            spelling.push_str(&parameters.join("&"));
        }
        if let Some(fragment) = fragment {
            spelling.push('#');
            spelling.push_str(fragment);
        }
        Some(spelling)
    }
}

/// The text with its percent-encoding undone, once; as it stands where that gives no text.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

fn split_at(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_telling(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    !name.is_empty() && !name.starts_with("utm_") && !TRACKING.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::Page;

    fn spelling(address: &str) -> Option<String> {
        Page::read(address).and_then(|page| page.spelling())
    }

    #[test]
    fn spellings_of_one_page_are_one() {
        for address in [
            "https://example.com/a/b?x=1&y=2",
            "HTTP://WWW.Example.com:443/a//b/?y=2&x=1&utm_source=mail&fbclid=7#",
            "//user@example.com./a/%62?x=1&&y=2",
            "m.example.com/a/b/?x=1&y=2",
        ] {
            assert_eq!(spelling(address).as_deref(), Some("example.com/a/b?x=1&y=2"), "{address}");
        }
    }

    #[test]
    fn what_may_name_somebody_else_stays() {
        let pages = ["example.com/a", "example.com/A", "example.com/a?id=1", "example.com/a#b", "a.example.com/a"];
        let spellings: std::collections::HashSet<_> = pages.into_iter().map(spelling).collect();
        assert_eq!(spellings.len(), pages.len());
    }

    #[test]
    fn a_front_page_is_nobodys_own_and_other_things_are_no_pages() {
        for address in
            ["https://example.com", "https://www.example.com/?utm_source=x", "kestrel", "", "tg://x.y/z", ". ./a"]
        {
            assert_eq!(spelling(address), None, "{address}");
        }
    }

    #[test]
    fn percent_encoding_is_undone_once_and_only_where_it_is_text() {
        let page = Page::read("https://example.com/m%C3%BCller/%2541/%FF").expect("an address");
        assert_eq!(page.steps, ["müller", "%41", "%FF"]);
    }
}
