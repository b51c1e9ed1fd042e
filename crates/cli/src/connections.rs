//! Connections as rows.

use chrono::{DateTime, Utc};
use polyprofile::{ConnectionReport, GroupId, ProfileReport, Relation, Verdict};

use crate::{
    grid::{Cell, Grid, Number, Tone},
    when,
};

/// The name under which people know the account.
pub(crate) fn account(profile: &ProfileReport, connection: &ConnectionReport) -> String {
    let account = &connection.connection;
    let name = account.username.as_ref().or(account.display_name.as_ref()).or(profile.profile.name.as_ref());
    name.unwrap_or(&profile.profile.id.key).clone()
}

/// Everything that speaks for the verdict, in words.
pub(crate) fn reasons(connection: &ConnectionReport) -> String {
    let reasons = connection.health.iter().flat_map(|health| &health.reasons);
    reasons.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// When the connection ends; what has ended or ends soon stands out.
pub(crate) fn expires(connection: &ConnectionReport, now: DateTime<Utc>) -> Cell {
    let tone = match connection.verdict() {
        Some(Verdict::Broken | Verdict::Warning) => Tone::Plain,
        _ => Tone::Quiet,
    };
    Cell::from(when::expiry(&connection.connection.expiry, now)).toned(tone)
}

pub(crate) fn days_left(connection: &ConnectionReport) -> Cell {
    connection.health.as_ref().and_then(|health| health.days_left).map(Number).into()
}

/// Every connection with all that a spreadsheet can hold.
pub(crate) fn records<'a>(rows: impl IntoIterator<Item = (&'a ProfileReport, &'a ConnectionReport)>) -> Grid {
    let mut grid = Grid::new([
        "provider",
        "profile_id",
        "profile_name",
        "group",
        "platform",
        "account_id",
        "username",
        "display_name",
        "profile_url",
        "relation",
        "status",
        "status_reason",
        "verdict",
        "can_post",
        "days_left",
        "expiry",
        "expires_at",
        "connected_at",
        "followers",
        "post_count",
        "reasons",
    ]);
    for (profile, connection) in rows {
        let (head, account) = (&profile.profile, &connection.connection);
        let health = connection.health.as_ref();
        grid.row([
            Cell::from(head.id.provider.as_str()),
            Cell::from(head.id.key.as_str()),
            Cell::from(head.name.as_deref()),
            Cell::from(head.group.as_ref().map(GroupId::as_str)),
            Cell::from(account.platform.as_str()),
            Cell::from(account.account_id.as_deref()),
            Cell::from(account.username.as_deref()),
            Cell::from(account.display_name.as_deref()),
            Cell::from(account.profile_url.as_deref()),
            Cell::from(if account.relation == Relation::Connected { "connected" } else { "looked_up" }),
            Cell::from(account.status.as_str()),
            Cell::from(account.status_reason.as_deref()),
            Cell::from(health.map(|health| health.verdict.as_str())),
            Cell::from(health.and_then(|health| health.can_post).map(|can| can.to_string())),
            days_left(connection),
            Cell::from(when::expiry_kind(&account.expiry)),
            Cell::from(account.expiry.date().map(when::timestamp)),
            Cell::from(account.connected_at.map(when::timestamp)),
            Cell::from(account.audience.as_ref().and_then(|audience| audience.followers).map(Number)),
            Cell::from(account.post_count.map(Number)),
            Cell::from(reasons(connection)),
        ]);
    }
    grid
}
