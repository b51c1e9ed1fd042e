//! What the lists hold, as somebody would write it down who needs no more than the vendors' documents show: every
//! documented member, owned, in the JSON's own types.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(crate) struct List {
    pub(crate) data: Vec<Profile>,
}

/// A row of Postproxy's `GET /api/profiles`.
#[derive(Deserialize, Serialize)]
pub(crate) struct Profile {
    id: String,
    name: String,
    platform: String,
    pub(crate) status: String,
    profile_group_id: String,
    expires_at: Option<String>,
    post_count: u64,
    avatar_url: Option<String>,
}

/// A row of Postcore's `GET /profiles`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
pub(crate) struct Container {
    profile_key: String,
    profile_name: Option<String>,
    created_at: String,
    connected_platforms: Vec<Connection>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct Connection {
    platform: String,
    display_name: String,
    username: String,
    connected_at: String,
    expires_at: Option<String>,
    days_until_expiry: Option<f64>,
    needs_reconnect: bool,
}

/// A row of Postpress' `GET /api/v1/accounts`.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
pub(crate) struct Account {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    name: String,
    created_at: String,
    groups: Vec<String>,
    sources: Vec<Source>,
    connection_params: ConnectionParams,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct Source {
    id: String,
    status: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct ConnectionParams {
    im: Access,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct Access {
    id: String,
    username: String,
    #[serde(rename = "publicIdentifier")]
    public_identifier: Option<String>,
}

/// Postpress' `GET /api/v1/users/{identifier}` of LinkedIn, without the sections that have to be asked for.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
pub(crate) struct Person {
    provider: String,
    provider_id: String,
    pub(crate) public_identifier: String,
    public_profile_url: String,
    first_name: String,
    last_name: String,
    headline: String,
    summary: String,
    location: String,
    websites: Vec<String>,
    profile_picture_url: String,
    profile_picture_url_large: String,
    background_picture_url: String,
    follower_count: u64,
    connections_count: u64,
    shared_connections_count: u64,
    network_distance: String,
    is_premium: bool,
    is_open_to_work: bool,
    is_self: bool,
    work_experience: Vec<Position>,
    work_experience_total_count: u64,
    education: Vec<School>,
    education_total_count: u64,
    skills_total_count: u64,
    languages: Vec<Language>,
    languages_total_count: u64,
    throttled_sections: Vec<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct Position {
    position: String,
    company: String,
    company_id: String,
    company_url: String,
    industry: Vec<String>,
    location: String,
    description: String,
    skills: Vec<String>,
    current: bool,
    start: String,
    end: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct School {
    school: String,
    degree: String,
    field_of_study: String,
    start: String,
    end: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded and dropped: that is the work")]
struct Language {
    name: String,
    proficiency: String,
}
