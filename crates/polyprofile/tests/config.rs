//! Providers from a file: what it may say, what every mistake is answered with, and that no key gets out.

use std::{
    error::Error as _,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
};

use polyprofile::{
    Config, Environment, Error, ErrorKind, GroupId, KeySource, Provider as _, ProviderId, ProviderSource, Remedy,
    VENDORS, http::HttpConfig,
};

/// In every value that must not be repeated. It could be a key.
const SENTINEL: &str = "sentinel-0123456789-abcdefghij";

const GOOD: &str = r#"
# Two accounts of one vendor, and one of each other.
[[provider]]
vendor = "postproxy"
name = "main-brand"
key_env = "POSTPROXY_KEY_MAIN"
group = "grp123"
attempts = 5
concurrency = 2

[provider.timeouts]
connect = "250ms"
call = "2m"

[[provider]]
vendor = "postproxy"
name = "other-brand"
key_file = "keys/other"
base_url = "https://proxy.example.com/api?port=12345"

[[provider]]
vendor = "postcore"
key_env = "POSTCORE_API_KEY"

[[provider]]
vendor = "postpress"
key_env = "NOT_SET"
account = "acc_1"
"#;

const BOTH_OF_RATE: &str = "`rate` takes both: write rate = { requests = 100, per = \"15m\" }";
const FIELDS: &str =
    "vendor, name, key_env, key_file, base_url, attempts, concurrency, rate, parallel_decode, timeouts";
const OWN_KEY: &str = "a key does not belong in this file: put it into an environment variable or into a file of \
                       its own, and name that with `key_env` or `key_file`";
const NO_PROVIDER: &str = "no provider is named: write a line [[provider]] and below it, for example, vendor = \
                           \"postproxy\" and key_env = \"POSTPROXY_API_KEY\"";
const NO_KEY: &str = "`key_env` or `key_file` is missing: say where its key is, such as key_env = \
                      \"POSTPROXY_API_KEY\" or key_file = \"./postproxy.key\"";
const NO_VARIABLE: &str = "`key_env` must name an environment variable, in capitals, digits and `_`: the key \
                           itself does not belong in this file";
const NO_PATH: &str = "`key_file` must be a path with a `/` in it: write ./NAME for a file in the folder of this \
                       one; the key itself does not belong in this file";
const NO_NAME: &str = "`name` cannot be used: write at most 64 letters, digits, `.`, `_` and `-`";
const BRACKETS: &str = "`provider` is not a list: write it as [[provider]], with two brackets on each side";

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("config-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it is inside the folder")).expect("a folder for the file");
        fs::write(&path, content).expect("the folder can be written to");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is under the build's own folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_good_file_names_providers_in_its_order() {
    let folder = Folder::new("good");
    folder.write("keys/other", "key-of-other\n");
    let path = folder.write("config.toml", GOOD);
    let config = Config::read(&path).expect("a good file");

    let variables = [("POSTPROXY_KEY_MAIN", "key-of-main"), ("POSTCORE_API_KEY", "key-of-postcore")];
    let sources = config.sources(&environment(&variables));
    let rows: Vec<_> = sources.iter().map(row).collect();
    let other = folder.0.join("keys/other").display().to_string();
    assert_eq!(
        rows,
        [
            ("main-brand", "postproxy", "POSTPROXY_KEY_MAIN".to_owned(), true, "https://api.postproxy.dev"),
            ("other-brand", "postproxy", other, true, "https://proxy.example.com/api"),
            ("postcore", "postcore", "POSTCORE_API_KEY".to_owned(), true, "https://api.postcore.dev"),
            ("postpress", "postpress", "NOT_SET".to_owned(), false, "https://api.postpress.ai"),
        ]
    );
    assert_eq!(sources[0].group, Some(GroupId::new("grp123")));
    assert_eq!(sources[3].account.as_deref(), Some("acc_1"));
    assert!(matches!(&sources[1].key, KeySource::File(path) if path.ends_with("keys/other")));

    let error = config.providers(&environment(&variables), &HttpConfig::new()).expect_err("a key is missing");
    assert_eq!(error.provider().expect("it is known").as_str(), "postpress");
    assert_eq!(
        error.message(),
        format!(
            "{}: line 27, column 1: `NOT_SET` is not set: set it to the vendor's key, or name another variable in \
             `key_env`",
            path.display()
        )
    );

    let variables = [variables.as_slice(), &[("NOT_SET", "it-is-now")]].concat();
    let providers = config.providers(&environment(&variables), &HttpConfig::new()).expect("every key is there");
    let named: Vec<_> = providers.iter().map(|one| (one.id().to_string(), one.vendor().to_string())).collect();
    let expected: Vec<_> = sources.iter().map(|one| (one.name.to_string(), one.vendor.to_string())).collect();
    assert_eq!(named, expected);
}

