//! Many rows, the same for the same seed.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt;
use polyprofile_emulator::{Data, Emulator, POSTPROXY_KEY};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::Caller;

fn router(profiles: u64, seed: u64) -> Router {
    let data = Data::Synthetic { profiles, seed };
    Emulator::builder().data(data).now(Emulator::DOCUMENTS_NOW).into_router()
}

/// The three vendors' lists.
async fn lists(router: Router) -> [Vec<Value>; 3] {
    let postproxy = Caller::postproxy(router.clone()).get("/api/profiles").await.json();
    let postcore = Caller::postcore(router.clone()).get("/profiles").await.json();
    let caller = Caller::postpress(router);
    let mut accounts = Vec::new();
    let mut target = "/v1/accounts?limit=250".to_owned();
    loop {
        let page = caller.get(&target).await.json();
        accounts.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["cursor"].as_str() else { break };
        target = format!("/v1/accounts?limit=250&cursor={cursor}");
    }
    [postproxy["data"].as_array().unwrap().clone(), postcore["profiles"].as_array().unwrap().clone(), accounts]
}

#[tokio::test]
async fn the_seed_decides_the_rows() {
    let first = lists(router(1_000, 7)).await;
    assert_eq!(first.each_ref().map(Vec::len), [1_000; 3]);
    assert_eq!(first, lists(router(1_000, 7)).await);
    let other = lists(router(1_000, 8)).await;
    assert!(first.iter().zip(&other).all(|(first, other)| first != other));
    // A longer list starts with the shorter one.
    assert_eq!(first[0], lists(router(2_000, 7)).await[0][..1_000]);
    for (rows, id) in first.iter().zip(["id", "profileKey", "id"]) {
        let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row[id].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 1_000);
    }
}

#[tokio::test]
async fn rows_are_made_while_they_are_sent() {
    // More than could ever be made: the first piece comes all the same.
    let caller = Caller::postproxy(router(u64::MAX / 2, 7));
    let request = Request::get("/api/profiles").header("authorization", format!("Bearer {POSTPROXY_KEY}"));
    let response = caller.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let piece = response.into_body().into_data_stream().next().await.unwrap().unwrap();
    assert!(piece.starts_with(br#"{"data":[{"id":"syn0000000","#));
    assert!((32_768..40_000).contains(&piece.len()), "{}", piece.len());
}

#[tokio::test]
async fn no_rows_are_an_empty_list() {
    assert_eq!(lists(router(0, 7)).await.map(|rows| rows.len()), [0; 3]);
}

#[tokio::test]
async fn rows_are_found_deleted_and_changed_one_by_one() {
    let router = router(9, 7);
    let postproxy = Caller::postproxy(router.clone());
    let single = postproxy.get("/api/profiles/syn0000003").await.json();
    assert_eq!((&single["id"], &single["latest_stats"]), (&json!("syn0000003"), &json!([])));
    for unknown in ["syn0000009", "syn3", "syn+000003", "other"] {
        postproxy.get(&format!("/api/profiles/{unknown}")).await.has_status(404);
    }
    postproxy.delete("/api/profiles/syn0000003").await.has_status(200);
    postproxy.get("/api/profiles/syn0000003").await.has_status(404);

    let postcore = Caller::postcore(router.clone());
    let credentials = json!({"handle": "new.bsky.social", "appPassword": "abcd-efgh-ijkl-mnop"});
    let body = json!({"profileKey": "syn0000004", "platform": "bluesky", "credentials": credentials});
    postcore.post("/profiles/connect", body).await.has_status(200);
    let connections = postcore.get("/profiles/syn0000004").await.json()["connectedPlatforms"].clone();
    assert!(connections.as_array().unwrap().iter().any(|row| row["username"] == "new.bsky.social"));

    let postpress = Caller::postpress(router.clone());
    postpress.delete("/v1/accounts/syn0000005").await.has_status(200);
    postpress.get("/v1/accounts/syn0000005").await.has_status(404);
    assert_eq!(lists(router).await.map(|rows| rows.len()), [8, 9, 8]);
}

#[tokio::test]
async fn groups_share_the_rows() {
    let caller = Caller::postproxy(router(9, 7));
    let counts = async || -> Vec<u64> {
        let groups = caller.get("/api/profile_groups").await.json();
        groups["data"].as_array().unwrap().iter().map(|group| group["profiles_count"].as_u64().unwrap()).collect()
    };
    assert_eq!(counts().await, [3, 2, 2, 2]);
    caller.delete("/api/profiles/syn0000004").await.has_status(200);
    assert_eq!(counts().await, [2, 2, 2, 2]);
    caller.delete("/api/profile_groups/grp_syn_0").await.has_status(200);
    assert_eq!(counts().await, [2, 2, 2]);
    let rows = caller.get("/api/profiles").await.json();
    let groups: Vec<_> = rows["data"].as_array().unwrap().iter().map(|row| &row["profile_group_id"]).collect();
    assert_eq!((groups.len(), groups.contains(&&json!("grp_syn_0"))), (6, false));
    caller.get("/api/profiles/syn0000000").await.has_status(404);
}
