//! Draws figures over time as SVG: one panel per metric, since their scales differ; one line per
//! placement; dates below.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::{DateTime, TimeDelta, Utc};
use plotters::{
    chart::ChartBuilder,
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea as _},
    element::{PathElement, Text},
    prelude::SVGBackend,
    series::LineSeries,
    style::{Color as _, IntoFont as _, RGBColor, TRANSPARENT, TextStyle},
};
use polyprofile::{Error, ErrorKind, Metric, StatsScope, StatsSeries};

use crate::{commands::scope, text::printable};

/// Nothing is painted behind the drawing, and this grey is as legible on white as on black: 4.5 to 1.
const INK: RGBColor = RGBColor(118, 118, 118);

/// Told apart by people who see few colours too (Okabe and Ito), and legible on white and on black.
const LINES: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(196, 135, 0),
    RGBColor(86, 160, 210),
];

const WIDTH: u32 = 900;
const PANEL: u32 = 240;
const TITLE: u32 = 36;
const LEGEND_LINE: u32 = 20;
const FONT: &str = "sans-serif";

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// Figures in the order of time.
type Line = Vec<(DateTime<Utc>, f64)>;
type Panels = BTreeMap<Metric, BTreeMap<StatsScope, Line>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The drawing of `series`.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for a series without a figure that has a date.
pub(crate) fn svg(series: &StatsSeries) -> Result<String, Error> {
    let panels = panels(series);
    let Some(dates) = dates(&panels) else {
        return Err(Error::new(ErrorKind::Invalid, "there is no figure with a date to draw: leave `--plot` out"));
    };
    let mut drawing = String::new();
    draw(&mut drawing, series, &panels, &dates)
        .map_err(|problem| Error::new(ErrorKind::Invalid, format!("the figures cannot be drawn: {problem}")))?;
    Ok(drawing)
}

fn draw(drawing: &mut String, series: &StatsSeries, panels: &Panels, dates: &Range<DateTime<Utc>>) -> Drawn {
    let colours = colours(panels);
    // One line needs no name.
    let legend = if colours.len() > 1 { legend(&colours) } else { Vec::new() };
    let head = TITLE + LEGEND_LINE * legend.last().map_or(0, |entry| entry.line + 1);
    let height = head + PANEL * u32::try_from(panels.len())?;

    let root = SVGBackend::with_string(drawing, (WIDTH, height)).into_drawing_area();
    let (head, body) = root.split_vertically(head);
    let platform = series.platform.as_ref().map(|platform| format!(" ({})", platform.label())).unwrap_or_default();
    let title = format!("{}{platform}", series.profile);
    head.draw(&Text::new(printable(&title), (16, 12), (FONT, 20).into_font().color(&INK)))?;
    for LegendEntry { name, colour, left, line } in legend {
        let middle = i32::try_from(TITLE + LEGEND_LINE * line + LEGEND_LINE / 2)?;
        head.draw(&PathElement::new([(left, middle), (left + 18, middle)], colour.stroke_width(3)))?;
        head.draw(&Text::new(name, (left + 26, middle - 7), label()))?;
    }
    for (area, (metric, lines)) in body.split_evenly((panels.len(), 1)).iter().zip(panels) {
        panel(area, *metric, lines, dates, &colours)?;
    }
    root.present()?;
    Ok(())
}

fn panel(
    area: &Area<'_>,
    metric: Metric,
    lines: &BTreeMap<StatsScope, Line>,
    dates: &Range<DateTime<Utc>>,
    colours: &BTreeMap<&StatsScope, RGBColor>,
) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .caption(metric.as_str(), (FONT, 16).into_font().color(&INK))
        .margin_left(12)
        .margin_right(28)
        .margin_bottom(6)
        .x_label_area_size(28)
        .y_label_area_size(72)
        .build_cartesian_2d(dates.clone(), figures(lines))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(INK.mix(0.3))
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .x_labels(7)
        .y_labels(5)
        .x_label_style(label())
        .y_label_style(label())
        .x_label_formatter(&|moment| moment.format("%Y-%m-%d").to_string())
        .y_label_formatter(&|figure| short(*figure))
        .draw()?;
    for (about, line) in lines {
        let colour = colours.get(about).copied().unwrap_or(INK);
        chart.draw_series(LineSeries::new(line.iter().copied(), colour.stroke_width(2)).point_size(2))?;
    }
    Ok(())
}

fn label() -> TextStyle<'static> {
    (FONT, 13).into_font().color(&INK)
}

/// One colour for each placement, the same in every panel.
fn colours(panels: &Panels) -> BTreeMap<&StatsScope, RGBColor> {
    let scopes: BTreeSet<&StatsScope> = panels.values().flat_map(BTreeMap::keys).collect();
    scopes.into_iter().zip(LINES.into_iter().cycle()).collect()
}

