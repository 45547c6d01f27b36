//! Two days of the board side by side, as a page and as a file.

use super::board::{measure, short_day};
use super::export::{book, given};
use super::steer::{self, name};
use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::programme::{self, Compared, Comparing, MEASURES, Pair, tables};
use text::{Key, t};

/// What is asked in the address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    measure: String,
    first: String,
    second: String,
    then: String,
    sort: String,
}

impl Wanted {
    fn asked(&self) -> Result<Comparing, services::Error> {
        Ok(Comparing {
            unit: self.unit.clone(),
            measure: self.measure.clone(),
            first: steer::asked(&self.first)?,
            second: steer::asked(&self.second)?,
            then: self.then == "1",
        })
    }

    /// The address of the same comparison but for one thing.
    fn but(&self, place: &str, name: &str, value: &str) -> String {
        let own = [
            ("unit", &self.unit),
            ("measure", &self.measure),
            ("first", &self.first),
            ("second", &self.second),
            ("then", &self.then),
            ("sort", &self.sort),
        ];
        // Words and codes alone: what else was sent is left out.
        let plain = |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let pairs = own.iter().map(|(own, old)| (*own, if *own == name { value } else { old.as_str() }));
        let pairs: Vec<String> = pairs
            .filter(|(_, value)| !value.is_empty() && plain(value))
            .map(|(own, value)| format!("{own}={value}"))
            .collect();
        format!("{place}?{}", pairs.join("&"))
    }
}

async fn read(console: &Console, page: &Page, wanted: &Wanted) -> Result<Compared, services::Error> {
    let (officer, asked, sort) = (page.officer.clone(), wanted.asked()?, wanted.sort.clone());
    let read = move |console: &Console| programme::compare(console.book(), &officer, &asked);
    let mut compared = console.run(read).await?;
    // The unit itself stays on top.
    if let Some((_, below)) = compared.pairs.split_first_mut() {
        match sort.as_str() {
            "name" => below.sort_by_key(|one| vn::fold(&one.name)),
            "first" => below.sort_by_key(|one| std::cmp::Reverse(one.first.value)),
            "second" => below.sort_by_key(|one| std::cmp::Reverse(one.second.value)),
            "gain" => below.sort_by_key(|one| std::cmp::Reverse(one.gain())),
            "percent" => below.sort_by_key(|one| std::cmp::Reverse(one.percent_gain())),
            "places" => below.sort_by_key(|one| std::cmp::Reverse(one.rank_gain())),
            _ => {}
        }
    }
    Ok(compared)
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let look = &page.look;
    match read(&console, &page, &wanted).await {
        Ok(compared) => {
            let title = look.fill(t!("compare-title"), &[("name", name(look, &compared.name))]);
            frame::page(&page, &title, &content(look, &wanted, &compared))
        }
        Err(error) => Refused::from(error).page(look),
    }
}

fn content(look: &Look, wanted: &Wanted, compared: &Compared) -> Markup {
    let measures: Vec<(String, String)> =
        MEASURES.iter().map(|one| (one.name.to_owned(), measure(look, one.name))).collect();
    let then = wanted.then == "1";
    let known = [("", t!("compare-now")), ("1", t!("compare-then"))];
    let known: Vec<(String, String)> =
        known.into_iter().map(|(value, key)| (value.to_owned(), look.text(key))).collect();
    html! {
        nav.path aria-label=(look.text(t!("board-path"))) {
            @for (code, unit) in &compared.above { a href=(wanted.but("/board/compare", "unit", code)) { (name(look, unit)) } " › " }
            strong { (name(look, &compared.name)) }
        }
        form.choices method="get" action="/board/compare" role="search" {
            input type="hidden" name="unit" value=(wanted.unit);
            (part::choice("measure", &look.text(t!("board-measure")), &measures, &compared.measure))
            (part::Field::new("first", look.text(t!("compare-first"))).kind("date").value(&compared.first.to_string()).optional().show())
            (part::Field::new("second", look.text(t!("compare-second"))).kind("date").value(&compared.second.to_string()).optional().show())
            (part::choice("then", &look.text(t!("compare-known")), &known, &wanted.then))
            div.actions {
                button { (look.text(t!("board-show"))) }
                @for form in ["csv", "xlsx", "json"] { a href=(wanted.but(&format!("/board/compare/export/{form}"), "", "")) download { (form.to_uppercase()) } }
                a href={ "/board?unit=" (compared.unit) "&measure=" (compared.measure) } { (look.text(t!("console-back"))) }
            }
        }
        p.hint { (look.text(if then { t!("compare-then-what") } else { t!("compare-now-what") })) }
        (table(look, wanted, compared))
        (corrections(look, compared))
    }
}

fn percent(look: &Look, percent: Option<f64>) -> String {
    percent.map_or_else(|| "—".to_owned(), |percent| look.language.percent(percent))
}

