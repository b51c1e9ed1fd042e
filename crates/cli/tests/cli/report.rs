//! The page that `compare --html` writes: whole, safe, and to be read by everybody.

use std::{collections::BTreeSet, fs, path::PathBuf};

use polyprofile_emulator::{Data, Fault, FaultKind};

use crate::{
    html::{Element, Html},
    support::{NOW, Run, Served, demo},
};

/// A file of the test's own.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.html", std::process::id()))
}

/// The page about the demo's data, as it stands in its file.
fn demo_page(name: &str, arguments: &[&str]) -> String {
    let path = file(name);
    let run = Run::of(demo(&["compare", "--html"]).arg(&path).args(arguments));
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.stderr, format!("written into {}\n", path.display()));
    assert!(run.stdout.contains("Providers"), "the tables are printed all the same: {run:?}");
    fs::read_to_string(path).expect("it was written")
}

/// Names that want to be more than names.
const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "' onmouseover='alert(3)",
    "</title></svg></style><script>alert(4)</script>",
    "<!-- ]]> -->",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "{{ provider }} {% raw %}",
    "javascript:alert(5)",
    "a\u{202e}b\u{2066}c\u{200b}d\u{1b}[31me\u{0}f\u{9b}g\nh\r\ti",
];

/// The page about a vendor that lists those names, of connections that end soon, with as bad words for everything else.
fn hostile_page() -> String {
    let served = Served::new(Data::Demo);
    let rows = NAMES.iter().enumerate().map(|(place, name)| {
        serde_json::json!({
            "id": format!("<i>{name}</i>"), "name": name, "platform": if place == 0 { "linkedin" } else { name },
            "status": if place == 1 { name } else { "active" }, "profile_group_id": name, "expires_at": format!("2026-03-{:02}T12:00:00Z", 5 + place),
            "post_count": -1, "username": name, "inactive_reason": name,
        })
    });
    let body = serde_json::json!({ "data": rows.collect::<Vec<_>>() }).to_string();
    let replaced = FaultKind::Replace { body, content_type: "application/json".to_owned() };
    served.emulator.add_fault(Fault::new("/api/profiles", replaced));
    let path = file("hostile");
    let run = Run::of(served.command(&["compare", "--now", NOW, "--samples", "1", "--html"]).arg(&path));
    assert_eq!(run.status, 0, "{run:?}");
    fs::read_to_string(path).expect("it was written")
}

/// As the page shows a name.
fn shown(name: &str) -> String {
    let written_out = |character: char| match character {
        '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{1b}' | '\u{0}' | '\u{9b}' | '\r' | '\t' => {
            character.escape_default().to_string()
        }
        other => other.to_string(),
    };
    name.chars().map(written_out).collect()
}

#[test]
fn it_is_one_file_that_asks_nobody_for_anything() {
    for page in [demo_page("whole", &[]), hostile_page()] {
        let html = Html::parse(&page);
        let policy = html.all("meta").find(|meta| meta.attribute("http-equiv") == Some("Content-Security-Policy"));
        let policy = policy.and_then(|meta| meta.attribute("content")).expect("it forbids itself everything");
        assert_eq!(policy, "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");
        for element in &html.elements {
            let Element { name, attributes, .. } = element;
            let known =
                ["script", "img", "link", "iframe", "object", "embed", "base", "form", "use", "image", "foreignobject"];
            assert!(!known.contains(&name.as_str()), "{element:?}");
            for (attribute, value) in attributes {
                assert!(!attribute.starts_with("on") && attribute != "src" && attribute != "style", "{element:?}");
                assert!(!attribute.ends_with("href") || value.starts_with('#'), "{element:?}");
            }
        }
        let style = html.all("style").next().expect("it has its own style");
        for word in ["url(", "@import", "@font-face", "expression"] {
            assert!(!style.text.contains(word), "{word}");
        }
    }
}

