//! A person as their platform shows them: a short card, the same for every platform.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::issue::printable_excerpt;

/// Declares structs of the card: plain data, non-exhaustive, with public fields, none of them required.
macro_rules! card {
    ($( $(#[$meta:meta])* pub struct $name:ident { $( $(#[$field_meta:meta])* pub $field:ident: $type:ty, )+ } )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name { $( $(#[$field_meta])* pub $field: $type, )+ }

        impl $name {
            /// Nothing told yet.
            pub fn new() -> Self {
                Self::default()
            }
        }
    )+ };
}

/// The same for a part that is nothing without some of its fields: those stand above the two dots, and
/// `new` asks for them.
macro_rules! named_card {
    ($( $(#[$meta:meta])* pub struct $name:ident {
        $( $(#[$required_meta:meta])* pub $required:ident: $required_type:ty, )+
        ..
        $( $(#[$field_meta:meta])* pub $field:ident: $type:ty, )*
    } )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$required_meta])* pub $required: $required_type, )+
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $name {
            /// Nothing told beyond this.
            pub fn new($( $required: impl Into<$required_type> ),+) -> Self {
                Self { $( $required: $required.into(), )+ $( $field: Default::default(), )* }
            }
        }
    )+ };
}

card! {
    /// The normalized card of a person. What was not told is `None` or an empty list; a list that is
    /// shorter than it should be is named in [`Person::incomplete`].
    pub struct Person {
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// The whole name where the platform tells it as one.
        pub full_name: Option<String>,
        /// Pronouns, in the person's words.
        pub pronouns: Option<String>,
        /// The line under the name.
        pub headline: Option<String>,
        /// The longer text about the person.
        pub summary: Option<String>,
        /// Where the person is, in their words.
        pub location: Option<String>,
        /// What sort of account it is, as sent: `BUSINESS`, a category.
        pub category: Option<String>,
        /// Links that the person shows.
        pub links: Vec<Link>,
        /// Pictures, largest last.
        pub pictures: Vec<Picture>,
        /// Birthday; often without a year.
        pub birthday: Option<PartialDate>,
        /// Preferred language and country.
        pub locale: Option<Locale>,
        /// When the account was made on its platform.
        pub account_created_at: Option<DateTime<Utc>>,
        /// Verified by the platform.
        pub is_verified: Option<bool>,
        /// Only visible to those who were let in.
        pub is_private: Option<bool>,
        /// Pays the platform for its premium product.
        pub is_premium: Option<bool>,
        /// A business rather than a person.
        pub is_business: Option<bool>,
        /// A program rather than a person.
        pub is_bot: Option<bool>,
        /// Paid and unpaid work, in the order sent.
        pub positions: Vec<Position>,
        /// Schools, in the order sent.
        pub education: Vec<Education>,
        /// Skills, in the order sent.
        pub skills: Vec<Skill>,
        /// Languages, in the order sent.
        pub languages: Vec<Language>,
        /// Certifications, in the order sent.
        pub certifications: Vec<Certification>,
        /// How to reach the person.
        pub contact: Option<Contact>,
        /// What the person is to the account that looked.
        pub relation: Option<ViewerRelation>,
        /// Lists that hold less than there is. An empty list that is named here means "not known".
        pub incomplete: Vec<IncompleteList>,
    }

    /// Preferred language and country.
    pub struct Locale {
        /// As sent, for example `en`.
        pub language: Option<String>,
        /// As sent, for example `US`.
        pub country: Option<String>,
    }

    /// Work, paid or voluntary.
    pub struct Position {
        /// Title or role.
        pub title: Option<String>,
        /// The organization's name.
        pub organization: Option<String>,
        /// The organization's page.
        pub organization_url: Option<String>,
        /// Where.
        pub location: Option<String>,
        /// In the person's words.
        pub description: Option<String>,
        /// Unpaid work for a cause.
        pub is_volunteering: bool,
        /// Said to be held at present.
        pub is_current: Option<bool>,
        /// First day, month or year.
        pub start: Option<PartialDate>,
        /// Last day, month or year; `None` also while it goes on.
        pub end: Option<PartialDate>,
    }

    /// A school.
    pub struct Education {
        /// The school's name.
        pub school: Option<String>,
        /// The school's page.
        pub school_url: Option<String>,
        /// Degree.
        pub degree: Option<String>,
        /// Field of study.
        pub field_of_study: Option<String>,
        /// First day, month or year.
        pub start: Option<PartialDate>,
        /// Last day, month or year.
        pub end: Option<PartialDate>,
    }

    /// How to reach a person.
    pub struct Contact {
        /// Mail addresses.
        pub emails: Vec<String>,
        /// Phone numbers.
        pub phones: Vec<String>,
        /// Postal addresses.
        pub addresses: Vec<String>,
        /// Accounts elsewhere; the label names the network.
        pub socials: Vec<Link>,
    }

    /// What a person is to the account that looked them up.
    pub struct ViewerRelation {
        /// The account looked at itself.
        pub is_self: Option<bool>,
        /// Distance as sent: `SECOND_DEGREE`.
        pub distance: Option<String>,
        /// Since when the two are contacts. This is no date of a vendor connection.
        pub contacts_since: Option<DateTime<Utc>>,
        /// The two are contacts of each other.
        pub is_contact: Option<bool>,
        /// The looking account follows the person.
        pub following: Option<bool>,
        /// The person follows the looking account.
        pub followed_by: Option<bool>,
        /// A pending or past invitation, as sent: `SENT PENDING`.
        pub invitation: Option<String>,
    }
}

named_card! {
    /// A link that a person shows.
    pub struct Link {
        /// The address as sent.
        pub url: String,
        ..
        /// Its description, where told.
        pub label: Option<String>,
    }

    /// A picture of a person or their page.
    pub struct Picture {
        /// The address as sent; it may stop working after a while.
        pub url: String,
        /// What it shows and how large.
        pub kind: PictureKind,
        ..
    }

    /// A skill.
    pub struct Skill {
        /// Its name.
        pub name: String,
        ..
        /// How many people endorsed it.
        pub endorsements: Option<u64>,
    }

    /// A language.
    pub struct Language {
        /// Its name.
        pub name: String,
        ..
        /// How well, as sent: `NATIVE_OR_BILINGUAL`.
        pub proficiency: Option<String>,
    }

    /// A certification.
    pub struct Certification {
        /// Its name.
        pub name: String,
        ..
        /// Who gave it.
        pub organization: Option<String>,
        /// Its page.
        pub url: Option<String>,
    }

    /// A list that holds less than there is.
    pub struct IncompleteList {
        /// The vendor's name of the list: `work_experience`.
        pub list: String,
        /// How many entries came.
        pub received: u64,
        ..
        /// How many there are, where told.
        pub total: Option<u64>,
        /// The platform held the list back because it was asked too often.
        pub throttled: bool,
    }
}

/// What a [`Picture`] shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PictureKind {
    /// The profile picture.
    #[default]
    Avatar,
    /// The profile picture in its largest size.
    AvatarLarge,
    /// The picture behind the page's head.
    Background,
}

