//! Any JSON, with a leaning to what vendors send where something else belongs.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Any value, up to a few levels deep.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    any_scalar().prop_recursive(3, 24, 4, |inner| {
        let members = prop::collection::btree_map("[a-z_]{0,12}", inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Anything but null.
#[allow(dead_code, reason = "Postpress says nothing by null")]
pub(crate) fn any_json_but_null() -> impl Strategy<Value = Value> {
    any_json().prop_filter("null", |value| !value.is_null())
}

fn any_scalar() -> impl Strategy<Value = Value> {
    let words = [
        "",
        " ",
        "active",
        "ACTIVE",
        "expired",
        "OK",
        "null",
        "never",
        "0000-00-00",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "2025-03-30T02:30:00+01:00",
        "1740918600",
        "\u{202e}\u{0}\u{7}",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![json!(0), json!(-1), json!(-0.0), json!(1e300), json!(1_740_918_600_000_i64)]),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ]
}
