//! Charts as the server draws them: small enough for a table, complete without script, and printed as they are shown.
//! Beside every chart stands the figure that it shows; so a chart is a picture and not the only way to what it says.

use crate::assets;
use maud::{Markup, html};
use services::programme::Line;
use std::sync::LazyLock;

/// A line of days, the last day last. Nothing where there are fewer than two.
pub(crate) fn sparkline(days: &[i64]) -> Markup {
    const WIDE: f64 = 112.0;
    const HIGH: f64 = 24.0;
    if days.len() < 2 || days.iter().all(|count| *count == 0) {
        return html! {};
    }
    let (low, high) = (days.iter().min().copied().unwrap_or(0).min(0), days.iter().max().copied().unwrap_or(1).max(1));
    let place = |at: usize, count: i64| {
        let x = at as f64 * WIDE / (days.len() - 1) as f64;
        let y = HIGH - (count - low) as f64 * HIGH / (high - low) as f64;
        format!("{x:.1},{y:.1}")
    };
    let points: Vec<String> = days.iter().enumerate().map(|(at, count)| place(at, *count)).collect();
    html! {
        svg.spark viewBox={ "0 -2 " (WIDE) " " (HIGH + 4.0) } aria-hidden="true" {
            polyline points=(points.join(" ")) {}
        }
    }
}

/// A bar of so many percent; what is over 100 is full.
pub(crate) fn bar(percent: Option<f64>, above: Option<bool>) -> Markup {
    let Some(percent) = percent else { return html! {} };
    let tone = match above {
        Some(true) => "good",
        Some(false) => "bad",
        None => "plain",
    };
    html! {
        svg.bar data-tone=(tone) viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.ground width="100" height="6" {}
            rect.full width=(format!("{:.2}", percent.clamp(0.0, 100.0))) height="6" {}
        }
    }
}

/// The map as `cargo xtask web` laid it: its box, and the shapes by the names of their source.
struct Map {
    view: String,
    shapes: Vec<(String, String)>,
}

static MAP: LazyLock<Option<Map>> = LazyLock::new(|| {
    let map: serde_json::Value = serde_json::from_slice(assets::map()?).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let shapes = map["shapes"].as_array()?.iter();
    let shapes = shapes.filter_map(|one| Some((text(&one["id"])?, text(&one["path"])?))).collect();
    Some(Map { view: text(&map["box"])?, shapes })
});

/// The source's names that are not the provinces' own; the archipelagos are drawn with the provinces that they belong to.
const ALSO: [(&str, &str); 5] = [
    ("hcm", "hochiminh"),
    ("tthue", "thuathienhue"),
    ("baria", "bariavungtau"),
    ("hoangsa", "danang"),
    ("truongsa", "khanhhoa"),
];

/// A province's name as the source writes it: without marks, blanks and kind.
fn folded(name: &str) -> String {
    let plain = vn::fold(name);
    let plain = ["tinh ", "thanh pho "].iter().find_map(|kind| plain.strip_prefix(kind)).unwrap_or(&plain);
    plain.chars().filter(char::is_ascii_alphabetic).collect()
}

/// The shades of the map: each has as many provinces as the others, as far as they differ.
const STEPS: usize = 5;

/// In which of five steps a line's share lies among its neighbours': the steps have as many units each.
fn step(lines: &[&Line], line: &Line) -> usize {
    let Some(own) = line.percent else { return 0 };
    let below = lines.iter().filter_map(|other| other.percent).filter(|other| *other < own).count();
    1 + below * STEPS / lines.len().max(1)
}

/// The shares that have a shade, from the least to the greatest; none where nobody has it.
fn shares(lines: &[&Line], shade: usize) -> Option<(f64, f64)> {
    let own = lines.iter().filter(|line| step(lines, line) == shade).filter_map(|line| line.percent);
    own.fold(None, |range, share| {
        Some(range.map_or((share, share), |(low, high): (f64, f64)| (low.min(share), high.max(share))))
    })
}

