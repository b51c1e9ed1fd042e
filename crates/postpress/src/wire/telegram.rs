//! A Telegram user, as Postpress documents it.

documented! {
    /// A Telegram user or bot.
    #[serde(tag = "object", rename = "UserProfile")]
    pub struct Profile {
        /// The provider's internal id.
        pub provider_id: Option<String>,
        /// Address of the picture.
        pub profile_picture_url: Option<String>,
        /// The account that looks.
        #[serde(rename = "self")]
        pub is_self: Option<bool>,
        /// In the looking account's contacts.
        pub contact: Option<bool>,
        /// In each other's contacts.
        pub mutual_contact: Option<bool>,
        /// A deleted account.
        pub deleted: Option<bool>,
        /// A program.
        pub bot: Option<bool>,
        /// Verified by Telegram.
        pub verified: Option<bool>,
        /// Not to be shown everywhere, see [`restriction_reason`](Self::restriction_reason).
        pub restricted: Option<bool>,
        /// Reported as an impostor.
        pub fake: Option<bool>,
        /// Subscribed to Telegram Premium.
        pub premium: Option<bool>,
        /// Marked as close friend.
        pub close_friend: Option<bool>,
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// The handle.
        pub username: Option<String>,
        /// Phone number.
        pub phone: Option<String>,
        /// Language.
        pub lang_code: Option<String>,
        /// Whether and until when the user is online. It says nothing about a connection.
        pub status: Option<Presence>,
        /// Why, and where, the account is not to be shown.
        pub restriction_reason: Vec<RestrictionReason>,
    }

    /// Whether a user is online.
    pub struct Presence {
        /// The state, in Telegram's words.
        pub name: Option<String>,
        /// Until when "online" holds, as sent.
        pub expires: Option<i64>,
        /// When the user was last online, as sent.
        pub was_online: Option<i64>,
    }

    /// Why an account is not to be shown on a platform.
    pub struct RestrictionReason {
        /// On which of Telegram's platforms.
        pub platform: Option<String>,
        /// A short reason.
        pub reason: Option<String>,
        /// The text to be shown instead.
        pub text: Option<String>,
    }
}
