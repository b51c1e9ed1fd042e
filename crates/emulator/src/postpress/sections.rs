//! `linkedin_sections`: which parts of a LinkedIn profile come along.

use serde_json::{Map, Value, json};

use super::Person;
use crate::reply::QueryPairs;

/// How many items of a list a preview shows. The document does not say.
const PREVIEW: usize = 2;

/// A section with the member of the profile that holds its list.
struct Section {
    name: &'static str,
    member: Member,
}

enum Member {
    /// A list with its `*_total_count`.
    Counted { list: &'static str, total: &'static str },
    /// A list inside `recommendations`.
    Recommendations { list: &'static str },
    /// A member without a count, and without a preview.
    Plain(&'static str),
}

const SECTIONS: [Section; 11] = [
    Section { name: "about", member: Member::Plain("summary") },
    counted("experience", "work_experience", "work_experience_total_count"),
    counted("education", "education", "education_total_count"),
    counted("languages", "languages", "languages_total_count"),
    counted("skills", "skills", "skills_total_count"),
    counted("certifications", "certifications", "certifications_total_count"),
    counted("volunteering_experience", "volunteering_experience", "volunteering_experience_total_count"),
    counted("projects", "projects", "projects_total_count"),
    Section { name: "recommendations_received", member: Member::Recommendations { list: "received" } },
    Section { name: "recommendations_given", member: Member::Recommendations { list: "given" } },
    Section { name: "recruiting_activity", member: Member::Plain("recruiting_activity") },
];

const fn counted(name: &'static str, list: &'static str, total: &'static str) -> Section {
    Section { name, member: Member::Counted { list, total } }
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Depth {
    Preview,
    Full,
}

/// What a request asks for, section by section.
pub(super) struct Wanted([Option<Depth>; SECTIONS.len()]);

impl Wanted {
    /// Reads every `linkedin_sections` of the query. How the array is written is not documented: a repeated key, values
    /// joined by commas, and keys with brackets are all understood. An unknown section is returned as the error.
    pub(super) fn from_query(query: &QueryPairs) -> Result<Self, String> {
        let mut wanted = [None; SECTIONS.len()];
        let values = query.all("linkedin_sections").chain(query.all("linkedin_sections[]"));
        for selector in values.flat_map(|value| value.split(',')).map(str::trim).filter(|selector| !selector.is_empty())
        {
            let (name, depth) = match selector.strip_suffix("_preview") {
                Some(name) => (name, Depth::Preview),
                None => (selector, Depth::Full),
            };
            let mut known = false;
            for (section, slot) in SECTIONS.iter().zip(&mut wanted) {
                let previewed = !matches!(section.member, Member::Plain(_));
                if name == "*" || (name == section.name && (depth == Depth::Full || previewed)) {
                    known = true;
                    *slot = (*slot).max_depth(depth);
                }
            }
            if !known {
                return Err(selector.to_owned());
            }
        }
        Ok(Self(wanted))
    }

    /// The person's profile with the wanted sections and no other. What the network withholds comes back empty, its
    /// count kept, and is named in `throttled_sections`.
    pub(super) fn apply(&self, person: &Person) -> Value {
        let Value::Object(mut profile) = person.profile.clone() else { return person.profile.clone() };
        let mut throttled = Vec::new();
        for (section, depth) in SECTIONS.iter().zip(self.0) {
            let withheld = depth.is_some() && person.throttled.iter().any(|name| name == section.name);
            if withheld {
                throttled.push(section.name);
            }
            let length = match depth {
                None => None,
                Some(_) if withheld => Some(0),
                Some(Depth::Preview) => Some(PREVIEW),
                Some(Depth::Full) => Some(usize::MAX),
            };
            shorten(&mut profile, &section.member, length);
        }
        if profile.get("recommendations").and_then(Value::as_object).is_some_and(Map::is_empty) {
            profile.remove("recommendations");
        }
        profile.insert("throttled_sections".to_owned(), json!(throttled));
        Value::Object(profile)
    }
}

trait Deepest {
    fn max_depth(self, other: Depth) -> Self;
}

impl Deepest for Option<Depth> {
    fn max_depth(self, other: Depth) -> Self {
        if self >= Some(other) { self } else { Some(other) }
    }
}

/// Cuts a section's list to a length, or takes the section out.
fn shorten(profile: &mut Map<String, Value>, member: &Member, length: Option<usize>) {
    match member {
        Member::Plain(name) => cut(profile, name, None, length),
        Member::Counted { list, total } => cut(profile, list, Some(total), length),
        Member::Recommendations { list } => {
            if let Some(Value::Object(recommendations)) = profile.get_mut("recommendations") {
                cut(recommendations, list, Some(&format!("{list}_total_count")), length);
            }
        }
    }
}

fn cut(members: &mut Map<String, Value>, list: &str, total: Option<&str>, length: Option<usize>) {
    if let Some(length) = length {
        if let Some(Value::Array(items)) = members.get_mut(list) {
            items.truncate(length);
        }
        return;
    }
    members.remove(list);
    if let Some(total) = total {
        members.remove(total);
    }
}
