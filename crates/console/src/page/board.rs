//! The programme board: a unit and those below it, how far each is, who is ahead and who needs help.

use super::steer::{self, name};
use crate::Console;
use crate::frame::{self, Refused};
use crate::part::{self, chart};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::Error;
use services::programme::{self, Asked, Board, Depth, Line, MEASURES};
use text::{Key, t};
use time::Day;

/// Days in the lines beside the table.
const DAYS: usize = 28;
/// What is asked in the address.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    unit: String,
    measure: String,
    day: String,
    then: String,
    earlier: String,
    sort: String,
    only: String,
    name: String,
}

impl Wanted {
    /// The measure; processed people where none is named.
    pub(crate) fn measure(&self) -> &str {
        if self.measure.is_empty() { "entered" } else { &self.measure }
    }

    /// The board that is asked for; a day that is none is said, for another's figures would stand under it.
    pub(crate) fn asked(&self) -> Result<Asked, Error> {
        Ok(Asked {
            unit: self.unit.clone(),
            day: steer::asked(&self.day)?,
            until: None,
            then: self.then == "1",
            earlier: steer::asked(&self.earlier)?,
            measures: Vec::new(),
            depth: Depth::Page,
        })
    }

    /// The same with the days that the board has: one to come is today.
    fn held(mut self, board: &Board) -> Wanted {
        for (asked, shown) in [(&mut self.day, board.day), (&mut self.earlier, board.earlier)] {
            if !asked.is_empty() {
                *asked = shown.to_string();
            }
        }
        self
    }

    /// The address of the same board but for one thing.
    fn but(&self, name: &str, value: &str) -> String {
        let own = [
            ("unit", self.unit.as_str()),
            ("measure", self.measure()),
            ("day", &self.day),
            ("then", &self.then),
            ("earlier", &self.earlier),
            ("sort", &self.sort),
            ("only", &self.only),
            ("name", &self.name),
        ];
        let pairs = own.iter().map(|(own, old)| (*own, if *own == name { value } else { *old }));
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs.map(|(own, value)| format!("{own}={}", part::percent_encoded(value))).collect();
        format!("/board?{}", pairs.join("&"))
    }
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    match read(&console, &page, &wanted).await {
        Ok((board, days)) => {
            let wanted = wanted.held(&board);
            let title = name(&page.look, &board.name);
            frame::page(&page, &title, &content(&page.look, &wanted, &board, &days))
        }
        Err(error) => Refused::from(error).page(&page.look),
    }
}

/// A page of a unit for the wall, and the way to the next one: its neighbours in their order.
pub(crate) async fn conference(State(console): State<Console>, page: Page, Query(wanted): Query<Wanted>) -> Response {
    let look = &page.look;
    let board = match read(&console, &page, &wanted).await {
        Ok((board, _)) => board,
        Err(error) => return Refused::from(error).page(look),
    };
    // The unit stands among its neighbours, as far as the officer sees them.
    let above = board.above.last().map_or_else(|| board.unit.clone(), |(code, _)| code.clone());
    let all = match read(&console, &page, &Wanted { unit: above, ..wanted.clone() }).await {
        Ok((all, _)) => all,
        Err(error) => return Refused::from(error).page(look),
    };
    let wanted = wanted.held(&board);
    let below = lines_below(&all, wanted.measure());
    let mut order = vec![all.unit.as_str()];
    order.extend(below.iter().map(|line| line.unit.as_str()));
    let at = order.iter().position(|unit| *unit == board.unit).unwrap_or(0);
    let way = |to: Option<&&str>| to.map(|unit| wanted.but("unit", unit).replacen("/board", "/board/conference", 1));
    let own = lines_of(&board);
    let content = html! {
        div.conference {
            nav.actions aria-label=(look.text(t!("board-conference"))) {
                @if let Some(before) = way(at.checked_sub(1).and_then(|at| order.get(at))) { a.button rel="prev" href=(before) { "← " (look.text(t!("board-previous"))) } }
                @if let Some(next) = way(order.get(at + 1)) { a.button rel="next" href=(next) { (look.text(t!("board-next"))) " →" } }
                a href=(wanted.but("", "")) { (look.text(t!("board-leave"))) }
            }
            @for line in own.iter().filter(|line| line.measure == wanted.measure()) {
                p.huge { (share(look, line)) }
                p.hint { (shown_day(look, &wanted, board.day)) }
                p.lead { (measure(look, line.measure)) ": " a href=(behind(&line.unit, line.measure, board.day, wanted.then == "1")) { (look.count(line.value)) }
                    @if let Some(goal) = line.target.or(line.population) { " / " (look.count(goal)) } }
                @if let Some(rank) = line.rank { p.lead { (look.fill(t!("board-rank-of"), &[("rank", rank.to_string()), ("count", board.ranked.to_string())])) " " (change(look, line)) } }
                (outlook(look, line))
            }
            (funnel(look, &wanted, &board))
        }
    };
    frame::page(&page, &name(look, &board.name), &content)
}

