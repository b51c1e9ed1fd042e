//! The JSON of Postpress, as documented. Only this file and its modules know the vendor's names.
//!
//! Every member is optional here, whatever the document promises: in practice "required" members come as null (the
//! document's own example has `"end": null`), and a row that does not fit is read member by member. Null and absent
//! mean the same.

use std::fmt;

use polyprofile_core::{FieldIssue, Platform};
use polyprofile_http::json::{Envelope, RowType, Text, Unusable, read_row};
use serde::{Deserialize, Deserializer, Serialize, de, de::DeserializeOwned, de::Error as _};
use serde_json::{Map, Value};

/// Declares structs of the public typed profile: data as documented, every member optional, written back without the
/// members that were not told.
macro_rules! documented {
    ($( $(#[$meta:meta])* pub struct $name:ident {
        $( $(#[$field_meta:meta])* pub $field:ident: $type:ty, )+
    } )+) => { $(
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        $(#[$meta])*
        #[serde(default)]
        #[non_exhaustive]
        pub struct $name { $(
            $(#[$field_meta])*
            #[serde(deserialize_with = "crate::wire::null_as_default", skip_serializing_if = "crate::wire::is_default")]
            pub $field: $type,
        )+ }
    )+ };
}

/// Declares enums of the words that the document lists; another word is kept as sent.
macro_rules! words {
    ($( $(#[$meta:meta])* $visibility:vis enum $name:ident {
        $( $(#[$variant_meta:meta])* $variant:ident = $text:literal $(| $alias:literal)?, )+
    } )+) => { $(
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        $(#[$meta])*
        #[non_exhaustive]
        $visibility enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $text $(, alias = $alias)?)] $variant, )+
            /// A word that the document does not list, exactly as it was sent.
            #[serde(untagged)]
            Other(String),
        }

        impl $name {
            /// The word as the document spells it; for [`Self::Other`] as it was sent.
            $visibility fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }
    )+ };
}

/// The variants own what they hold, so one struct serves every lifetime.
macro_rules! owned_rows {
    ($($row:ty),+) => { $( impl polyprofile_http::json::RowType for $row { type Row<'de> = Self; } )+ };
}

mod account;
mod hosted;
pub mod instagram;
pub mod linkedin;
pub mod owner;
pub mod telegram;
pub mod twitter;
pub mod whatsapp;

pub(crate) use account::{Access, Account, ConnectionParams, SourceStatus};
pub(crate) use hosted::{Deletion, HostedLink, HostedUrl, Providers, Purpose, callback};
pub use owner::OwnerProfile;

/// `GET /accounts` answers `{"items": [..], "cursor": ..}` by its reference page, and `{"data": [..], "next_cursor":
/// ..}` by the quickstart.
pub(crate) static ACCOUNTS: Envelope = Envelope { items: &["items", "data"], keep: CURSORS };

/// Members that hold the cursor of the next page; null at the end.
pub(crate) const CURSORS: &[&str] = &["cursor", "next_cursor"];

/// Somebody's page on a network, as `GET /users/{identifier}` answers it: every member that the document names.
///
/// Which variant it is depends on the provider behind the linked account that looked.
///
/// It is read from, and written as, the vendor's own JSON. Read so, a member of another type than documented is an
/// error; the adapter itself, when it asks Postpress, leaves out such a member alone.
///
/// ```
/// use polyprofile_postpress::UserProfile;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let text = r#"{"object":"UserProfile","provider":"WHATSAPP","id":"33612345678@s.whatsapp.net","is_business":true}"#;
/// let profile: UserProfile = serde_json::from_str(text)?;
///
/// let UserProfile::WhatsApp(whatsapp) = &profile else { unreachable!("the provider is WhatsApp") };
/// assert_eq!(whatsapp.is_business, Some(true));
/// assert_eq!(serde_json::to_value(&profile)?, serde_json::from_str::<serde_json::Value>(text)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "provider", rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum UserProfile {
    /// A LinkedIn member.
    LinkedIn(Box<linkedin::Profile>),
    /// A WhatsApp account.
    WhatsApp(Box<whatsapp::Profile>),
    /// An Instagram account.
    Instagram(Box<instagram::Profile>),
    /// A Telegram user or bot.
    Telegram(Box<telegram::Profile>),
    /// An X (Twitter) account.
    Twitter(Box<twitter::Profile>),
    /// A provider that the document does not describe.
    #[serde(untagged)]
    Other {
        /// The provider as sent, where it was told.
        #[serde(skip)]
        provider: Option<String>,
        /// The whole answer, a JSON object.
        #[serde(flatten)]
        raw: Value,
    },
}

impl UserProfile {
    /// The network that the page is on; `None` where the answer does not say.
    pub fn platform(&self) -> Option<Platform> {
        match self {
            Self::LinkedIn(_) => Some(Platform::LinkedIn),
            Self::WhatsApp(_) => Some(Platform::WhatsApp),
            Self::Instagram(_) => Some(Platform::Instagram),
            Self::Telegram(_) => Some(Platform::Telegram),
            Self::Twitter(_) => Some(Platform::Twitter),
            Self::Other { provider, .. } => provider.as_deref().map(Platform::parse),
        }
    }

    /// Reads an answer; a member that does not fit costs only itself, and is told as an issue.
    ///
    /// In two steps, first the provider and then its struct: an enum cannot be read member by member.
    pub(crate) fn read(body: &[u8]) -> Result<(Self, Vec<FieldIssue>), Unusable> {
        let provider = read_row::<Discriminator<'_>, _>(body, |row, _| row.provider.map(String::from))?;
        match provider.as_deref().map(Platform::parse) {
            Some(Platform::LinkedIn) => read_variant(body, Self::LinkedIn),
            Some(Platform::WhatsApp) => read_variant(body, Self::WhatsApp),
            Some(Platform::Instagram) => read_variant(body, Self::Instagram),
            Some(Platform::Telegram) => read_variant(body, Self::Telegram),
            Some(Platform::Twitter) => read_variant(body, Self::Twitter),
            _ => {
                read_variant(body, |raw: Box<Undescribed>| Self::Other { provider: raw.provider(), raw: raw.0.into() })
            }
        }
    }
}

impl<'de> Deserialize<'de> for UserProfile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Map::deserialize(deserializer)?;
        let provider = raw.get("provider").and_then(Value::as_str).map(str::to_owned);
        let raw = Value::from(raw);
        match provider.as_deref().map(Platform::parse) {
            Some(Platform::LinkedIn) => serde_json::from_value(raw).map(Self::LinkedIn),
            Some(Platform::WhatsApp) => serde_json::from_value(raw).map(Self::WhatsApp),
            Some(Platform::Instagram) => serde_json::from_value(raw).map(Self::Instagram),
            Some(Platform::Telegram) => serde_json::from_value(raw).map(Self::Telegram),
            Some(Platform::Twitter) => serde_json::from_value(raw).map(Self::Twitter),
            _ => Ok(Self::Other { provider, raw }),
        }
        .map_err(D::Error::custom)
    }
}

/// What tells the variants of [`UserProfile`] apart.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Discriminator<'a> {
    #[serde(borrow)]
    provider: Option<Text<'a>>,
}

impl RowType for Discriminator<'_> {
    type Row<'de> = Discriminator<'de>;
}

/// An answer that no struct describes. Of a repeated member the first counts, as it does where a struct does.
struct Undescribed(Map<String, Value>);

impl Undescribed {
    /// The provider as it is in the answer.
    fn provider(&self) -> Option<String> {
        self.0.get("provider").and_then(Value::as_str).map(str::to_owned)
    }
}

impl<'de> Deserialize<'de> for Undescribed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FirstCounts;

        impl<'de> de::Visitor<'de> for FirstCounts {
            type Value = Undescribed;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Undescribed, A::Error> {
                let mut raw = Map::new();
                while let Some((name, value)) = members.next_entry::<String, Value>()? {
                    raw.entry(name).or_insert(value);
                }
                Ok(Undescribed(raw))
            }
        }

        deserializer.deserialize_map(FirstCounts)
    }
}

