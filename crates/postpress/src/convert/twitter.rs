//! An X (Twitter) account.

use chrono::{DateTime, Utc};
use polyprofile_core::{Audience, ConnectedPlatform, NormalizeContext, Person, PictureKind, ViewerRelation};

use super::{Page, counted, filled, links, pictures, required_text, take_text};
use crate::wire::twitter::Profile;

impl Page for Profile {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let id = required_text("id", self.id.take(), context)?;
        // The network's own id: the same for everybody who looks.
        connection.account_id = Some(id.clone());

        person.full_name = take_text(&mut self.name);
        person.summary = take_text(&mut self.description);
        person.location = take_text(&mut self.location);
        person.links = links(self.url.take());
        person.pictures = pictures([
            (PictureKind::Background, &mut self.profile_banner_url),
            (PictureKind::Avatar, &mut self.profile_image_url_https),
        ]);
        person.account_created_at = created_at(self.created_at.take().as_deref(), context);
        person.is_verified = self.verified.take();
        person.is_private = self.protected.take();

        let mut relation = ViewerRelation::new();
        relation.following = self.following.take();
        relation.followed_by = self.followed_by.take();
        person.relation = filled(relation);

        let mut audience = Audience::new();
        audience.followers = self.followers_count.take();
        audience.following = self.friends_count.take();
        audience.posts = self.statuses_count.take();
        audience.likes = self.favourites_count.take();
        audience.listed = self.listed_count.take();
        connection.audience = counted(audience);
        connection.username = take_text(&mut self.screen_name);
        connection.display_name.clone_from(&person.full_name);
        Some(id)
    }
}

/// Reads the network's own form, `Mon Apr 26 06:01:55 +0000 2010`, and RFC 3339.
fn created_at(text: Option<&str>, context: &mut NormalizeContext) -> Option<DateTime<Utc>> {
    match DateTime::parse_from_str(text?, "%a %b %d %H:%M:%S %z %Y") {
        Ok(moment) => Some(moment.with_timezone(&Utc)),
        Err(_) => context.timestamp("created_at", text),
    }
}
