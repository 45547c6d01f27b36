//! No bytes make the card panic, give away a file, or answer with more than it may.

#![allow(clippy::unwrap_used, reason = "a test")]

mod terminal;

use apdu::{Command, Form};
use proptest::prelude::*;
use terminal::{Bench, image, select_application};

fn any_command() -> impl Strategy<Value = Command> {
    let ins = prop_oneof![Just(0x22u8), Just(0x84), Just(0x86), Just(0xA4), Just(0xB0), Just(0xB1), any::<u8>()];
    let data = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        Just(vec![0x01, 0x02]),
        Just(vec![0x7C, 0x00]),
        Just(vec![0x54, 0x03, 0xFF, 0xFF, 0xFF]),
    ];
    let cla = prop_oneof![Just(0u8), Just(0x10), any::<u8>()];
    (cla, ins, any::<u8>(), any::<u8>(), data, proptest::option::of(1u32..=65_536), any::<bool>()).prop_map(
        |(cla, ins, p1, p2, data, le, extended)| Command {
            cla,
            ins,
            p1,
            p2,
            data,
            le,
            form: if extended { Form::Extended } else { Form::Short },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn in_the_clear(commands in proptest::collection::vec(any_command(), 1..20), bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut bench = Bench::new();
        let secret = &image().files[&lds::File::Dg1][..20];
        for command in commands.iter().map(Command::encode).chain([bytes]) {
            let answer = bench.raw(&command);
            prop_assert!(!answer.data.windows(20).any(|window| window == secret));
            prop_assert!(answer.data.len() <= 4096);
        }
    }

    #[test]
    fn inside_a_session(commands in proptest::collection::vec(any_command(), 1..10)) {
        let mut bench = Bench::opened();
        bench.send(&select_application());
        for mut command in commands {
            command.cla &= 0x10;
            if (command.ins, command.p1, command.p2) == (0x86, 0, 0) {
                continue;
            }
            let answer = bench.send(&command);
            prop_assert!(answer.data.len() <= 4096);
        }
    }
}
