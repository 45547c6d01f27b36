//! Files attached to a difficulty: what they are, told from their bytes and not from their names, and how many there may be.
//!
//! Invariant: a kind that is recognised is one that a reader without programs inside can show: no macros, no HTML.
//! Not here: where the bytes lie, and under which key (`services`).
//! Codes: `attachment-kind`, `attachment-large`, `attachment-missing`, `attachments-full`.
//! Start reading at [`Kind::of`].

use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::Instant;

/// Bytes of one file.
pub const BYTES_MAX: usize = 10 << 20;
/// Files that a record has at once, and that are sent at once.
pub const FILES_MAX: usize = 5;
/// Letters of a file's name.
const NAME_MAX: usize = 100;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// An XLSX workbook without macros.
    Xlsx,
    /// Plain text in UTF-8.
    Text,
}

/// A file that belongs to a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id, made by the service; in JSON as addresses name it.
    #[serde(with = "written")]
    pub id: Uuid,
    /// Its name as it was sent, cleaned, with the ending of its kind.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How long it is.
    pub bytes: u64,
    /// The unit from which it came: it, and the units above it, may withdraw the file.
    pub unit: String,
    /// Who sent it.
    pub officer: OfficerId,
    /// When.
    pub at: Instant,
    /// When it was withdrawn; it cannot be opened from then on.
    pub withdrawn: Option<Instant>,
}

/// An id as people and addresses write it.
mod written {
    use ids::Uuid;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(id: &Uuid, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
        Uuid::parse(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("no id"))
    }
}

/// Whether some bytes are of a kind.
type Fits = fn(&[u8]) -> bool;

impl Kind {
    /// The kind of some bytes; none where they are nothing that is taken in.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        let kinds: [(Kind, Fits); 5] = [
            (Kind::Pdf, is_pdf),
            (Kind::Jpeg, |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9])),
            (Kind::Png, |bytes| is_png(bytes).is_some()),
            (Kind::Xlsx, |bytes| is_xlsx(bytes) == Some(true)),
            (Kind::Text, is_text),
        ];
        kinds.into_iter().find(|(_, fits)| fits(bytes)).map(|(kind, _)| kind)
    }

    /// Its media type.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind::Text => "text/plain; charset=utf-8",
        }
    }

    /// The ending of its files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Jpeg => "jpg",
            Kind::Png => "png",
            Kind::Xlsx => "xlsx",
            Kind::Text => "txt",
        }
    }
}

/// A file's name as people may see it: without folders, without letters that hide or turn others, with the ending of its kind.
#[must_use]
pub fn name(sent: &str, kind: Kind) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let shown = |letter: &char| !letter.is_control() && !hides(*letter) && !"\"<>|:*?;%".contains(*letter);
    let stem: String = vn::clean(stem).chars().filter(shown).take(NAME_MAX).collect();
    let stem = stem.trim_matches([' ', '.']);
    format!("{}.{}", if stem.is_empty() { "file" } else { stem }, kind.ending())
}

/// Whether a letter is not seen itself, or turns those beside it: a name could look like that of another kind.
fn hides(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_pdf(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(1_024)..];
    bytes.starts_with(b"%PDF-") && end.windows(5).any(|window| window == b"%%EOF")
}

/// The signature, then chunks that fill the file exactly: the header first, the end last.
fn is_png(bytes: &[u8]) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut first = true;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        // Behind the content stands its checksum.
        let (_, after) = after.split_at_checked(length.checked_add(4)?)?;
        if first != (kind == b"IHDR") {
            return None;
        }
        if kind == b"IEND" {
            return after.is_empty().then_some(());
        }
        (first, rest) = (false, after);
    }
}

/// Entries of an archive that are looked at.
const ENTRIES_MAX: usize = 10_000;

/// An archive whose directory names a workbook and no program.
fn is_xlsx(bytes: &[u8]) -> Option<bool> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    // The end of the directory is the last thing in the file, but for a comment.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let end = from + bytes[from..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let number = |at: usize, long: bool| -> Option<usize> {
        let low = usize::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let high = if long { usize::from(u16::from_le_bytes(*bytes.get(at + 2..)?.first_chunk()?)) } else { 0 };
        Some(low + (high << 16))
    };
    if end + 22 + number(end + 20, false)? != bytes.len() {
        return None;
    }
    let (count, mut at) = (number(end + 10, false)?, number(end + 16, true)?);
    // Some readers go by the count, others by the length: they must see the same entries.
    if at.checked_add(number(end + 12, true)?) != Some(end) {
        return None;
    }
    if count > ENTRIES_MAX {
        return None;
    }
    let (mut workbook, mut types) = (false, false);
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (number(at + 28, false)?, number(at + 30, false)?, number(at + 32, false)?);
        let own = bytes.get(at + 46..at + 46 + name)?;
        workbook |= own == b"xl/workbook.xml";
        types |= own == b"[Content_Types].xml";
        let lower = own.to_ascii_lowercase();
        if lower.ends_with(b".bin") || lower.starts_with(b"xl/macrosheets/") {
            // Macros lie in such an entry, and old forms of sheets that nobody needs.
            return Some(false);
        }
        at += 46 + name + extra + comment;
    }
    (at == end).then_some(workbook && types)
}