#[test]
fn a_document_that_is_something_else_is_refused() {
    assert_refused(vec![
        (String::new(), None, NO_PROVIDER.into()),
        ("# nothing but a comment\n".into(), None, NO_PROVIDER.into()),
        ("provider = []".into(), None, NO_PROVIDER.into()),
        ("[provider]\nvendor = \"postproxy\"".into(), None, at(1, 2, BRACKETS)),
        ("provider = \"postproxy\"".into(), None, at(1, 1, BRACKETS)),
        ("provider = [\"postproxy\"]".into(), None, at(1, 1, BRACKETS)),
        ("[[providers]]".into(), None, at(1, 3, "`providers` is no field here: there are provider, accounts")),
        (format!("api_key = \"{SENTINEL}\""), None, at(1, 1, OWN_KEY)),
        (
            format!("[[provider]]\nvendor = {SENTINEL}"),
            None,
            at(2, 10, "this is not TOML: string values must be quoted, expected literal string"),
        ),
        (
            format!("[[provider]]\nvendor = \"{SENTINEL}"),
            None,
            at(2, 41, "this is not TOML: invalid basic string, expected `\"`"),
        ),
        (good("key_env = \"KEY\""), None, at(4, 1, "this is not TOML: duplicate key")),
    ]);
}

#[test]
fn a_field_that_is_missing_or_unknown_is_named_with_what_there_is() {
    assert_refused(vec![
        ("[[provider]]".into(), None, at(1, 1, "`vendor` is missing: say whom to ask, such as vendor = \"postproxy\"")),
        ("\n[[provider]]\nvendor = \"postproxy\"".into(), Some("postproxy"), at(2, 1, NO_KEY)),
        (
            good("key_file = \"./key\""),
            Some("postproxy"),
            at(4, 1, "`key_env` and `key_file` are both there: remove one of them"),
        ),
        (
            good("groups = \"g\""),
            Some("postproxy"),
            at(4, 1, &format!("`groups` is no field here: there are {FIELDS}, group")),
        ),
        (
            good("account = \"a\""),
            Some("postproxy"),
            at(4, 1, "`account` belongs to providers of postpress: remove it"),
        ),
        (
            "[[provider]]\nvendor = \"postcore\"\ngroup = \"g\"".into(),
            Some("postcore"),
            at(3, 1, "`group` belongs to providers of postproxy: remove it"),
        ),
        (
            good(&format!("{SENTINEL} = 1")),
            Some("postproxy"),
            at(4, 1, &format!("there is no such field here: there are {FIELDS}, group")),
        ),
        // The first from the top, not the first by name.
        (
            good("zeta = 1\nalpha = 1"),
            Some("postproxy"),
            at(4, 1, &format!("`zeta` is no field here: there are {FIELDS}, group")),
        ),
    ]);
}