/// A difference with its sign.
fn signed(number: i64, words: &str) -> String {
    match number {
        0 => "0".to_owned(),
        more if more > 0 => format!("+{words}"),
        _ => format!("−{words}"),
    }
}

fn count(look: &Look, number: i64) -> String {
    signed(number, &look.count(number.unsigned_abs()))
}

fn table(look: &Look, wanted: &Wanted, compared: &Compared) -> Markup {
    let by = |name: &str, words: &str| {
        html! { th scope="col" aria-sort=[(wanted.sort == name).then_some("other")] { a href=(wanted.but("/board/compare", "sort", name)) { (words) } } }
    };
    let plain = |words: &str| html! { th scope="col" { (words) } };
    let over = |columns: u8, key: Key| html! { th scope="colgroup" colspan=(columns) { (look.text(key)) } };
    let caption = measure(look, &compared.measure);
    let [first, second] = [compared.first, compared.second].map(|day| short_day(Some(day)));
    let gain = look.text(t!("compare-gain"));
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table.board.compare {
                caption { (caption) }
                thead {
                    tr {
                        th {}
                        (over(3, t!("board-value"))) (over(3, t!("board-percent"))) (over(3, t!("board-rank")))
                        (over(2, t!("compare-corrected")))
                    }
                    tr {
                        (by("name", &look.text(t!("board-unit"))))
                        (by("first", &first)) (by("second", &second)) (by("gain", &gain))
                        (plain(&first)) (plain(&second)) (by("percent", &gain))
                        (plain(&first)) (by("rank", &second)) (by("places", &look.text(t!("compare-places"))))
                        (plain(&first)) (plain(&second))
                    }
                }
                tbody { @for pair in &compared.pairs { (row(look, wanted, compared, pair)) } }
            }
        }
    }
}

fn row(look: &Look, wanted: &Wanted, compared: &Compared, pair: &Pair) -> Markup {
    let own = pair.unit == compared.unit;
    let rank = |rank: Option<u64>| rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string());
    let points =
        |hundredths: i64| signed(hundredths, &look.language.number(hundredths.unsigned_abs() as f64 / 100.0, 2));
    let badge = |number: Option<i64>, words: String| {
        let tone = number.map_or("plain", |number| if number > 0 { "good" } else { "bad" });
        html! { @if number.is_none_or(|number| number == 0) { (words) } @else { span.badge data-tone=(tone) { (words) } } }
    };
    html! {
        tr data-own=[own.then_some("true")] {
            th scope="row" { @if own { (name(look, &pair.name)) } @else { a href=(wanted.but("/board/compare", "unit", &pair.unit)) { (pair.name) } } }
            td.number { (look.count(pair.first.value)) }
            td.number { (look.count(pair.second.value)) }
            td.number { strong { (count(look, pair.gain())) } }
            td.number { (percent(look, pair.first.percent)) }
            td.number { (percent(look, pair.second.percent)) }
            td.number { (pair.percent_gain().map_or_else(|| "—".to_owned(), points)) }
            td.number { (rank(pair.first.rank)) }
            td.number { (rank(pair.second.rank)) }
            td.number { (badge(pair.rank_gain(), pair.rank_gain().map_or_else(|| "—".to_owned(), |won| count(look, won)))) }
            td.number { (count(look, pair.first.corrected)) }
            td.number { (count(look, pair.second.corrected)) }
        }
    }
}

/// What events told of the two days after their end.
fn corrections(look: &Look, compared: &Compared) -> Markup {
    let head = [t!("board-unit"), t!("compare-happened"), t!("compare-learned"), t!("board-counts")];
    let rows: Vec<Vec<Markup>> = compared
        .corrections
        .iter()
        .map(|one| {
            vec![
                html! { (one.unit) },
                html! { (short_day(Some(one.happened))) },
                html! { (short_day(Some(one.recorded))) },
                html! { (count(look, one.count)) },
            ]
        })
        .collect();
    let title = look.fill(t!("compare-corrections"), &[("count", look.count(compared.corrections_count as u64))]);
    html! {
        @if !rows.is_empty() {
            details {
                summary { (title) }
                p.hint { (look.text(t!("compare-corrections-what"))) }
                (part::table(look, &title, &head.map(|key| look.text(key)), &rows))
            }
        }
    }
}

/// The table as a file.
pub(crate) async fn export(
    State(console): State<Console>,
    page: Page,
    Path(form): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let look = &page.look;
    match read(&console, &page, &wanted).await {
        Ok(compared) => {
            let sheet = tables::comparison(look.texts(), &compared);
            let name = format!("vandan-compare-{}-{}-{}", compared.measure, compared.first, compared.second);
            given(look, &form, &name, &sheet, &book(&sheet, compared.second))
        }
        Err(error) => Refused::from(error).page(look),
    }
}