/// The board, and what came in each of the last days in the units below.
async fn read(
    console: &Console,
    page: &Page,
    wanted: &Wanted,
) -> Result<(Board, Vec<(String, Vec<i64>)>), services::Error> {
    let (officer, wanted) = (page.officer.clone(), wanted.clone());
    console
        .run(move |console| {
            let board = programme::board(console.book(), &officer, &wanted.asked()?)?;
            let days = programme::days_below(console.book(), &officer, &board.unit, wanted.measure(), board.day, DAYS)?;
            Ok((board, days))
        })
        .await
}

fn lines_of(board: &Board) -> Vec<&Line> {
    board.lines.iter().filter(|line| line.unit == board.unit).collect()
}

fn lines_below<'a>(board: &'a Board, measure: &str) -> Vec<&'a Line> {
    board.lines.iter().filter(|line| line.unit != board.unit && line.measure == measure).collect()
}

fn content(look: &Look, wanted: &Wanted, board: &Board, days: &[(String, Vec<i64>)]) -> Markup {
    let own = lines_of(board);
    let below = lines_below(board, wanted.measure());
    let mut shown: Vec<&Line> = below.clone();
    let folded = vn::fold(&wanted.name);
    shown.retain(|line| match wanted.only.as_str() {
        "below" => line.above_average == Some(false),
        "above" => line.above_average == Some(true),
        _ => true,
    } && vn::fold(&line.name).contains(&folded));
    sort(&mut shown, &wanted.sort);
    html! {
        (steer::ways(look))
        (place(look, wanted, board))
        (choices(look, wanted, board))
        (summary(look, wanted, &own))
        p { a href=(behind(&board.unit, wanted.measure(), board.day, wanted.then == "1")) { (look.text(t!("board-made-of"))) } }
        @if !below.is_empty() {
            div.beside {
                @if below.iter().any(|line| line.source != programme::Origin::Counted) { p.hint { (look.text(t!("board-signed-what"))) } }
                (table(look, wanted, board.day, &shown, days))
                @if board.unit.is_empty() { (map(look, wanted, &below)) }
            }
        }
        (funnel(look, wanted, board))
        (notes(look, &own, &shown))
        (ahead(look, board))
    }
}

/// The way down to the unit.
fn place(look: &Look, wanted: &Wanted, board: &Board) -> Markup {
    html! {
        nav.path aria-label=(look.text(t!("board-path"))) {
            @for (code, unit) in &board.above { a href=(wanted.but("unit", code)) { (name(look, unit)) } " › " }
            strong { (name(look, &board.name)) }
            " · " (shown_day(look, wanted, board.day))
        }
    }
}

/// The day that figures are of, and how it is known.
fn shown_day(look: &Look, wanted: &Wanted, day: Day) -> String {
    let words = if wanted.then == "1" { t!("board-of-day-then") } else { t!("board-of-day") };
    look.fill(words, &[("day", part::day(day))])
}