#[test]
fn a_key_in_the_file_is_refused_with_where_it_belongs() {
    assert_refused(vec![
        (good(&format!("key = \"{SENTINEL}\"")), Some("postproxy"), at(4, 1, OWN_KEY)),
        (good(&format!("api_key = \"{SENTINEL}\"")), Some("postproxy"), at(4, 1, OWN_KEY)),
        (good(&format!("API-Key = [\"{SENTINEL}\"]")), Some("postproxy"), at(4, 1, OWN_KEY)),
        (good(&format!("access_token = \"{SENTINEL}\"")), Some("postproxy"), at(4, 1, OWN_KEY)),
        (good(&format!("key.env = \"{SENTINEL}\"")), Some("postproxy"), at(4, 1, OWN_KEY)),
        (timeout(&format!("key = \"{SENTINEL}\"")), Some("postproxy"), at(5, 1, OWN_KEY)),
        (
            format!("[[provider]]\nvendor = \"postproxy\"\nkey_env = \"{SENTINEL}\""),
            Some("postproxy"),
            at(3, 1, NO_VARIABLE),
        ),
        (
            "[[provider]]\nvendor = \"postproxy\"\nkey_env = \"postproxy_key\"".into(),
            Some("postproxy"),
            at(3, 1, NO_VARIABLE),
        ),
        ("[[provider]]\nvendor = \"postproxy\"\nkey_env = \"1KEY\"".into(), Some("postproxy"), at(3, 1, NO_VARIABLE)),
        (
            format!("[[provider]]\nvendor = \"postproxy\"\nkey_file = \"{SENTINEL}\""),
            Some("postproxy"),
            at(3, 1, NO_PATH),
        ),
        (
            "[[provider]]\nvendor = \"postproxy\"\nkey_file = \"~/key\"".into(),
            Some("postproxy"),
            at(3, 1, "`key_file` starts with `~`: write the whole path"),
        ),
    ]);
}

#[test]
fn a_vendor_or_name_that_cannot_be_used_is_refused() {
    assert_refused(vec![
        (
            "[[provider]]\nvendor = \"postpigeon\"\nkey_env = \"KEY\"".into(),
            None,
            at(2, 1, "there is no vendor `postpigeon`: this build knows postproxy, postcore, postpress"),
        ),
        (
            "[[provider]]\nvendor = \"Postproxy\"\nname = \"main\"\nkey_env = \"KEY\"".into(),
            Some("main"),
            at(2, 1, "there is no vendor `Postproxy`: this build knows postproxy, postcore, postpress"),
        ),
        (
            format!("[[provider]]\nvendor = \"{SENTINEL}\""),
            None,
            at(2, 1, "there is no such vendor: this build knows postproxy, postcore, postpress"),
        ),
        (
            "[[provider]]\nvendor = 1".into(),
            None,
            at(2, 1, "`vendor` must not be of type integer: write it as text, in quotes"),
        ),
        ("[[provider]]\nvendor = \" \"".into(), None, at(2, 1, "`vendor` is empty: set it, or remove it")),
        (good("name = \"\""), None, at(4, 1, "`name` is empty: set it, or remove it")),
        (good("name = \"main brand\""), None, at(4, 1, NO_NAME)),
        (good("name = \"main/brand\""), None, at(4, 1, NO_NAME)),
        (good("name = \"main\\nbrand\""), None, at(4, 1, NO_NAME)),
        (good(&format!("name = \"{}\"", "ü".repeat(65))), None, at(4, 1, NO_NAME)),
        (good("name = [\"main\"]"), None, at(4, 1, "`name` must not be of type array: write it as text, in quotes")),
        (
            good(&good("")),
            Some("postproxy"),
            at(4, 1, "the provider in line 1 is called `postproxy`, too: give each its own `name`"),
        ),
        (
            good(&good("name = \"postproxy\"")),
            Some("postproxy"),
            at(4, 1, "the provider in line 1 is called `postproxy`, too: give each its own `name`"),
        ),
    ]);
}

