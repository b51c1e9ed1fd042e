//! The whole way: the documents' own examples, as the vendors answer them, through the facade to the normalized list;
//! and what was sent to get them.

mod support;

use polyprofile::{
    AnyProvider, ErrorKind, GetOptions, GroupId, HealthPolicy, ListOptions, NormalizedPlatform as _, PackedProfiles,
    PersonApi, PersonQuery, Provider as _, ProviderExt as _, Vendor, VendorApi as _,
};
use polyprofile_emulator::{Data, Emulator, RecordedRequest};
use support::{
    VENDORS, documents, documents_now, environment, http, key, list_path, listed, provider, provider_at, provider_with,
    providers,
};

/// The person of Postpress' example.
const PERSON: &str = "jordan-walke";

#[tokio::test]
async fn every_documented_list_arrives_normalized() {
    let emulator = documents().await;
    for vendor in VENDORS {
        let rows = provider(vendor, &emulator).list(ListOptions::new()).await.expect("the documented list");
        insta::assert_json_snapshot!(format!("list_of_{vendor}"), rows);
    }
}

#[tokio::test]
async fn a_postproxy_profile_arrives_with_its_statistics() {
    let emulator = documents().await;
    insta::assert_json_snapshot!("profile_of_postproxy", fetched("postproxy", "prof_li_001", &emulator).await);
}

#[tokio::test]
async fn a_postcore_profile_arrives_with_the_platforms_that_stand_beside_it() {
    let emulator = documents().await;
    insta::assert_json_snapshot!("profile_of_postcore", fetched("postcore", "prof_abc123", &emulator).await);
}

#[tokio::test]
async fn a_postpress_account_arrives_as_one_connection() {
    let emulator = documents().await;
    let account = emulator.postpress_account_id();
    insta::assert_json_snapshot!("account_of_postpress", fetched("postpress", &account, &emulator).await);
}

#[tokio::test]
async fn a_person_arrives_with_the_sections_that_came_and_word_of_those_that_did_not() {
    let emulator = documents().await;
    let person = provider("postpress", &emulator).person(PersonQuery::new(PERSON)).await;
    insta::assert_json_snapshot!("person_of_postpress", person.expect("the documented person"));
}

#[tokio::test]
async fn a_section_that_the_network_withheld_is_told_from_one_that_is_empty() {
    let emulator = documents().await;
    let mut query = PersonQuery::new("tomas-herrera");
    query.sections = ["experience", "skills", "education"].map(str::to_owned).into();
    let profile = provider("postpress", &emulator).person(query).await.expect("the person");
    let person = profile.connected_platforms[0].person.as_ref().expect("a page tells of its person");
    assert_eq!((person.positions.len(), person.skills.len()), (0, 0), "both were withheld");
    let throttled = |list: &str| person.incomplete.iter().find(|one| one.list == list).map(|one| one.throttled);
    assert_eq!((throttled("work_experience"), throttled("skills")), (Some(true), Some(true)));
    assert_ne!(throttled("education"), Some(true), "what came is not said to be withheld");
}

/// All that the vendors list, the whole of each profile, and people: documented examples and the demo's.
#[tokio::test]
async fn everything_is_read_from_the_compact_form_as_it_was() {
    let demo = Emulator::builder().data(Data::Demo).start().await.expect("a free port on loopback");
    for emulator in [documents().await, demo] {
        for provider in providers(&emulator) {
            let mut profiles = listed(&provider).await;
            let packed = provider.list_packed(ListOptions::new()).await.expect("the list");
            assert_eq!(packed.profiles.iter().collect::<Vec<_>>(), profiles, "{}", provider.id());
            for row in profiles.clone() {
                profiles.push(provider.profile(&row.id, GetOptions::new()).await.expect("it was listed"));
            }
            for person in [PERSON, "tomas-herrera"] {
                profiles.extend(provider.person(PersonQuery::new(person)).await);
            }
            let packed: PackedProfiles = profiles.iter().cloned().collect();
            assert_eq!(packed.into_iter().collect::<Vec<_>>(), profiles, "{}", provider.id());
        }
    }
}

#[tokio::test]
async fn a_person_who_was_looked_up_has_no_verdict() {
    let emulator = documents().await;
    let person = provider("postpress", &emulator).person(PersonQuery::new(PERSON)).await.expect("the person");
    assert_eq!(person.connected_platforms[0].health(documents_now(), &HealthPolicy::default()), None);
}