#[test]
fn a_name_stays_a_name() {
    let page = hostile_page();
    let html = Html::parse(&page);
    for name in NAMES {
        let name = shown(name);
        let accounts =
            html.by_id("expiry").map(|section| html.inside(section, "th").any(|cell| cell.text.starts_with(&name)));
        assert_eq!(accounts, Some(true), "{name} is an account that ends soon");
        let marks = html.all("title").any(|title| title.text.contains(&name));
        assert!(marks, "{name} is in the title of its mark");
    }
    // Also as a platform, as a status and as a reason.
    let platforms = html.by_id("platforms").expect("a section");
    assert!(html.inside(platforms, "th").any(|cell| cell.text == NAMES[1]));
    let signals = html.by_id("health").expect("a section");
    assert!(html.inside(signals, "th").any(|cell| cell.text == NAMES[1]));
}

#[test]
fn no_character_steers_a_reader() {
    let page = hostile_page();
    let steers = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(page.find(steers), None);
    assert!(page.contains(r"a\u{202e}b\u{2066}c\u{200b}d\u{1b}[31me\u{0}f\u{9b}g"), "they are written out");
}

#[test]
fn headings_lead_through_it() {
    let page = demo_page("headings", &[]);
    let html = Html::parse(&page);
    let level = |element: &Element| element.name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok());
    let levels: Vec<u32> = html.elements.iter().filter_map(level).collect();
    assert_eq!(levels[0], 1);
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no level is left out: {levels:?}");
    let headings: Vec<&str> = html.all("h2").map(|heading| heading.text.as_str()).collect();
    assert_eq!(
        headings,
        [
            "At a glance",
            "What ends in the coming 60 days",
            "Platforms",
            "What would moving cost?",
            "Speed and size",
            "Fields filled",
            "Operations",
            "Signals of health",
            "What only one of them has",
            "Trouble",
            "How this was measured",
        ]
    );
    assert_eq!(html.all("html").next().and_then(|html| html.attribute("lang")), Some("en"));
    assert_eq!(html.all("main").count(), 1);
    assert!(html.all("head").next().is_some_and(|head| html.inside(head, "title").count() == 1));
}