#[test]
fn a_value_of_another_type_or_range_is_refused_with_what_to_write() {
    assert_refused(vec![
        (
            good("group = 12"),
            Some("postproxy"),
            at(4, 1, "`group` must not be of type integer: write it as text, in quotes"),
        ),
        (good("group = \"\""), Some("postproxy"), at(4, 1, "`group` is empty: set it, or remove it")),
        (
            good(&format!("base_url = \"https://user:{SENTINEL}@example.com\"")),
            Some("postproxy"),
            at(
                4,
                1,
                "`base_url` must not hold a user name or password: give an address such as https://api.example.com",
            ),
        ),
        (
            good("base_url = \"api.example.com\""),
            Some("postproxy"),
            at(4, 1, "`base_url` is no absolute URL: give an address such as https://api.example.com"),
        ),
        (
            good("attempts = 0"),
            Some("postproxy"),
            at(4, 1, "`attempts` is out of range: write a whole number from 1 to 100"),
        ),
        (
            good("attempts = -1"),
            Some("postproxy"),
            at(4, 1, "`attempts` is out of range: write a whole number from 1 to 100"),
        ),
        (
            good("attempts = 99999999999999999999"),
            Some("postproxy"),
            at(4, 1, "`attempts` is out of range: write a whole number from 1 to 100"),
        ),
        (
            good("attempts = \"3\""),
            Some("postproxy"),
            at(4, 1, "`attempts` must not be of type string: write a whole number from 1 to 100"),
        ),
        (
            good("concurrency = 1.5"),
            Some("postproxy"),
            at(4, 1, "`concurrency` must not be of type float: write a whole number from 1 to 1000"),
        ),
        (
            good("parallel_decode = \"yes\""),
            Some("postproxy"),
            at(4, 1, "`parallel_decode` must not be of type string: write true or false, without quotes"),
        ),
        (
            good("rate = 100"),
            Some("postproxy"),
            at(4, 1, "`rate` must not be of type integer: write it as [provider.rate]"),
        ),
        (good("rate = { requests = 100 }"), Some("postproxy"), at(4, 1, BOTH_OF_RATE)),
        (good("rate = { per = \"15m\" }"), Some("postproxy"), at(4, 1, BOTH_OF_RATE)),
        (
            good("rate = { requests = 0, per = \"15m\" }"),
            Some("postproxy"),
            at(4, 10, "`requests` is out of range: write a whole number from 1 to 1000000"),
        ),
        (
            good("rate = { requests = 100, per = \"15 minutes\" }"),
            Some("postproxy"),
            at(4, 26, "`per` is no length of time: write a whole number and ms, s, m or h, such as \"30s\""),
        ),
        (
            good("rate = { requests = 100, every = \"15m\" }"),
            Some("postproxy"),
            at(4, 26, "`every` is no field here: there are requests, per"),
        ),
        (
            good("timeouts = \"30s\""),
            Some("postproxy"),
            at(4, 1, "`timeouts` must not be of type string: write it as [provider.timeouts]"),
        ),
        (
            timeout("call = 30"),
            Some("postproxy"),
            at(5, 1, "`call` must not be of type integer: write a number with its unit as text, such as \"30s\""),
        ),
        (
            timeout("call = \"30\""),
            Some("postproxy"),
            at(5, 1, "`call` is no length of time: write a whole number and ms, s, m or h, such as \"30s\""),
        ),
        (timeout("call = \"0s\""), Some("postproxy"), at(5, 1, "`call` is no time at all: write at least \"1ms\"")),
        (
            timeout("total = \"30s\""),
            Some("postproxy"),
            at(5, 1, "`total` is no field here: there are connect, headers, silence, call, listing, grace"),
        ),
        (
            timeout("attempts = 3"),
            Some("postproxy"),
            at(5, 1, "`attempts` is no timeout: write it above the line [provider.timeouts]"),
        ),
    ]);
}

#[test]
fn a_key_file_is_the_key_but_for_the_line_break_that_ends_it() {
    let folder = Folder::new("key-files");
    for content in ["a-good-key", "a-good-key\n", "a-good-key\r\n", "\u{feff}a-good-key\r\n"] {
        let path = folder.write("key", content);
        let provider = with_key_file("./key", &folder.0).expect(content);
        assert_eq!(provider.len(), 1, "{content:?}");
        // An absolute path is taken as it is, wherever the configuration stands.
        with_key_file(path.to_str().expect("the folder's name is text"), Path::new("elsewhere")).expect(content);
    }
    assert!(with_key_file("./key", Path::new("elsewhere")).is_err(), "a relative path starts at the folder");
}

