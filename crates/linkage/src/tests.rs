use super::*;

/// Cells in the order of the built-in description.
#[derive(Clone, Debug)]
struct Person([String; 13]);

impl Person {
    fn with(&self, field: &str, cell: &str) -> Person {
        let mut person = self.clone();
        let at = Spec::dc01().fields.iter().position(|own| own.name == field).unwrap();
        person.0[at] = cell.into();
        person
    }
}

fn person(name: &str, birth: &str) -> Person {
    Person::blank()
        .with("full_name", name)
        .with("birth_date", birth)
        .with("sex", "Nam")
        .with("ethnic", "01")
        .with("birth_province", "001")
        .with("home_town", "Xã Phù Đổng, Huyện Gia Lâm, Hà Nội")
        .with("res_ward", "00544")
        .with("res_address", "Thôn Đoài")
        .with("father_name", "Hoàng Minh Chung")
        .with("mother_name", "Phan Thị Thanh Thư")
        .with("household_no", "511348771")
}

impl Person {
    fn blank() -> Person {
        Person(std::array::from_fn(|_| String::new()))
    }
}

/// Many others, so that names have frequencies and the prior is that of a file.
fn crowd() -> Vec<Person> {
    let families = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Vũ", "Đặng", "Bùi"];
    let middles = ["Văn", "Thị", "Đức", "Ngọc", "Thanh"];
    let givens =
        ["Anh", "Bình", "Cường", "Dung", "Giang", "Hà", "Khoa", "Lan", "Lam", "Minh", "Nga", "Oanh", "Phúc", "Huệ"];
    let name = |n: u32| {
        let of =
            |list: &[&'static str], step: u32| list[(maths::mix(u64::from(n * step)) % list.len() as u64) as usize];
        format!("{} {} {}", of(&families, 3), of(&middles, 5), of(&givens, 7))
    };
    (0..3_000u32)
        .map(|n| {
            let household = n / 3;
            person(&name(n), &format!("{:02}/{:02}/{}", 1 + n * 11 % 28, 1 + n * 5 % 12, 1950 + n * 7 % 60))
                .with("sex", ["Nam", "Nữ"][n as usize % 2])
                .with("birth_province", &format!("{:03}", 1 + household % 60))
                .with("res_ward", &format!("{:05}", 1 + household * 70 % 30_000))
                .with("res_address", &format!("Số {}, tổ {}", household % 90, household % 7))
                .with("home_town", &format!("Xã {}, Huyện {}, Tỉnh {}", household % 500, household % 90, household % 9))
                .with("father_name", &name(household + 10_000))
                .with("mother_name", &name(household + 20_000))
                .with("household_no", &format!("{}", 100_000_000 + household))
        })
        .collect()
}

fn linked(persons: &[Person]) -> Links {
    let mut table = Table::new(Spec::dc01());
    for person in persons {
        table.push(&person.0.each_ref().map(String::as_str));
    }
    link(&mut table, Thresholds { precision: Some(0.99), ..Thresholds::default() })
}

fn check(a: &Person, b: &Person, same: bool) {
    let mut persons = crowd();
    persons.extend([a.clone(), b.clone()]);
    let links = linked(&persons);
    let [.., x, y] = links.cluster[..] else { unreachable!() };
    let place = persons.len() as u32 - 1;
    let pair = links.pairs.iter().find(|pair| pair.b == place);
    assert_eq!(x == y, same, "{a:?}\n{b:?}\n{:?}", pair.map(|pair| (pair.probability, links.explain(pair))));
}

#[test]
fn one_person_with_the_usual_damage_is_one() {
    let base = person("Hoàng Thị Đắc", "06/05/2002");
    check(&base, &person("HOÀNG THÌ ĐẮC", "06/05/2002"), true);
    check(&base, &person("Hoµng ThÞ §¾c", "6.5.2002"), true);
    check(&base, &person("Hoang Thi Dac", "05/06/2002"), true);
    check(
        &base,
        &base.with("res_ward", "09000").with("household_no", "900000007").with("res_address", "Xóm Nam"),
        true,
    );
    check(&base, &person("Hoàng Đắc", "06/05/2002"), true);
    check(&base, &person("Hoàng Thị Đắcc", "2002-05-06"), true);
    check(&base, &person("HoàngtThị Đắc", "06/05/2002"), true);
}

#[test]
fn twins_parents_and_brothers_are_two() {
    let base = person("Hoàng Thị Lan", "06/05/2002");
    check(&base, &person("Hoàng Thị Lam", "06/05/2002"), false);
    check(&base, &person("Hoàng Thị Huệ", "06/05/2002"), false);
    check(
        &base,
        &person("Hoàng Thị Lan", "23/11/1976").with("father_name", "Hoàng Văn Ba").with("mother_name", ""),
        false,
    );
    check(&base, &person("Hoàng Văn Đức", "08/07/2004"), false);
}

#[test]
fn two_numbers_are_two_people_and_another_given_name_needs_one_number() {
    let base = person("Hoàng Thị Lan", "06/05/2002");
    check(&base.with("pin12", "001302000001"), &base.with("pin12", "001302000002"), false);
    check(&base.with("pin12", "001302000001"), &base.with("pin12", "001302000001"), true);
    let other = person("Hoàng Thị Cúc", "06/05/2002");
    check(&base.with("id9", "012345678"), &other.with("id9", ""), false);
    // Twelve digits in the column of nine are twelve digits.
    check(&base.with("id9", "001302000001"), &base.with("pin12", "001302000002"), false);
}

#[test]
fn a_third_record_brings_no_two_numbers_together() {
    let base = person("Hoàng Thị Lan", "06/05/2002");
    let mut persons = crowd();
    persons.extend([base.with("pin12", "001302000001"), base.clone(), base.with("pin12", "001302000002")]);
    let links = linked(&persons);
    let [.., x, _, z] = links.cluster[..] else { unreachable!() };
    assert_ne!(x, z);
}

/// Records by their content, each with the contents of its cluster.
fn clusters(persons: &[Person], links: &Links) -> Vec<Vec<String>> {
    let mut members: std::collections::BTreeMap<u32, Vec<String>> = std::collections::BTreeMap::new();
    for (person, cluster) in persons.iter().zip(&links.cluster) {
        members.entry(*cluster).or_default().push(person.0.join("|"));
    }
    let mut all: Vec<Vec<String>> = members.into_values().collect();
    all.iter_mut().for_each(|members| members.sort());
    all.sort();
    all
}

#[test]
fn order_and_threads_change_nothing() {
    let mut persons = crowd();
    for at in 0..200 {
        let name = persons[at * 7].0[0].clone();
        persons.push(persons[at * 7].with("full_name", &name.to_uppercase()).with("res_ward", "00001"));
        persons.push(persons[at * 7].with("birth_date", "1970").with("household_no", ""));
    }
    let one = linked(&persons);
    let pairs = |persons: &[Person], links: &Links| {
        let mut pairs: Vec<String> = links
            .pairs
            .iter()
            .map(|pair| {
                let mut both = [pair.a, pair.b].map(|at| persons[at as usize].0.join("|"));
                both.sort();
                format!("{} {} {}", pair.weight, both[0], both[1])
            })
            .collect();
        pairs.sort();
        pairs
    };
    for seed in 1..4u64 {
        let mut shuffled = persons.clone();
        shuffled.sort_by_key(|person| maths::hash(seed, person.0.join("|").as_bytes()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(seed as usize).build().unwrap();
        let links = pool.install(|| linked(&shuffled));
        assert_eq!(pairs(&shuffled, &links), pairs(&persons, &one), "{seed}");
        assert_eq!(clusters(&shuffled, &links), clusters(&persons, &one), "{seed}");
    }
}

#[test]
fn odd_tables_have_an_answer() {
    assert!(linked(&[]).cluster.is_empty());
    assert_eq!(linked(&[Person::blank()]).cluster, [0]);
    // Nothing but empty cells says nothing.
    assert_eq!(linked(&vec![Person::blank(); 100]).cluster, (0..100).collect::<Vec<_>>());
    // All rows alike are one person.
    let same = vec![person("Hoàng Thị Lan", "06/05/2002"); 1_000];
    assert!(linked(&same).cluster.iter().all(|cluster| *cluster == 0));
    // A crowd takes no more time than its records, says nothing of how people agree, and is one person with who is like it.
    let mut crowd_of_one = crowd();
    let base = person("Hoàng Thị Đắc", "06/05/2002");
    crowd_of_one.push(base.with("birth_date", "05/06/2002"));
    crowd_of_one.extend((0..100_000).map(|n| base.with("full_name", ["Hoàng Thị Đắc", "HOÀNG THỊ ĐẮC"][n % 2])));
    let links = linked(&crowd_of_one);
    assert!(links.cluster[3_000..].iter().all(|cluster| *cluster == 3_000), "{:?}", &links.pairs[..3]);
    assert!(links.pairs_scored < 100_000 && links.pairs.len() < 101_000, "{}", links.pairs_scored);
    // A name alone is not enough to be one person.
    let names = vec![Person::blank().with("full_name", "Nguyễn Văn Nam"); 1_000];
    assert!(linked(&names).cluster.iter().enumerate().all(|(at, cluster)| at == *cluster as usize));
    // More words and letters than there is room for.
    let long = "Nguyễn ".repeat(2_000);
    check(&person(&long, "06/05/2002"), &person(&long, "06/05/2002"), true);
}

#[test]
fn one_new_record_is_found_as_when_all_are_linked() {
    let mut persons = crowd();
    let base = person("Hoàng Thị Đắc", "06/05/2002");
    persons.push(base.clone());
    for at in 0..150 {
        persons.push(persons[at * 7].with("birth_date", "1970").with("household_no", ""));
    }
    let mut table = Table::new(Spec::dc01());
    for person in &persons {
        table.push(&person.0.each_ref().map(String::as_str));
    }
    let links = link(&mut table, Thresholds::default());
    let mut index = Index::of(table, &links);
    let find = |index: &mut Index, person: &Person| index.find(&person.0.each_ref().map(String::as_str), 0.2);
    let found = find(&mut index, &person("HOANG THI DAC", "05/06/2002"));
    assert_eq!(found.iter().map(|found| found.record).collect::<Vec<_>>(), [3_000]);
    assert_eq!(find(&mut index, &person("Hoàng Thị Cúc", "06/05/2002")), []);
    assert_eq!(find(&mut index, &Person::blank()), []);
    // What is in the index finds itself, and whom it was linked with.
    for at in [0, 7, 700, 3_000] {
        assert_eq!(find(&mut index, &persons[at])[0].record, at as u32);
    }
    let of = |pair: &&Pair| pair.probability >= 0.9;
    for pair in links.pairs.iter().filter(of) {
        let found = find(&mut index, &persons[pair.a as usize]);
        let mate = found.iter().find(|found| found.record == pair.b);
        assert!(mate.is_some_and(|mate| (mate.probability - pair.probability).abs() < 1e-9), "{pair:?} {found:?}");
    }
}

#[test]
fn what_can_be_meant_in_several_ways_is_decided_by_the_row_and_by_all() {
    let same = |a: &Person, b: &Person, others: &[Person]| {
        let mut table = Table::new(Spec::dc01());
        let persons: Vec<&Person> = others.iter().chain([a, b]).collect();
        persons.iter().for_each(|person| table.push(&person.0.each_ref().map(String::as_str)));
        table.settle();
        let at = table.len() as u32 - 2;
        table.row(at)[..table.at[1]] == table.row(at + 1)[..table.at[1]]
    };
    let named = |name: &str| Person::blank().with("full_name", name);
    let crowd: Vec<Person> = (0..200).map(|_| named("Vũ Văn Hải")).collect();
    let garbled: Vec<Person> = (0..50).map(|_| named("Vò V¨n H¶i")).collect();
    // Another cell of the row tells: `Vò` is TCVN3's `Vũ` beside TCVN3's `Xã Phù Đổng`, and `Vò` beside what is not garbled.
    let tcvn3 = named("Vò Minh Anh").with("home_town", "X· Phï §æng, HuyÖn Gia L©m");
    let clean = named("Vò Minh Anh").with("home_town", "Xã Phù Đổng, Huyện Gia Lâm");
    assert!(same(&tcvn3, &named("Vũ Minh Anh").with("home_town", "Hà Nội"), &[]));
    assert!(same(&clean, &named("VÒ MINH ANH").with("home_town", "Huyện Gia Lâm"), &[]));
    assert!(!same(&clean, &named("Vũ Minh Anh").with("home_town", "Huyện Gia Lâm"), &crowd));
    // No cell tells: it is what is usual among all.
    let usual = [crowd.clone(), garbled].concat();
    assert!(same(&named("Vò Minh Anh"), &named("Vũ Minh Anh"), &usual));
    assert!(!same(&named("Vò Minh Anh"), &named("Vũ Minh Anh"), &crowd));
}

#[test]
fn an_explanation_adds_up_to_the_odds() {
    let mut persons = crowd();
    let base = person("Hoàng Thị Đắc", "06/05/2002");
    persons.extend([base.clone(), base.with("res_ward", "09000").with("household_no", "").with("birth_date", "2002")]);
    let links = linked(&persons);
    let pair = links.pairs.iter().find(|pair| pair.b as usize == persons.len() - 1).unwrap();
    let said = links.explain(pair);
    let odds = said.before + said.evidence.iter().map(|one| one.bits).sum::<f64>();
    // The other rivals have a share as well.
    let own = f64::from(pair.weight) / maths::PARTS;
    assert!(own <= odds + 0.1 && own > odds - 1.6, "{own} {said:?}");
    // Ward, address and household are one thing: who moves changes all.
    let place = said.evidence.iter().find(|one| one.fields.iter().any(|(field, _)| *field == 6)).unwrap();
    assert!(place.fields.iter().any(|(field, alike)| *field == 7 && *alike == Alike::Same), "{said:?}");
}

#[test]
fn other_data_is_linked_by_its_description() {
    let spec = Spec::parse(include_str!("../specs/febrl.toml")).unwrap();
    let mut table = Table::new(spec);
    let mut crowd = 0..400u64;
    let word = |n: u64| {
        let letters = |at: u64| (b'a' + (maths::mix(n * 31 + at) % 26) as u8) as char;
        (0..7).map(letters).collect::<String>()
    };
    let cells = |n: u64| {
        let number = |step: u64, of: u64| (maths::mix(n * step) % of).to_string();
        let name = format!("{} {}", word(n % 50), word(1_000 + n % 90));
        let address = format!("{} street", word(2_000 + n));
        let born = format!("19{:02}{:02}{:02}", n % 90, 1 + n % 12, 1 + n % 28);
        [name, number(3, 99), address, word(3_000 + n % 40), number(5, 9_000), "nsw".into(), born, number(7, 9_999_999)]
    };
    crowd.by_ref().for_each(|n| table.push(&cells(n).each_ref().map(String::as_str)));
    // Names exchanged, a slip in the address, another house, a digit off.
    let mut other = cells(7);
    other[0] = other[0].split(' ').rev().collect::<Vec<_>>().join(" ");
    other[1] = "7".into();
    other[2].replace_range(1..2, "q");
    other[7].replace_range(0..1, "0");
    table.push(&other.each_ref().map(String::as_str));
    let links = link(&mut table, Thresholds { precision: None, least: 0.5, thin: true, ask: 0.2 });
    assert_eq!(links.cluster[400], 7, "{:?}", links.pairs);
    assert_eq!(links.cluster.iter().enumerate().filter(|(at, own)| *at as u32 != **own).count(), 1);
    let said = links.explain(links.pairs.iter().find(|pair| pair.b == 400).unwrap());
    let alike = |field: usize| said.evidence[field].fields[0];
    assert_eq!((alike(0), alike(2), alike(7)), ((0, Alike::Order), (2, Alike::Slip), (7, Alike::Slip)));
    assert_eq!(said.rival, Rival::Stranger);
}
