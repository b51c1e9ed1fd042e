//! From the wire to the model: pure, without a socket or a clock.
//!
//! A page that was looked up is mapped by taking members out of it; what is still in it afterwards is what the vendor
//! said beyond the model, and is kept under the vendor's own names.

mod account;
mod hosted;
mod instagram;
mod linkedin;
mod owner;
mod telegram;
mod twitter;
mod whatsapp;

use polyprofile_core::{
    Audience, ConnectedPlatform, Link, Normalize, NormalizeContext, Person, Picture, PictureKind, Platform, Profile,
    ProfileId,
};
use serde::Serialize;

pub(crate) use hosted::{PROVIDERS, callback, hosted_link, providers};
pub(crate) use owner::{OWNER, add_owner};

use crate::wire::{UserProfile, remaining_members, undescribed_key};

/// Somebody's page, and the linked account that looked at it.
///
/// Normalizes to a [`Profile`] with one looked-up platform; `None` where the answer lacks the person's id, which is
/// then among the issues of the context.
///
/// * The key of the profile is the vendor's: `provider_id` for LinkedIn, Instagram and Telegram, `id` for WhatsApp and
///   Twitter.
/// * [`account_id`](ConnectedPlatform::account_id) is told for WhatsApp and Twitter alone: a `provider_id` means
///   something only to the account that looked.
/// * [`Audience::recorded_at`] is `None`: Postpress gives no moment.
/// * Members that the model has no place for are in [`Profile::vendor`].
/// * Only a missing id is an issue: of the other members that the document calls required, many come as null in
///   practice.
///
/// ```
/// use polyprofile_core::{Normalize, NormalizeContext, ProviderId};
/// use polyprofile_postpress::{LookedUp, UserProfile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = r#"{"provider":"TWITTER","id":"42","name":"Jordan","screen_name":"jordan","followers_count":7}"#;
/// let page: UserProfile = serde_json::from_str(text)?;
///
/// let mut context = NormalizeContext::new(ProviderId::new("postpress"), chrono::Utc::now());
/// let profile = LookedUp::new(page, "acc_1").normalize(&mut context).ok_or("the answer holds an id")?;
///
/// assert_eq!(profile.id.key, "42");
/// assert_eq!(profile.connected_platforms[0].username.as_deref(), Some("jordan"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LookedUp {
    /// The page.
    pub page: UserProfile,
    /// The vendor's key of the linked account that looked.
    pub through: String,
}

impl LookedUp {
    /// `page` as the linked account `through` saw it.
    pub fn new(page: UserProfile, through: impl Into<String>) -> Self {
        Self { page, through: through.into() }
    }
}

impl Normalize for LookedUp {
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        // An answer that does not name its provider is of no platform that we could name.
        let platform = self.page.platform().unwrap_or_else(|| Platform::Other(String::new()));
        let connection = ConnectedPlatform::looked_up(platform, self.through);
        match self.page {
            UserProfile::LinkedIn(page) => person(*page, connection, context),
            UserProfile::WhatsApp(page) => person(*page, connection, context),
            UserProfile::Instagram(page) => person(*page, connection, context),
            UserProfile::Telegram(page) => person(*page, connection, context),
            UserProfile::Twitter(page) => person(*page, connection, context),
            UserProfile::Other { raw, .. } => {
                let key = required_text("provider_id", undescribed_key(&raw), context)?;
                let mut profile = Profile::new(ProfileId::new(context.provider().clone(), key));
                profile.connected_platforms = vec![connection];
                profile.vendor.extend(remaining_members(&raw));
                Some(profile)
            }
        }
    }
}

/// A page of one network: the shape of [`UserProfile`]'s variants.
trait Page: Serialize {
    /// Moves what the model has a place for into `connection` and `person`, and gives the vendor's key of the person.
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String>;
}

fn person(mut page: impl Page, mut connection: ConnectedPlatform, context: &mut NormalizeContext) -> Option<Profile> {
    let mut person = Person::new();
    let key = page.describe(&mut connection, &mut person, context)?;
    connection.avatar_url = avatar_of(&person);
    connection.person = Some(Box::new(person));

    let mut profile = Profile::new(ProfileId::new(context.provider().clone(), key));
    profile.name.clone_from(&connection.display_name);
    profile.connected_platforms = vec![connection];
    profile.vendor.extend(remaining_members(&page));
    Some(profile)
}

/// The picture that stands for a person.
fn avatar_of(person: &Person) -> Option<String> {
    let picture = |kind| person.pictures.iter().find(|picture| picture.kind == kind);
    let avatar = picture(PictureKind::Avatar).or_else(|| picture(PictureKind::AvatarLarge));
    avatar.map(|picture| picture.url.clone())
}

/// A text without which there is no row: its absence is reported, and an empty one is none.
fn required_text(name: &str, text: Option<impl Into<String>>, context: &mut NormalizeContext) -> Option<String> {
    context.required(name, told(text.map(Into::into)))
}

/// Takes a text out of a page; an empty one tells nothing.
fn take_text(text: &mut Option<String>) -> Option<String> {
    told(text.take())
}

/// A text that tells something; an empty one does not.
fn told(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Takes a struct's flags out of a page, and the struct itself once it tells nothing else.
fn take_from<S: Default + PartialEq, T>(told: &mut Option<S>, take: impl FnOnce(&mut S) -> T) -> Option<T> {
    let inner = told.as_mut()?;
    let taken = take(inner);
    if *inner == S::default() {
        *told = None;
    }
    Some(taken)
}

/// Given and family name as one.
fn joined_name(person: &Person) -> Option<String> {
    let names: Vec<&str> = [&person.first_name, &person.last_name].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// Links without descriptions, as far as they lead anywhere.
fn links(addresses: impl IntoIterator<Item = String>) -> Vec<Link> {
    addresses.into_iter().filter(|url| !url.is_empty()).map(Link::new).collect()
}

/// In the order given, as far as there are any.
fn pictures<const N: usize>(addresses: [(PictureKind, &mut Option<String>); N]) -> Vec<Picture> {
    addresses.into_iter().filter_map(|(kind, url)| Some(Picture::new(take_text(url)?, kind))).collect()
}

/// The counts, if any was told.
fn counted(audience: Audience) -> Option<Box<Audience>> {
    (!audience.is_empty()).then(|| Box::new(audience))
}

/// `card`, unless nothing was put into it.
fn filled<T: Default + PartialEq>(card: T) -> Option<T> {
    (card != T::default()).then_some(card)
}

#[cfg(test)]
mod tests;