#[test]
fn a_key_file_that_cannot_be_used_is_refused_and_not_repeated() {
    const FILE: &str = "the file that `key_file` names";
    let folder = Folder::new("bad-key-files");
    fs::create_dir_all(folder.0.join("folder")).expect("a folder for the test");
    let long = "k".repeat(4_097);
    let endless = "k".repeat(2 << 20);
    let rows: [(&str, &[u8], &str); 10] = [
        ("./empty", b"", "is empty: set it to the key from the vendor's dashboard"),
        ("./blank", b"\n", "is empty: set it to the key from the vendor's dashboard"),
        ("./two-breaks", b"SENTINEL\n\n", "holds a line break: remove it, the key is one line"),
        ("./two-lines", b"SENTINEL\nSENTINEL", "holds a line break: remove it, the key is one line"),
        (
            "./blanks",
            b"key = SENTINEL\n",
            "holds a blank, a control character or a letter outside ASCII: copy the key again",
        ),
        ("./bytes", b"SENTINEL\xff", "is not text: write the key into it, and nothing else"),
        ("./long", long.as_bytes(), "holds more than 4096 bytes: write the key into it, and nothing else"),
        ("./endless", endless.as_bytes(), "holds more than 4096 bytes: write the key into it, and nothing else"),
        (
            "./absent/SENTINEL",
            b"",
            "is not there: write it, or correct the path, which starts at the folder of the configuration unless it is \
             absolute",
        ),
        ("./folder", b"", "cannot be read (is a directory): name a file that can"),
    ];
    for (path, content, problem) in rows {
        if !["./absent/SENTINEL", "./folder"].contains(&path) {
            let parts: Vec<&[u8]> = split(content, b"SENTINEL");
            folder.write(path.trim_start_matches("./"), parts.join(SENTINEL.as_bytes()));
        }
        let error = with_key_file(&path.replace("SENTINEL", SENTINEL), &folder.0).expect_err(path);
        assert_eq!(error.message(), at(3, 1, &format!("{FILE} {problem}")), "{path}");
        assert_eq!((error.kind(), error.provider().map(ProviderId::as_str)), (ErrorKind::Config, Some("postcore")));
        assert_silent_error(&error);
    }
    let set =
        |path: &str| Config::parse(&key_file(path), &folder.0).expect(path).sources(&environment(&[]))[0].key_is_set;
    assert!(set("./two-lines") && set("./long"));
    assert!(!set("./empty") && !set("./blank") && !set("./absent/key") && !set("./folder"));
}

