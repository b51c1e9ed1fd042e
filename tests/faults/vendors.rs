//! What each vendor answers when all is well, in the form that its documents show.

use serde_json::{Value, json};

/// A sound row in the form that `vendor` documents.
pub(crate) fn row(vendor: &str, number: usize) -> Value {
    let id = row_id(number);
    match vendor {
        "postproxy" => json!({
            "id": id,
            "name": "My Company Page",
            "platform": "facebook",
            "status": "active",
            "profile_group_id": "grp456xyz",
            "expires_at": null,
            "post_count": 42,
            "avatar_url": null,
        }),
        "postcore" => json!({
            "profileKey": id,
            "profileName": "User: john@example.com",
            "createdAt": "2025-01-01T12:00:00Z",
            "connectedPlatforms": [{
                "platform": "bluesky",
                "displayName": "johndoe.bsky.social",
                "username": "johndoe.bsky.social",
                "connectedAt": "2025-01-02T10:00:00Z",
                "expiresAt": null,
                "daysUntilExpiry": null,
                "needsReconnect": false,
            }],
        }),
        _ => json!({
            "object": "Account",
            "type": "LINKEDIN",
            "id": id,
            "name": "John Doe",
            "created_at": "2025-01-01T12:00:00.000Z",
            "groups": [],
            "sources": [{"id": "source_1", "status": "OK"}],
            "connection_params": {"im": {"id": "ACoAA1", "publicIdentifier": "johndoe", "username": "John Doe"}},
        }),
    }
}

pub(crate) fn row_id(number: usize) -> String {
    format!("row-{number:04}")
}

pub(crate) fn id_member(vendor: &str) -> &'static str {
    if vendor == "postcore" { "profileKey" } else { "id" }
}

pub(crate) fn name_member(vendor: &str) -> &'static str {
    if vendor == "postcore" { "profileName" } else { "name" }
}

/// `rows` as the whole answer of `vendor`.
pub(crate) fn envelope(vendor: &str, rows: &[Value]) -> String {
    let body = match vendor {
        "postproxy" => json!({"data": rows}),
        "postcore" => json!({"profiles": rows}),
        _ => json!({"object": "AccountList", "items": rows, "cursor": null}),
    };
    body.to_string()
}

/// `row` as the answer to a request for that one profile.
pub(crate) fn document(vendor: &str, row: &Value) -> Value {
    let mut head = row.clone();
    if vendor != "postcore" {
        return head;
    }
    let connections = head.as_object_mut().and_then(|members| members.remove("connectedPlatforms"));
    json!({"profile": head, "connectedPlatforms": connections})
}
