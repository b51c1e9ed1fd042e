//! Figures and lists in words, the same in every format.

use polyprofile::{
    Advantage, ComparedConnection, ExpiryReporting, ExpiryTelling, ExpiryTold, FieldShare, ProviderComparison,
};

/// `12.3 ms`, `2.41 s`.
pub(super) fn time(milliseconds: f64) -> String {
    match milliseconds {
        1_000.0.. => format!("{:.2} s", milliseconds / 1_000.0),
        100.0.. => format!("{milliseconds:.0} ms"),
        _ => format!("{milliseconds:.1} ms"),
    }
}

/// `512 bytes`, `2.4 KiB`.
pub(super) fn bytes(bytes: f64) -> String {
    const KIB: f64 = 1_024.0;
    const MIB: f64 = KIB * KIB;
    match bytes {
        MIB.. => format!("{:.1} MiB", bytes / MIB),
        KIB.. => format!("{:.1} KiB", bytes / KIB),
        _ => format!("{bytes:.0} bytes"),
    }
}

/// `86 %`; nothing of nobody. Only all is 100, and only nothing is 0.
pub(super) fn percent(share: &FieldShare) -> Option<String> {
    let percent = share.share? * 100.0;
    Some(match (share.filled, share.filled == share.of) {
        (0, _) => "0 %".to_owned(),
        (_, true) => "100 %".to_owned(),
        _ => format!("{:.0} %", percent.clamp(1.0, 99.0)),
    })
}

/// `3 connections`, `1 connection`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What is told about the end of connections, by number of connections.
pub(super) fn told(expiry: &ExpiryTold) -> Vec<(&'static str, u64)> {
    let kinds = [
        ("date", expiry.date),
        ("days only", expiry.days_only),
        ("no deadline", expiry.no_deadline),
        ("unreadable", expiry.unreadable),
        ("nothing", expiry.nothing),
    ];
    kinds.into_iter().filter(|(_, connections)| *connections > 0).collect()
}

pub(super) const fn telling(telling: ExpiryTelling) -> &'static str {
    match telling {
        ExpiryTelling::Date => "the date",
        ExpiryTelling::DayCount => "the days left",
        ExpiryTelling::NoDeadline => "that there is no deadline",
        _ => "something else",
    }
}

pub(super) const fn reporting(reporting: ExpiryReporting) -> &'static str {
    match reporting {
        ExpiryReporting::Date => "a date, or that there is no deadline",
        ExpiryReporting::DateAndDays => "a date, a day count, whether to sign in again",
        ExpiryReporting::NotReported => "nothing",
        _ => "something else",
    }
}

/// `LinkedIn kestrel-coffee`.
pub(super) fn connection(connection: &ComparedConnection) -> String {
    format!("{} {}", connection.key.platform.label(), connection.label())
}

/// A list that grows no longer than people read: `a, b, c and 5 more`.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// One sort of things that a provider has and others have not.
pub(super) struct Part {
    /// What they are.
    pub(super) what: &'static str,
    /// Which ones, in words.
    pub(super) names: Vec<String>,
}

impl Part {
    /// How many, and the first of them.
    pub(super) fn summary(&self) -> String {
        match self.names.len() {
            0 => String::new(),
            number => format!("{number}: {}", listed(&self.names)),
        }
    }
}

/// All sorts of them in one order, those without any too.
pub(super) fn parts(advantage: &Advantage) -> [Part; 7] {
    let Advantage { connections, ends_told, platforms, fields, operations, expiry, vendor_fields, .. } = advantage;
    let connections_in_words = |connections: &[ComparedConnection]| connections.iter().map(connection).collect();
    let platforms = platforms.iter().map(|one| match one.connections {
        0 => one.platform.label().to_owned(),
        number => format!("{} ({number} connected)", one.platform.label()),
    });
    let part = |what, names| Part { what, names };
    [
        part("connections", connections_in_words(connections)),
        part("known ends of shared accounts", connections_in_words(ends_told)),
        part("platforms to connect", platforms.collect()),
        part("what is told about the end", expiry.iter().map(|one| telling(*one).to_owned()).collect()),
        part("fields", fields.iter().map(|field| field.label().to_owned()).collect()),
        part("operations", operations.iter().map(ToString::to_string).collect()),
        part("vendor's own fields", vendor_fields.clone()),
    ]
}

/// Everything that went wrong or does not fit together, with how often.
pub(super) fn trouble(provider: &ProviderComparison) -> Vec<(&'static str, String, u64)> {
    let errors = provider.errors.iter().map(|error| ("failed", error.to_string(), 1));
    let contradictions = provider.reasons.iter().filter_map(|count| match &count.reason {
        reason @ polyprofile::Reason::Contradiction { .. } => {
            Some(("contradiction", reason.to_string(), count.connections))
        }
        _ => None,
    });
    let issues = provider
        .issues
        .iter()
        .map(|issue| ("issue", format!("{}: {}", issue.path, issue_kind(issue.kind)), issue.count));
    let rejected =
        (provider.rejected > 0).then(|| ("rejected", "rows that could not be kept".to_owned(), provider.rejected));
    errors.chain(rejected).chain(contradictions).chain(issues).collect()
}

const fn issue_kind(kind: polyprofile::IssueKind) -> &'static str {
    use polyprofile::IssueKind;
    match kind {
        IssueKind::Missing => "missing",
        IssueKind::WrongType => "of another type than documented",
        IssueKind::Unreadable => "cannot be read",
        IssueKind::OutOfRange => "out of range",
        IssueKind::Coerced => "read in spite of its type",
        IssueKind::Repeated => "sent more than once",
        IssueKind::InvalidUtf8 => "no UTF-8",
        IssueKind::Contradiction => "contradicts another value",
        IssueKind::Truncated => "more trouble than is listed",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use polyprofile::FieldShare;

    use super::{bytes, listed, percent, time};

    #[test]
    fn figures_are_short() {
        assert_eq!([time(0.34), time(99.94), time(240.4), time(2_411.0)], ["0.3 ms", "99.9 ms", "240 ms", "2.41 s"]);
        assert_eq!([bytes(512.4), bytes(2_458.0), bytes(3_250_000.0)], ["512 bytes", "2.4 KiB", "3.1 MiB"]);
    }

    #[test]
    fn only_all_is_100_percent_and_only_nothing_is_0() {
        let share = |filled: u64, of: u64| -> FieldShare {
            let share = (of > 0).then(|| filled as f64 / of as f64);
            let json = serde_json::json!({ "field": "profile.name", "filled": filled, "of": of, "share": share });
            serde_json::from_value(json).expect("a share")
        };
        let shown = |filled, of| percent(&share(filled, of));
        assert_eq!(shown(999, 1_000).as_deref(), Some("99 %"));
        assert_eq!(shown(1, 1_000).as_deref(), Some("1 %"));
        assert_eq!([shown(0, 3), shown(3, 3), shown(2, 3)].map(Option::unwrap_or_default), ["0 %", "100 %", "67 %"]);
        assert_eq!(shown(0, 0), None);
    }

    #[test]
    fn a_long_list_is_cut() {
        let names: Vec<String> = (1..=10).map(|number| number.to_string()).collect();
        assert_eq!(listed(&names), "1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
        assert_eq!(listed(&names[..2]), "1, 2");
    }
}