#[test]
fn a_variable_that_cannot_be_used_is_named_and_its_value_is_not_repeated() {
    let rows = [
        (None, "is not set: set it to the vendor's key, or name another variable in `key_env`", false),
        (Some(""), "is empty: set it, or unset it", false),
        (Some("  "), "is empty: set it, or unset it", false),
        (Some("SENTINEL\n"), "holds a line break: remove it, the key is one line", true),
        (
            Some("key SENTINEL"),
            "holds a blank, a control character or a letter outside ASCII: copy the key again",
            true,
        ),
    ];
    for vendor in VENDORS {
        let text = format!("[[provider]]\nvendor = \"{vendor}\"\nname = \"main\"\nkey_env = \"THE_KEY\"\n");
        let config = Config::parse(&text, "").expect("a good file");
        for (value, problem, key_is_set) in rows {
            let value = value.map(|value| value.replace("SENTINEL", SENTINEL));
            let variables: Vec<_> = value.iter().map(|value| ("THE_KEY", value.as_str())).collect();
            let error = config.providers(&environment(&variables), &HttpConfig::new()).expect_err(problem);
            assert_eq!(error.message(), at(4, 1, &format!("`THE_KEY` {problem}")));
            assert_eq!((error.kind(), error.provider().map(ProviderId::as_str)), (ErrorKind::Config, Some("main")));
            assert_silent_error(&error);
            let sources = config.sources(&environment(&variables));
            assert_eq!(sources[0].key_is_set, key_is_set, "{value:?}");
            assert_silent(&sources);
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = Folder::new("unreadable");
    let bytes = folder.write("bytes.toml", b"# fine\n[[provider]]\nvendor = \"post\xffproxy\"\n");
    let utf_16 = folder.write("utf-16.toml", b"\xff\xfe[\0[\0");
    let large = folder.write("large.toml", "#".repeat((1 << 20) + 1));
    let empty = folder.write("empty.toml", "");
    let rows = [
        (folder.0.join("absent.toml"), "there is no such file: write it, or name another"),
        (folder.0.clone(), "it cannot be read (is a directory): name a file that can"),
        (bytes, "line 3: this is not UTF-8: save the file as UTF-8"),
        (utf_16, "line 1: this is not UTF-8: save the file as UTF-8"),
        (large, "it is larger than 1048576 bytes: name a configuration file"),
        (
            empty,
            "no provider is named: write a line [[provider]] and below it, for example, vendor = \"postproxy\" and \
             key_env = \"POSTPROXY_API_KEY\"",
        ),
    ];
    for (path, problem) in rows {
        let error = Config::read(&path).expect_err(problem);
        assert_eq!(error.message(), format!("{}: {problem}", path.display()));
        assert_eq!(error.kind(), ErrorKind::Config);
    }
}

#[test]
fn what_editors_do_to_a_file_does_not_matter() {
    let text = "[[provider]]\nvendor = \"postcore\"\nkey_env = \"KEY\"\n";
    let forms = [text.to_owned(), format!("\u{feff}{text}"), text.replace('\n', "\r\n"), text.trim_end().to_owned()];
    for form in forms {
        let config = Config::parse(&form, "").expect(&form);
        assert_eq!(config.sources(&environment(&[])).len(), 1, "{form:?}");
        // Places are counted as editors count them.
        let error = Config::parse(&form.replace("vendor", "vender"), "").expect_err(&form);
        assert!(error.message().starts_with("line 2, column 1: `vender` is no field"), "{form:?}: {error}");
    }
    let error = Config::parse("\u{feff}vendor = \"postcore\"", "").expect_err("it is not in a [[provider]]");
    assert!(error.message().starts_with("line 1, column 1: "), "{error}");
}

#[test]
fn whatever_a_key_is_written_into_it_is_not_repeated() {
    let fields = [
        "vendor",
        "name",
        "key_env",
        "key_file",
        "base_url",
        "group",
        "account",
        "attempts",
        "concurrency",
        "timeouts",
        "key",
        "api_key",
        "token",
        "other",
    ];
    let mut errors = 0;
    for field in fields {
        for value in [
            "\"S\"",
            "\"S S\"",
            "'S'",
            "\"\"\"\nS\"\"\"",
            "S",
            "\"S",
            "[\"S\"]",
            "{ S = \"S\" }",
            "{ call = \"S\" }",
            "\"\\S\"",
            "0S",
            "\"S\" \"S\"",
            "= S",
            "\"/S\"",
            "\"./S\"",
            "\"https://x:S@example.com/S?S#S\"",
            "\"https://example.com?S\"",
        ] {
            for vendor in VENDORS {
                let mut lines = vec!["[[provider]]".to_owned(), format!("{field} = {}", value.replace('S', SENTINEL))];
                if field != "vendor" {
                    lines.push(format!("vendor = \"{vendor}\""));
                }
                if !["key_env", "key_file"].contains(&field) {
                    lines.push("key_env = \"KEY\"".to_owned());
                }
                let text = lines.join("\n");
                match Config::parse(&text, "") {
                    Err(error) => {
                        errors += 1;
                        assert_silent_error(&error);
                    }
                    // A name is there to be shown.
                    Ok(_) if field == "name" => {}
                    Ok(config) => {
                        assert_silent(&config);
                        let keys = environment(&[("KEY", SENTINEL)]);
                        match config.providers(&keys, &HttpConfig::new()) {
                            Err(error) => assert_silent_error(&error),
                            // Group, account and path are no secrets.
                            Ok(providers) if field == "base_url" => assert_silent(&providers),
                            Ok(_) => {}
                        }
                    }
                }
            }
        }
    }
    assert!(errors > 500, "most of these are mistakes, not only {errors}");
}

#[test]
fn the_environment_describes_its_providers_alike() {
    let variables = [
        ("POSTPROXY_API_KEY", SENTINEL),
        ("POSTPROXY_PROFILE_GROUP_ID", "grp123"),
        ("POSTCORE_API_KEY", " "),
        ("POSTCORE_BASE_URL", "http://127.0.0.1:1/?port=12345"),
        ("POSTPRESS_ACCOUNT_ID", "acc_1"),
    ];
    let sources = environment(&variables).sources().expect("what is set can be used");
    let rows: Vec<_> = sources.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            ("postproxy", "postproxy", "POSTPROXY_API_KEY".to_owned(), true, "https://api.postproxy.dev"),
            ("postcore", "postcore", "POSTCORE_API_KEY".to_owned(), false, "http://127.0.0.1:1"),
            ("postpress", "postpress", "POSTPRESS_API_KEY".to_owned(), false, "https://api.postpress.ai"),
        ]
    );
    assert_eq!(sources[0].group, Some(GroupId::new("grp123")));
    assert_eq!(sources[2].account.as_deref(), Some("acc_1"));
    assert_silent(&sources);

    let bad = [("POSTPRESS_BASE_URL", "https://user:sentinel-0123456789-abcdefghij@example.com")];
    let error = environment(&bad).sources().expect_err("it cannot be used");
    assert!(error.message().starts_with("`POSTPRESS_BASE_URL` must not hold a user name"), "{error}");
    assert_silent_error(&error);
}