fn choices(look: &Look, wanted: &Wanted, board: &Board) -> Markup {
    let measures: Vec<(String, String)> =
        MEASURES.iter().map(|one| (one.name.to_owned(), measure(look, one.name))).collect();
    let only: Vec<(String, String)> =
        [("", t!("board-all")), ("above", t!("board-over-average")), ("below", t!("board-below"))]
            .into_iter()
            .map(|(value, key)| (value.to_owned(), look.text(key)))
            .collect();
    html! {
        form.choices method="get" action="/board" role="search" {
            input type="hidden" name="unit" value=(wanted.unit);
            (part::choice("measure", &look.text(t!("board-measure")), &measures, wanted.measure()))
            (part::choice("only", &look.text(t!("board-only")), &only, &wanted.only))
            (part::Field::new("name", look.text(t!("board-name"))).value(&wanted.name).optional().show())
            (part::Field::new("day", look.text(t!("board-day"))).kind("date").value(&board.day.to_string()).optional().show())
            (part::Field::new("earlier", look.text(t!("board-earlier"))).kind("date").value(&board.earlier.to_string()).optional().show())
            label.radio { input type="checkbox" name="then" value="1" checked[wanted.then == "1"]; (look.text(t!("board-then"))) }
            div.actions {
                button { (look.text(t!("board-show"))) }
                a href=(wanted.but("", "").replacen("/board", "/board/conference", 1)) { (look.text(t!("board-conference"))) }
                a href={ "/board/compare?unit=" (board.unit) "&measure=" (wanted.measure()) "&first=" (board.earlier) "&second=" (board.day) } { (look.text(t!("compare"))) }
                @for form in ["csv", "xlsx", "json"] { a href=(wanted.but("", "").replacen("/board", &format!("/board/export/{form}"), 1)) download { (form.to_uppercase()) } }
            }
        }
    }
}

/// The unit itself, measure by measure.
fn summary(look: &Look, wanted: &Wanted, own: &[&Line]) -> Markup {
    html! {
        div.figures {
            @for line in own.iter().filter(|line| line.value > 0 || line.target.is_some() || line.measure == wanted.measure()) {
                a.figure href=(wanted.but("measure", line.measure)) aria-current=[(line.measure == wanted.measure()).then_some("true")] {
                    strong { (look.count(line.value)) }
                    span { (measure(look, line.measure)) }
                    span { (share(look, line)) @if line.source != programme::Origin::Counted { " " (part::badge(look, origin(line.source))) } }
                }
            }
        }
    }
}

pub(crate) fn origin(source: programme::Origin) -> &'static str {
    match source {
        programme::Origin::Counted => "counted",
        programme::Origin::Returned => "returned",
        programme::Origin::Mixed => "mixed",
    }
}

fn share(look: &Look, line: &Line) -> String {
    line.percent.map_or_else(|| "—".to_owned(), |percent| look.language.percent(percent))
}

fn pace(look: &Look, pace: Option<f64>) -> String {
    pace.map_or_else(|| "—".to_owned(), |pace| look.language.number(pace, 1))
}

/// A day as people read it; a dash where there is none.
pub(crate) fn short_day(day: Option<Day>) -> String {
    day.map_or_else(|| "—".to_owned(), part::day)
}

/// Places won or lost.
fn change(look: &Look, line: &Line) -> Markup {
    let Some(change) = line.rank_change.filter(|change| *change != 0) else { return html! {} };
    let (tone, sign) = if change > 0 { ("good", "▲") } else { ("bad", "▼") };
    let words = if change > 0 { t!("board-won") } else { t!("board-lost") };
    html! { span.badge data-tone=(tone) title=(look.text(words)) { (sign) " " (change.abs()) } }
}

fn outlook(look: &Look, line: &Line) -> Markup {
    html! {
        @if line.deadline.is_some() {
            p { (look.fill(t!("board-deadline"), &[("day", short_day(line.deadline)), ("pace", pace(look, line.pace_7d)), ("needed", pace(look, line.pace_needed))])) }
        }
        @if let Some(outlook) = line.outlook {
            p { (look.word("outlook", outlook.code().trim_start_matches("outlook-")))
                @if line.forecast_date.is_some() { " " (look.fill(t!("board-forecast"), &[("day", short_day(line.forecast_date)), ("low", short_day(line.forecast_low)), ("high", short_day(line.forecast_high))])) }
                @if let Some(probability) = line.probability { " " (look.fill(t!("board-probability"), &[("percent", look.language.number(probability * 100.0, 0))])) } }
        }
    }
}

