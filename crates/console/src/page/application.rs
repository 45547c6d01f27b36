//! Applications: the queue, and a new one with face and ten fingers.

use super::At;
use super::case::finger;
use crate::Console;
use crate::body::{Fields, File, Upload};
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::{Query, State};
use axum::response::Response;
use enrolment::{Application, Capture, Finger, MissingReason};
use ids::ApplicationId;
use maud::{Markup, html};
use services::application::{self, Received};
use services::job::{self, Order};
use text::t;

/// Applications on one page.
const LISTED: usize = 50;
/// Why a finger may be missing.
const REASONS: [&str; 3] = ["amputated", "bandaged", "worn"];

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(at): Query<At>) -> Response {
    let (look, unit) = (page.look.clone(), page.officer.unit.clone());
    let (state, after) = (at.state(&application::STATES), ApplicationId::parse(&at.after));
    let read = move |console: &Console| application::list(console.book(), &unit, state, after, LISTED);
    let all = match console.run(read).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("application-since"), t!("case-unit"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .items
        .iter()
        .map(|one| {
            vec![
                html! { a href={ "/applications/" (one.id) } { (part::moment(&one.received)) } },
                html! { (one.unit) },
                part::badge(&look, &one.state),
            ]
        })
        .collect();
    let content = html! {
        div.actions {
            a.button href="/applications/new" { (look.text(t!("application-new"))) }
            " " (part::button(&look, "/applications/check", t!("application-check"), None))
        }
        (part::states(&look, "/applications", &application::STATES, state))
        (part::table(&look, &look.word("state", state), &head, &rows))
        (part::further(&look, "/applications", state, all.next.as_deref()))
    };
    frame::page(&page, &look.text(t!("nav-applications")), &content)
}

pub(crate) async fn form(page: Page) -> Response {
    frame::page(&page, &page.look.text(t!("application-new")), &fields(&page.look, &Fields::default()))
}

/// The form with what was typed; files cannot be given back.
pub(crate) fn again(look: &Look, typed: &Fields, fault: Option<&Refused>) -> Markup {
    html! {
        @if let Some(fault) = fault { (part::notice("bad", &fault.words(look))) }
        (part::notice("plain", &look.text(t!("files-again"))))
        (fields(look, typed))
    }
}

/// The resolutions that finger images may have.
const DPI: [&str; 4] = ["500", "508", "569", "1000"];

fn fields(look: &Look, typed: &Fields) -> Markup {
    let number = Field::new("number", look.text(t!("person-number"))).value(typed.get("number"));
    let dpi = Some(typed.get("dpi")).filter(|dpi| !dpi.is_empty()).unwrap_or(DPI[0]);
    html! {
        form.stack.capture method="post" action="/applications/new" enctype="multipart/form-data" {
            (part::key(look, None))
            (number.hint(look.text(t!("application-number-hint"))).show())
            fieldset {
                legend { (look.text(t!("application-face"))) }
                div.field {
                    label for="face-field" { (look.text(t!("application-face-file"))) }
                    small { (look.text(t!("application-face-hint"))) }
                    input #face-field type="file" name="face" accept="image/jpeg,image/jp2" required data-preview="face-preview";
                }
                div.camera data-camera="face-field" hidden {
                    video hidden playsinline muted {}
                    button type="button" { (look.text(t!("camera-open"))) }
                    button type="button" hidden { (look.text(t!("camera-take"))) }
                    p.fault data-refused hidden { (look.text(t!("camera-refused"))) }
                }
                img #face-preview hidden alt=(look.text(t!("application-face")));
            }
            fieldset {
                legend { (look.text(t!("application-fingers"))) }
                p.hint { (look.text(t!("application-fingers-hint"))) }
                div.hands {
                    @for position in 1..=10u8 { (finger_field(look, typed, position)) }
                }
                (part::choice("dpi", &look.text(t!("application-dpi")), &DPI.map(|dpi| (dpi.to_owned(), dpi.to_owned())), dpi))
            }
            (part::ended(look))
            button { (look.text(t!("application-send"))) }
        }
    }
}

fn finger_field(look: &Look, typed: &Fields, position: u8) -> Markup {
    let (id, name) = (format!("finger-{position}-field"), format!("finger-{position}"));
    let missing = typed.get(&format!("missing-{position}"));
    html! {
        div.finger {
            label for=(id) { (finger(look, position)) }
            input id=(id) type="file" name=(name) accept="image/png,image/bmp,image/tiff,.pgm,.wsq" data-preview={ "print-" (position) };
            img id={ "print-" (position) } hidden alt="";
            label.hidden for={ "missing-" (position) } { (look.text(t!("application-missing"))) }
            select id={ "missing-" (position) } name={ "missing-" (position) } {
                option value="" { (look.text(t!("application-present"))) }
                @for reason in REASONS { option value=(reason) selected[reason == missing] { (look.word("missing", reason)) } }
            }
        }
    }
}

/// What was sent, as an application; or which part is not there.
fn filled(page: &Page, console: &Console, upload: &Upload) -> Result<Application, Refused> {
    let file = |name: &str| upload.files.iter().find(|file: &&File| file.field == name);
    let face = file("face").ok_or_else(|| Refused::bad(t!("application-face-needed"), Vec::new()))?;
    let dpi = upload.fields.get("dpi").parse().unwrap_or(500);
    let mut fingers = Vec::new();
    for position in 1..=10u8 {
        let name = format!("finger-{position}");
        let reason = MissingReason::parse(upload.fields.get(&format!("missing-{position}")));
        let capture = match (file(&name), reason) {
            (Some(file), _) => Capture::Image { file: file.bytes.to_vec(), dpi },
            (None, Some(reason)) => Capture::Missing(reason),
            (None, None) => {
                let arguments = vec![("finger", finger(&page.look, position))];
                return Err(Refused::bad(t!("application-finger-needed"), arguments));
            }
        };
        fingers.push(Finger { position, capture });
    }
    Ok(Application {
        id: ApplicationId(console.book().id()),
        number: upload.fields.get("number").to_owned(),
        enroller: Some(page.officer.id),
        captured: console.book().now(),
        face: face.bytes.to_vec(),
        fingers,
    })
}

pub(crate) async fn enrol(State(console): State<Console>, page: Page, upload: Upload) -> Response {
    let look = page.look.clone();
    let again = |refused: Refused| {
        let content = again(&look, &upload.fields, Some(&refused));
        refused.on(frame::page(&page, &look.text(t!("application-new")), &content))
    };
    let application = match filled(&page, &console, &upload) {
        Ok(application) => application,
        Err(refused) => return again(refused),
    };
    let command = page.command(upload.fields.key(), None);
    match console.run(move |console| console.machine().enrol(&command, &application)).await {
        Ok(received) => frame::page(&page, &look.text(t!("application-done")), &receipt(&look, &received)),
        Err(error) => again(Refused::from(error)),
    }
}

fn receipt(look: &Look, received: &Received) -> Markup {
    let quality = received.face_quality.map_or_else(|| "—".to_owned(), |quality| quality.to_string());
    html! {
        (part::notice("good", &look.text(t!("application-done-what"))))
        (part::facts(&[
            (look.text(t!("application-receipt")), html! { a href={ "/applications/" (received.application) } { code { (received.application) } } }),
            (look.text(t!("application-fingers")), html! { (received.fingers) }),
            (look.text(t!("application-quality")), html! { (received.quality_min) }),
            (look.text(t!("application-face-quality")), html! { (quality) }),
        ]))
        div.actions { a.button href="/applications/new" { (look.text(t!("application-new"))) } " " a href="/applications" { (look.text(t!("nav-applications"))) } }
    }
}

/// Searches every application that waits, as a job.
pub(crate) async fn check(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let command = page.command(sent.key(), None);
    let order = Order { kind: "check", key: sent.key(), what: "", mebibytes: 0 };
    console.start(&page, order, move |desk, progress| job::check(desk, &command, progress))
}
