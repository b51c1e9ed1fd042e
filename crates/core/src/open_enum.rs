//! Enums that mirror what vendors send: the known values have a variant, any other is kept as sent.

/// Declares a plain-string enum whose last variant, `Other`, keeps an unknown value as sent.
///
/// Serializes as its string, both ways. `"text" | "alias"` lists the spellings that are read;
/// the first one is written. Spellings are compared without regard to ASCII case, and `-` and blank
/// count as `_`.
///
/// An `Other` that would be read as a known value, because a vendor uses one of our words in a sense of
/// its own, is written behind `other:`: what is read back is what was written.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not know, exactly as it was sent. Use `parse` to make one:
            /// a known value kept in here is judged as unknown.
            Other(String),
        }

        impl $name {
            /// Every value but [`Self::Other`].
            #[allow(dead_code, reason = "not every list of words is packed")]
            pub(crate) const KNOWN: &'static [Self] = &[$( Self::$variant ),+];

            /// The normalized spelling; for [`Self::Other`] the text as it was sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }

            /// Reads any known spelling, in any case; everything else becomes [`Self::Other`].
            pub fn parse(text: &str) -> Self {
                Self::from_exact(text)
                    .or_else(|| crate::open_enum::with_normal_spelling(text, Self::from_exact))
                    .unwrap_or_else(|| Self::Other(text.to_owned()))
            }

            fn from_exact(text: &str) -> Option<Self> {
                match text {
                    $( $text $(| $alias)* => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                match self {
                    Self::Other(text) if Self::read(text) != *self => {
                        serializer.collect_str(&format_args!("{}{text}", crate::open_enum::OTHER))
                    }
                    _ => serializer.serialize_str(self.as_str()),
                }
            }
        }

        impl $name {
            /// Reads what was serialized.
            fn read(text: &str) -> Self {
                match text.strip_prefix(crate::open_enum::OTHER) {
                    Some(other) => Self::Other(other.to_owned()),
                    None => Self::parse(text),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                deserializer.deserialize_str(crate::open_enum::TextVisitor(Self::read))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": "One of the known values, or another one as the vendor sent it; \
                                    behind `other:` where it would read as a known one.",
                    "examples": [$($text),+],
                })
            }
        }
    };
}

pub(crate) use open_enum;

/// What an unknown value is written behind, where it would be read as a known one.
pub(crate) const OTHER: &str = "other:";

/// Calls `parse` with `text` in lower case and with `_` for `-` and blank; `None` where that is no new spelling.
pub(crate) fn with_normal_spelling<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    // No known spelling is longer; a hostile megabyte is not worth a copy.
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return None;
    }
    let spelling: String = text
        .chars()
        .map(|character| match character {
            '-' | ' ' => '_',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    parse(&spelling)
}

/// Reads a string without copying it first.
pub(crate) struct TextVisitor<T>(pub(crate) fn(&str) -> T);

impl<T> serde::de::Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}

#[cfg(test)]
mod tests {
    use crate::{ConnectionStatus, Platform};

    #[test]
    fn what_is_written_is_read_back_and_a_known_word_is_no_other_one() {
        let texts =
            ["active", "ACTIVE", "needs-reconnect", "other:", "other:active", "other:other:x", "paused", "", "x"];
        for text in texts {
            let status = ConnectionStatus::Other(text.to_owned());
            let json = serde_json::to_value(&status).expect("a text");
            assert_eq!(serde_json::from_value::<ConnectionStatus>(json).expect("it was written so"), status);

            let platform = Platform::Other(text.to_owned());
            let json = serde_json::to_value(&platform).expect("a text");
            assert_eq!(serde_json::from_value::<Platform>(json).expect("it was written so"), platform);
        }
        assert_eq!(serde_json::to_value(ConnectionStatus::Active).expect("a text"), "active");
        assert_eq!(serde_json::to_value(ConnectionStatus::Other("paused".to_owned())).expect("a text"), "paused");
        assert_eq!(serde_json::to_value(ConnectionStatus::Other("Active".to_owned())).expect("a text"), "other:Active");
    }
}
