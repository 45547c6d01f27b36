//! The map of the provinces: shapes by name, filled by percent, as an SVG of our own making.
//!
//! The shapes are another's work. They are not kept here: `cargo xtask report` fetches them, where Node is, and `build.rs`
//! embeds what it finds. Without them the report says so and has no map.

use crate::number::percent;
use programme::report::{Hundredths, Row, Table};
use serde::Deserialize;
use text::Language;

include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

/// From the fewest to the most; told apart in black and white too.
const COLOURS: [&str; 5] = ["#dbe7f3", "#b0cbe4", "#79a7d0", "#3f7db5", "#14467c"];
pub(crate) const NONE: &str = "#ffffff";

/// Islands are shown with the province they belong to.
const ISLANDS: [(&str, &str); 2] = [("hoangsa", "danang"), ("truongsa", "khanhhoa")];

/// The shapes as `web/build.mjs` writes them.
#[derive(Deserialize)]
struct Shapes {
    view: [f64; 4],
    credit: String,
    shapes: Vec<Shape>,
}

#[derive(Deserialize)]
struct Shape {
    name: String,
    path: String,
}

/// A map, ready to be shown.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Map {
    /// The picture.
    pub svg: String,
    /// Height by width.
    pub ratio: f64,
    /// Colours with the least and the greatest percentage of each.
    pub classes: Vec<(&'static str, String, String)>,
    /// Units without a shape.
    pub unknown: Vec<String>,
    /// Whose work the shapes are.
    pub credit: String,
}

/// The shapes that the program was built with, for the edition.
pub(crate) fn bytes() -> &'static [u8] {
    SHAPES
}

/// The map of a table; `None` without shapes, or where no unit has one.
pub(crate) fn map(language: Language, table: &Table) -> Option<Map> {
    let shapes: Shapes = serde_json::from_slice(SHAPES).ok()?;
    draw(language, table, &shapes)
}

fn draw(language: Language, table: &Table, shapes: &Shapes) -> Option<Map> {
    let classes = classes(&table.rows);
    let named: Vec<(String, &Row)> = table.rows.iter().map(|row| (letters(&row.name), row)).collect();
    let [left, top, width, height] = shapes.view;
    let (mut under, mut over) = (String::new(), String::new());
    let mut found = Vec::new();
    for shape in &shapes.shapes {
        // Anything but a path's own letters and numbers could end the attribute.
        if !shape.path.bytes().all(|c| c.is_ascii_alphanumeric() || b" ,.-+\n\t".contains(&c)) {
            continue;
        }
        let name = letters(&shape.name);
        let name = ISLANDS.iter().find(|(island, _)| *island == name).map_or(name.as_str(), |(_, province)| *province);
        let row = named.iter().find(|(known, _)| known == name).map(|(_, row)| *row);
        found.extend(row.map(|row| row.unit.as_str()));
        let colour = row.and_then(|row| row.percent).and_then(|percent| {
            classes
                .iter()
                .position(|(low, high)| (*low..=*high).contains(&percent))
                .map(|class| colour(class, classes.len()))
        });
        let above = row.is_some_and(|row| row.above_average == Some(true));
        let (line, weight) = if above { ("#101010", "1.6") } else { ("#6b7785", "0.5") };
        let path = format!(
            "<path fill=\"{}\" stroke=\"{line}\" stroke-width=\"{weight}\" d=\"{}\"/>",
            colour.unwrap_or(NONE),
            shape.path
        );
        // Thick borders lie above their neighbours' thin ones.
        if above { over.push_str(&path) } else { under.push_str(&path) }
    }
    if found.is_empty() || width <= 0.0 || height <= 0.0 {
        return None;
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left} {top} {width} {height}\" stroke-linejoin=\"round\">{under}{over}</svg>"
    );
    let bounds = classes
        .iter()
        .enumerate()
        .map(|(class, (low, high))| (colour(class, classes.len()), percent(language, *low), percent(language, *high)));
    Some(Map {
        svg,
        ratio: height / width,
        classes: bounds.collect(),
        unknown: table
            .rows
            .iter()
            .filter(|row| !found.contains(&row.unit.as_str()))
            .map(|row| row.name.clone())
            .collect(),
        credit: shapes.credit.clone(),
    })
}

