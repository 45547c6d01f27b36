//! A process that enrols is killed at 50 moments; whatever it acknowledged is in the gallery afterwards.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const KILLS: u64 = 50;

#[test]
fn what_was_acknowledged_is_found_after_a_process_is_killed() {
    let folder = std::env::temp_dir().join(format!("vandan-gallery-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let mut acknowledged = 0u64;
    let (mut parts, mut replayed) = (0, 0);
    for kill in 0..KILLS {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sim-gallery"))
            .args([folder.as_os_str(), acknowledged.to_string().as_ref()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // At another moment each time; at the earliest when something is acknowledged.
        let mut last = 0;
        for line in lines.by_ref().take(1 + (kill * 37 % 113) as usize) {
            last = line.unwrap().parse().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it was killed.
        lines.map_while(Result::ok).for_each(|line| last = line.parse().unwrap());
        acknowledged = last;
        let (gallery, opened) = sim::gallery::open(&folder, 1_000 + kill).unwrap();
        let missing: Vec<u64> =
            (0..acknowledged).filter(|number| !gallery.contains(sim::gallery::id(*number))).collect();
        assert_eq!(missing, Vec::<u64>::new(), "after kill {kill}");
        assert!(gallery.mark() >= acknowledged);
        // The batch under way may be there; if so it is there whole.
        let more = opened.entries as u64 - acknowledged;
        assert!(more == 0 || more == 1 + acknowledged % 5, "{more} more than {acknowledged}");
        acknowledged = opened.entries as u64;
        (parts, replayed) = (parts + usize::from(opened.indexed > 0), replayed + opened.replayed);
    }
    assert!(parts > KILLS as usize / 2 && replayed > 0, "{parts} starts from parts, {replayed} changes read from logs");
    let (gallery, _) = sim::gallery::open(&folder, 9_999).unwrap();
    for number in (0..acknowledged).step_by(1 + acknowledged as usize / 40) {
        let best = gallery.search(&sim::gallery::entry(number).prints, 1);
        assert_eq!(best.first().map(|best| best.id), Some(sim::gallery::id(number)));
    }
    let _ = std::fs::remove_dir_all(&folder);
}