/// How a table may be sorted.
fn sort(lines: &mut [&Line], by: &str) {
    let number = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
    match by {
        "name" => lines.sort_by_key(|line| vn::fold(&line.name)),
        "value" => lines.sort_by_key(|line| std::cmp::Reverse(line.value)),
        "percent" => lines.sort_by(|a, b| number(b.percent).total_cmp(&number(a.percent))),
        "pace" => lines.sort_by(|a, b| number(b.pace_7d).total_cmp(&number(a.pace_7d))),
        "probability" => lines.sort_by(|a, b| number(a.probability).total_cmp(&number(b.probability))),
        _ => lines.sort_by_key(|line| (line.rank.unwrap_or(u64::MAX), line.unit.clone())),
    }
}

fn table(look: &Look, wanted: &Wanted, day: Day, lines: &[&Line], days: &[(String, Vec<i64>)]) -> Markup {
    let by = |name: &str, key| {
        html! { th scope="col" aria-sort=[(wanted.sort == name).then_some("other")] { a href=(wanted.but("sort", name)) { (look.text(key)) } } }
    };
    let caption = format!("{}, {}", measure(look, wanted.measure()), shown_day(look, wanted, day));
    html! {
        @if lines.is_empty() { p.empty { (look.text(t!("table-empty"))) } }
        @else {
            div.wide tabindex="0" role="region" aria-label=(caption) {
                table.board {
                    caption { (caption) }
                    thead { tr {
                        (by("rank", t!("board-rank"))) (by("name", t!("board-unit"))) (by("value", t!("board-value")))
                        th scope="col" { (look.text(t!("board-goal"))) }
                        (by("percent", t!("board-percent"))) (by("pace", t!("board-pace")))
                        th scope="col" { (look.text(t!("board-needed"))) }
                        (by("probability", t!("board-outlook")))
                    } }
                    tbody { @for line in lines { (row(look, wanted, day, line, days)) } }
                }
            }
        }
    }
}

fn row(look: &Look, wanted: &Wanted, day: Day, line: &Line, days: &[(String, Vec<i64>)]) -> Markup {
    let none = Vec::new();
    let own = days.iter().find(|(unit, _)| *unit == line.unit).map_or(&none, |(_, days)| days);
    let rows = behind(&line.unit, line.measure, day, wanted.then == "1");
    let probability =
        line.probability.map_or_else(String::new, |one| format!("{} %", look.language.number(one * 100.0, 0)));
    // Where too little is known a dash says so in every row.
    let words = |code: &str| match code {
        "outlook-no-data" => html! { span title=(look.word("outlook", "no-data")) { "—" } },
        code => html! { (look.word("outlook", code.trim_start_matches("outlook-"))) },
    };
    html! {
        tr {
            td.number { @if let Some(rank) = line.rank { (rank) } " " (change(look, line)) }
            th scope="row" { a href=(wanted.but("unit", &line.unit)) { (line.name) }
                @if line.source != programme::Origin::Counted { " " small title=(look.word("state", origin(line.source))) { (look.text(t!("board-signed"))) } } }
            td.number { a href=(rows) { (look.count(line.value)) } }
            td.number { (line.target.or(line.population).map_or_else(|| "—".to_owned(), |goal| look.count(goal))) }
            td.number { (share(look, line)) (chart::bar(line.percent, line.above_average)) }
            td.number { @if line.pace_7d.is_some() { (pace(look, line.pace_7d)) small { " / " (pace(look, line.pace_28d)) } (chart::sparkline(own)) } @else { "—" } }
            td.number { (pace(look, line.pace_needed)) }
            td { @if line.forecast_date.is_some() { (short_day(line.forecast_date)) } @else if let Some(outlook) = line.outlook { (words(outlook.code())) }
                " " small { (probability) } }
        }
    }
}

