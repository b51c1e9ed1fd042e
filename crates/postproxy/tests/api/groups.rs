//! Groups, deletions, and writes that are sent twice.

use polyprofile_core::{
    CreateGroup, ErrorKind, GetOptions, Group, GroupId, Operation, Provider as _, Remedy, VendorApi as _,
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_SCOPED_KEY};

use crate::support::{assert_error, emulator, id, in_group, lines, provider, provider_with};

fn told(group: &Group) -> (&str, Option<&str>, Option<u64>) {
    (group.id.as_str(), group.name.as_deref(), group.profiles)
}

fn keys(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests();
    requests.iter().filter_map(|request| request.header("idempotency-key").map(str::to_owned)).collect()
}

fn status(status: u16) -> FaultKind {
    FaultKind::Status { status, headers: Vec::new(), body: String::new(), content_type: "application/json".to_owned() }
}

fn replaced(body: &str) -> FaultKind {
    FaultKind::Replace { body: body.to_owned(), content_type: "application/json".to_owned() }
}

#[tokio::test]
async fn the_documented_groups_are_listed_fetched_and_made() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let groups = postproxy.groups().await.expect("a list");
    let expected = [
        ("grp123abc", Some("Main Brand"), Some(5)),
        ("grp456def", Some("Client Project"), Some(3)),
        ("grp789ghi", Some("Personal"), Some(2)),
    ];
    assert_eq!(groups.iter().map(told).collect::<Vec<_>>(), expected);
    let one = postproxy.group(&GroupId::new("grp123abc")).await.expect("a group");
    assert_eq!(one, groups[0]);
    let made = postproxy.create_group(CreateGroup::named("New Client Project")).await.expect("a group");
    assert_eq!(told(&made), ("grp999xyz", Some("New Client Project"), Some(0)));
    assert_eq!(postproxy.groups().await.expect("a list").last(), Some(&made));
}

#[tokio::test]
async fn a_group_that_is_deleted_takes_its_profiles_with_it() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let profile = id(&postproxy, "prof_fjo_yt");
    postproxy.profile(&profile, GetOptions::new()).await.expect("it is there");
    let fjord = GroupId::new("grp_fjord");
    assert_eq!(postproxy.delete_group(&fjord).await.expect("a confirmation").message, None);
    let gone = postproxy.group(&fjord).await.expect_err("it is gone");
    assert_error(&gone, ErrorKind::NotFound, Operation::GetGroup, 1);
    let gone = postproxy.profile(&profile, GetOptions::new()).await.expect_err("it is gone");
    assert_error(&gone, ErrorKind::NotFound, Operation::GetProfile, 1);
    let gone = postproxy.delete_group(&fjord).await.expect_err("it is gone");
    assert_error(&gone, ErrorKind::NotFound, Operation::DeleteGroup, 1);
}

#[tokio::test]
async fn a_profile_is_deleted_once() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let profile = id(&postproxy, "prof123abc");
    postproxy.delete_profile(&profile, in_group("grp456xyz")).await.expect("a confirmation");
    let gone = postproxy.delete_profile(&profile, GetOptions::new()).await.expect_err("it is gone");
    assert_error(&gone, ErrorKind::NotFound, Operation::DeleteProfile, 1);
}

#[tokio::test]
async fn a_key_for_one_group_sees_that_one_and_may_not_change_groups() {
    let emulator = emulator(Data::Documents).await;
    let scoped = provider_with(&emulator, |config| config.api_key = POSTPROXY_SCOPED_KEY.into());
    let groups = scoped.groups().await.expect("a list");
    assert_eq!(groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), [emulator.postproxy_group_id()]);
    for (error, operation) in [
        (scoped.create_group(CreateGroup::named("G")).await.expect_err("it may not"), Operation::CreateGroup),
        (scoped.delete_group(&groups[0].id).await.expect_err("it may not"), Operation::DeleteGroup),
    ] {
        assert_error(&error, ErrorKind::Permission, operation, 1);
        assert_eq!((error.status(), error.remedy()), (Some(422), Remedy::FixKey), "{error}");
        assert_eq!(error.message(), "Your API key has no such permission");
    }
    let hidden = scoped.group(&GroupId::new("grp123abc")).await.expect_err("out of reach");
    assert_error(&hidden, ErrorKind::NotFound, Operation::GetGroup, 1);
}

