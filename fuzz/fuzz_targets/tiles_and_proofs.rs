//! Proofs, checkpoints, keys, tiles and stored events: read or refused; a changed proof never passes.
#![no_main]

use journal::Parts;
use ledger::{
    Checkpoint, Hash, Heads, HeadsAt, Proof, ProvenEvent, SigningKey, Tile, TileError, Tiles, Tree, VerifyingKey,
    commit, inclusion, open, verify_inclusion,
};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

/// Hashes out of a file that may be too short.
struct Edge(Vec<u8>);

impl Tiles for Edge {
    fn hashes(&self, tile: Tile) -> Result<Vec<Hash>, TileError> {
        let hashes: Vec<Hash> = self.0.as_chunks::<32>().0.iter().copied().take(tile.width as usize).collect();
        if hashes.len() as u64 == tile.width {
            return Ok(hashes);
        }
        Err(TileError { path: ledger::tile_path(tile), cause: "too short".into() })
    }
}

struct Example {
    key: VerifyingKey,
    note: String,
    proof: Proof,
    json: String,
    tile: Vec<u8>,
}

static EXAMPLE: LazyLock<Example> = LazyLock::new(|| {
    let person = [9; 16];
    let (mut tree, mut events, mut previous) = (Tree::default(), Vec::new(), [0; 32]);
    for index in 0..4u64 {
        let head = format!("event {index}").into_bytes();
        let link = [person.as_slice(), &(index + 1).to_be_bytes(), &previous].concat();
        previous = commit(&[index as u8; 16], &head, b"body", &[&link]);
        tree.append(&previous, &mut |_, _| ());
        events.push((index, open(&[index as u8; 16], &head, b"body", &[&link], 0)));
    }
    let tile = tree.partial().next().map(|(_, hashes)| hashes.concat()).unwrap_or_default();
    let mut heads = Heads::new([(person, 4, previous), ([1; 16], 1, [1; 32])]);
    let signing = SigningKey::new("vandan/fuzz", &[1; 32]);
    let at = HeadsAt { size: 4, root: heads.root(), made_us: 0 };
    let note =
        Checkpoint { origin: "vandan/fuzz".into(), size: 4, root: tree.root(), heads: at, signed_us: 0 }.sign(&signing);
    let edge = Edge(tile.clone());
    let events = events.into_iter().map(|(index, opening)| {
        let path = inclusion(index, 4, &edge).expect("the tile is whole");
        ProvenEvent { index, opening, path }
    });
    let head = heads.prove(&person).expect("the person is in the map");
    let proof = Proof { version: 1, person, checkpoint: note.clone(), head, events: events.collect() };
    let json = proof.to_json().expect("it can be written");
    proof.check(&signing.verifying()).expect("the example is whole");
    Example { key: signing.verifying(), note, proof, json, tile }
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    match way % 6 {
        0 => {
            let text = String::from_utf8_lossy(data);
            let _ = Checkpoint::parse(&text);
            if let Ok(key) = VerifyingKey::parse(&text) {
                assert_eq!(VerifyingKey::parse(&key.to_string()).as_ref(), Ok(&key));
            }
        }
        1 => {
            let text = String::from_utf8_lossy(&changed(EXAMPLE.note.as_bytes(), data)).into_owned();
            if let Ok(read) = Checkpoint::verify(&text, &EXAMPLE.key) {
                let body = EXAMPLE.note.split_once("\n\n").map(|(body, _)| body);
                assert_eq!(text.split_once("\n\n").map(|(body, _)| body), body, "{read:?}");
            }
        }
        2 | 3 => {
            let bytes = if way % 6 == 2 { data.to_vec() } else { changed(EXAMPLE.json.as_bytes(), data) };
            let Ok(proof) = Proof::from_json(&bytes) else { return };
            if proof.check(&EXAMPLE.key).is_ok() {
                assert_eq!((proof.person, proof.events.len()), (EXAMPLE.proof.person, EXAMPLE.proof.events.len()));
                for (event, own) in proof.events.iter().zip(&EXAMPLE.proof.events) {
                    assert_eq!(event.opening, own.opening, "another event was accepted");
                }
            }
        }
        4 => {
            let edge = Edge(changed(&EXAMPLE.tile, data));
            let (size, _) = choice(data);
            let size = u64::from(size);
            if let Ok(tree) = Tree::load(size, &edge) {
                assert_eq!(tree.size(), size);
                let _ = tree.root();
            }
            for index in 0..size.min(8) {
                if let Ok(path) = inclusion(index, size, &edge) {
                    let _ = verify_inclusion(data, index, size, &path, &[0; 32]);
                }
            }
            let _ = verify_inclusion(data, u64::MAX - 1, u64::MAX, edge.0.as_chunks::<32>().0, &[0; 32]);
        }
        _ => {
            if let Ok(parts) = Parts::from_bytes(data) {
                assert_eq!(Parts::from_bytes(&parts.to_bytes()).as_ref(), Ok(&parts));
                let _ = parts.event();
            }
        }
    }
});
