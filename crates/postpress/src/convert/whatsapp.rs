//! A WhatsApp account.

use polyprofile_core::{ConnectedPlatform, NormalizeContext, Person};

use super::{Page, required_text};
use crate::wire::whatsapp;

impl Page for whatsapp::Profile {
    fn describe(
        &mut self,
        connection: &mut ConnectedPlatform,
        person: &mut Person,
        context: &mut NormalizeContext,
    ) -> Option<String> {
        let id = required_text("id", self.id.take(), context)?;
        // Made of the phone number: the same for everybody who looks.
        connection.account_id = Some(id.clone());
        person.is_business = self.is_business.take();
        Some(id)
    }
}
