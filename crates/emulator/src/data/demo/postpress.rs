//! The agency's account at Postpress.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::clock;
use crate::data::people;
use crate::postpress::Store;

/// A linked account: its type, id and name, how many days ago it was linked, and its sources with their status.
type Row = (&'static str, &'static str, &'static str, i64, &'static [(&'static str, &'static str)]);

const LINKEDIN_ACCOUNT: &str = "acc_linkedin_kestrel";

const ROWS: [Row; 12] = [
    ("LINKEDIN", LINKEDIN_ACCOUNT, "Sigrid Halvorsen", 210, &[("MESSAGING", "OK")]),
    ("LINKEDIN", "acc_linkedin_jonas", "Jonas Eide", 95, &[("MESSAGING", "CREDENTIALS")]),
    ("INSTAGRAM", "acc_instagram_kestrel", "kestrelcoffee", 180, &[("MESSAGING", "OK")]),
    ("TELEGRAM", "acc_telegram_sigrid", "Sigrid Halvorsen", 44, &[("MESSAGING", "OK")]),
    ("TWITTER", "acc_twitter_kestrel", "kestrelcoffee", 61, &[("MESSAGING", "OK")]),
    ("WHATSAPP", "acc_whatsapp_orders", "+47 555 01 000", 0, &[("MESSAGING", "CONNECTING")]),
    ("WHATSAPP", "acc_whatsapp_studio", "+46 555 02 000", 33, &[("MESSAGING", "OK")]),
    ("GOOGLE_OAUTH", "acc_google_office", "Kestrel Office", 150, &[("MAILS", "OK"), ("CALENDAR", "PERMISSIONS")]),
    ("GOOGLE_OAUTH", "acc_google_lumen", "Lumen Studio", 12, &[("MAILS", "PERMISSIONS")]),
    ("OUTLOOK", "acc_outlook_fjord", "Fjord Outdoor", 400, &[("MAILS", "STOPPED")]),
    ("MESSENGER", "acc_messenger_fjord", "Fjord Outdoor", 77, &[("MESSAGING", "ERROR")]),
    // No source at all, which the vendor's schema allows.
    ("MAIL", "acc_mail_archive", "Archive", 700, &[]),
];

pub(in crate::data) fn account(now: DateTime<Utc>) -> Store {
    Store {
        accounts: ROWS.iter().map(|row| shape(row, now)).collect(),
        people: people::all(true),
        linkedin_account: LINKEDIN_ACCOUNT.to_owned(),
        ..Store::default()
    }
}

fn shape((kind, id, name, days_ago, sources): &Row, now: DateTime<Utc>) -> Value {
    let sources: Vec<Value> =
        sources.iter().map(|(part, status)| json!({"id": format!("{id}_{part}"), "status": status})).collect();
    json!({
        "object": "Account",
        "type": kind,
        "id": id,
        "name": name,
        "created_at": clock::milliseconds(now - Duration::days(*days_ago)),
        "groups": [],
        "sources": sources,
        "connection_params": people::connection_params(kind, name),
    })
}