#[test]
fn everything_has_a_name() {
    for page in [demo_page("names", &[]), hostile_page()] {
        let html = Html::parse(&page);
        let ids: Vec<&str> = html.elements.iter().filter_map(|element| element.attribute("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each id is there once");
        for link in html.all("a") {
            let target =
                link.attribute("href").and_then(|target| target.strip_prefix('#')).expect("a place in the page");
            assert!(html.by_id(target).is_some(), "{target}");
        }
        for element in html.all("section").chain(html.all("nav")).chain(html.all("article")) {
            assert!(html.label(element).is_some_and(|label| !label.is_empty()), "{element:?}");
        }
        for drawing in html.all("svg") {
            let is_inside = html.around(drawing).any(|around| around.name == "svg");
            let is_hidden = drawing.attribute("aria-hidden") == Some("true");
            let is_named = drawing.attribute("role") == Some("img") && html.label(drawing).is_some();
            assert!(is_inside || is_hidden || is_named, "{drawing:?}");
        }
        for table in html.all("table") {
            assert_eq!(html.inside(table, "caption").count(), 1);
            assert!(html.inside(table, "th").all(|cell| cell.attribute("scope").is_some()));
            let columns = html.inside(table, "thead").flat_map(|head| html.inside(head, "th")).count();
            for row in html.inside(table, "tbody").flat_map(|body| html.inside(body, "tr")) {
                assert_eq!(html.inside(row, "th").count() + html.inside(row, "td").count(), columns, "{row:?}");
            }
        }
        for scrolling in html.elements.iter().filter(|element| element.attribute("class") == Some("scroll")) {
            // Who has only a keyboard must be able to scroll it, and to be told what it is.
            assert_eq!((scrolling.attribute("tabindex"), scrolling.attribute("role")), (Some("0"), Some("region")));
            assert!(html.label(scrolling).is_some());
        }
    }
}

#[test]
fn it_says_what_the_tables_say() {
    let page = demo_page("figures", &["--samples", "2"]);
    let html = Html::parse(&page);
    let text = |id: &str| html.by_id(id).expect("a section").text.clone();
    let glance = text("glance");
    for figure in
        ["15 connections", "✓ 8 healthy", "! 3 warning", "✗ 4 broken", "date: 4, no deadline: 3", "nothing: 12"]
    {
        assert!(glance.contains(figure), "{figure}: {glance}");
    }
    let row = |section: &str, head: &str| -> Vec<String> {
        let section = html.by_id(section).expect("a section");
        let row = html.inside(section, "tr").find(|row| html.inside(row, "th").any(|cell| cell.text == head));
        html.inside(row.expect(head), "td").map(|cell| cell.text.clone()).collect()
    };
    assert_eq!(
        row("platforms", "LinkedIn"),
        ["● 2 ✗ 1 broken, ! 1 warning", "● 4 ✗ 1 broken, ! 2 warning", "● 2 ✗ 1 broken"]
    );
    assert_eq!(row("platforms", "YouTube"), ["● 1", "– no", "– no"]);
    assert_eq!(row("fields", "handle"), ["53 % 8 of 15", "100 % 7 of 7", "83 % 10 of 12"]);
    assert_eq!(row("operations", "look up person"), ["– no", "– no", "✓ yes"]);
    assert!(text("expiry").contains("7 connections end within 60 days; 3 ended before."));
    assert_eq!(html.inside(html.by_id("expiry").expect("a section"), "tr").count(), 11, "a head and ten ends");
    assert!(text("switch").contains("2 of 15 connections have their account connected there too."));
    assert_eq!(html.inside(html.by_id("switch").expect("a section"), "h3").count(), 3, "each pair once");
    assert!(text("trouble").contains("said to be active past its expiry date"));

    let one = demo_page("one-move", &["--from", "postpress", "--to", "postcore"]);
    let one = Html::parse(&one);
    let headings: Vec<&str> =
        one.inside(one.by_id("switch").expect("a section"), "h3").map(|one| one.text.as_str()).collect();
    assert_eq!(headings, ["From postpress to postcore"]);
}

#[test]
fn marks_stand_on_the_day_on_which_a_connection_ends() {
    let page = demo_page("marks", &["--provider", "postcore"]);
    let html = Html::parse(&page);
    let class = |element: &Element, class: &str| {
        element.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    };
    let marks: Vec<(&str, &str)> = html
        .all("svg")
        .filter(|one| class(one, "mark") && one.attribute("x").is_some())
        .filter_map(|one| Some((one.attribute("class")?, one.attribute("x")?)))
        .collect();
    // The middle of the days 0, 3 and 48 of 60.
    assert_eq!(marks, [("mark warning", "0.83%"), ("mark warning", "5.83%"), ("mark healthy", "80.83%")]);
    let title = html.all("title").find(|title| title.text.contains("kestrel-coffee") && title.text.contains("48 days"));
    assert!(title.is_some_and(|title| title.text.ends_with("(healthy)")), "a mark says what it is without its colour");
    let soon = html.all("rect").find(|one| class(one, "soon")).and_then(|one| one.attribute("width"));
    assert_eq!(soon, Some("11.67%"), "seven days of sixty");
}

#[test]
fn what_could_not_be_looked_at_is_said_on_top() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new("/profiles", FaultKind::Html));
    let path = file("incomplete");
    let run = Run::of(served.command(&["compare", "--samples", "1", "--html"]).arg(&path));
    assert_eq!(run.status, 5, "{run:?}");
    let page = fs::read_to_string(path).expect("it was written");
    let html = Html::parse(&page);
    let note = html.elements.iter().find(|element| element.attribute("role") == Some("note")).expect("a note");
    assert!(note.text.starts_with("Not everything could be looked at."));
    assert!(html.by_id("glance").is_some_and(|glance| glance.text.contains("Not known: postcore: list profiles")));
    assert!(html.by_id("trouble").is_some_and(|trouble| trouble.text.contains("postcore: list profiles")));
    assert!(html.by_id("switch").is_some_and(|moves| moves.text.contains("One of the two lists is not complete:")));
}

#[test]
fn nobody_at_all_and_one_alone_have_a_page_too() {
    let alone = demo_page("alone", &["--provider", "postcore"]);
    let html = Html::parse(&alone);
    assert!(html.by_id("switch").is_none() && html.by_id("only").is_none(), "there is nobody to compare with");

    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new("/", FaultKind::Html));
    let path = file("nobody");
    let run = Run::of(served.command(&["compare", "--samples", "1", "--html"]).arg(&path));
    assert_eq!(run.status, 6, "{run:?}");
    let nobody = fs::read_to_string(path).expect("it was written");
    assert!(Html::parse(&nobody).by_id("speed").is_some_and(|speed| speed.text.contains("No list came.")));
}
