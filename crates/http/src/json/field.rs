//! A member that can be absent, null, or there.

use serde::{Deserialize, Deserializer};

/// A member of a JSON object, for the places where "absent" and "null" say different things.
///
/// A vendor that writes `"expires_at": null` says that a connection never expires; one that leaves the member out says
/// nothing. `Option` reads both as `None`. The field of the struct needs `#[serde(default)]`:
///
/// ```
/// use polyprofile_http::json::Field;
///
/// #[derive(serde::Deserialize)]
/// struct Connection {
///     #[serde(default)]
///     expires_at: Field<String>,
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let silent: Connection = serde_json::from_str("{}")?;
/// let unlimited: Connection = serde_json::from_str(r#"{"expires_at":null}"#)?;
/// let limited: Connection = serde_json::from_str(r#"{"expires_at":"2026-01-01"}"#)?;
///
/// assert!(silent.expires_at.is_absent());
/// assert!(unlimited.expires_at.is_null());
/// assert_eq!(limited.expires_at.into_option().as_deref(), Some("2026-01-01"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// The object has no such member.
    #[default]
    Absent,
    /// The member is there and holds `null`.
    Null,
    /// The member is there and holds a value.
    Value(T),
}

impl<T> Field<T> {
    /// The value, where there is one; absent and null are both `None`.
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Like [`as_option`](Self::as_option), by value.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the object has no such member.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the member is there and holds `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// Only a member that is there is ever deserialized, so this never gives [`Field::Absent`]: the default does.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            Some(value) => Self::Value(value),
            None => Self::Null,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[derive(serde::Deserialize)]
    struct Row {
        #[serde(default)]
        days: Field<f64>,
    }

    fn days(text: &str) -> Field<f64> {
        serde_json::from_str::<Row>(text).expect("a row").days
    }

    #[test]
    fn absent_null_and_value_stay_apart() {
        assert_eq!(days("{}"), Field::Absent);
        assert_eq!(days(r#"{"days":null}"#), Field::Null);
        assert_eq!(days(r#"{"days":-0.5}"#), Field::Value(-0.5));
    }

    #[test]
    fn a_value_of_another_type_is_an_error_and_not_null() {
        assert!(serde_json::from_str::<Row>(r#"{"days":"7"}"#).is_err());
    }

    #[test]
    fn the_helpers_agree_with_the_variants() {
        for (field, option, absent, null) in [
            (Field::Absent, None, true, false),
            (Field::Null, None, false, true),
            (Field::Value(7), Some(7), false, false),
        ] {
            assert_eq!(field.as_option(), option.as_ref());
            assert_eq!(field.into_option(), option);
            assert_eq!((field.is_absent(), field.is_null()), (absent, null));
        }
    }
}