fn map(look: &Look, wanted: &Wanted, lines: &[&Line]) -> Markup {
    let said = |line: &Line| format!("{}: {}", line.name, share(look, line));
    let percent = |share: f64| look.language.number(share, 1);
    let range = |low: f64, high: f64| format!("{}–{} %", percent(low), percent(high));
    chart::map(lines, &look.text(t!("board-map")), &|line| wanted.but("unit", &line.unit), &said, &range)
}

/// The words for a measure.
pub(crate) fn measure(look: &Look, name: &str) -> String {
    Key::find(&format!("measure-{name}")).map_or_else(|| name.to_owned(), |key| look.text(key))
}

/// The way from the invitation to the card in hand, as a picture and as figures, beside the unit's neighbours.
fn funnel(look: &Look, wanted: &Wanted, board: &Board) -> Markup {
    let Some(funnel) = board.funnel.as_ref().filter(|funnel| funnel.steps.len() > 1) else { return html! {} };
    let most = funnel.steps.iter().map(|step| step.value).max().unwrap_or(0).max(1);
    let percent = |passed: Option<f64>| {
        passed.map_or_else(|| "—".to_owned(), |passed| format!("{} %", look.language.number(passed, 1)))
    };
    html! {
        section {
            h2 { (look.text(t!("board-funnel"))) }
            ol.funnel {
                @for step in &funnel.steps {
                    @let stuck = funnel.stuck == Some(step.measure);
                    li aria-current=[stuck.then_some("true")] {
                        span { (measure(look, step.measure)) @if stuck { " " span.badge data-tone="bad" { (look.text(t!("board-stuck"))) } } }
                        strong { a href=(behind(&board.unit, step.measure, board.day, wanted.then == "1")) { (look.count(step.value)) } }
                        (chart::bar(Some(step.value as f64 * 100.0 / most as f64), None))
                        @if step.passed.is_some() && step.neighbours_passed.is_none() {
                            small { (look.fill(t!("board-step-alone"), &[("percent", percent(step.passed)), ("waiting", look.count(step.waiting))])) }
                        } @else if step.passed.is_some() {
                            small { (look.fill(t!("board-step"), &[("percent", percent(step.passed)), ("neighbours", percent(step.neighbours_passed)), ("waiting", look.count(step.waiting))])) }
                        }
                    }
                }
            }
        }
    }
}

/// What is to be said about the figures.
fn notes(look: &Look, own: &[&Line], lines: &[&Line]) -> Markup {
    let all: Vec<(&&Line, String)> = own
        .iter()
        .chain(lines)
        .flat_map(|line| {
            line.notes.iter().map(move |note| (line, look.word("note", note.code().trim_start_matches("note-"))))
        })
        .collect();
    html! {
        @if !all.is_empty() {
            details {
                summary { (look.fill(t!("board-notes"), &[("count", all.len().to_string())])) }
                ul { @for (line, words) in all { li { (name(look, &line.name)) ", " (measure(look, line.measure)) ": " (words) } } }
            }
        }
    }
}

/// Events with a clock ahead that are listed; all are said.
const AHEAD_LISTED: usize = 50;

/// Events that say they happened after they came.
fn ahead(look: &Look, board: &Board) -> Markup {
    html! {
        @if !board.ahead.is_empty() {
            details {
                summary { (look.fill(t!("board-ahead"), &[("count", look.count(board.ahead.len() as u64))])) }
                p.hint { (look.text(t!("board-ahead-what"))) }
                ul {
                    @for one in board.ahead.iter().take(AHEAD_LISTED) {
                        li { (look.fill(t!("board-ahead-line"), &[("unit", one.unit.clone()), ("happened", short_day(Some(one.happened))), ("recorded", short_day(Some(one.recorded)))])) }
                    }
                }
            }
        }
    }
}

/// Which figure, and where in the events behind it.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Behind {
    unit: String,
    measure: String,
    day: String,
    then: String,
    before: String,
}

