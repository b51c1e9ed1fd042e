//! The owner of a linked account.

use std::mem::take;

use polyprofile_core::{
    ConnectedPlatform, Contact, FieldIssue, Locale, NormalizeContext, Person, PictureKind, Profile,
};
use serde_json::{Map, Value};

use super::{Page, avatar_of, filled, joined_name, pictures, required_text, take_text};
use crate::wire::{
    OwnerProfile,
    owner::{Gmail, Imap, LinkedIn, Outlook},
    remaining_members,
};

/// Where the owner stands: in [`Profile::vendor`], and in the paths of issues.
pub(crate) const OWNER: &str = "owner";

/// Completes an account by its owner: the person, what the account itself did not tell, and the rest under
/// [`OWNER`].
pub(crate) fn add_owner(
    profile: &mut Profile,
    owner: OwnerProfile,
    issues: Vec<FieldIssue>,
    context: &mut NormalizeContext,
) {
    context.add_issues(issues.into_iter().map(|mut issue| {
        issue.path = format!("/{OWNER}{}", issue.path);
        issue
    }));
    let rest = context.within(OWNER, |context| match owner {
        OwnerProfile::LinkedIn(owner) => complete(profile, *owner, "provider_id", context),
        OwnerProfile::Telegram(owner) => complete(profile, *owner, "provider_id", context),
        OwnerProfile::Twitter(owner) => complete(profile, *owner, "id", context),
        OwnerProfile::Gmail(owner) => complete(profile, *owner, "email", context),
        OwnerProfile::Outlook(owner) => complete(profile, *owner, "email", context),
        OwnerProfile::Imap(owner) => complete(profile, *owner, "username", context),
        OwnerProfile::Other { raw, .. } => remaining_members(&raw),
    });
    if !rest.is_empty() {
        profile.vendor.insert(OWNER.to_owned(), rest.into());
    }
}

/// What is left of the owner; the owner's key is in it, as `key_name`, because the profile's own is the account's.
fn complete(
    profile: &mut Profile,
    mut owner: impl Page,
    key_name: &str,
    context: &mut NormalizeContext,
) -> Map<String, Value> {
    let Some(connection) = profile.connected_platforms.first_mut() else { return remaining_members(&owner) };
    let mut seen = ConnectedPlatform::new(connection.platform.clone(), connection.status.clone());
    let mut person = Person::new();
    // Who owns the account is known without that key; that it is missing is an issue all the same.
    let key = owner.describe(&mut seen, &mut person, context);
    let fill = |told: &mut Option<String>, seen: Option<String>| {
        if told.is_none() {
            *told = seen;
        }
    };
    fill(&mut connection.account_id, seen.account_id);
    fill(&mut connection.username, seen.username);
    fill(&mut connection.display_name, seen.display_name);
    fill(&mut connection.profile_url, seen.profile_url);
    fill(&mut connection.avatar_url, avatar_of(&person));
    connection.audience = connection.audience.take().or(seen.audience);
    connection.person = Some(Box::new(person));
    let mut rest = remaining_members(&owner);
    rest.extend(key.map(|key| (key_name.to_owned(), key.into())));
    rest
}

/// What an owner's sub-states (`recruiter`, `sales_navigator`) say stays with the rest: one product that cannot be used
/// says nothing about the account itself.
impl Page for LinkedIn {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        person.first_name = take_text(&mut self.first_name);
        person.last_name = take_text(&mut self.last_name);
        person.headline = take_text(&mut self.headline);
        if person.headline.is_none() {
            person.headline = take_text(&mut self.occupation);
        }
        person.location = take_text(&mut self.location);
        person.is_premium = self.premium.take();
        person.pictures = pictures([(PictureKind::Avatar, &mut self.profile_picture_url)]);
        person.contact = contact(self.email.take());
        connection.username = take_text(&mut self.public_identifier);
        connection.display_name = joined_name(person);
        connection.profile_url = take_text(&mut self.public_profile_url);
        required_text("provider_id", self.provider_id.take(), context)
    }
}

impl Page for Gmail {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        // The mailbox has no name of its own; its own address among those to write from has one.
        let own = self.aliases.iter().find(|alias| alias.is_primary == Some(true));
        person.full_name = own.and_then(|alias| alias.display_name.clone()).filter(|name| !name.is_empty());
        connection.display_name.clone_from(&person.full_name);
        mailbox(&mut self.email, connection, person, context)
    }
}

impl Page for Outlook {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        person.full_name = take_text(&mut self.display_name);
        person.first_name = take_text(&mut self.given_name);
        person.last_name = take_text(&mut self.surname);
        person.headline = take_text(&mut self.job_title);
        let mut locale = Locale::new();
        locale.language = take_text(&mut self.preferred_language);
        person.locale = filled(locale);
        connection.display_name = person.full_name.clone().or_else(|| joined_name(person));
        let key = mailbox(&mut self.email, connection, person, context);
        if let Some(phone) = take_text(&mut self.mobile_phone) {
            person.contact.get_or_insert_default().phones.push(phone);
        }
        key
    }
}

impl Page for Imap {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let servers = self.connection_params.as_ref();
        let reading = servers.and_then(|servers| servers.imap.as_ref()?.username.clone());
        let name = context.within("connection_params", |context| {
            context.within("imap", |context| required_text("username", reading, context))
        })?;
        if name.contains('@') {
            person.contact = contact(Some(name.clone()));
        }
        connection.username = Some(name.clone());
        Some(name)
    }
}

/// A mailbox is known by its address.
fn mailbox(
    email: &mut Option<String>,
    connection: &mut ConnectedPlatform,
    person: &mut Person,
    context: &mut NormalizeContext,
) -> Option<String> {
    let email = required_text("email", take(email), context)?;
    person.contact = contact(Some(email.clone()));
    connection.username = Some(email.clone());
    Some(email)
}

fn contact(email: Option<String>) -> Option<Contact> {
    let mut contact = Contact::new();
    contact.emails.extend(email.filter(|email| !email.is_empty()));
    filled(contact)
}

#[cfg(test)]
mod tests;
