//! A LinkedIn member, as Postpress documents it.

documented! {
    /// A LinkedIn member.
    ///
    /// Lists hold what was asked for by section, and may hold less than there is: compare with the `*_total_count`
    /// beside them and see [`throttled_sections`](Self::throttled_sections).
    #[serde(tag = "object", rename = "UserProfile")]
    pub struct Profile {
        /// The provider's internal id. It means something only to the linked account that looked.
        pub provider_id: Option<String>,
        /// The last part of the page's address.
        pub public_identifier: Option<String>,
        /// The page's address.
        pub public_profile_url: Option<String>,
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// Pronouns, in the member's words.
        pub pronoun: Option<String>,
        /// The line under the name.
        pub headline: Option<String>,
        /// The longer text about the member.
        pub summary: Option<String>,
        /// Where, in LinkedIn's words.
        pub location: Option<String>,
        /// Links that the member shows.
        pub websites: Vec<String>,
        /// Address of the picture.
        pub profile_picture_url: Option<String>,
        /// Address of the picture in its largest size.
        pub profile_picture_url_large: Option<String>,
        /// Address of the picture behind the page's head.
        pub background_picture_url: Option<String>,
        /// What the member writes about.
        pub hashtags: Vec<String>,
        /// How to reach the member.
        pub contact_info: Option<ContactInfo>,
        /// Birthday without a year.
        pub birthdate: Option<Birthdate>,
        /// Preferred language and country.
        pub primary_locale: Option<PrimaryLocale>,
        /// The link at the head of a creator's page.
        pub creator_website: Option<CreatorWebsite>,
        /// `InMail` can be sent to the member.
        pub can_send_inmail: Option<bool>,
        /// Since when the member and the linked account are connections on LinkedIn: milliseconds or seconds since
        /// 1970, the document does not say which.
        pub connected_at: Option<i64>,
        /// Everybody may write to the member.
        pub is_open_profile: Option<bool>,
        /// Subscribed to LinkedIn Premium.
        pub is_premium: Option<bool>,
        /// Named an influencer by LinkedIn.
        pub is_influencer: Option<bool>,
        /// In creator mode.
        pub is_creator: Option<bool>,
        /// Looks for staff.
        pub is_hiring: Option<bool>,
        /// Looks for work.
        pub is_open_to_work: Option<bool>,
        /// Saved as a lead in Sales Navigator.
        pub is_saved_lead: Option<bool>,
        /// Imported into Sales Navigator from a CRM.
        pub is_crm_imported: Option<bool>,
        /// A connection of the linked account on LinkedIn.
        pub is_relationship: Option<bool>,
        /// The linked account itself.
        pub is_self: Option<bool>,
        /// An invitation between the member and the linked account.
        pub invitation: Option<Invitation>,
        /// Paid work.
        pub work_experience: Vec<WorkExperience>,
        /// How many entries of paid work there are.
        pub work_experience_total_count: Option<u64>,
        /// Unpaid work.
        pub volunteering_experience: Vec<VolunteeringExperience>,
        /// How many entries of unpaid work there are.
        pub volunteering_experience_total_count: Option<u64>,
        /// Schools.
        pub education: Vec<Education>,
        /// How many schools there are.
        pub education_total_count: Option<u64>,
        /// Skills.
        pub skills: Vec<Skill>,
        /// How many skills there are.
        pub skills_total_count: Option<u64>,
        /// Languages.
        pub languages: Vec<Language>,
        /// How many languages there are.
        pub languages_total_count: Option<u64>,
        /// Certifications.
        pub certifications: Vec<Certification>,
        /// How many certifications there are.
        pub certifications_total_count: Option<u64>,
        /// Projects.
        pub projects: Vec<Project>,
        /// How many projects there are.
        pub projects_total_count: Option<u64>,
        /// What others wrote about the member and the other way round.
        pub recommendations: Option<Recommendations>,
        /// Recruiter: tags put on the member.
        pub tags: Vec<Tag>,
        /// Recruiter: notes about the member.
        pub notes: Vec<Note>,
        /// Recruiter: the member's id as a candidate.
        pub candidate_id: Option<String>,
        /// Recruiter: what the team did about the member.
        pub recruiting_activity: Vec<RecruitingActivity>,
        /// "Sections that returned empty because LinkedIn throttled the request."
        pub throttled_sections: Vec<Section>,
        /// Members who follow this one.
        pub follower_count: Option<u64>,
        /// The member's connections on LinkedIn.
        pub connections_count: Option<u64>,
        /// Connections shared with the linked account.
        pub shared_connections_count: Option<u64>,
        /// How far the member is from the linked account.
        pub network_distance: Option<NetworkDistance>,
    }

    /// How to reach a member.
    pub struct ContactInfo {
        /// Mail addresses.
        pub emails: Vec<String>,
        /// Phone numbers.
        pub phones: Vec<String>,
        /// Postal addresses. The document spells the member `adresses`; the right spelling is read as well.
        #[serde(rename = "adresses", alias = "addresses")]
        pub addresses: Vec<String>,
        /// Accounts elsewhere.
        pub socials: Vec<Social>,
    }

    /// An account elsewhere.
    pub struct Social {
        /// The network.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The name there.
        pub name: Option<String>,
    }

    /// A birthday without a year.
    pub struct Birthdate {
        /// Month, 1 to 12.
        pub month: Option<u32>,
        /// Day of the month.
        pub day: Option<u32>,
    }

    /// Preferred language and country.
    pub struct PrimaryLocale {
        /// Country: `US`.
        pub country: Option<String>,
        /// Language: `en`.
        pub language: Option<String>,
    }

    /// The link at the head of a creator's page.
    pub struct CreatorWebsite {
        /// Its address.
        pub url: Option<String>,
        /// Its text.
        pub description: Option<String>,
    }

    /// An invitation between a member and the linked account.
    pub struct Invitation {
        /// From whom it came.
        #[serde(rename = "type")]
        pub kind: Option<InvitationType>,
        /// What became of it.
        pub status: Option<InvitationStatus>,
    }

    /// Paid work.
    pub struct WorkExperience {
        /// The entry's id.
        pub id: Option<String>,
        /// Title.
        pub position: Option<String>,
        /// The company's name.
        pub company: Option<String>,
        /// LinkedIn's id of the company.
        pub company_id: Option<String>,
        /// The company's page.
        pub company_url: Option<String>,
        /// Address of the company's picture.
        pub company_picture_url: Option<String>,
        /// The company's trades.
        pub industry: Vec<String>,
        /// Where.
        pub location: Option<String>,
        /// In the member's words.
        pub description: Option<String>,
        /// Skills used.
        pub skills: Vec<String>,
        /// Held at present.
        pub current: Option<bool>,
        /// The sort of employment, in LinkedIn's words.
        pub status: Option<String>,
        /// Beginning: `2022-04`, `2010`, `11/1/2021`.
        pub start: Option<String>,
        /// End, in the same forms; null while it goes on.
        pub end: Option<String>,
    }

    /// Unpaid work.
    pub struct VolunteeringExperience {
        /// The organization's name.
        pub company: Option<String>,
        /// In the member's words.
        pub description: Option<String>,
        /// Role.
        pub role: Option<String>,
        /// What it is for.
        pub cause: Option<String>,
        /// Beginning.
        pub start: Option<String>,
        /// End; null while it goes on.
        pub end: Option<String>,
    }

    /// A school.
    pub struct Education {
        /// The entry's id.
        pub id: Option<String>,
        /// The school's name.
        pub school: Option<String>,
        /// LinkedIn's id of the school.
        pub school_id: Option<String>,
        /// The school's page.
        pub school_url: Option<String>,
        /// Address of the school's picture.
        pub school_picture_url: Option<String>,
        /// Degree.
        pub degree: Option<String>,
        /// Grade.
        pub grade: Option<String>,
        /// Field of study.
        pub field_of_study: Option<String>,
        /// In the member's words.
        pub description: Option<String>,
        /// What the member did there besides.
        pub activities: Option<String>,
        /// Skills learned.
        pub skills: Vec<String>,
        /// Beginning.
        pub start: Option<String>,
        /// End.
        pub end: Option<String>,
    }

    /// A skill.
    pub struct Skill {
        /// Its name.
        pub name: Option<String>,
        /// How many members endorsed it.
        pub endorsement_count: Option<u64>,
        /// The id to endorse it with.
        pub endorsement_id: Option<i64>,
        /// What LinkedIn says about it.
        pub insights: Vec<String>,
        /// Endorsed by the linked account.
        pub endorsed: Option<bool>,
    }

    /// A language.
    pub struct Language {
        /// Its name.
        pub name: Option<String>,
        /// How well: `NATIVE_OR_BILINGUAL`.
        pub proficiency: Option<String>,
    }

    /// A certification.
    pub struct Certification {
        /// Its name.
        pub name: Option<String>,
        /// Who gave it.
        pub organization: Option<String>,
        /// Its page.
        pub url: Option<String>,
    }

    /// A project.
    pub struct Project {
        /// Its name.
        pub name: Option<String>,
        /// In the member's words.
        pub description: Option<String>,
        /// Skills used.
        pub skills: Vec<String>,
        /// Beginning.
        pub start: Option<String>,
        /// End; null while it goes on.
        pub end: Option<String>,
    }

    /// What others wrote about a member and the other way round.
    pub struct Recommendations {
        /// Written about the member.
        pub received: Vec<Recommendation>,
        /// How many were written about the member.
        pub received_total_count: Option<u64>,
        /// Written by the member.
        pub given: Vec<Recommendation>,
        /// How many the member wrote.
        pub given_total_count: Option<u64>,
    }

    /// A recommendation.
    pub struct Recommendation {
        /// What it says.
        pub text: Option<String>,
        /// How the two know each other, and since when.
        pub caption: Option<String>,
        /// The other member.
        pub actor: Option<RecommendationActor>,
    }

    /// The other member of a recommendation.
    pub struct RecommendationActor {
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// The provider's internal id.
        pub provider_id: Option<String>,
        /// The line under the name.
        pub headline: Option<String>,
        /// The last part of the page's address.
        pub public_identifier: Option<String>,
        /// The page's address.
        pub public_profile_url: Option<String>,
        /// Address of the picture.
        pub profile_picture_url: Option<String>,
    }

    /// A recruiter's tag.
    pub struct Tag {
        /// Its id.
        pub id: Option<String>,
        /// Its name.
        pub name: Option<String>,
    }

    /// A recruiter's note.
    pub struct Note {
        /// The project it belongs to.
        pub project_id: Option<String>,
        /// What it says.
        pub content: Option<String>,
        /// When it was written, as sent.
        pub created_at: Option<i64>,
        /// Who wrote it.
        pub author: Option<NoteAuthor>,
    }

    /// Who wrote a note.
    pub struct NoteAuthor {
        /// The author's id.
        pub id: Option<String>,
        /// The author's seat in Recruiter.
        pub seat_id: Option<String>,
        /// Given name.
        pub first_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// The author's page, or whether there is one.
        pub public_profile_url: Option<PublicProfileUrl>,
    }

    /// What a recruiting team did. Which members are told depends on the event.
    pub struct RecruitingActivity {
        /// What was done.
        pub event: Option<RecruitingEvent>,
        /// The text of a message or note, or a link.
        pub content: Option<String>,
        /// What became of a message.
        pub status: Option<MessageStatus>,
        /// The project that the candidate was added to or moved in.
        pub project_id: Option<String>,
        /// Its name.
        pub project_name: Option<String>,
        /// The stage that the candidate was put in.
        pub state: Option<String>,
        /// When, as sent.
        pub created_at: Option<String>,
        /// By whom.
        pub created_by: Option<RecruitingActor>,
        /// When it was changed, as sent.
        pub updated_at: Option<String>,
        /// Who changed it.
        pub updated_by: Option<RecruitingActor>,
    }

    /// A member of a recruiting team.
    pub struct RecruitingActor {
        /// The provider's internal id.
        pub provider_id: Option<String>,
        /// The name.
        pub full_name: Option<String>,
        /// Address of the picture.
        pub picture_url: Option<String>,
    }
}

