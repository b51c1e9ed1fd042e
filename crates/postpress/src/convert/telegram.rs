//! A Telegram user.

use polyprofile_core::{ConnectedPlatform, Contact, Locale, NormalizeContext, Person, PictureKind, ViewerRelation};

use super::{Page, filled, joined_name, pictures, required_text, take_text};
use crate::wire::telegram::Profile;

/// The presence (`status`) is left where it is: its `expires` is no expiry of anything that this library knows.
impl Page for Profile {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let key = required_text("provider_id", self.provider_id.take(), context)?;

        person.first_name = take_text(&mut self.first_name);
        person.last_name = take_text(&mut self.last_name);
        person.pictures = pictures([(PictureKind::Avatar, &mut self.profile_picture_url)]);
        person.is_verified = self.verified.take();
        person.is_premium = self.premium.take();
        person.is_bot = self.bot.take();

        let mut locale = Locale::new();
        locale.language = take_text(&mut self.lang_code);
        person.locale = filled(locale);

        let mut contact = Contact::new();
        contact.phones.extend(take_text(&mut self.phone));
        person.contact = filled(contact);

        let mut relation = ViewerRelation::new();
        relation.is_self = self.is_self.take();
        relation.is_contact = self.mutual_contact.take();
        person.relation = filled(relation);

        connection.username = take_text(&mut self.username);
        connection.display_name = joined_name(person);
        Some(key)
    }
}
