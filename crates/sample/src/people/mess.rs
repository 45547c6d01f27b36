//! How offices write: capitals, lost marks, old code pages, dates in any order, slips of the keys.

use crate::draw::Draw;
use vn::Damage;

/// The habits of one province's typist.
pub(super) struct Typist<'a> {
    draw: &'a mut Draw,
    capitals: bool,
    date: usize,
    sexes: [&'static str; 2],
    code_page: Option<Damage>,
}

impl Typist<'_> {
    /// The typist of a province: always the same habits, with the slips of the moment.
    pub(super) fn of(province: usize, draw: &mut Draw) -> Typist<'_> {
        Typist {
            draw,
            capitals: province.is_multiple_of(3),
            date: province % 5,
            sexes: [["Nam", "Nữ"], ["Nam", "Nu"], ["NAM", "NỮ"], ["1", "2"]][province % 4],
            code_page: [None, Some(Damage::Tcvn3), None, None, Some(Damage::Mojibake), None][province % 6],
        }
    }

    fn habit(&mut self, text: &str, capitals: bool) -> String {
        if self.draw.percent(3) {
            return vn::title(&unmarked(text));
        }
        if let Some(damage) = self.code_page
            && self.draw.percent(12)
            && let Some(damaged) = vn::damage(text, damage)
        {
            return damaged;
        }
        if capitals && self.draw.percent(90) { text.to_uppercase() } else { text.to_owned() }
    }

    pub(super) fn name(&mut self, name: &str) -> String {
        let capitals = self.capitals;
        self.habit(name, capitals)
    }

    pub(super) fn parent(&mut self, name: &str) -> String {
        if self.draw.percent(10) { String::new() } else { self.name(name) }
    }

    pub(super) fn text(&mut self, text: &str) -> String {
        self.habit(text, false)
    }

    pub(super) fn sometimes(&mut self, percent: usize, text: &str) -> String {
        if self.draw.percent(percent) { text.to_owned() } else { String::new() }
    }

    pub(super) fn sex(&mut self, female: bool) -> String {
        let word = self.sexes[usize::from(female)];
        self.sometimes(99, word)
    }

    /// A date; one without month and day is a year.
    pub(super) fn date(&mut self, (year, month, day): (i32, u8, u8)) -> String {
        if self.draw.percent(1) || month == 0 {
            return year.to_string();
        }
        let (month, day) = if self.draw.percent(1) && day <= 12 { (day, month) } else { (month, day) };
        match self.date {
            0 | 1 => format!("{day:02}/{month:02}/{year}"),
            2 => format!("{day}/{month}/{year}"),
            3 => format!("{day:02}.{month:02}.{year}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
    }
}

/// The text without marks, in small letters as folding leaves it, punctuation kept.
fn unmarked(text: &str) -> String {
    text.split(' ').map(vn::fold).collect::<Vec<_>>().join(" ")
}

/// An address within a commune.
pub(super) fn address(draw: &mut Draw) -> String {
    const STREETS: [&str; 8] = [
        "Lê Lợi",
        "Trần Phú",
        "Nguyễn Huệ",
        "Hai Bà Trưng",
        "Quang Trung",
        "Ngô Quyền",
        "Hùng Vương",
        "Lý Thường Kiệt",
    ];
    if draw.percent(50) {
        format!("Số {} {}, tổ {}", 1 + draw.below(400), draw.of(&STREETS), 1 + draw.below(40))
    } else {
        format!("Thôn {}", draw.of(&["Thượng", "Trung", "Hạ", "Đông", "Đoài", "Nam", "Tân Lập", "Đại Đồng"]))
    }
}

/// A slip in a name: a letter dropped, doubled or exchanged with its neighbour, or marks lost.
pub(super) fn slip(draw: &mut Draw, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + draw.below(letters.len().saturating_sub(2));
    match draw.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => return vn::title(&unmarked(name)),
    }
    letters.into_iter().collect()
}
