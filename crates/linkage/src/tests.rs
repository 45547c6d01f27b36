use super::*;

fn person(name: &str, birth: (u16, u8, u8)) -> Record {
    Record {
        name: name.into(),
        birth,
        sex: 1,
        birth_province: 1,
        home_town: "Xã Phù Đổng, Huyện Gia Lâm, Hà Nội".into(),
        ward: 544,
        father: "Hoàng Minh Chung".into(),
        mother: "Phan Thị Thanh Thư".into(),
        household: 511_348_771,
        ..Record::default()
    }
}

/// Many others, so that names have frequencies and the prior is that of a file.
fn crowd() -> Vec<Record> {
    let families = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Vũ", "Đặng", "Bùi"];
    let givens = ["Anh", "Bình", "Cường", "Dung", "Giang", "Hà", "Khoa", "Lan", "Minh", "Nga", "Oanh", "Phúc"];
    (0..2000u32)
        .map(|n| Record {
            name: format!("{} Văn {}", families[n as usize % 8], givens[n as usize / 8 % 12]),
            birth: (1950 + (n * 7 % 60) as u16, 1 + (n * 5 % 12) as u8, 1 + (n * 11 % 28) as u8),
            sex: 1 + (n % 2) as u8,
            ward: n,
            household: u64::from(n) + 1,
            home_town: format!("Xã {n}"),
            ..Record::default()
        })
        .collect()
}

fn check(a: Record, b: Record, same: bool) {
    let mut records = crowd();
    records.extend([a.clone(), b.clone()]);
    let links = link(&records, Thresholds::default());
    let [.., x, y] = links.cluster[..] else { unreachable!() };
    assert_eq!(x == y, same, "{a:?}\n{b:?}\n{:?}", links.pairs.last());
}

#[test]
fn one_person_with_the_usual_damage_is_one() {
    let base = person("Hoàng Thị Đắc", (2002, 5, 6));
    check(base.clone(), person("HOÀNG THÌ ĐẮC", (2002, 5, 6)), true);
    check(base.clone(), person("Hoang Thi Dac", (2002, 6, 5)), true);
    check(base.clone(), Record { ward: 9000, household: 7, ..person("Hoàng Thị Đắc", (2002, 5, 6)) }, true);
    check(base.clone(), person("Hoàng Đắc", (2002, 5, 6)), true);
    check(base, person("Hoàng Thị Đắcc", (2002, 5, 6)), true);
}

#[test]
fn twins_parents_and_brothers_are_two() {
    let base = person("Hoàng Thị Lan", (2002, 5, 6));
    check(base.clone(), person("Hoàng Thị Lam", (2002, 5, 6)), false);
    check(base.clone(), person("Hoàng Thị Huệ", (2002, 5, 6)), false);
    check(base.clone(), person("Hoàng Thị Lan", (1976, 11, 23)), false);
    check(base, person("Hoàng Văn Đức", (2004, 7, 8)), false);
}

#[test]
fn two_valid_numbers_are_never_merged() {
    let a = Record { number: Some(1_202_000_001), ..person("Hoàng Thị Lan", (2002, 5, 6)) };
    let b = Record { number: Some(1_202_000_002), ..person("Hoàng Thị Lan", (2002, 5, 6)) };
    check(a.clone(), b.clone(), false);
    // Nor by way of a third record without a number.
    let mut records = crowd();
    records.extend([a, person("Hoàng Thị Lan", (2002, 5, 6)), b]);
    let links = link(&records, Thresholds::default());
    let [.., x, _, z] = links.cluster[..] else { unreachable!() };
    assert_ne!(x, z);
}

#[test]
fn the_result_does_not_depend_on_the_order() {
    let mut records = crowd();
    records.truncate(300);
    records.extend([
        person("Hoàng Thị Đắc", (2002, 5, 6)),
        person("Hoàng Thị Đắc", (2002, 6, 5)),
        person("Hoang Dac", (2002, 5, 6)),
    ]);
    let forward = link(&records, Thresholds::default());
    records.reverse();
    let backward = link(&records, Thresholds::default());
    let partition = |links: &Links, reverse: bool| {
        let n = links.cluster.len() as u32;
        let at = |x: u32| if reverse { n - 1 - x } else { x };
        let mut groups: Vec<(u32, u32)> = (0..n)
            .map(|x| {
                let cluster = links.cluster[at(x) as usize];
                let first = (0..n).find(|y| links.cluster[at(*y) as usize] == cluster).unwrap();
                (x, first)
            })
            .collect();
        groups.sort_unstable();
        groups
    };
    assert_eq!(partition(&forward, false), partition(&backward, true));
}
