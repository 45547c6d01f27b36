//! What `card read` says: one entry per mechanism, the holder, the files, and the messages.

use crate::output::Output;
use crate::text::{Key, t};
use inspection::{Finding, Inspection, Mechanism, Reason, Verdict};
use serde_json::{Value, json};

/// Prints an inspection as text or JSON.
pub(super) fn print(inspection: &Inspection, microseconds: u128, out: &mut Output) {
    for finding in &inspection.findings {
        let verdict = out.text(verdict_key(finding.verdict), &[]);
        let mechanism = out.text(mechanism_key(finding.mechanism), &[]);
        out.say(t!("card-read-mechanism"), &[("mechanism", mechanism), ("verdict", verdict)]);
        for reason in &finding.reasons {
            let text = reason_text(*reason, out);
            out.say(t!("card-read-reason"), &[("reason", text)]);
        }
    }
    if let Some(details) = inspection.details() {
        let arguments = [("name", details.full_name), ("number", details.number), ("birth", details.birth)];
        out.say(t!("card-read-holder"), &arguments);
    }
    let total = totals(inspection);
    let arguments = [
        ("files", inspection.files.len().to_string()),
        ("apdus", total.0.to_string()),
        ("milliseconds", (microseconds / 1000).to_string()),
    ];
    out.say(t!("card-read-done"), &arguments);
    out.json(&document(inspection, microseconds));
}

fn document(inspection: &Inspection, microseconds: u128) -> Value {
    let (apdus, bytes_out, bytes_in) = totals(inspection);
    let mechanisms: Vec<Value> = inspection.findings.iter().map(finding).collect();
    let files: serde_json::Map<String, Value> =
        inspection.files.iter().map(|(file, bytes)| (file.name().to_owned(), bytes.len().into())).collect();
    let steps: Vec<Value> = inspection
        .steps
        .iter()
        .map(|step| {
            json!({ "step": step.stage, "apdus": step.apdus, "bytes_out": step.bytes_out, "bytes_in": step.bytes_in })
        })
        .collect();
    json!({
        "genuine": inspection.is_genuine(),
        "verdict": if inspection.is_refused() { "invalid" } else if inspection.is_genuine() { "valid" } else { "unknown" },
        "microseconds": u64::try_from(microseconds).unwrap_or(u64::MAX),
        "mechanisms": mechanisms,
        "pace": inspection.pace,
        "files": files,
        "holder": holder(inspection),
        "mrz": inspection.zone().map(|zone| zone.encode()),
        "apdus": apdus,
        "bytes_out": bytes_out,
        "bytes_in": bytes_in,
        "steps": steps,
    })
}

fn totals(inspection: &Inspection) -> (u32, u64, u64) {
    inspection
        .steps
        .iter()
        .fold((0, 0, 0), |(apdus, out, into), step| (apdus + step.apdus, out + step.bytes_out, into + step.bytes_in))
}

fn finding(finding: &Finding) -> Value {
    let reason = |reason: &Reason| json!({ "code": reason.code, "file": reason.file.map(lds::File::name) });
    json!({
        "mechanism": finding.mechanism.name(),
        "verdict": finding.verdict.word(),
        "reason": finding.reasons.first().map(|reason| reason.code),
        "reasons": finding.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

fn holder(inspection: &Inspection) -> Value {
    let Some(details) = inspection.details() else { return Value::Null };
    json!({
        "number": details.number,
        "full_name": details.full_name,
        "birth": details.birth,
        "sex": details.sex,
        "nationality": details.nationality,
        "ethnic": details.ethnic,
        "religion": details.religion,
        "home_town": details.home_town,
        "residence": details.residence,
        "features": details.features,
        "issue": details.issue,
        "expiry": details.expiry,
        "parents": details.parents,
        "old_number": details.old_number,
    })
}

fn reason_text(reason: Reason, out: &Output) -> String {
    let key = Key::find(&format!("error-{}", reason.code)).unwrap_or(t!("error-unnamed"));
    let file = reason.file.map_or("", lds::File::name);
    out.text(key, &[("file", file.to_owned()), ("code", reason.code.to_owned()), ("detail", String::new())])
}

fn verdict_key(verdict: Verdict) -> Key {
    match verdict {
        Verdict::Valid => t!("card-verdict-valid"),
        Verdict::Invalid => t!("card-verdict-invalid"),
        Verdict::Unknown => t!("card-verdict-unknown"),
    }
}

fn mechanism_key(mechanism: Mechanism) -> Key {
    match mechanism {
        Mechanism::Pace => t!("card-mechanism-pace"),
        Mechanism::PassiveAuthentication => t!("card-mechanism-passive"),
        Mechanism::ChipAuthentication => t!("card-mechanism-chip"),
        Mechanism::CardAccess => t!("card-mechanism-card-access"),
    }
}
