//! A LinkedIn member.

use std::mem::take;

use chrono::{DateTime, Utc};
use polyprofile_core::{
    Audience, Certification, ConnectedPlatform, Contact, Education, IncompleteList, Language, Link, Locale,
    NormalizeContext, PartialDate, Person, PictureKind, Position, Skill, ViewerRelation,
};

use super::{Page, counted, filled, joined_name, links, pictures, required_text, take_text, told};
use crate::wire::linkedin::{self as wire, Profile, Section};

impl Page for Profile {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let key = required_text("provider_id", self.provider_id.take(), context)?;

        // Before the lists themselves are taken.
        person.incomplete = incomplete_lists(self);
        describe_person(self, person);
        person.positions = positions(self);
        person.education = take(&mut self.education).into_iter().map(education).collect();
        person.skills = named("skills", take(&mut self.skills), skill, context);
        person.languages = named("languages", take(&mut self.languages), language, context);
        person.certifications = named("certifications", take(&mut self.certifications), certification, context);
        person.contact = self.contact_info.take().map(contact).and_then(filled);
        person.relation = filled(relation(self, context));

        let mut audience = Audience::new();
        audience.followers = self.follower_count.take();
        audience.connections = self.connections_count.take();
        audience.shared_connections = self.shared_connections_count.take();
        connection.audience = counted(audience);
        connection.username = take_text(&mut self.public_identifier);
        connection.display_name = joined_name(person);
        connection.profile_url = take_text(&mut self.public_profile_url);
        Some(key)
    }
}

fn describe_person(page: &mut Profile, person: &mut Person) {
    person.first_name = take_text(&mut page.first_name);
    person.last_name = take_text(&mut page.last_name);
    person.pronouns = take_text(&mut page.pronoun);
    person.headline = take_text(&mut page.headline);
    person.summary = take_text(&mut page.summary);
    person.location = take_text(&mut page.location);
    person.is_premium = page.is_premium.take();
    person.links = links(take(&mut page.websites));
    person.links.extend(page.creator_website.take().and_then(|website| link(website.url, website.description)));
    person.pictures = pictures([
        (PictureKind::Background, &mut page.background_picture_url),
        (PictureKind::Avatar, &mut page.profile_picture_url),
        (PictureKind::AvatarLarge, &mut page.profile_picture_url_large),
    ]);
    person.birthday = page.birthdate.take().and_then(|date| Some(PartialDate::month_and_day(date.month?, date.day?)));
    person.locale = page.primary_locale.take().map(locale).and_then(filled);
}

/// The lists that hold less than there is, because LinkedIn held them back or because only a part was asked for.
fn incomplete_lists(page: &mut Profile) -> Vec<IncompleteList> {
    let throttled = take(&mut page.throttled_sections);
    let no_recommendations = wire::Recommendations::default();
    let recommendations = page.recommendations.as_ref().unwrap_or(&no_recommendations);
    let described = [
        (Section::Experience, page.work_experience.len(), page.work_experience_total_count.take()),
        (
            Section::VolunteeringExperience,
            page.volunteering_experience.len(),
            page.volunteering_experience_total_count.take(),
        ),
        (Section::Education, page.education.len(), page.education_total_count.take()),
        (Section::Skills, page.skills.len(), page.skills_total_count.take()),
        (Section::Languages, page.languages.len(), page.languages_total_count.take()),
        (Section::Certifications, page.certifications.len(), page.certifications_total_count.take()),
        (Section::Projects, page.projects.len(), page.projects_total_count),
        (Section::RecommendationsReceived, recommendations.received.len(), recommendations.received_total_count),
        (Section::RecommendationsGiven, recommendations.given.len(), recommendations.given_total_count),
    ];
    // A section that the document does not list is held back all the same.
    let others = throttled.iter().filter(|section| matches!(section, Section::Other(_)));
    let others = others.map(|section| (section.clone(), 0, None));

    let lists = described.into_iter().chain(others).map(|(section, received, total)| {
        let mut list = IncompleteList::new(section.list_name(), received as u64);
        list.total = total;
        list.throttled = throttled.contains(&section);
        list
    });
    lists.filter(|list| list.throttled || list.total.is_some_and(|total| total > list.received)).collect()
}

