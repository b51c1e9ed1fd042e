//! Seeded answers of the three vendors, in the form of their documents.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use fastrand::Rng;
use polyprofile_core::{Listed, ProviderId, Result};

/// What the benchmarks read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Postproxy's list, every row as documented.
    Postproxy,
    /// The same, and every row has members that do not fit: each goes the salvage's way.
    Salvage,
    /// Postcore's list, two connected platforms a profile.
    Postcore,
    /// Postpress's list of accounts.
    Postpress,
}

impl Case {
    pub const ALL: [Self; 4] = [Self::Postproxy, Self::Salvage, Self::Postcore, Self::Postpress];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Postproxy => "postproxy",
            Self::Salvage => "salvage",
            Self::Postcore => "postcore",
            Self::Postpress => "postpress",
        }
    }

    /// A list of so many rows, the same at every call.
    pub fn body(self, rows: usize) -> Vec<u8> {
        let mut random = Rng::with_seed(1);
        let (before, after) = match self {
            Self::Postproxy | Self::Salvage => (r#"{"data":["#, "]}"),
            Self::Postcore => (r#"{"profiles":["#, "]}"),
            Self::Postpress => (r#"{"object":"AccountList","items":["#, r#"],"cursor":null}"#),
        };
        let mut body = before.to_owned();
        for row in 0..rows {
            if row > 0 {
                body.push(',');
            }
            let row = match self {
                Self::Postproxy => postproxy(&mut random, "1234"),
                Self::Salvage => postproxy(&mut random, r#"["many"]"#),
                Self::Postcore => postcore(&mut random),
                Self::Postpress => postpress(&mut random),
            };
            body.push_str(&row);
        }
        body.push_str(after);
        body.into_bytes()
    }

    /// The rows of such a list, wire to model.
    pub fn rows(self, body: &[u8]) -> Box<dyn Iterator<Item = Result<Listed>> + '_> {
        let (provider, observed_at) = (ProviderId::new(self.name()), DateTime::UNIX_EPOCH);
        match self {
            Self::Postproxy | Self::Salvage => {
                Box::new(polyprofile_postproxy::saved_profiles(provider, observed_at, body))
            }
            Self::Postcore => Box::new(polyprofile_postcore::saved_profiles(provider, observed_at, body)),
            Self::Postpress => Box::new(polyprofile_postpress::saved_profiles(provider, observed_at, body)),
        }
    }
}

fn postproxy(random: &mut Rng, posts: &str) -> String {
    let id = word(random, 8);
    let expires_at = if random.u8(..10) < 4 { "null".to_owned() } else { format!("\"{}\"", moment(random)) };
    let status = random.choice(["active", "active", "active", "expired", "inactive"]).unwrap_or_default();
    format!(
        r#"{{"id":"prof{id}","name":"Company {}","platform":"{}","status":"{status}","profile_group_id":"grp{:06}","expires_at":{expires_at},"post_count":{posts},"avatar_url":"https://cdn.postproxy.dev/uploads/avatar_prof{id}.jpg"}}"#,
        word(random, 8),
        platform(random),
        random.u16(..1_000),
    )
}

fn postcore(random: &mut Rng) -> String {
    let mut row = format!(
        r#"{{"profileKey":"prof_{}","profileName":"User: {}@example.com","createdAt":"{}","connectedPlatforms":["#,
        word(random, 12),
        word(random, 6),
        moment(random),
    );
    for (place, platform) in ["linkedin", "bluesky"].into_iter().enumerate() {
        let (expires_at, days) = match place {
            0 => (format!("\"{}\"", moment(random)), "55"),
            _ => ("null".to_owned(), "null"),
        };
        let separator = if place > 0 { "," } else { "" };
        let name = word(random, 8);
        // Writing to a string cannot fail.
        let _ = write!(
            row,
            r#"{separator}{{"platform":"{platform}","displayName":"{name}","username":"{name}","connectedAt":"{}","expiresAt":{expires_at},"daysUntilExpiry":{days},"needsReconnect":false}}"#,
            moment(random),
        );
    }
    row + "]}"
}

fn postpress(random: &mut Rng) -> String {
    let id = word(random, 26);
    let name = word(random, 9);
    format!(
        r#"{{"object":"Account","type":"LINKEDIN","id":"acc_{id}","name":"{name}","created_at":"{}","signatures":[],"groups":["team-a"],"sources":[{{"id":"acc_{id}_MESSAGING","status":"OK"}}],"connection_params":{{"im":{{"id":"ACo{name}","publicIdentifier":"{name}","username":"{name}","premiumId":null,"premiumContractId":null,"premiumFeatures":[],"organizations":[]}}}}}}"#,
        moment(random),
    )
}

fn platform(random: &mut Rng) -> &'static str {
    const PLATFORMS: [&str; 6] = ["facebook", "instagram", "linkedin", "twitter", "bluesky", "google_business"];
    PLATFORMS[random.usize(..PLATFORMS.len())]
}

fn word(random: &mut Rng, length: usize) -> String {
    (0..length).map(|_| random.alphanumeric()).collect()
}

fn moment(random: &mut Rng) -> String {
    let moment =
        DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::seconds(1_735_689_600 + i64::from(random.u32(..63_072_000)));
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}
