//! The owner of a linked account, as Postpress documents it: the variants that no page of other people has.
//!
//! The Telegram and X (Twitter) variants are those of other people's pages: [`telegram::Profile`](super::telegram) and
//! [`twitter::Profile`](super::twitter).

use polyprofile_core::{FieldIssue, Platform};
use polyprofile_http::json::{Unusable, read_row};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::{Map, Value};

use super::{Discriminator, Undescribed, read_variant, telegram, twitter};

/// The owner of a linked account, as `GET /users/me` answers it: every member that the document names.
///
/// Which variant it is depends on the provider behind the account. There is none for WhatsApp, Instagram and Messenger.
///
/// It is read from, and written as, the vendor's own JSON. Read so, a member of another type than documented is an
/// error; the adapter itself, when it asks Postpress, leaves out such a member alone.
///
/// ```
/// use polyprofile_postpress::{OwnerProfile, owner::ProductError};
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let text = r#"{"object":"AccountOwnerProfile","provider":"LINKEDIN","recruiter":{"error":"MULTIPLE_SESSIONS"}}"#;
/// let owner: OwnerProfile = serde_json::from_str(text)?;
///
/// let OwnerProfile::LinkedIn(member) = &owner else { unreachable!("the provider is LinkedIn") };
/// let recruiter = member.recruiter.as_ref().expect("the account has the product");
/// assert_eq!(recruiter.error, Some(ProductError::MultipleSessions));
/// assert_eq!(serde_json::to_value(&owner)?, serde_json::from_str::<serde_json::Value>(text)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerProfile {
    /// A LinkedIn member.
    LinkedIn(Box<LinkedIn>),
    /// A Telegram user.
    Telegram(Box<telegram::Profile>),
    /// An X (Twitter) account.
    Twitter(Box<twitter::Profile>),
    /// A Google mailbox.
    Gmail(Box<Gmail>),
    /// An Outlook mailbox.
    Outlook(Box<Outlook>),
    /// A mailbox over IMAP and SMTP.
    Imap(Box<Imap>),
    /// A provider that the document does not describe.
    Other {
        /// The provider as sent, where it was told.
        provider: Option<String>,
        /// The whole answer, a JSON object.
        raw: Value,
    },
}

documented! {
    /// The owner of a LinkedIn account.
    pub struct LinkedIn {
        /// The provider's internal id. It means something only to this linked account.
        pub provider_id: Option<String>,
        /// LinkedIn's name of the member: `urn:li:fsd_profile:...`.
        pub entity_urn: Option<String>,
        /// LinkedIn's other name of the member: `urn:li:member:...`.
        pub object_urn: Option<String>,
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// The last part of the page's address.
        pub public_identifier: Option<String>,
        /// The page's address.
        pub public_profile_url: Option<String>,
        /// Address of the picture.
        pub profile_picture_url: Option<String>,
        /// The line under the name.
        pub headline: Option<String>,
        /// What the member does.
        pub occupation: Option<String>,
        /// Where, in LinkedIn's words.
        pub location: Option<String>,
        /// Mail address.
        pub email: Option<String>,
        /// Pays for LinkedIn Premium.
        pub premium: Option<bool>,
        /// Anybody may write to the member.
        pub open_profile: Option<bool>,
        /// Pages that the member runs.
        pub organizations: Vec<Organization>,
        /// LinkedIn Recruiter; `None` without the product.
        pub recruiter: Option<Product>,
        /// LinkedIn Sales Navigator; `None` without the product.
        pub sales_navigator: Option<Product>,
    }

    /// A page that a LinkedIn member runs.
    pub struct Organization {
        /// Its name.
        pub name: Option<String>,
        /// Messages can be sent for it.
        pub messaging_enabled: Option<bool>,
        /// LinkedIn's name of the page.
        pub organization_urn: Option<String>,
        /// LinkedIn's name of its mailbox.
        pub mailbox_urn: Option<String>,
    }

    /// A product of LinkedIn that is signed in to on its own: it works, or says why not.
    pub struct Product {
        /// The member's seat.
        pub owner_seat_id: Option<String>,
        /// The contract that the seat is of.
        pub contract_id: Option<String>,
        /// Why the product cannot be used, although the account itself may work.
        pub error: Option<ProductError>,
    }

    /// The owner of a Google mailbox.
    pub struct Gmail {
        /// Mail address.
        pub email: Option<String>,
        /// Messages in the mailbox.
        pub messages_total: Option<u64>,
        /// Conversations in the mailbox.
        pub threads_total: Option<u64>,
        /// Addresses that can be written from.
        pub aliases: Vec<Alias>,
    }

    /// An address that a Google mailbox can write from.
    pub struct Alias {
        /// Mail address.
        pub email: Option<String>,
        /// The name beside it.
        pub display_name: Option<String>,
        /// Where answers go.
        pub reply_to: Option<String>,
        /// What is put under messages.
        pub signature: Option<String>,
        /// The mailbox's own address.
        pub is_primary: Option<bool>,
        /// Used unless another is chosen.
        pub is_default: Option<bool>,
        /// Whether the address was proved to be the owner's, in Google's words.
        pub verification_status: Option<String>,
    }

    /// The owner of an Outlook mailbox.
    pub struct Outlook {
        /// Microsoft's id.
        pub id: Option<String>,
        /// Mail address.
        pub email: Option<String>,
        /// The name shown.
        pub display_name: Option<String>,
        /// Given name.
        pub given_name: Option<String>,
        /// Family name.
        pub surname: Option<String>,
        /// The name to sign in with.
        pub user_principal_name: Option<String>,
        /// What the owner does.
        pub job_title: Option<String>,
        /// Phone number.
        pub mobile_phone: Option<String>,
        /// For example `en-US`.
        pub preferred_language: Option<String>,
    }

    /// The owner of a mailbox over IMAP and SMTP.
    pub struct Imap {
        /// How it is reached.
        pub connection_params: Option<MailServers>,
    }

    /// How a mailbox is reached.
    pub struct MailServers {
        /// Where mail is read.
        pub imap: Option<MailServer>,
        /// Where mail is sent.
        pub smtp: Option<MailServer>,
    }

    /// A mail server, as the owner signs in to it.
    pub struct MailServer {
        /// The name to sign in with, mostly a mail address.
        pub username: Option<String>,
        /// The host.
        pub host: Option<String>,
        /// The port.
        pub port: Option<u64>,
    }
}