/// A name beside its colour, above all panels: inside one it would cover lines.
struct LegendEntry {
    name: String,
    colour: RGBColor,
    left: i32,
    line: u32,
}

fn legend(colours: &BTreeMap<&StatsScope, RGBColor>) -> Vec<LegendEntry> {
    let (mut left, mut line) = (16, 0);
    let entries = colours.iter().map(|(about, colour)| {
        let name: String = printable(&scope(about)).chars().take(60).collect();
        // Without the font at hand: no character of this size is wider on average.
        let width = 50 + 8 * i32::try_from(name.chars().count()).unwrap_or_default();
        if left > 16 && left + width > 884 {
            (left, line) = (16, line + 1);
        }
        let entry = LegendEntry { name, colour: *colour, left, line };
        left += width;
        entry
    });
    entries.collect()
}

fn panels(series: &StatsSeries) -> Panels {
    let mut panels = Panels::new();
    for record in &series.records {
        let Some(moment) = record.recorded_at else { continue };
        for (metric, figure) in &record.metrics {
            let Some(figure) = figure.as_f64() else { continue };
            panels.entry(*metric).or_default().entry(record.scope.clone()).or_default().push((moment, figure));
        }
    }
    for line in panels.values_mut().flat_map(BTreeMap::values_mut) {
        line.sort_by_key(|(moment, _)| *moment);
    }
    panels
}

/// From the first day to the last, the same below every panel. A single moment gets a day around it.
fn dates(panels: &Panels) -> Option<Range<DateTime<Utc>>> {
    let moments: BTreeSet<_> =
        panels.values().flat_map(BTreeMap::values).flatten().map(|(moment, _)| *moment).collect();
    let (first, last) = (*moments.first()?, *moments.last()?);
    if first < last {
        return Some(first..last);
    }
    let half_a_day = TimeDelta::hours(12);
    Some(first.checked_sub_signed(half_a_day)?..last.checked_add_signed(half_a_day)?)
}

/// From the lowest figure to the highest, with room on both sides.
fn figures(lines: &BTreeMap<StatsScope, Line>) -> Range<f64> {
    let figures = lines.values().flatten().map(|(_, figure)| *figure);
    let (lowest, highest) =
        figures.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), figure| (low.min(figure), high.max(figure)));
    let spread = highest - lowest;
    // What never changes stands in the middle.
    let room = match (spread > 0.0, highest.abs()) {
        (true, _) => spread * 0.08,
        (false, level) if level > 0.0 => level * 0.1,
        _ => 1.0,
    };
    lowest - room..highest + room
}

/// `12.3k` instead of `12300`.
fn short(figure: f64) -> String {
    let (scaled, unit) = match figure.abs() {
        1_000_000_000.0.. => (figure / 1_000_000_000.0, "G"),
        1_000_000.0.. => (figure / 1_000_000.0, "M"),
        10_000.0.. => (figure / 1_000.0, "k"),
        _ => (figure, ""),
    };
    let digits = if scaled.abs() < 1.0 { 3 } else { 2 };
    let text = format!("{scaled:.digits$}");
    // Figures on an axis are computed, and zero may come out a little below itself.
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}{unit}", if text == "-0" { "0" } else { text })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use polyprofile::{Metric, ProfileId, ProviderId, StatsScope, StatsSeries, StatsSnapshot};

    use super::{short, svg};

    #[test]
    fn figures_are_short() {
        for (figure, text) in
            [(0.031, "0.031"), (5_200.0, "5200"), (18_420.0, "18.42k"), (2_900_000.0, "2.9M"), (0.0, "0"), (-1e-9, "0")]
        {
            assert_eq!(short(figure), text);
        }
    }

    #[test]
    fn one_record_and_figures_that_never_change_are_drawn_too() {
        let mut series = StatsSeries::new(ProfileId::new(ProviderId::new("p"), "<a>&"));
        for day in 0..2 {
            let mut record = StatsSnapshot::new(StatsScope::Account);
            record.recorded_at = Some(DateTime::UNIX_EPOCH + TimeDelta::days(day));
            record.metrics.insert(Metric::Followers, 7.into());
            series.records.push(record);
            let drawing = svg(&series).expect("it can be drawn");
            assert!(drawing.contains("1970-01-0") && drawing.contains("followers") && !drawing.contains("<a>"));
        }
    }

    #[test]
    fn nothing_to_draw_is_said() {
        assert!(svg(&StatsSeries::new(ProfileId::new(ProviderId::new("p"), "x"))).is_err());
    }
}
