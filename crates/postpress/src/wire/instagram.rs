//! An Instagram account, as Postpress documents it.

documented! {
    /// An Instagram account.
    #[serde(tag = "object", rename = "UserProfile")]
    pub struct Profile {
        /// The provider's internal id.
        pub provider_id: Option<String>,
        /// The id under which the account is written to.
        pub provider_messaging_id: Option<String>,
        /// The handle.
        pub public_identifier: Option<String>,
        /// The name.
        pub full_name: Option<String>,
        /// The text of the page.
        pub biography: Option<String>,
        /// What the account is about, in Instagram's words.
        pub category: Option<String>,
        /// Address of the picture.
        pub profile_picture_url: Option<String>,
        /// Address of the picture in its largest size.
        pub profile_picture_url_large: Option<String>,
        /// Accounts that follow this one.
        pub followers_count: Option<u64>,
        /// Followers that also are contacts of the account that looks.
        pub mutual_followers_count: Option<u64>,
        /// Accounts that this one follows.
        pub following_count: Option<u64>,
        /// Posts on Instagram.
        pub posts_count: Option<u64>,
        /// Personal, business or professional.
        pub profile_type: Option<ProfileType>,
        /// Verified by Instagram.
        pub is_verified: Option<bool>,
        /// Only visible to accepted followers.
        pub is_private: Option<bool>,
        /// Links that the page shows.
        pub external_links: Vec<String>,
        /// What the account is to the one that looks.
        pub relationship_status: Option<RelationshipStatus>,
        /// What a business tells about itself.
        pub business: Option<Business>,
    }

    /// What an account is to the one that looks.
    pub struct RelationshipStatus {
        /// The looking account follows this one.
        pub following: Option<bool>,
        /// This account follows the looking one.
        pub followed_by: Option<bool>,
        /// The looking account asked to follow.
        pub has_sent_invitation: Option<bool>,
        /// This account asked to follow.
        pub has_received_invitation: Option<bool>,
    }

    /// What a business tells about itself.
    pub struct Business {
        /// Its trade.
        pub category: Option<String>,
        /// Street and number.
        pub address_street: Option<String>,
        /// City.
        pub address_city: Option<String>,
        /// Postal code.
        pub address_zipcode: Option<String>,
        /// Phone number.
        pub phone_number: Option<String>,
        /// Mail address.
        pub email: Option<String>,
    }
}

words! {
    /// The sort of an Instagram account.
    ///
    /// The document misspells two of the three; the right spelling is read as well.
    pub enum ProfileType {
        /// A person.
        Personal = "PERSONNAL" | "PERSONAL",
        /// A business.
        Business = "BUSINESS",
        /// A creator or another professional.
        Professional = "PROFESSIONNAL" | "PROFESSIONAL",
    }
}