/// The address of what a figure is made of.
fn behind(unit: &str, measure: &str, day: Day, then: bool) -> String {
    let then = if then { "&then=1" } else { "" };
    format!("/board/rows?unit={unit}&measure={measure}&day={day}{then}")
}

/// What a figure is made of: the returns and the events.
pub(crate) async fn rows(State(console): State<Console>, page: Page, Query(wanted): Query<Behind>) -> Response {
    let look = &page.look;
    let officer = page.officer.clone();
    let (unit, name_of, day) = (wanted.unit.clone(), wanted.measure.clone(), wanted.day.clone());
    let (then, before) = (wanted.then == "1", programme::Place::parse(&wanted.before));
    let read = move |console: &Console| {
        let asked = programme::Behind { unit, measure: name_of, day: steer::asked(&day)?, then };
        programme::rows(console.book(), &officer, &asked, before)
    };
    let found = match console.run(read).await {
        Ok(found) => found,
        Err(error) => return Refused::from(error).page(look),
    };
    let (line, then) = (&found.line, wanted.then == "1");
    let title = format!("{}: {}", name(look, &line.name), measure(look, line.measure));
    let place = behind(&line.unit, line.measure, found.day, then);
    let then = if then { "&then=1" } else { "" };
    let board = format!("/board?unit={}&measure={}&day={}{then}", line.unit, line.measure, found.day);
    let content = html! {
        div.figures {
            p.figure { strong { (look.count(line.value)) } span { (short_day(Some(found.day))) } span { (part::badge(look, origin(line.source))) } }
            p.figure { strong { (look.count(line.counted)) } span { (look.text(t!("board-by-events"))) } }
            @if let Some(returned) = line.returned { p.figure { strong { (look.count(returned)) } span { (look.text(t!("board-by-returns"))) } } }
        }
        @if !found.returns.is_empty() { (returns_behind(look, &found)) }
        (events_behind(look, &found))
        @if let Some(next) = found.next { (part::next(look, &format!("{place}&before={next}"))) }
        p { a href=(board) { (look.text(t!("console-back"))) } }
    };
    frame::page(&page, &title, &content)
}

fn returns_behind(look: &Look, found: &programme::Rows) -> Markup {
    let head = [t!("case-unit"), t!("board-day"), t!("board-value"), t!("returns-signer")];
    let rows: Vec<Vec<Markup>> = found
        .returns
        .iter()
        .map(|one| {
            vec![
                html! { (if one.unit.is_empty() { look.text(t!("unit-nation")) } else { one.unit.clone() }) },
                html! { (short_day(Some(one.day))) },
                html! { (look.count(one.count)) },
                html! { (one.signer) },
            ]
        })
        .collect();
    let said = [("shown", look.count(rows.len() as u64)), ("count", look.count(found.returns_count as u64))];
    html! {
        h2 { (look.text(t!("board-by-returns"))) }
        @if found.returns_count > rows.len() { p.hint { (look.fill(t!("board-returns-cut"), &said)) } }
        (part::table(look, &look.text(t!("board-by-returns")), &head.map(|key| look.text(key)), &rows))
    }
}

fn events_behind(look: &Look, found: &programme::Rows) -> Markup {
    let head = [
        t!("audit-number"),
        t!("audit-kind"),
        t!("case-unit"),
        t!("board-counts-for"),
        t!("audit-recorded"),
        t!("board-counts"),
    ];
    let rows: Vec<Vec<Markup>> = found
        .items
        .iter()
        .map(|one| {
            vec![
                html! { (one.number) },
                html! { (look.word("kind", &one.kind)) },
                html! { (one.unit) },
                html! { (short_day(Some(one.happened))) },
                html! { (part::moment(&one.recorded)) },
                html! { (one.count) },
            ]
        })
        .collect();
    let title = look.text(t!("board-by-events"));
    html! {
        h2 { (title) }
        p.hint { (look.text(t!("board-rows-what"))) }
        (part::table(look, &title, &head.map(|key| look.text(key)), &rows))
    }
}
