//! Everything that names one connection's account, and what speaks against it.

use super::{
    account::{Note, NoteKind, ToldBy},
    naming::{self, Holder, Name, Nobody, Space},
};
use crate::{normalize::NormalizedPlatform, platform::Platform};

/// What a connection tells about whose it is.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// Names that are this account's only, each with the field that told it.
    pub(super) names: Vec<(Name, ToldBy)>,
    /// What no other account can be told to be as well.
    pub(super) holder: Option<Holder>,
    /// What a reader should know about the names.
    pub(super) notes: Vec<Note>,
}

impl Identity {
    pub(super) fn of(connection: &impl NormalizedPlatform) -> Self {
        let mut identity = Self::default();
        let platform = connection.platform();
        if let Some(id) = told(connection.account_id()) {
            identity.read(naming::of_id(platform, id), ToldBy::AccountId, id);
        }
        let display_name = told(connection.display_name());
        let username = told(connection.username());
        match (username, display_name) {
            (Some(username), name) => {
                // An adapter may have taken the handle from the name: then they are one text.
                let is_name = username.starts_with('@') && name == Some(username);
                let told_by = if is_name { ToldBy::NameAsHandle } else { ToldBy::Username };
                identity.read(naming::of_handle(platform, username), told_by, username);
            }
            (None, Some(name)) if name.starts_with('@') => {
                identity.read(naming::of_handle(platform, name), ToldBy::NameAsHandle, name);
            }
            _ => {}
        }
        if let Some(address) = told(connection.profile_url()) {
            identity.read_page(platform, address);
        }
        identity.say_whose();
        identity
    }

    pub(super) fn has_id(&self) -> bool {
        self.names.iter().any(|(name, _)| name.space.is_id())
    }

    pub(super) fn has_handle(&self) -> bool {
        self.names.iter().any(|(name, _)| !name.space.is_id() && name.space != Space::Address)
    }

    fn read(&mut self, reading: Result<Name, Nobody>, told_by: ToldBy, sent: &str) {
        match reading {
            Ok(name) => self.add(name, told_by, sent),
            Err(nobody) => self.note(kind_of(nobody), told_by, sent),
        }
    }

    fn read_page(&mut self, platform: &Platform, address: &str) {
        match naming::of_page(platform, address) {
            // A page from before a change of the handle may be somebody else's by now.
            Ok(name) if self.contradicts(&name) => self.note(NoteKind::Contradiction, ToldBy::ProfileUrl, address),
            Ok(name) => self.add(name, ToldBy::ProfileUrl, address),
            Err(nobody) => self.note(kind_of(nobody), ToldBy::ProfileUrl, address),
        }
    }

    fn add(&mut self, name: Name, told_by: ToldBy, sent: &str) {
        if !name.text.is_ascii() {
            self.note(NoteKind::NotAscii, told_by, sent);
        }
        if self.contradicts(&name) {
            self.note(NoteKind::Contradiction, told_by, sent);
        } else if !self.names.iter().any(|(known, _)| *known == name) {
            self.names.push((name, told_by));
        }
    }

    /// Whether another name of the same sort is told, or another sort of account: a stronger field has told
    /// it, and is believed.
    fn contradicts(&self, name: &Name) -> bool {
        let is_other_holder = |known: Space| match (known.holder(), name.space.holder()) {
            (Some(known), Some(told)) => known != told,
            _ => false,
        };
        let mut known = self.names.iter().map(|(known, _)| known);
        known.any(|known| {
            let is_other_name = known.space.sort() == name.space.sort() && known.text != name.text;
            is_other_name || is_other_holder(known.space)
        })
    }

    /// Where one field tells that the account is a member's or an organization's, that holds for names which
    /// do not say so themselves.
    fn say_whose(&mut self) {
        let Some(holder) = self.names.iter().find_map(|(name, _)| name.space.holder()) else { return };
        self.holder = Some(holder);
        for place in 0..self.names.len() {
            let (name, told_by) = &self.names[place];
            let space = match name.space {
                Space::Id => holder.id_space(),
                Space::Handle => holder.handle_space(),
                _ => continue,
            };
            let (name, told_by) = (Name { space, text: name.text.clone() }, *told_by);
            if !self.names.iter().any(|(known, _)| *known == name) {
                self.names.push((name, told_by));
            }
        }
    }

    fn note(&mut self, kind: NoteKind, told_by: ToldBy, sent: &str) {
        let note = Note::new(kind, told_by, sent);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

const fn kind_of(nobody: Nobody) -> NoteKind {
    match nobody {
        Nobody::NoName => NoteKind::NoName,
        Nobody::Scoped => NoteKind::Scoped,
    }
}

fn told(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