#[tokio::test]
async fn every_documented_connection_has_its_verdict() {
    let emulator = documents().await;
    let mut lines = Vec::new();
    for provider in providers(&emulator) {
        for profile in listed(&provider).await {
            for connection in &profile.connected_platforms {
                let health = connection.health(documents_now(), &HealthPolicy::default()).expect("it is a connection");
                let can_post =
                    health.can_post.map_or("cannot tell", |can| if can { "can post" } else { "cannot post" });
                let days_left = health.days_left.map_or("no end known".to_owned(), |days| format!("{days} days"));
                let reasons: Vec<String> = health.reasons.iter().map(ToString::to_string).collect();
                let reasons = if reasons.is_empty() { "no reason".to_owned() } else { reasons.join(", ") };
                let (id, platform, verdict) = (&profile.id, &connection.platform, health.verdict);
                lines.push(format!("{id} | {platform} | {verdict} | {can_post} | {days_left} | {reasons}"));
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    postproxy/prof123abc | facebook | healthy | can post | no end known | no reason
    postproxy/prof789def | instagram | broken | cannot post | -298 days | expired
    postproxy/prof321ghi | linkedin | broken | cannot post | no end known | disconnected or suspended on the platform
    postproxy/prof654jkl | twitter | healthy | can post | no end known | no reason
    postcore/prof_abc123def456 | linkedin | healthy | can post | 55 days | no reason
    postcore/prof_abc123def456 | bluesky | healthy | can post | no end known | no reason
    postpress/acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR | linkedin | healthy | can post | no end known | the vendor does not tell when it expires
    postpress/acc_whatsapp_01HXYZ4QK3WJ8FN3M6QH7TZ8GS | whatsapp | healthy | can post | no end known | the vendor does not tell when it expires
    postpress/acc_instagram_01HXYZ4QK3WJ8FN3M6QH7TZ8GT | instagram | healthy | can post | no end known | the vendor does not tell when it expires
    postpress/acc_telegram_01HXYZ4QK3WJ8FN3M6QH7TZ8GU | telegram | healthy | can post | no end known | the vendor does not tell when it expires
    postpress/acc_twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV | twitter | healthy | can post | no end known | the vendor does not tell when it expires
    ");
}

#[tokio::test]
async fn the_list_is_the_same_in_pages_and_in_the_envelope_of_the_quickstart() {
    let emulator = documents().await;
    let whole = listed(&provider("postpress", &emulator)).await;

    emulator.clear_requests();
    let mut options = ListOptions::new();
    options.page_size = Some(2);
    let pages = provider("postpress", &emulator).list(options).await.expect("a listing in pages");
    assert_eq!(pages, whole.iter().cloned().map(polyprofile::Listed::Profile).collect::<Vec<_>>());
    let requests = emulator.requests();
    assert_eq!(requests.len(), 3, "five accounts are three pages of two");
    assert!(requests.iter().all(|request| request.query_value("limit") == Some("2")), "{requests:?}");
    let cursors: Vec<bool> = requests.iter().map(|request| request.query_value("cursor").is_some()).collect();
    assert_eq!(cursors, [false, true, true]);

    let quickstart = Emulator::builder().data(Data::Documents).postpress_quickstart_envelopes(true).start().await;
    assert_eq!(listed(&provider("postpress", &quickstart.expect("a free port"))).await, whole);
}

/// Something that a provider is asked for.
#[derive(Clone, Copy, Debug)]
enum Call {
    List,
    Get(&'static str),
    Person(&'static str),
}

impl Call {
    /// What comes of it is not of interest: what was sent is.
    async fn send(self, provider: &AnyProvider) {
        match self {
            Self::List => drop(provider.list(ListOptions::new()).await),
            Self::Get(key) => drop(provider.profile(&provider.profile_id(key), GetOptions::new()).await),
            Self::Person(identifier) => drop(provider.person(PersonQuery::new(identifier)).await),
        }
    }
}

#[tokio::test]
async fn every_read_is_one_request_that_shows_its_own_key_and_nothing_else() {
    let account = ("account_id", "acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR");
    let rows = [
        ("postproxy", Call::List, "/api/profiles", vec![]),
        ("postproxy", Call::Get("prof_li_001"), "/api/profiles/prof_li_001", vec![]),
        ("postcore", Call::List, "/profiles", vec![]),
        ("postcore", Call::Get("prof_abc123"), "/profiles/prof_abc123", vec![]),
        ("postpress", Call::List, "/api/v1/accounts", vec![]),
        ("postpress", Call::Get("acc_1"), "/api/v1/accounts/acc_1", vec![]),
        ("postpress", Call::Person(PERSON), "/api/v1/users/jordan-walke", vec![account]),
        // Whatever an identifier holds, it is one segment of the path.
        ("postproxy", Call::Get("../a b?c=d#e"), "/api/profiles/..%2Fa%20b%3Fc%3Dd%23e", vec![]),
        ("postcore", Call::Get("connect/x"), "/profiles/connect%2Fx", vec![]),
        ("postpress", Call::Person("a/b&account_id=c"), "/api/v1/users/a%2Fb%26account_id%3Dc", vec![account]),
    ];
    for (vendor, call, path, query) in rows {
        let emulator = documents().await;
        call.send(&provider(vendor, &emulator)).await;
        let requests = emulator.requests();
        let [request] = requests.as_slice() else { panic!("{vendor} {call:?} sent {}", requests.len()) };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", path), "{vendor} {call:?}");
        assert_eq!(pairs(request), query, "{vendor} {call:?}");
        assert_eq!(request.body, "", "{vendor} {call:?}");
        assert_headers(vendor, request);
    }
}

/// Exactly the headers that a read needs: above all one key, in the vendor's own header.
fn assert_headers(vendor: &str, request: &RecordedRequest) {
    let key_header = if vendor == "postproxy" { "authorization" } else { "x-api-key" };
    let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let mut expected = ["accept", "accept-encoding", key_header, "host", "user-agent"];
    expected.sort_unstable();
    assert_eq!(names, expected, "{vendor}");
    assert_eq!(request.header(key_header), Some(RecordedRequest::RIGHT_KEY), "{vendor}");
    assert_eq!(request.header("accept"), Some("application/json"), "{vendor}");
    assert_eq!(request.header("user-agent"), Some(concat!("polyprofile/", env!("CARGO_PKG_VERSION"))), "{vendor}");
    // Where a key belongs the emulator writes a marker: it would be seen anywhere else.
    for vendor in VENDORS {
        assert!(!format!("{request:?}").contains(key(vendor)), "a key of {vendor} is in {request:?}");
    }
}

#[tokio::test]
async fn the_user_agent_can_be_the_callers_own() {
    let emulator = documents().await;
    for vendor in VENDORS {
        let mut http = http();
        http.user_agent = "their-dashboard/7".to_owned();
        listed(&provider_with(vendor, &emulator, &http)).await;
    }
    let agents: Vec<_> =
        emulator.requests().iter().map(|request| request.header("user-agent").map(str::to_owned)).collect();
    assert_eq!(agents, vec![Some("their-dashboard/7".to_owned()); VENDORS.len()]);
}

#[tokio::test]
async fn every_part_of_a_person_query_is_sent_as_the_document_names_it() {
    const CONFIGURED: (&str, &str) = ("account_id", "acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR");
    let plain = || PersonQuery::new(PERSON);
    let mut through = plain();
    through.through = Some("acc_twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV".to_owned());
    let mut sections = plain();
    sections.sections = ["*_preview", "experience", "skills"].map(str::to_owned).into();
    let mut recruiter = plain();
    recruiter.api = Some(PersonApi::Recruiter);
    let mut navigator = plain();
    navigator.api = Some(PersonApi::SalesNavigator);
    let mut newer = plain();
    newer.api = Some(PersonApi::Other("talent&hub".to_owned()));
    let mut notify = plain();
    notify.notify = true;
    let section = |name| ("linkedin_sections", name);
    let rows = [
        (plain(), vec![CONFIGURED]),
        (through, vec![("account_id", "acc_twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV")]),
        (sections, vec![CONFIGURED, section("*_preview"), section("experience"), section("skills")]),
        (recruiter, vec![CONFIGURED, ("linkedin_api", "recruiter")]),
        (navigator, vec![CONFIGURED, ("linkedin_api", "sales_navigator")]),
        (newer, vec![CONFIGURED, ("linkedin_api", "talent&hub")]),
        (notify, vec![CONFIGURED, ("notify", "true")]),
    ];
    for (query, expected) in rows {
        let emulator = documents().await;
        // Some of these the linked account may not do: what is refused was sent all the same.
        drop(provider("postpress", &emulator).person(query.clone()).await);
        let requests = emulator.requests();
        assert_eq!(requests.len(), 1, "{query:?}");
        assert_eq!(pairs(&requests[0]), expected, "{query:?}");
    }
}

#[tokio::test]
async fn without_an_account_to_look_through_nobody_is_looked_up() {
    let emulator = documents().await;
    let origin = emulator.origin();
    let variables = [("POSTPRESS_API_KEY", key("postpress")), ("POSTPRESS_BASE_URL", &origin)];
    let provider = environment(&variables).provider(&Vendor::new("postpress"), &http());
    let provider = provider.expect("a sound configuration").expect("its key is set");
    let error = provider.person(PersonQuery::new(PERSON)).await.expect_err("no account is named");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
    assert!(error.message().contains("`through`"), "{error}");
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn the_group_of_the_call_goes_before_the_group_of_the_configuration() {
    // The documented profiles are all in the first group; the second one is there and holds none of them.
    const FULL: &str = "grp456xyz";
    const EMPTY: &str = "grp123abc";
    let rows = [
        (None, None, None, 4),
        (None, Some(FULL), Some(FULL), 4),
        (None, Some(EMPTY), Some(EMPTY), 0),
        (Some(FULL), None, Some(FULL), 4),
        (Some(EMPTY), None, Some(EMPTY), 0),
        (Some(EMPTY), Some(FULL), Some(FULL), 4),
        (Some(FULL), Some(EMPTY), Some(EMPTY), 0),
    ];
    for (configured, called, sent, count) in rows {
        let case = format!("configured {configured:?}, called with {called:?}");
        let emulator = documents().await;
        let origin = emulator.origin();
        let mut variables = vec![("POSTPROXY_API_KEY", key("postproxy")), ("POSTPROXY_BASE_URL", origin.as_str())];
        variables.extend(configured.map(|group| ("POSTPROXY_PROFILE_GROUP_ID", group)));
        let provider = environment(&variables).provider(&Vendor::new("postproxy"), &http());
        let provider = provider.expect("a sound configuration").expect("its key is set");

        let mut list = ListOptions::new();
        list.group = called.map(GroupId::new);
        assert_eq!(provider.list(list).await.expect("a listing").len(), count, "{case}");
        let mut get = GetOptions::new();
        get.group = called.map(GroupId::new);
        let fetched = provider.profile(&provider.profile_id("prof123abc"), get).await;
        let kind = fetched.as_ref().err().map(polyprofile::Error::kind);
        assert_eq!(kind, (count == 0).then_some(ErrorKind::NotFound), "{case}");

        let groups: Vec<_> = emulator
            .requests()
            .iter()
            .map(|request| request.query_value("profile_group_id").map(str::to_owned))
            .collect();
        assert_eq!(groups, vec![sent.map(str::to_owned); 2], "{case}");
    }
}

#[tokio::test]
async fn a_group_at_a_vendor_without_groups_is_refused_and_nothing_sent() {
    let emulator = documents().await;
    for vendor in ["postcore", "postpress"] {
        let provider = provider(vendor, &emulator);
        let group = GroupId::new("grp456xyz");
        let mut get = GetOptions::new();
        get.group = Some(group.clone());
        let fetched = provider.profile(&provider.profile_id("prof123abc"), get).await;
        let fetched = fetched.expect_err("the profile of another group would be a wrong answer");
        let list = provider.list(ListOptions::in_group(group)).await;
        let list = list.expect_err("everybody's profiles would be a wrong answer");
        for error in [fetched, list] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unsupported, 0), "{error}");
            assert!(error.message().contains("`group`"), "{error}");
        }
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn a_base_url_may_hold_what_the_paths_begin_with() {
    let rows = [
        ("postproxy", "", "/api/profiles"),
        ("postproxy", "/", "/api/profiles"),
        ("postproxy", "/api", "/api/profiles"),
        ("postproxy", "/api/", "/api/profiles"),
        ("postproxy", "/api//", "/api/profiles"),
        ("postproxy", "/gateway/", "/gateway/api/profiles"),
        ("postproxy", "/gateway/api", "/gateway/api/profiles"),
        ("postproxy", "/myapi", "/myapi/api/profiles"),
        ("postcore", "", "/profiles"),
        ("postcore", "/", "/profiles"),
        ("postcore", "/gateway/", "/gateway/profiles"),
        ("postpress", "", "/api/v1/accounts"),
        ("postpress", "/", "/api/v1/accounts"),
        ("postpress", "/v1", "/v1/accounts"),
        ("postpress", "/v1/", "/v1/accounts"),
        ("postpress", "/api/v1", "/api/v1/accounts"),
        ("postpress", "/api/v1/", "/api/v1/accounts"),
        ("postpress", "/gateway", "/gateway/api/v1/accounts"),
    ];
    for (vendor, suffix, path) in rows {
        let emulator = documents().await;
        let base_url = emulator.origin() + suffix;
        let provider = provider_at(vendor, &base_url, &emulator.postpress_account_id(), &http());
        let outcome = provider.list(ListOptions::new()).await;
        let requests = emulator.requests();
        assert_eq!(requests.len(), 1, "{vendor} {suffix}");
        assert_eq!(requests[0].path, path, "{vendor} {suffix}");
        // The emulator serves the documented paths and no others.
        let served = path == list_path(vendor) || path == "/v1/accounts";
        assert_eq!(outcome.is_ok(), served, "{vendor} {suffix}: {outcome:?}");
    }
}

async fn fetched(vendor: &str, key: &str, emulator: &Emulator) -> polyprofile::Profile {
    let provider = provider(vendor, emulator);
    provider.profile(&provider.profile_id(key), GetOptions::new()).await.expect("the documented profile")
}

fn pairs(request: &RecordedRequest) -> Vec<(&str, &str)> {
    request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