/// Fails unless each text is refused, by an error of that provider with that message and without the sentinel.
#[track_caller]
fn assert_refused(rows: Vec<(String, Option<&str>, String)>) {
    for (text, provider, message) in rows {
        let error = Config::parse(&text, "").expect_err(&text);
        assert_eq!(error.message(), message, "{text}");
        assert_eq!(error.provider().map(ProviderId::as_str), provider, "{text}");
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Config, Remedy::FixConfiguration), "{text}");
        assert!(
            !message.contains("this is not TOML") || error.source().is_none(),
            "the parser's own error shows lines"
        );
        assert_silent_error(&error);
    }
}

fn good(more: &str) -> String {
    format!("[[provider]]\nvendor = \"postproxy\"\nkey_env = \"KEY\"\n{more}")
}

fn timeout(more: &str) -> String {
    good(&format!("[provider.timeouts]\n{more}"))
}

fn environment<'a>(variables: &'a [(&'a str, &'a str)]) -> Environment<'a> {
    Environment::of(|name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

fn row(source: &ProviderSource) -> (&str, &str, String, bool, &str) {
    (source.name.as_str(), source.vendor.as_str(), source.key.to_string(), source.key_is_set, &source.base_url)
}

fn at(line: usize, column: usize, message: &str) -> String {
    format!("line {line}, column {column}: {message}")
}

fn key_file(path: &str) -> String {
    // In single quotes nothing is an escape.
    format!("[[provider]]\nvendor = \"postcore\"\nkey_file = '{path}'\n")
}

fn with_key_file(path: &str, directory: &Path) -> polyprofile::Result<Vec<polyprofile::AnyProvider>> {
    Config::parse(&key_file(path), directory)?.providers(&environment(&[]), &HttpConfig::new())
}

fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let Some(place) = bytes.windows(separator.len()).position(|window| window == separator) else { return vec![bytes] };
    let mut parts = vec![&bytes[..place]];
    parts.extend(split(&bytes[place + separator.len()..], separator));
    parts
}

/// Fails if a form in which `value` is printed for a programmer holds the key.
#[track_caller]
fn assert_silent(value: &(impl Debug + ?Sized)) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(SENTINEL), "the key is in {printed}");
    }
}

/// Fails if `error`, or a cause of it, holds the key.
#[track_caller]
fn assert_silent_error(error: &Error) {
    assert_silent(error);
    assert!(!error.to_string().contains(SENTINEL), "the key is in {error}");
    let mut cause = error.source();
    while let Some(current) = cause {
        assert!(!format!("{current} {current:?}").contains(SENTINEL), "the key is in {current}");
        cause = current.source();
    }
}