/// The `public_profile_url` of a note's author: the document says boolean where the name says address. Both are read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum PublicProfileUrl {
    /// As documented: there is such a page, or none.
    Exists(bool),
    /// As the name says.
    Url(String),
}

words! {
    /// From whom an invitation came.
    pub enum InvitationType {
        /// From the linked account.
        Sent = "SENT",
        /// From the member.
        Received = "RECEIVED",
    }

    /// What became of an invitation.
    pub enum InvitationStatus {
        /// Nothing yet.
        Pending = "PENDING",
        /// It was ignored.
        Ignored = "IGNORED",
        /// It was taken back.
        Withdrawn = "WITHDRAWN",
    }

    /// How far a member is from the linked account.
    pub enum NetworkDistance {
        /// A connection.
        FirstDegree = "FIRST_DEGREE",
        /// A connection of a connection.
        SecondDegree = "SECOND_DEGREE",
        /// One step further.
        ThirdDegree = "THIRD_DEGREE",
        /// Further than that.
        OutOfNetwork = "OUT_OF_NETWORK",
    }

    /// A section of a page that LinkedIn can hold back. See also [`list_name`](Self::list_name).
    pub enum Section {
        /// [`Profile::work_experience`].
        Experience = "experience",
        /// [`Profile::education`].
        Education = "education",
        /// [`Profile::languages`].
        Languages = "languages",
        /// [`Profile::skills`].
        Skills = "skills",
        /// [`Profile::certifications`].
        Certifications = "certifications",
        /// [`Profile::volunteering_experience`].
        VolunteeringExperience = "volunteering_experience",
        /// [`Profile::projects`].
        Projects = "projects",
        /// [`Recommendations::received`].
        RecommendationsReceived = "recommendations_received",
        /// [`Recommendations::given`].
        RecommendationsGiven = "recommendations_given",
    }

    /// What a recruiting team did.
    pub enum RecruitingEvent {
        /// A message was sent.
        Message = "MESSAGE",
        /// A note was written.
        NoteAdded = "NOTE_ADDED",
        /// A note was changed.
        NoteEdited = "NOTE_EDITED",
        /// A note was deleted.
        NoteDeleted = "NOTE_DELETED",
        /// A link was added.
        LinkAdded = "LINK_ADDED",
        /// A link was deleted.
        LinkDeleted = "LINK_DELETED",
        /// The member became a candidate of a project.
        CandidateAdded = "CANDIDATE_ADDED",
        /// The candidate was moved to another stage.
        CandidateMoved = "CANDIDATE_MOVED",
        /// The page was looked at.
        ProfileView = "PROFILE_VIEW",
        /// Something that Postpress does not describe.
        Unhandled = "UNHANDLED_EVENT",
    }

    /// What became of a recruiter's message.
    pub enum MessageStatus {
        /// Nothing yet.
        Pending = "PENDING",
        /// The member accepted.
        Accepted = "ACCEPTED",
        /// The member declined.
        Declined = "DECLINED",
        /// The member has not answered.
        AwaitingReply = "AWAITING_REPLY",
    }
}

impl Section {
    /// The name of the list that the section fills; the section's own name where that is not known.
    pub fn list_name(&self) -> &str {
        match self {
            Self::Experience => "work_experience",
            section => section.as_str(),
        }
    }
}
