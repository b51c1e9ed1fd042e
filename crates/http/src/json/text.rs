//! A text that is borrowed from the answer where it can be.

use std::{borrow::Cow, fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A JSON string, borrowed from the answer unless it holds escapes.
///
/// `Option<Cow<str>>` would always copy: serde borrows a `Cow` only where it stands alone.
///
/// ```
/// use polyprofile_http::json::Text;
///
/// #[derive(serde::Deserialize)]
/// #[serde(default)]
/// #[derive(Default)]
/// struct Row<'a> {
///     #[serde(borrow)]
///     name: Option<Text<'a>>,
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let row: Row = serde_json::from_str(r#"{"name":"Acme"}"#)?;
/// assert_eq!(row.name.as_deref(), Some("Acme"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// A copy of its own.
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.into_owned()
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> de::Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Text;

    #[test]
    fn only_a_text_with_escapes_is_copied() {
        let plain: Text = serde_json::from_str(r#""Acme""#).expect("a string");
        assert!(matches!(plain.0, Cow::Borrowed("Acme")));
        let escaped: Text = serde_json::from_str(r#""Ac\u006de""#).expect("a string");
        assert!(matches!(escaped.0, Cow::Owned(_)));
        assert_eq!(&*escaped, "Acme");
    }
}
