//! The parts of the model, every field by name.

use super::{
    bytes::{Reader, Writer},
    parts::{Fields, Packed, SharedMoment, packed_choices, packed_structs, packed_words},
};
use crate::{
    audience::Audience,
    expiry::{Expiry, ReportedDays},
    ids::{GroupId, PlacementId, ProfileId},
    issue::{FieldIssue, IssueKind},
    person::{
        Certification, Contact, Education, IncompleteList, Language, Link, Locale, PartialDate, Person, Picture,
        PictureKind, Position, Skill, ViewerRelation,
    },
    platform::Platform,
    profile::{ConnectedPlatform, ConnectionStatus, Profile, Relation},
    stats::{Metric, StatsScope, StatsSnapshot},
};

packed_structs! {
    Profile { id, name, connected_platforms, group, created_at, vendor, stats, issues }
    ConnectedPlatform {
        platform, username, display_name, avatar_url, status, expiry, post_count, status_reason, connected_at, account_id,
        profile_url, audience, person, relation,
    }
    Audience { followers, following, posts, connections, recorded_at, shared_connections, likes, listed, views }
    StatsSnapshot { scope, metrics, raw, recorded_at }
    FieldIssue { path, kind, message, found }
    Person {
        first_name, last_name, full_name, headline, location, pictures, is_premium, summary, relation, links, positions,
        education, skills, languages, certifications, contact, incomplete, category, pronouns, birthday, locale,
        account_created_at, is_verified, is_private, is_business, is_bot,
    }
    Locale { language, country }
    Position {
        title, organization, location, start, end, description, organization_url, is_current, is_volunteering,
    }
    Education { school, degree, field_of_study, start, end, school_url }
    Contact { emails, phones, addresses, socials }
    ViewerRelation { distance, is_self, is_contact, contacts_since, following, followed_by, invitation }
    Link { url, label }
    Picture { url, kind }
    Skill { name, endorsements }
    Language { name, proficiency }
    Certification { name, organization, url }
    IncompleteList { list, received, total, throttled }
    PartialDate { raw, year, month, day }
}

packed_choices! {
    IssueKind {
        Missing, WrongType, Unreadable, OutOfRange, Coerced, Repeated, InvalidUtf8, Contradiction, Truncated,
    }
    Metric {
        Followers, Following, Posts, Likes, Comments, Shares, Quotes, Clicks, Views, Impressions, Reach, Engagement, Listed,
        Boards,
    }
    PictureKind { Avatar, AvatarLarge, Background }
}

packed_words! {
    ConnectionStatus: Active
    Platform: LinkedIn
}

/// Never usual, and of two parts only: no bits.
impl Packed for ProfileId {
    fn usual() -> Self {
        Self { provider: crate::ids::ProviderId::new(""), key: String::new() }
    }

    fn is_usual(&self) -> bool {
        false
    }

    fn write(&self, to: &mut Writer<'_>) {
        let Self { provider, key } = self;
        to.provider(provider);
        key.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self { provider: from.provider(), key: Packed::read(from) }
    }
}

impl Packed for GroupId {
    fn usual() -> Self {
        Self::new("")
    }

    fn is_usual(&self) -> bool {
        self.as_str().is_empty()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.text(self.as_str());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self::new(from.text())
    }
}

/// What an enum with data begins with.
mod tag {
    pub(super) const CONNECTED: u8 = 0;
    pub(super) const LOOKED_UP: u8 = 1;

    pub(super) const ACCOUNT: u8 = 0;
    pub(super) const SUMMARY: u8 = 1;
    pub(super) const PLACEMENT: u8 = 2;

    pub(super) const NOT_REPORTED: u8 = 0;
    pub(super) const NO_DEADLINE: u8 = 1;
    pub(super) const AT: u8 = 2;
    pub(super) const AT_WITH_DAYS: u8 = 3;
    pub(super) const IN_DAYS: u8 = 4;
    pub(super) const UNREADABLE: u8 = 5;
}

impl Packed for Relation {
    fn usual() -> Self {
        Self::Connected
    }

    fn is_usual(&self) -> bool {
        *self == Self::Connected
    }

    fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::Connected => to.byte(tag::CONNECTED),
            Self::LookedUp { through } => {
                to.byte(tag::LOOKED_UP);
                through.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            tag::LOOKED_UP => Self::LookedUp { through: Packed::read(from) },
            // `CONNECTED`; nothing else was written.
            _ => Self::Connected,
        }
    }
}

impl Packed for StatsScope {
    fn usual() -> Self {
        Self::Account
    }

    fn is_usual(&self) -> bool {
        *self == Self::Account
    }

    fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::Account => to.byte(tag::ACCOUNT),
            Self::Summary => to.byte(tag::SUMMARY),
            Self::Placement(placement) => {
                to.byte(tag::PLACEMENT);
                to.text(placement.as_str());
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            tag::SUMMARY => Self::Summary,
            tag::PLACEMENT => Self::Placement(PlacementId::new(from.text())),
            // `ACCOUNT`; nothing else was written.
            _ => Self::Account,
        }
    }
}

impl Packed for Expiry {
    fn usual() -> Self {
        Self::NotReported
    }

    fn is_usual(&self) -> bool {
        matches!(self, Self::NotReported)
    }

    fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::NotReported => to.byte(tag::NOT_REPORTED),
            Self::NoDeadline => to.byte(tag::NO_DEADLINE),
            Self::At { at, reported: None } => {
                to.byte(tag::AT);
                at.write(to);
            }
            Self::At { at, reported: Some(ReportedDays { days, seen_at }) } => {
                to.byte(tag::AT_WITH_DAYS);
                at.write(to);
                days.write(to);
                SharedMoment(*seen_at).write(to);
            }
            Self::InDays { days, seen_at } => {
                to.byte(tag::IN_DAYS);
                days.write(to);
                SharedMoment(*seen_at).write(to);
            }
            Self::Unreadable { raw } => {
                to.byte(tag::UNREADABLE);
                raw.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            tag::NO_DEADLINE => Self::NoDeadline,
            tag::AT => Self::At { at: Packed::read(from), reported: None },
            tag::AT_WITH_DAYS => {
                let at = Packed::read(from);
                let reported = ReportedDays { days: Packed::read(from), seen_at: SharedMoment::read(from) };
                Self::At { at, reported: Some(reported) }
            }
            tag::IN_DAYS => Self::InDays { days: Packed::read(from), seen_at: SharedMoment::read(from) },
            tag::UNREADABLE => Self::Unreadable { raw: Packed::read(from) },
            // `NOT_REPORTED`; nothing else was written.
            _ => Self::NotReported,
        }
    }
}