/// A date of which only a part may be known, and the text it was read from.
///
/// Platforms send `2022-04`, `2010`, `11/1/2021` (month first) and more. A text in another form
/// keeps its `raw` and has no parts: nothing is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PartialDate {
    /// As sent, cut to 80 characters, and then ended with `…`.
    pub raw: String,
    /// Year, four digits.
    pub year: Option<i32>,
    /// Month, 1 to 12.
    pub month: Option<u32>,
    /// Day of the month, 1 to 31.
    pub day: Option<u32>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (also with a time behind it), `M/D/YYYY` and `M/YYYY`.
    ///
    /// ```
    /// use polyprofile_core::PartialDate;
    ///
    /// let start = PartialDate::parse("11/1/2021");
    /// assert_eq!((start.year, start.month, start.day), (Some(2021), Some(11), Some(1)));
    /// assert_eq!(PartialDate::parse("last spring").year, None);
    /// ```
    pub fn parse(raw: &str) -> Self {
        let parts = dashed(raw).or_else(|| slashed(raw)).filter(Parts::are_possible);
        let Parts { year, month, day } = parts.unwrap_or_default();
        Self { raw: printable_excerpt(raw, 80), year, month, day }
    }

    /// A birthday without a year, as LinkedIn shows it. Parts that are no month or day stay away.
    pub fn month_and_day(month: u32, day: u32) -> Self {
        let parts = Parts { year: None, month: Some(month), day: Some(day) };
        let raw = format!("--{month:02}-{day:02}");
        if parts.are_possible() {
            Self { raw, year: None, month: Some(month), day: Some(day) }
        } else {
            Self { raw, ..Self::default() }
        }
    }
}

#[derive(Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

impl Parts {
    /// Whether such a day can exist; a year that is not told may be a leap year.
    fn are_possible(&self) -> bool {
        NaiveDate::from_ymd_opt(self.year.unwrap_or(2000), self.month.unwrap_or(1), self.day.unwrap_or(1)).is_some()
    }
}

fn dashed(raw: &str) -> Option<Parts> {
    let date = raw.split(['T', 't', ' ']).next()?;
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4..=4)?;
    let month = parts.next().map(|text| digits(text, 1..=2));
    let day = parts.next().map(|text| digits(text, 1..=2));
    if parts.next().is_some() || month == Some(None) || day == Some(None) {
        return None;
    }
    Some(Parts { year: i32::try_from(year).ok(), month: month.flatten(), day: day.flatten() })
}

fn slashed(raw: &str) -> Option<Parts> {
    let numbers: Vec<&str> = raw.split('/').collect();
    let (month, day, year) = match numbers[..] {
        [month, year] => (month, None, year),
        [month, day, year] => (month, Some(digits(day, 1..=2)?), year),
        _ => return None,
    };
    Some(Parts { year: i32::try_from(digits(year, 4..=4)?).ok(), month: Some(digits(month, 1..=2)?), day })
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::PartialDate;

    #[test]
    fn the_forms_seen_in_answers_are_read() {
        let rows = [
            ("2022-04", Some(2022), Some(4), None),
            ("2010", Some(2010), None, None),
            ("11/1/2021", Some(2021), Some(11), Some(1)),
            ("4/2022", Some(2022), Some(4), None),
            ("2014-05-06", Some(2014), Some(5), Some(6)),
            ("2014-05-06T10:00:00.000Z", Some(2014), Some(5), Some(6)),
        ];
        for (raw, year, month, day) in rows {
            let date = PartialDate::parse(raw);
            assert_eq!((date.year, date.month, date.day), (year, month, day), "{raw}");
            assert_eq!(date.raw, raw);
        }
    }

    #[test]
    fn what_is_no_date_keeps_its_text_and_guesses_nothing() {
        for raw in ["", "Present", "2022-13", "2022-02-30", "13/1/2021", "20", "20221", "1/2/3/4", "2022-4-5-6", "٢٠٢٢"]
        {
            let date = PartialDate::parse(raw);
            assert_eq!((date.year, date.month, date.day), (None, None, None), "{raw}");
            assert_eq!(date.raw, raw);
        }
    }

    #[test]
    fn a_birthday_may_be_the_leap_day_and_no_thirteenth_month() {
        assert_eq!(PartialDate::month_and_day(2, 29).day, Some(29));
        assert_eq!(PartialDate::month_and_day(13, 1).month, None);
    }
}