/// Letters and line ends alone. What looks like a page of a browser is not taken for text.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let plain = text.chars().all(|letter| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r'));
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    plain && !begin.is_empty() && !begin.starts_with(['<', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(end: &[u8]) -> Vec<u8> {
        let chunk =
            |kind: &[u8], content: &[u8]| [&(content.len() as u32).to_be_bytes(), kind, content, &[0; 4]].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &[0; 13]), &chunk(b"IDAT", b"x"), &chunk(b"IEND", b""), end]
            .concat()
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        let (mut files, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            directory.extend(
                [b"PK\x01\x02".as_slice(), &[0; 24], &(name.len() as u16).to_le_bytes(), &[0; 16], name.as_bytes()]
                    .concat(),
            );
            files.extend([b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat());
        }
        let count = (names.len() as u16).to_le_bytes();
        let place = [(directory.len() as u32).to_le_bytes(), (files.len() as u32).to_le_bytes()].concat();
        [files, directory, [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &place, &[0; 2]].concat()].concat()
    }

    #[test]
    fn a_kind_is_told_from_the_bytes() {
        let workbook = ["[Content_Types].xml", "xl/workbook.xml"];
        for (bytes, kind) in [
            (b"%PDF-1.7 ... %%EOF\n".to_vec(), Some(Kind::Pdf)),
            (b"%PDF-1.7 cut off".to_vec(), None),
            (b"\xff\xd8\xff\xe0 ... \xff\xd9".to_vec(), Some(Kind::Jpeg)),
            (b"\xff\xd8\xff\xe0 cut off".to_vec(), None),
            (png(b""), Some(Kind::Png)),
            (png(b"PK\x03\x04"), None),
            (archive(&workbook), Some(Kind::Xlsx)),
            (archive(&["[Content_Types].xml", "word/document.xml"]), None),
            (archive(&[&workbook[..], &["xl/vbaProject.bin"]].concat()), None),
            ("Mất mạng\r\nba ngày\t\u{feff}".as_bytes().to_vec(), Some(Kind::Text)),
            (b"<!DOCTYPE html><script>".to_vec(), None),
            (b"\xef\xbb\xbf  <svg onload=x>".to_vec(), None),
            (b"MZ\x90\x00".to_vec(), None),
            (b"text\x1b[31m".to_vec(), None),
            (b"\xff\xfe\x41\x00".to_vec(), None),
            (b" \n".to_vec(), None),
            (Vec::new(), None),
        ] {
            assert_eq!(Kind::of(&bytes), kind, "{:?}", String::from_utf8_lossy(&bytes));
        }
        let whole = archive(&workbook);
        for cut in 0..whole.len() {
            assert_ne!(Kind::of(&whole[..cut]), Some(Kind::Xlsx), "{cut}");
        }
        let whole = png(b"");
        assert!((0..whole.len()).all(|cut| Kind::of(&whole[..cut]).is_none()));
    }

    #[test]
    fn a_name_says_nothing_but_a_name() {
        for (sent, kind, shown) in [
            ("Biên bản.PDF", Kind::Pdf, "Biên bản.pdf"),
            ("../../etc/passwd", Kind::Text, "passwd.txt"),
            ("C:\\Users\\x\\ảnh 1.jpeg", Kind::Jpeg, "ảnh 1.jpg"),
            ("a\u{202e}gpj.exe", Kind::Png, "agpj.png"),
            ("x\r\nSet-Cookie: a=\"b\";.txt", Kind::Text, "x Set-Cookie a=b.txt"),
            ("", Kind::Xlsx, "file.xlsx"),
            ("...", Kind::Xlsx, "file.xlsx"),
        ] {
            assert_eq!(name(sent, kind), shown);
        }
        assert_eq!(name(&"a".repeat(5_000), Kind::Pdf).len(), NAME_MAX + 4);
    }
}