words! {
    /// Why a product of LinkedIn cannot be used through an account.
    pub enum ProductError {
        /// LinkedIn allows one session, and another one is in use.
        MultipleSessions = "MULTIPLE_SESSIONS",
        /// The product has to be signed in to again.
        Disconnected = "DISCONNECTED",
    }
}

owned_rows!(LinkedIn, Gmail, Outlook, Imap);

impl OwnerProfile {
    /// The network or service of the account; `None` where the answer does not say.
    pub fn platform(&self) -> Option<Platform> {
        match self {
            Self::LinkedIn(_) => Some(Platform::LinkedIn),
            Self::Telegram(_) => Some(Platform::Telegram),
            Self::Twitter(_) => Some(Platform::Twitter),
            Self::Gmail(_) => Some(Platform::Google),
            Self::Outlook(_) => Some(Platform::Outlook),
            Self::Imap(_) => Some(Platform::Mail),
            Self::Other { provider, .. } => provider.as_deref().map(Platform::parse),
        }
    }

    /// Reads an answer; a member that does not fit costs only itself, and is told as an issue.
    pub(crate) fn read(body: &[u8]) -> Result<(Self, Vec<FieldIssue>), Unusable> {
        let provider = read_row::<Discriminator<'_>, _>(body, |row, _| row.provider.map(String::from))?;
        match provider.as_deref().map(Platform::parse) {
            Some(Platform::LinkedIn) => read_variant(body, Self::LinkedIn),
            Some(Platform::Telegram) => read_variant(body, Self::Telegram),
            Some(Platform::Twitter) => read_variant(body, Self::Twitter),
            Some(Platform::Google) => read_variant(body, Self::Gmail),
            Some(Platform::Outlook) => read_variant(body, Self::Outlook),
            Some(Platform::Mail) => read_variant(body, Self::Imap),
            _ => {
                read_variant(body, |raw: Box<Undescribed>| Self::Other { provider: raw.provider(), raw: raw.0.into() })
            }
        }
    }
}

impl<'de> Deserialize<'de> for OwnerProfile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Map::deserialize(deserializer)?;
        let provider = raw.get("provider").and_then(Value::as_str).map(str::to_owned);
        let raw = Value::from(raw);
        match provider.as_deref().map(Platform::parse) {
            Some(Platform::LinkedIn) => serde_json::from_value(raw).map(Self::LinkedIn),
            Some(Platform::Telegram) => serde_json::from_value(raw).map(Self::Telegram),
            Some(Platform::Twitter) => serde_json::from_value(raw).map(Self::Twitter),
            Some(Platform::Google) => serde_json::from_value(raw).map(Self::Gmail),
            Some(Platform::Outlook) => serde_json::from_value(raw).map(Self::Outlook),
            Some(Platform::Mail) => serde_json::from_value(raw).map(Self::Imap),
            _ => Ok(Self::Other { provider, raw }),
        }
        .map_err(D::Error::custom)
    }
}

impl Serialize for OwnerProfile {
    /// By hand, because two of the variants name another object when they stand alone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (provider, members) = match self {
            Self::LinkedIn(owner) => ("LINKEDIN", serde_json::to_value(owner)),
            Self::Telegram(owner) => ("TELEGRAM", serde_json::to_value(owner)),
            Self::Twitter(owner) => ("TWITTER", serde_json::to_value(owner)),
            Self::Gmail(owner) => ("GMAIL", serde_json::to_value(owner)),
            Self::Outlook(owner) => ("OUTLOOK", serde_json::to_value(owner)),
            Self::Imap(owner) => ("IMAP", serde_json::to_value(owner)),
            Self::Other { raw, .. } => return raw.serialize(serializer),
        };
        let mut members = members.map_err(S::Error::custom)?;
        members["object"] = "AccountOwnerProfile".into();
        members["provider"] = provider.into();
        members.serialize(serializer)
    }
}