/// Paid work first, each in the order sent.
fn positions(page: &mut Profile) -> Vec<Position> {
    let work = take(&mut page.work_experience).into_iter().map(|work| {
        let mut position = Position::new();
        position.title = told(work.position);
        position.organization = told(work.company);
        position.organization_url = told(work.company_url);
        position.location = told(work.location);
        position.description = told(work.description);
        position.is_current = work.current;
        position.start = date(work.start);
        position.end = date(work.end);
        position
    });
    let volunteering = take(&mut page.volunteering_experience).into_iter().map(|work| {
        let mut position = Position::new();
        position.title = told(work.role);
        position.organization = told(work.company);
        position.description = told(work.description);
        position.is_volunteering = true;
        position.start = date(work.start);
        position.end = date(work.end);
        position
    });
    work.chain(volunteering).collect()
}

fn education(school: wire::Education) -> Education {
    let mut education = Education::new();
    education.school = told(school.school);
    education.school_url = told(school.school_url);
    education.degree = told(school.degree);
    education.field_of_study = told(school.field_of_study);
    education.start = date(school.start);
    education.end = date(school.end);
    education
}

fn skill(sent: wire::Skill, context: &mut NormalizeContext) -> Option<Skill> {
    let mut skill = Skill::new(required_text("name", sent.name, context)?);
    skill.endorsements = sent.endorsement_count;
    Some(skill)
}

fn language(sent: wire::Language, context: &mut NormalizeContext) -> Option<Language> {
    let mut language = Language::new(required_text("name", sent.name, context)?);
    language.proficiency = told(sent.proficiency);
    Some(language)
}

fn certification(sent: wire::Certification, context: &mut NormalizeContext) -> Option<Certification> {
    let mut certification = Certification::new(required_text("name", sent.name, context)?);
    certification.organization = told(sent.organization);
    certification.url = told(sent.url);
    Some(certification)
}

fn contact(info: wire::ContactInfo) -> Contact {
    let mut contact = Contact::new();
    contact.emails = info.emails;
    contact.phones = info.phones;
    contact.addresses = info.addresses;
    // Neither is an address of the web, but the name there is what leads to the account.
    contact.socials = info.socials.into_iter().filter_map(|social| link(social.name, social.kind)).collect();
    contact
}

fn locale(sent: wire::PrimaryLocale) -> Locale {
    let mut locale = Locale::new();
    locale.language = told(sent.language);
    locale.country = told(sent.country);
    locale
}

fn relation(page: &mut Profile, context: &mut NormalizeContext) -> ViewerRelation {
    let mut relation = ViewerRelation::new();
    relation.is_self = page.is_self.take();
    relation.is_contact = page.is_relationship.take();
    relation.distance = page.network_distance.take().map(|distance| distance.as_str().to_owned());
    relation.contacts_since = contacts_since(page.connected_at.take(), context);
    relation.invitation = page.invitation.take().and_then(|invitation| {
        let direction = invitation.kind.as_ref().map(wire::InvitationType::as_str);
        let status = invitation.status.as_ref().map(wire::InvitationStatus::as_str);
        let words: Vec<&str> = direction.into_iter().chain(status).collect();
        (!words.is_empty()).then(|| words.join(" "))
    });
    relation
}

/// The date of a friendship, in seconds or milliseconds since 1970: the document does not say which.
///
/// 100 thousand million tells them apart for any such date: it is the year 5138 in seconds and March 1973 in
/// milliseconds.
fn contacts_since(sent: Option<i64>, context: &mut NormalizeContext) -> Option<DateTime<Utc>> {
    const SMALLEST_MILLISECONDS: u64 = 100_000_000_000;
    let sent = sent?;
    let milliseconds = if sent.unsigned_abs() < SMALLEST_MILLISECONDS { sent * 1000 } else { sent };
    context.epoch_milliseconds("connected_at", Some(milliseconds as f64))
}

/// Maps a list whose entries are nothing without a name; those that have none are reported and left out.
fn named<W, T>(
    list: &'static str,
    entries: Vec<W>,
    map: fn(W, &mut NormalizeContext) -> Option<T>,
    context: &mut NormalizeContext,
) -> Vec<T> {
    context.each(list, entries, |context, entry| map(entry, context)).into_iter().flatten().collect()
}

fn link(url: Option<String>, label: Option<String>) -> Option<Link> {
    let mut link = Link::new(told(url)?);
    link.label = told(label);
    Some(link)
}

fn date(text: Option<String>) -> Option<PartialDate> {
    told(text).map(|text| PartialDate::parse(&text))
}
