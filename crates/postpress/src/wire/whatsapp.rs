//! A WhatsApp account, as Postpress documents it.

documented! {
    /// A WhatsApp account.
    #[serde(tag = "object", rename = "UserProfile")]
    pub struct Profile {
        /// WhatsApp's own id, made of the phone number.
        pub id: Option<String>,
        /// A WhatsApp Business account.
        pub is_business: Option<bool>,
    }
}
