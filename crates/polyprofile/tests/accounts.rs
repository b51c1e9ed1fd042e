//! What a configuration file says about which connections are one account.
#![cfg(all(feature = "config", feature = "postproxy", feature = "postpress"))]

use polyprofile::{AccountOverrides, Config, ConnectionSelector, Error, ErrorKind, Platform, ProfileId, ProviderId};

const PROVIDERS: &str = "\
[[provider]]
vendor = \"postproxy\"
key_env = \"KEY\"
[[provider]]
vendor = \"postpress\"
name = \"other\"
key_env = \"KEY\"
";

/// In every value that must not be repeated. It could be a key.
const SENTINEL: &str = "sentinel-0123456789-abcdefghij";

fn read(accounts: &str) -> Result<AccountOverrides, Error> {
    Config::parse(&format!("{PROVIDERS}{accounts}"), "").map(|config| config.accounts().clone())
}

fn profile(provider: &str, key: &str) -> ProfileId {
    ProfileId::new(ProviderId::new(provider), key)
}

#[test]
fn sets_are_read_as_they_are_written() {
    let read = read(
        r#"
[[accounts.together]]
connections = [
    { provider = "postproxy", profile = "prof_1" },
    { provider = "other", profile = "acc_1", platform = "X", account_id = "7" },
]
[[accounts.apart]]
connections = [{ provider = "other", profile = "a" }, { provider = "other", profile = "b" }]
[[accounts.apart]]
[[accounts.apart.connections]]
provider = "postproxy"
profile = "c"
[[accounts.apart.connections]]
provider = "postproxy"
profile = "d"
"#,
    );
    let one = |provider: &str, key: &str| ConnectionSelector::profile(profile(provider, key));
    let mut twitter = ConnectionSelector::new(profile("other", "acc_1"), Platform::Twitter);
    twitter.account_id = Some("7".to_owned());
    let expected = AccountOverrides::new()
        .together([one("postproxy", "prof_1"), twitter])
        .apart([one("other", "a"), one("other", "b")])
        .apart([one("postproxy", "c"), one("postproxy", "d")]);
    assert_eq!(read.expect("a good file"), expected);
}

#[test]
fn a_file_that_says_nothing_overrides_nothing() {
    assert_eq!(read("").expect("a good file"), AccountOverrides::new());
    assert_eq!(read("[accounts]\n").expect("a good file"), AccountOverrides::new());
}

#[test]
fn every_mistake_is_named_with_its_place_and_no_value() {
    let set = |connections: &str| format!("[[accounts.apart]]\nconnections = [{connections}]\n");
    let good = "{ provider = \"other\", profile = \"a\" }";
    let rows = [
        ("accounts = 1\n".to_owned(), "line 8"), // inside the last provider: its own field then
        (
            "[accounts.together]\nconnections = []\n".to_owned(),
            "`together` is not a list: write it as [[accounts.together]]",
        ),
        ("[[accounts]]\n".to_owned(), "`accounts` must not be of type array"),
        ("[[accounts.same]]\n".to_owned(), "`same` is no field here: there are together, apart"),
        ("[[accounts.apart]]\n".to_owned(), "line 8, column"),
        (set(good), "two connections or more make a set"),
        ("[[accounts.apart]]\nconnections = \"x\"\n".to_owned(), "`connections` is not a list"),
        (set(&format!("{good}, \"{SENTINEL}\"")), "`connections` is not a list"),
        (set(&format!("{good}, {{ provider = \"other\" }}")), "`profile` is missing"),
        (set(&format!("{good}, {{ profile = \"a\" }}")), "`provider` is missing"),
        (
            set(&format!("{good}, {{ provider = \"postcore\", profile = \"a\" }}")),
            "there is no provider `postcore` in this file: there are postproxy, other",
        ),
        (
            set(&format!("{good}, {{ provider = \"{SENTINEL}\", profile = \"a\" }}")),
            "there is no provider of that name in this file",
        ),
        (set(&format!("{good}, {{ provider = \"other\", profile = 7 }}")), "`profile` must not be of type integer"),
        (set(&format!("{good}, {{ provider = \"other\", id = \"{SENTINEL}\" }}")), "`id` is no field here"),
        (set(&format!("{good}, {{ provider = \"other\", profile = \"a\", platform = \"\" }}")), "`platform` is empty"),
        (set(&format!("{good}, {{ api_key = \"{SENTINEL}\" }}")), "a key does not belong in this file"),
    ];
    for (text, expected) in rows {
        let error = read(&text).expect_err(&text);
        assert_eq!(error.kind(), ErrorKind::Config, "{text}");
        assert!(error.message().contains(expected), "{text}\n{error}");
        assert!(!format!("{error} {error:?}").contains(SENTINEL), "{error:?}");
    }
}