#[tokio::test]
async fn a_write_that_fails_for_a_while_is_sent_again_under_the_same_key() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    emulator.add_fault(Fault::new("/api/profile_groups", status(503)).times(2));
    let made = postproxy.create_group(CreateGroup::named("G")).await.expect("the third time");
    let sent = keys(&emulator);
    assert_eq!((sent.len(), &sent[0], &sent[1]), (3, &sent[1], &sent[2]));
    assert!(sent[0].len() == 32 && sent[0].bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", sent[0]);

    emulator.clear_requests();
    emulator.add_fault(Fault::new("/api", status(502)).method("DELETE").times(1));
    postproxy.delete_group(&made.id).await.expect("the second time");
    let again = keys(&emulator);
    assert_eq!((again.len(), &again[0]), (2, &again[1]));
    assert_ne!(again[0], sent[0], "another act has another key");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_has_no_second_effect() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    emulator.add_fault(Fault::new("/api", FaultKind::CutAfter { bytes: 9, chunked: false }).method("POST").times(1));
    let made = postproxy.create_group(CreateGroup::named("G")).await.expect("the answer given again");
    assert_eq!(keys(&emulator).len(), 2);
    let named = postproxy.groups().await.expect("a list").into_iter().filter(|group| group.name == made.name);
    assert_eq!(named.collect::<Vec<_>>(), [made]);

    let profile = id(&postproxy, "prof123abc");
    emulator.add_fault(Fault::new("/api", FaultKind::CutAfter { bytes: 3, chunked: true }).method("DELETE").times(1));
    postproxy.delete_profile(&profile, GetOptions::new()).await.expect("the answer given again");
}

#[tokio::test]
async fn a_key_of_the_callers_own_names_the_act() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let mut request = CreateGroup::named("G");
    request.idempotency_key = Some("order-42".to_owned());
    let first = postproxy.create_group(request.clone()).await.expect("a group");
    let second = postproxy.create_group(request.clone()).await.expect("the same group");
    assert_eq!(first, second);
    assert_eq!(keys(&emulator), ["order-42", "order-42"]);
    assert_eq!(postproxy.groups().await.expect("a list").len(), 4);
    request.name = "H".to_owned();
    let error = postproxy.create_group(request).await.expect_err("the key names another act");
    assert_error(&error, ErrorKind::Invalid, Operation::CreateGroup, 1);
}

#[tokio::test]
async fn a_write_that_is_still_under_way_is_waited_for() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let kind = FaultKind::Status {
        status: 409,
        headers: Vec::new(),
        body: r#"{"error":"A request with this Idempotency-Key is in flight"}"#.to_owned(),
        content_type: "application/json".to_owned(),
    };
    emulator.add_fault(Fault::new("/api", kind).times(1));
    postproxy.create_group(CreateGroup::named("G")).await.expect("the second time");
    assert_eq!(lines(&emulator).len(), 2);
}

#[tokio::test]
async fn a_deletion_counts_only_when_it_is_confirmed() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let (profile, group) = (id(&postproxy, "p"), GroupId::new("g"));
    let rows = [
        (replaced(r#"{"success":false}"#), Some(ErrorKind::Protocol)),
        (replaced(r#"{"deleted":false}"#), Some(ErrorKind::Protocol)),
        (replaced(r#"{"success":false,"error":"Group is not empty"}"#), Some(ErrorKind::Invalid)),
        (replaced("{}"), Some(ErrorKind::Decode)),
        (replaced("null"), Some(ErrorKind::Decode)),
        (replaced(""), Some(ErrorKind::Decode)),
        (FaultKind::Html, Some(ErrorKind::Decode)),
        (status(204), None),
        (replaced(r#"{"deleted":true,"success":true}"#), None),
    ];
    for (kind, expected) in rows {
        emulator.add_fault(Fault::new("/api", kind.clone()).times(2));
        let outcomes = [
            (postproxy.delete_profile(&profile, GetOptions::new()).await, Operation::DeleteProfile),
            (postproxy.delete_group(&group).await, Operation::DeleteGroup),
        ];
        for (outcome, operation) in outcomes {
            match (outcome, expected) {
                (Ok(_), None) => {}
                (Err(error), Some(expected)) => assert_error(&error, expected, operation, 1),
                (outcome, expected) => panic!("{kind:?}: {outcome:?}, not {expected:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_group_that_nothing_names_is_an_error() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    for body in ["{}", r#"{"id":null,"name":"G"}"#, r#"{"data":{"id":"g"}}"#] {
        emulator.add_fault(Fault::new("/api", replaced(body)).times(2));
        let error = postproxy.group(&GroupId::new("g")).await.expect_err(body);
        assert_error(&error, ErrorKind::Decode, Operation::GetGroup, 1);
        let error = postproxy.create_group(CreateGroup::named("G")).await.expect_err(body);
        assert_error(&error, ErrorKind::Decode, Operation::CreateGroup, 1);
        assert_eq!(error.provider(), Some(postproxy.id()));
    }
}