owned_rows!(linkedin::Profile, whatsapp::Profile, instagram::Profile, telegram::Profile, twitter::Profile, Undescribed);

/// The body of an answer that is no success, in both shapes that the documents give it: the reference pages have the
/// members at the top, the quickstart has them inside `error`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody<'a> {
    /// "Error type identifier": `errors/disconnected_account`.
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    /// "Short error title."
    pub(crate) title: Option<Text<'a>>,
    /// "Human-readable explanation."
    pub(crate) detail: Option<Text<'a>>,
    /// "Request identifier for support."
    pub(crate) instance: Option<Text<'a>>,
    /// The quickstart's shape.
    pub(crate) error: Option<QuickstartError<'a>>,
}

/// An error as the quickstart shows it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QuickstartError<'a> {
    /// What the reference pages call `type`, without their prefix: `key_missing`.
    #[serde(borrow)]
    pub(crate) code: Option<Text<'a>>,
    /// What happened, in words.
    pub(crate) message: Option<Text<'a>>,
    /// What the vendor's support asks for.
    pub(crate) request_id: Option<Text<'a>>,
}

impl RowType for ErrorBody<'_> {
    type Row<'de> = ErrorBody<'de>;
}

/// The members of `profile` that are still told, under the vendor's names: what a mapping left in it.
pub(crate) fn remaining_members(profile: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(profile) {
        Ok(Value::Object(mut members)) => {
            members.remove("object");
            members
        }
        _ => Map::new(),
    }
}

/// Takes out of an undescribed answer the key that the described ones have: `provider_id`, or else `id`.
pub(crate) fn undescribed_key(raw: &Value) -> Option<&str> {
    ["provider_id", "id"].into_iter().find_map(|name| raw.get(name)?.as_str())
}

fn read_variant<T, E>(body: &[u8], variant: impl FnOnce(Box<T>) -> E) -> Result<(E, Vec<FieldIssue>), Unusable>
where
    T: DeserializeOwned + for<'de> RowType<Row<'de> = T>,
{
    read_row::<T, _>(body, |row, issues| (variant(Box::new(row)), issues.into_iter().map(FieldIssue::from).collect()))
}

/// Reads null as if the member had not been sent.
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Whether a member was not told, or is a list without entries.
fn is_default<T: Default + PartialEq>(member: &T) -> bool {
    *member == T::default()
}

#[cfg(test)]
#[path = "../../http/tests/support/fields.rs"]
mod fields;
#[cfg(test)]
mod tests;
