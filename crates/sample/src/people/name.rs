//! Names of nobody, put together from common parts.

use crate::draw::Draw;

const FAMILIES: [&str; 40] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Vũ", "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ",
    "Dương", "Đinh", "Lý", "Đào", "Lương", "Mai", "Trịnh", "Cao", "Tô", "Lâm", "Tạ", "Chu", "Quách", "Hà", "Thái",
    "Châu", "Kiều", "Lưu", "Vương", "Nông", "Lò", "Giàng", "Thạch", "Sầm", "Vi",
];
const MIDDLES_MALE: [&str; 16] = [
    "Văn", "Đức", "Hữu", "Minh", "Quang", "Công", "Xuân", "Thanh", "Quốc", "Đình", "Ngọc", "Trọng", "Bá", "Gia", "Duy",
    "Thế",
];
const MIDDLES_FEMALE: [&str; 14] =
    ["Thị", "Ngọc", "Thanh", "Thu", "Kim", "Mỹ", "Hồng", "Phương", "Thuý", "Bích", "Minh", "Diệu", "Lan", "Cẩm"];
const GIVEN_MALE: [&str; 36] = [
    "Hùng", "Dũng", "Tuấn", "Minh", "Nam", "Long", "Sơn", "Hải", "Thắng", "Cường", "Bình", "Phúc", "Đạt", "Khoa",
    "Huy", "Tùng", "Kiên", "Trung", "Thành", "Quân", "Hiếu", "Phong", "Toàn", "Khánh", "Lâm", "Tài", "Việt", "Anh",
    "Thịnh", "Nghĩa", "Hưng", "Lộc", "Đông", "Vinh", "Quyết", "Bách",
];
const GIVEN_FEMALE: [&str; 36] = [
    "Lan", "Hương", "Mai", "Hoa", "Linh", "Trang", "Thảo", "Hà", "Hằng", "Nga", "Phương", "Yến", "Nhung", "Huệ",
    "Hạnh", "Loan", "Dung", "Thuỷ", "Vân", "Ngân", "Quỳnh", "Tuyết", "Oanh", "Châu", "Diệp", "Giang", "My", "Thơm",
    "Xuân", "Liên", "Ánh", "Cúc", "Đào", "Nguyệt", "Hiền", "Trinh",
];
const PLACES: [&str; 24] = [
    "Bình", "An", "Phú", "Tân", "Long", "Hoà", "Vĩnh", "Thạnh", "Đông", "Tây", "Nam", "Sơn", "Thuỷ", "Lộc", "Xuân",
    "Quang", "Minh", "Đức", "Phong", "Mỹ", "Thanh", "Hưng", "Lâm", "Khê",
];

/// A full name; with a family name given, a child of that family.
pub(super) fn full(draw: &mut Draw, female: bool, family: Option<&str>) -> String {
    let family = family.unwrap_or_else(|| *draw.early::<&str>(&FAMILIES));
    let middle = if female { draw.early(&MIDDLES_FEMALE) } else { draw.early(&MIDDLES_MALE) };
    let given = if female { draw.of(&GIVEN_FEMALE) } else { draw.of(&GIVEN_MALE) };
    if draw.percent(25) {
        let second = if female { draw.of(&MIDDLES_FEMALE) } else { draw.of(&MIDDLES_MALE) };
        return format!("{family} {middle} {second} {given}");
    }
    format!("{family} {middle} {given}")
}

/// The family name of a full name.
pub(super) fn family(name: &str) -> Option<&str> {
    name.split(' ').next()
}

/// A twin's name: the same but for the given name.
pub(super) fn sibling(draw: &mut Draw, name: &str, female: bool) -> String {
    let (front, own) = name.rsplit_once(' ').unwrap_or((name, ""));
    let list = if female { &GIVEN_FEMALE } else { &GIVEN_MALE };
    let given = loop {
        let given = draw.of(list);
        if *given != own {
            break given;
        }
    };
    format!("{front} {given}")
}

/// An invented place of two syllables.
pub(super) fn place(number: usize) -> String {
    let (first, second) = (number % PLACES.len(), (number / PLACES.len() * 7 + number * 5 + 3) % PLACES.len());
    format!("{} {}", PLACES[first], PLACES[second])
}
