//! One program: register, enrolment, card, inspection, audit.
fn main() {}