fn colour(class: usize, classes: usize) -> &'static str {
    // Fewer classes are spread over the same colours.
    let last = COLOURS.len() - 1;
    COLOURS[if classes < 2 { last } else { class * last / (classes - 1) }]
}

/// Fifths of the units by percent, lowest first; equal percentages are never parted.
fn classes(rows: &[Row]) -> Vec<(Hundredths, Hundredths)> {
    let mut values: Vec<Hundredths> = rows.iter().filter_map(|row| row.percent).collect();
    values.sort();
    let mut classes: Vec<(usize, Hundredths, Hundredths)> = Vec::new();
    for value in &values {
        let first = values.partition_point(|other| other < value);
        let class = first * COLOURS.len() / values.len();
        match classes.last_mut() {
            Some(last) if last.0 == class => last.2 = *value,
            _ => classes.push((class, *value, *value)),
        }
    }
    classes.into_iter().map(|(_, low, high)| (low, high)).collect()
}

/// A name's letters alone: `Bà Rịa - Vũng Tàu` and `Ba Ria–Vung Tau` are one.
fn letters(name: &str) -> String {
    let folded = vn::fold(name);
    let plain =
        ["thanh pho ", "tinh ", "tp. ", "tp "].iter().find_map(|kind| folded.strip_prefix(kind)).unwrap_or(&folded);
    plain.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use programme::report::Source;

    fn row(name: &str, percent: i64, above: bool) -> Row {
        Row {
            unit: name.into(),
            name: name.into(),
            population: None,
            value: 1,
            source: Source::Counted,
            target: None,
            percent: Some(Hundredths(percent)),
            rank: None,
            change: None,
            above_average: Some(above),
            pace_7d: None,
            pace_needed: None,
            forecast: None,
            notes: vec![],
        }
    }

    fn table(rows: Vec<Row>) -> Table {
        Table {
            measure: "m".into(),
            title: "t".into(),
            deadline: String::new(),
            average: None,
            total: row("", 1, false),
            rows,
        }
    }

    #[test]
    fn names_are_compared_by_their_letters() {
        for (ours, theirs) in [
            ("Bà Rịa - Vũng Tàu", "Ba Ria–Vung Tau"),
            ("Thừa Thiên – Huế", "Thua Thien-Hue"),
            ("Thành phố Hồ Chí Minh", "Ho Chi Minh"),
            ("Đắk Lắk", "Dak Lak"),
            ("Hòa Bình", "Hoa Binh"),
        ] {
            assert_eq!(letters(ours), letters(theirs));
        }
    }

    #[test]
    fn fifths_never_part_equals() {
        let rows: Vec<Row> = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map(|percent| row("a", percent, false)).to_vec();
        let bounds = |low, high| (Hundredths(low), Hundredths(high));
        assert_eq!(classes(&rows), [bounds(10, 20), bounds(30, 40), bounds(50, 60), bounds(70, 80), bounds(90, 100)]);
        let equal: Vec<Row> = (0..9).map(|_| row("a", 50, false)).collect();
        assert_eq!(classes(&equal), [bounds(50, 50)]);
        assert!(classes(&[]).is_empty());
    }

    #[test]
    fn shapes_are_filled_and_nothing_of_a_name_gets_into_the_picture() {
        let shape = |name: &str, path: &str| Shape { name: name.into(), path: path.into() };
        let shapes = Shapes {
            view: [0.0, 0.0, 10.0, 20.0],
            credit: "c".into(),
            shapes: vec![
                shape("Ha Noi", "m 1,1 2,-3 z"),
                shape("Hoang Sa", "m 5,5 z"),
                shape("Da Nang", "m 1,2\"/><x"),
                shape("Hue", "m 3 z"),
            ],
        };
        let table = table(vec![row("Hà Nội", 5000, true), row("Đà Nẵng", 9000, false), row("</svg>", 1, false)]);
        let map = draw(Language::Vi, &table, &shapes).unwrap();
        assert_eq!(map.svg.matches("<path").count(), 3, "{}", map.svg);
        assert!(map.svg.ends_with("stroke-width=\"1.6\" d=\"m 1,1 2,-3 z\"/></svg>"), "{}", map.svg);
        assert_eq!(map.svg.matches("</svg>").count(), 1);
        assert_eq!(map.unknown, ["</svg>"]);
        assert_eq!(map.ratio, 2.0);
        assert_eq!(map.classes.len(), 3);
    }
}