/// The map of the provinces, each coloured by its share and leading to its board; nothing where no shapes were built in.
pub(crate) fn map(
    lines: &[&Line],
    label: &str,
    address: &dyn Fn(&Line) -> String,
    said: &dyn Fn(&Line) -> String,
    range: &dyn Fn(f64, f64) -> String,
) -> Markup {
    let Some(map) = &*MAP else { return html! {} };
    let shape =
        |id: &str| ALSO.iter().find(|(also, _)| *also == id).map_or(id.to_owned(), |(_, name)| (*name).to_owned());
    let drawn: Vec<(&str, Option<&&Line>)> = map
        .shapes
        .iter()
        .map(|(id, path)| (path.as_str(), lines.iter().find(|line| folded(&line.name) == shape(id))))
        .collect();
    html! {
        figure.map {
            svg viewBox=(map.view) role="group" aria-label=(label) {
                @for (path, line) in drawn {
                    @match line {
                        Some(line) => { a href=(address(line)) { path d=(path) data-step=(step(lines, line)) { title { (said(line)) } } } },
                        None => { path d=(path) {} },
                    }
                }
                text x="560" y="352" { "Hoàng Sa" }
                text x="640" y="672" { "Trường Sa" }
            }
            figcaption {
                ul.legend {
                    @for shade in 1..=STEPS {
                        @if let Some((low, high)) = shares(lines, shade) { li data-step=(shade) { (range(low, high)) } }
                    }
                }
                small { "@svg-maps/vietnam, CC BY 4.0" }
            }
        }
    }
}

/// A bar of a plan: its name, where it leads, its first day, and its steps.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) from: i32,
    pub(crate) steps: Vec<Step>,
}

/// A step of a plan: what it is, its day, and whether it is done.
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) day: i32,
    pub(crate) done: bool,
}

/// Bars over the days from `first` to `last`, with a line for today. Each step says what it is; the next one of each bar in view.
pub(crate) fn gantt(bars: &[Bar], first: i32, last: i32, today: i32, label: &str) -> Markup {
    const WIDE: f64 = 560.0;
    const NAMES: f64 = 220.0;
    let x = |day: i32| NAMES + f64::from(day - first) * WIDE / f64::from((last - first).max(1));
    let high = bars.len() * 36 + 12;
    html! {
        div.wide tabindex="0" role="region" aria-label=(label) {
            svg.gantt viewBox={ "0 0 800 " (high) } role="group" aria-label=(label) {
                @for (at, bar) in bars.iter().enumerate() {
                    @let y = at * 36 + 28;
                    @let end = bar.steps.iter().map(|step| step.day).max().unwrap_or(bar.from);
                    a href=(bar.address) { text x="0" y=(y + 4) { (bar.name.chars().take(28).collect::<String>()) } }
                    rect.ground x=(format!("{:.1}", x(bar.from))) y=(y - 5) width=(format!("{:.1}", (x(end) - x(bar.from)).max(1.0))) height="10" rx="4" {}
                    @for step in &bar.steps { circle.done[step.done] cx=(format!("{:.1}", x(step.day))) cy=(y) r="6" { title { (step.name) } } }
                    @if let Some(next) = bar.steps.iter().find(|step| !step.done) {
                        text.step x=(format!("{:.1}", x(next.day))) y=(y - 9) text-anchor="end" { (next.name) }
                    }
                }
                line x1=(format!("{:.1}", x(today))) x2=(format!("{:.1}", x(today))) y1="0" y2=(high) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_the_source_writes_them() {
        assert_eq!(folded("Thành phố Hồ Chí Minh"), "hochiminh");
        assert_eq!(folded("Bà Rịa - Vũng Tàu"), "bariavungtau");
        assert_eq!(folded("Thừa Thiên – Huế"), "thuathienhue");
        assert_eq!(folded("Đắk Lắk"), "daklak");
    }

    #[test]
    fn a_line_of_days_stays_in_its_box() {
        assert_eq!(sparkline(&[5]).into_string(), "");
        assert_eq!(sparkline(&[0, 0, 0]).into_string(), "");
        let drawn = sparkline(&[-3, 0, 9]).into_string();
        assert!(drawn.contains("0.0,24.0 56.0,18.0 112.0,0.0"), "{drawn}");
        assert!(bar(Some(250.0), None).into_string().contains("width=\"100.00\""));
    }
}
