//! An Instagram account.

use polyprofile_core::{Audience, ConnectedPlatform, Contact, NormalizeContext, Person, PictureKind, ViewerRelation};

use super::{Page, counted, filled, links, pictures, required_text, take_from, take_text};
use crate::wire::instagram::{Business, Profile, ProfileType};

impl Page for Profile {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let key = required_text("provider_id", self.provider_id.take(), context)?;

        person.full_name = take_text(&mut self.full_name);
        person.summary = take_text(&mut self.biography);
        person.category = take_text(&mut self.category);
        person.links = links(std::mem::take(&mut self.external_links));
        person.pictures = pictures([
            (PictureKind::Avatar, &mut self.profile_picture_url),
            (PictureKind::AvatarLarge, &mut self.profile_picture_url_large),
        ]);
        person.is_verified = self.is_verified.take();
        person.is_private = self.is_private.take();
        person.is_business = match &self.profile_type {
            Some(ProfileType::Business) => Some(true),
            Some(ProfileType::Personal) => Some(false),
            // A professional may be either; the vendor's own word stays among what is left.
            _ => None,
        };
        person.contact = take_from(&mut self.business, |business| contact(business, person)).and_then(filled);
        let relation = take_from(&mut self.relationship_status, |status| {
            let mut relation = ViewerRelation::new();
            relation.following = status.following.take();
            relation.followed_by = status.followed_by.take();
            relation
        });
        person.relation = relation.and_then(filled);

        let mut audience = Audience::new();
        audience.followers = self.followers_count.take();
        audience.following = self.following_count.take();
        audience.shared_connections = self.mutual_followers_count.take();
        audience.posts = self.posts_count.take();
        connection.audience = counted(audience);
        connection.username = take_text(&mut self.public_identifier);
        connection.display_name.clone_from(&person.full_name);
        Some(key)
    }
}

/// How to reach a business; its trade is the account's category where the account itself tells none.
fn contact(business: &mut Business, person: &mut Person) -> Contact {
    if person.category.is_none() {
        person.category = take_text(&mut business.category);
    }
    let mut contact = Contact::new();
    contact.emails.extend(take_text(&mut business.email));
    contact.phones.extend(take_text(&mut business.phone_number));
    let street = take_text(&mut business.address_street);
    let city = [take_text(&mut business.address_zipcode), take_text(&mut business.address_city)];
    let city = Some(city.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|city| !city.is_empty());
    let address: Vec<String> = street.into_iter().chain(city).collect();
    contact.addresses.extend((!address.is_empty()).then(|| address.join(", ")));
    contact
}
