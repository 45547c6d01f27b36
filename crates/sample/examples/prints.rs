//! Writes prints and faces of nobody into a folder, to look at or to measure an engine with.
//!
//! `prints FOLDER [FINGERS [CAPTURES]]` writes `FOLDER/prints/<finger>_<capture>.png` and `FOLDER/faces/<number>.jpg`.

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "samples".into()));
    let mut number = |otherwise| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (fingers, captures): (u64, u64) = (number(10), number(4));
    for part in ["prints", "faces"] {
        std::fs::create_dir_all(folder.join(part))?;
    }
    for finger in 1..=fingers {
        let master = sample::print::master(finger / 10, (finger % 10) as u8 + 1);
        for capture in 1..=captures {
            let image = master.impression(finger * 100 + capture);
            std::fs::write(folder.join(format!("prints/{finger}_{capture}.png")), sample::print::png(&image))?;
        }
        std::fs::write(folder.join(format!("faces/{finger}.jpg")), sample::face::jpeg(finger, 15_000))?;
    }
    Ok(())
}
