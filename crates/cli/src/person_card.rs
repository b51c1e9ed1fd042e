//! The card of a person, for people.

use polyprofile::{PartialDate, Person};

use crate::{
    grid::{Cell, Grid, Number},
    output::Page,
};

/// Adds what is known about `person`.
pub(crate) fn add_to(page: Page, person: &Person) -> Page {
    page.and(Some("Person"), facts(person))
        .and(Some("Positions"), positions(person))
        .and(Some("Education"), education(person))
        .and(Some("Skills"), skills(person))
        .and(Some("Not complete"), incomplete(person))
}

fn facts(person: &Person) -> Grid {
    let full_name = person.full_name.clone().or_else(|| {
        let parts: Vec<&str> =
            [&person.first_name, &person.last_name].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    let links: Vec<&str> = person.links.iter().map(|link| link.url.as_str()).collect();
    let languages: Vec<&str> = person.languages.iter().map(|language| language.name.as_str()).collect();
    let is = [
        ("verified", person.is_verified),
        ("private", person.is_private),
        ("premium", person.is_premium),
        ("a business", person.is_business),
        ("a bot", person.is_bot),
    ];
    let is: Vec<&str> = is.into_iter().filter_map(|(word, is)| (is == Some(true)).then_some(word)).collect();
    let relation = person.relation.as_ref();
    Grid::of_facts([
        ("name", Cell::from(full_name)),
        ("pronouns", Cell::from(person.pronouns.as_deref())),
        ("headline", Cell::from(person.headline.as_deref())),
        ("about", Cell::from(person.summary.as_deref())),
        ("location", Cell::from(person.location.as_deref())),
        ("category", Cell::from(person.category.as_deref())),
        ("is", Cell::from(is.join(", "))),
        ("links", Cell::from(links.join(" "))),
        ("languages", Cell::from(languages.join(", "))),
        ("birthday", Cell::from(person.birthday.as_ref().map(|day| day.raw.clone()))),
        ("distance", Cell::from(relation.and_then(|relation| relation.distance.as_deref()))),
        ("mail", Cell::from(person.contact.as_ref().map(|contact| contact.emails.join(", ")))),
        ("phone", Cell::from(person.contact.as_ref().map(|contact| contact.phones.join(", ")))),
    ])
}

fn positions(person: &Person) -> Grid {
    let mut grid = Grid::new(["title", "organization", "from", "to", "where"]);
    for position in &person.positions {
        grid.row([
            Cell::from(position.title.as_deref()),
            Cell::from(position.organization.as_deref()),
            date(position.start.as_ref()),
            date(position.end.as_ref()),
            Cell::from(position.location.as_deref()),
        ]);
    }
    grid
}

fn education(person: &Person) -> Grid {
    let mut grid = Grid::new(["school", "degree", "field", "from", "to"]);
    for school in &person.education {
        grid.row([
            Cell::from(school.school.as_deref()),
            Cell::from(school.degree.as_deref()),
            Cell::from(school.field_of_study.as_deref()),
            date(school.start.as_ref()),
            date(school.end.as_ref()),
        ]);
    }
    grid
}

fn skills(person: &Person) -> Grid {
    let mut grid = Grid::new(["skill", "endorsements"]);
    for skill in &person.skills {
        grid.row([Cell::from(skill.name.as_str()), Cell::from(skill.endorsements.map(Number))]);
    }
    grid
}

fn incomplete(person: &Person) -> Grid {
    let mut grid = Grid::new(["list", "came", "of", "why"]);
    for list in &person.incomplete {
        grid.row([
            Cell::from(list.list.as_str()),
            Cell::number(list.received),
            Cell::from(list.total.map(Number)),
            Cell::from(if list.throttled { "held back: asked too often" } else { "shorter than its total" }),
        ]);
    }
    grid
}

fn date(date: Option<&PartialDate>) -> Cell {
    date.map(|date| date.raw.as_str()).into()
}
