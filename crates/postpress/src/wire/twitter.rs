//! An X (Twitter) account, as Postpress documents it.

use serde_json::Value;

documented! {
    /// An X (Twitter) account.
    #[serde(tag = "object", rename = "UserProfile")]
    pub struct Profile {
        /// The network's own id.
        pub id: Option<String>,
        /// The name shown.
        pub name: Option<String>,
        /// The handle, without `@`.
        pub screen_name: Option<String>,
        /// Where, in the owner's words.
        pub location: Option<String>,
        /// The text of the page.
        pub description: Option<String>,
        /// The link that the page shows.
        pub url: Option<String>,
        /// What the network found in the texts.
        pub entities: Option<Entities>,
        /// Only visible to accepted followers.
        pub protected: Option<bool>,
        /// Verified by the network.
        pub verified: Option<bool>,
        /// Accounts that follow this one.
        pub followers_count: Option<u64>,
        /// Accounts that this one follows.
        pub friends_count: Option<u64>,
        /// Lists that hold the account.
        pub listed_count: Option<u64>,
        /// Likes given.
        pub favourites_count: Option<u64>,
        /// Posts.
        pub statuses_count: Option<u64>,
        /// When the account was made, in the network's form: `Mon Apr 26 06:01:55 +0000 2010`.
        pub created_at: Option<String>,
        /// Address of the picture behind the page's head.
        pub profile_banner_url: Option<String>,
        /// Address of the picture.
        pub profile_image_url_https: Option<String>,
        /// The page looks as the network makes it.
        pub default_profile: Option<bool>,
        /// The picture is the network's own.
        pub default_profile_image: Option<bool>,
        /// Countries in which the account is not shown.
        pub withheld_in_countries: Vec<String>,
        /// The account follows the one that looks.
        pub followed_by: Option<bool>,
        /// The looking account follows this one.
        pub following: Option<bool>,
        /// The looking account asked to follow.
        pub follow_request_sent: Option<bool>,
        /// The page has more than the standard members.
        pub has_extended_profile: Option<bool>,
        /// The looking account is told about new posts.
        pub notifications: Option<bool>,
        /// The sort of advertiser, in the network's words.
        pub advertiser_account_type: Option<String>,
        /// The state of a business page, in the network's words.
        pub business_profile_state: Option<String>,
        /// Some content needs consent first.
        pub require_some_consent: Option<bool>,
    }

    /// What the network found in the texts of a page.
    pub struct Entities {
        /// In the description.
        pub description: Option<DescriptionEntities>,
    }

    /// What the network found in a description.
    pub struct DescriptionEntities {
        /// Links, as sent: the document does not say what they look like.
        pub urls: Vec<Value>,
    }
}
