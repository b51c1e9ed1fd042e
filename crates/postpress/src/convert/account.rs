//! A linked account.

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Normalize, NormalizeContext, Platform, Profile, ProfileId,
};

use super::{required_text, told};
use crate::wire::{Access, Account, ConnectionParams, SourceStatus};

/// `None` for an account without an id: nothing could name it. Its absence is then among the issues.
///
/// Postpress tells no expiry, so [`ConnectedPlatform::expiry`] stays "not reported".
impl Normalize for Account<'_> {
    type Output = Option<Profile>;

    fn normalize(mut self, context: &mut NormalizeContext) -> Self::Output {
        let id = required_text("id", self.id.take(), context)?;
        let kind = context.required("type", self.kind.take());
        let created_at = context.required("created_at", self.created_at.take());
        let access = self.connection_params.take().and_then(ConnectionParams::into_access).unwrap_or_default();

        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), id));
        profile.name = required_text("name", self.name.take(), context);
        profile.created_at = context.timestamp("created_at", created_at.as_deref());
        profile.vendor.extend(self.vendor_members(&access));

        let (status, reason) = worst_status(&self, context);
        let platform = Platform::parse(kind.as_deref().unwrap_or_default());
        let mut connection = ConnectedPlatform::new(platform, status);
        connection.status_reason = reason;
        connection.display_name.clone_from(&profile.name);
        describe_owner(access, &mut connection);
        profile.connected_platforms = vec![connection];
        Some(profile)
    }
}

/// The state of the worst of an account's services, and that service's own word for it.
///
/// An account can work in part: somebody who can no longer read its mail has to know, whatever the calendar says.
fn worst_status(account: &Account<'_>, context: &NormalizeContext) -> (ConnectionStatus, Option<String>) {
    let told = account.sources.iter().map(|source| match &source.status {
        Some(word) => (connection_status(word), Some(word.as_str())),
        None => (ConnectionStatus::Unknown, None),
    });
    let lost = lost_source(account, context).then_some((ConnectionStatus::Unknown, None));
    // Of several that are equally bad the first decides.
    let worst =
        told.chain(lost).reduce(|worst, next| if severity(&next.0) > severity(&worst.0) { next } else { worst });
    let (status, word) = worst.unwrap_or((ConnectionStatus::Unknown, None));
    (status, word.map(str::to_owned))
}

fn connection_status(word: &SourceStatus) -> ConnectionStatus {
    match word {
        SourceStatus::Ok => ConnectionStatus::Active,
        SourceStatus::Connecting => ConnectionStatus::Connecting,
        SourceStatus::Stopped => ConnectionStatus::Inactive,
        SourceStatus::Error => ConnectionStatus::Failed,
        SourceStatus::Permissions | SourceStatus::Credentials => ConnectionStatus::NeedsReconnect,
        SourceStatus::Other(word) => ConnectionStatus::Other(word.clone()),
    }
}

fn severity(status: &ConnectionStatus) -> u8 {
    match status {
        ConnectionStatus::Active => 0,
        ConnectionStatus::Connecting => 1,
        ConnectionStatus::Inactive => 3,
        ConnectionStatus::Failed => 4,
        ConnectionStatus::NeedsReconnect => 5,
        _ => 2,
    }
}

/// Whether a service was sent that could not be read at all: the others must not speak for it.
fn lost_source(account: &Account<'_>, context: &NormalizeContext) -> bool {
    // Of one more places than there are services left, at least one held what was dropped, if anything was.
    (0..=account.sources.len()).any(|place| context.dropped(&format!("sources/{place}")).is_some())
}

/// Who the account belongs to, as far as the network itself would say so.
fn describe_owner(access: Access<'_>, connection: &mut ConnectedPlatform) {
    let (username, account_id) = match connection.platform {
        // LinkedIn's ids mean something only to whoever sees them, and its user name here is the member's name.
        Platform::LinkedIn => (access.public_identifier, None),
        _ => {
            (access.username.or(access.user).or(access.imap_user), access.id.or(access.user_id).or(access.phone_number))
        }
    };
    connection.username = told(username.map(String::from));
    connection.account_id = told(account_id.map(String::from));
}
