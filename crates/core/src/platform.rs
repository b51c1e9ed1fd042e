//! The social networks, under every name that vendors give them.

use crate::open_enum::open_enum;

open_enum! {
    /// A social network or messaging service that a profile is connected to.
    ///
    /// [`Platform::parse`] reads every spelling that the vendors use: `twitter`, `TWITTER` and `x`
    /// are one platform. A platform that this version does not know is kept as sent.
    ///
    /// ```
    /// use polyprofile_core::Platform;
    ///
    /// assert_eq!(Platform::parse("TWITTER"), Platform::Twitter);
    /// assert_eq!(Platform::parse("x"), Platform::Twitter);
    /// assert_eq!(Platform::parse("Mastodon").as_str(), "Mastodon");
    /// ```
    pub enum Platform {
        /// Bluesky.
        Bluesky = "bluesky",
        /// Microsoft Exchange mail.
        Exchange = "exchange",
        /// Facebook.
        Facebook = "facebook",
        /// Google mail, signed in with Google: a mailbox, never a business listing.
        Google = "google" | "google_oauth" | "gmail",
        /// A Google Business Profile: the listing of a business, never its mailbox.
        GoogleBusiness = "google_business" | "google_business_profile" | "googlebusiness",
        /// Google Calendar.
        GoogleCalendar = "google_calendar",
        /// Apple iCloud mail.
        ICloud = "icloud",
        /// Instagram.
        Instagram = "instagram",
        /// LinkedIn, a person's profile or an organization's page.
        LinkedIn = "linkedin" | "linked_in",
        /// Mail over IMAP and SMTP.
        Mail = "mail" | "imap",
        /// Facebook Messenger.
        Messenger = "messenger",
        /// A mobile phone.
        Mobile = "mobile",
        /// Microsoft Outlook mail.
        Outlook = "outlook",
        /// Pinterest.
        Pinterest = "pinterest",
        /// Slack.
        Slack = "slack",
        /// Telegram, a person or a bot.
        Telegram = "telegram",
        /// Threads.
        Threads = "threads",
        /// TikTok.
        TikTok = "tiktok" | "tik_tok",
        /// X, which the vendors still call Twitter.
        Twitter = "twitter" | "x" | "x_twitter",
        /// WhatsApp.
        WhatsApp = "whatsapp" | "whats_app",
        /// YouTube.
        YouTube = "youtube" | "you_tube",
    }
}

impl Platform {
    /// The name as its owner writes it, for people to read: `LinkedIn`, `X (Twitter)`.
    pub fn label(&self) -> &str {
        match self {
            Self::Bluesky => "Bluesky",
            Self::Exchange => "Exchange",
            Self::Facebook => "Facebook",
            Self::Google => "Google Mail",
            Self::GoogleBusiness => "Google Business",
            Self::GoogleCalendar => "Google Calendar",
            Self::ICloud => "iCloud",
            Self::Instagram => "Instagram",
            Self::LinkedIn => "LinkedIn",
            Self::Mail => "Mail",
            Self::Messenger => "Messenger",
            Self::Mobile => "Mobile",
            Self::Outlook => "Outlook",
            Self::Pinterest => "Pinterest",
            Self::Slack => "Slack",
            Self::Telegram => "Telegram",
            Self::Threads => "Threads",
            Self::TikTok => "TikTok",
            Self::Twitter => "X (Twitter)",
            Self::WhatsApp => "WhatsApp",
            Self::YouTube => "YouTube",
            Self::Other(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn every_spelling_of_the_vendors_is_read() {
        let rows = [
            ("facebook", Platform::Facebook),
            ("Facebook", Platform::Facebook),
            ("instagram", Platform::Instagram),
            ("INSTAGRAM", Platform::Instagram),
            ("tiktok", Platform::TikTok),
            ("linkedin", Platform::LinkedIn),
            ("LINKEDIN", Platform::LinkedIn),
            ("LinkedIn", Platform::LinkedIn),
            ("youtube", Platform::YouTube),
            ("twitter", Platform::Twitter),
            ("TWITTER", Platform::Twitter),
            ("x", Platform::Twitter),
            ("X", Platform::Twitter),
            ("threads", Platform::Threads),
            ("pinterest", Platform::Pinterest),
            ("bluesky", Platform::Bluesky),
            ("telegram", Platform::Telegram),
            ("TELEGRAM", Platform::Telegram),
            ("google_business", Platform::GoogleBusiness),
            ("google-business", Platform::GoogleBusiness),
            ("GOOGLE_OAUTH", Platform::Google),
            ("GOOGLE", Platform::Google),
            ("GMAIL", Platform::Google),
            ("GOOGLE_CALENDAR", Platform::GoogleCalendar),
            ("whatsapp", Platform::WhatsApp),
            ("WHATSAPP", Platform::WhatsApp),
            ("MESSENGER", Platform::Messenger),
            ("MAIL", Platform::Mail),
            ("IMAP", Platform::Mail),
            ("OUTLOOK", Platform::Outlook),
            ("EXCHANGE", Platform::Exchange),
            ("ICLOUD", Platform::ICloud),
            ("SLACK", Platform::Slack),
            ("MOBILE", Platform::Mobile),
        ];
        for (sent, expected) in rows {
            assert_eq!(Platform::parse(sent), expected, "{sent}");
        }
    }

    #[test]
    fn an_unknown_platform_is_kept_as_sent_both_ways() {
        for sent in ["Mastodon", "", " linkedin!", "ＬinkedIn", &"x".repeat(1000)] {
            let platform = Platform::parse(sent);
            assert_eq!(platform, Platform::Other(sent.to_owned()));
            let json = serde_json::to_string(&platform).expect("a string serializes");
            assert_eq!(serde_json::from_str::<Platform>(&json).expect("it was written so"), platform);
        }
    }

    #[test]
    fn a_mailbox_is_no_business_listing() {
        assert_ne!(Platform::parse("GOOGLE_OAUTH"), Platform::parse("google_business"));
    }
}
