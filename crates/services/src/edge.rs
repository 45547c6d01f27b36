//! The growing edge of the ledger: appends commitments, writes tiles, signs checkpoints.

use ledger::{Checkpoint, Hash, HeadsAt, Tile, TileError, Tiles, Tree, WIDTH, entry_path, tile_path};
use ports::Fault;
use ports::keys::Keys;
use ports::tiles::TileFiles;
use time::Instant;

/// The file with the latest signed checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// The edge, in memory; behind it the files.
pub(crate) struct Edge {
    tree: Tree,
    /// Commitments of the entry bundle that is not full yet.
    entries: Vec<Hash>,
    /// The last checkpoint signed.
    pub(crate) signed: Option<Checkpoint>,
    /// Files of the last checkpoint that the next one replaces.
    partial: Vec<String>,
    /// Something could not be written: what is in memory is no longer what lies in the files.
    pub(crate) broken: bool,
}

/// Hashes of tiles, read through the port.
pub(crate) struct Stored<'a>(pub(crate) &'a dyn TileFiles);

impl Tiles for Stored<'_> {
    fn hashes(&self, tile: Tile) -> Result<Vec<Hash>, TileError> {
        // A partial tile may have been filled since; the full one begins with the same hashes.
        let full = Tile { width: WIDTH, ..tile };
        let error = |cause: &str| TileError { path: tile_path(tile), cause: cause.into() };
        for path in [tile_path(tile), tile_path(full)] {
            if let Some(bytes) = self.0.get(&path).map_err(|fault| error(&fault.to_string()))? {
                let (hashes, rest) = bytes.as_chunks::<32>();
                let all = hashes.get(..tile.width as usize).filter(|_| rest.is_empty());
                return all.map(<[Hash]>::to_vec).ok_or_else(|| error("too short"));
            }
        }
        Err(error("missing"))
    }
}

impl Edge {
    /// Takes the ledger up where its last checkpoint left it. The checkpoint must be signed by our key and fit its tiles.
    pub(crate) fn load(files: &dyn TileFiles, keys: &dyn Keys) -> Result<Edge, Fault> {
        let Some(note) = files.get(CHECKPOINT)? else {
            return Ok(Edge {
                tree: Tree::default(),
                entries: Vec::new(),
                signed: None,
                partial: Vec::new(),
                broken: false,
            });
        };
        let damaged = |cause: String| Fault::Damaged { what: "ledger".into(), cause };
        let note = String::from_utf8(note).map_err(|_| damaged("the checkpoint is not text".into()))?;
        let signed = Checkpoint::verify(&note, &keys.verifying()).map_err(|error| damaged(error.to_string()))?;
        let tree = Tree::load(signed.size, &Stored(files)).map_err(|error| damaged(error.to_string()))?;
        if tree.root() != signed.root {
            return Err(damaged("the tiles do not have the root that was signed".into()));
        }
        let width = signed.size % WIDTH;
        let mut entries = Vec::new();
        if width > 0 {
            let number = signed.size / WIDTH;
            let bytes = match files.get(&entry_path(number, width))? {
                Some(bytes) => bytes,
                None => files
                    .get(&entry_path(number, WIDTH))?
                    .ok_or_else(|| damaged("an entry bundle is missing".into()))?,
            };
            entries = read_bundle(&bytes).ok_or_else(|| damaged("an entry bundle is malformed".into()))?;
            entries.truncate(width as usize);
        }
        let partial = partial_paths(&tree, entries.len());
        Ok(Edge { tree, entries, signed: Some(signed), partial, broken: false })
    }

    /// How many entries there are, signed or not.
    pub(crate) fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Appends commitments; full tiles are written at once.
    pub(crate) fn append(&mut self, files: &dyn TileFiles, commitments: &[Hash]) -> Result<(), Fault> {
        for commitment in commitments {
            let mut written = Ok(());
            let mut put = |path: String, bytes: &[u8]| {
                if written.is_ok() {
                    written = files.put(&path, bytes);
                }
            };
            self.tree.append(commitment, &mut |tile, hashes| put(tile_path(tile), hashes.as_flattened()));
            self.entries.push(*commitment);
            if self.entries.len() as u64 == WIDTH {
                put(entry_path(self.tree.size() / WIDTH - 1, WIDTH), &bundle(&self.entries));
                self.entries.clear();
            }
            self.broken |= written.is_err();
            written?;
        }
        Ok(())
    }

    /// Signs what there is, with this head map.
    pub(crate) fn sign(
        &mut self,
        files: &dyn TileFiles,
        keys: &dyn Keys,
        heads: HeadsAt,
        now: Instant,
    ) -> Result<String, Fault> {
        let signed = self.draft(heads, now).sign(files, keys)?;
        Ok(self.take(files, signed))
    }

    /// What a checkpoint of everything there is says and needs.
    pub(crate) fn draft(&self, heads: HeadsAt, now: Instant) -> Draft {
        let tiles = self.tree.partial().map(|(tile, hashes)| (tile_path(tile), hashes.as_flattened().to_vec()));
        let mut partial: Vec<(String, Vec<u8>)> = tiles.collect();
        if !self.entries.is_empty() {
            let path = entry_path(self.tree.size() / WIDTH, self.entries.len() as u64);
            partial.push((path, bundle(&self.entries)));
        }
        Draft { size: self.tree.size(), root: self.tree.root(), heads, signed_us: now.0, partial }
    }

    /// Takes a signed checkpoint for the last one; files that only the one before it needed are removed. More may have been
    /// appended since it was drafted.
    pub(crate) fn take(&mut self, files: &dyn TileFiles, signed: Signed) -> String {
        let before = std::mem::replace(&mut self.partial, signed.partial);
        self.signed = Some(signed.checkpoint);
        for old in before {
            // What cannot be removed now is removed with a later checkpoint.
            if !self.partial.contains(&old) && files.delete(&old).is_err() {
                self.partial.push(old);
            }
        }
        signed.note
    }
}

/// A checkpoint to be signed, and the files it needs besides full tiles.
pub(crate) struct Draft {
    size: u64,
    root: Hash,
    heads: HeadsAt,
    signed_us: i64,
    partial: Vec<(String, Vec<u8>)>,
}

/// A checkpoint that has been signed and lies in its file.
pub(crate) struct Signed {
    checkpoint: Checkpoint,
    note: String,
    partial: Vec<String>,
}

impl Draft {
    /// Signs. Tiles are durable before the checkpoint that needs them; full ones were put before this was drafted.
    pub(crate) fn sign(self, files: &dyn TileFiles, keys: &dyn Keys) -> Result<Signed, Fault> {
        let Draft { size, root, heads, signed_us, partial } = self;
        for (path, bytes) in &partial {
            files.put(path, bytes)?;
        }
        files.sync()?;
        let checkpoint = Checkpoint { origin: keys.verifying().name().to_owned(), size, root, heads, signed_us };
        let note = keys.sign(&checkpoint);
        files.put(CHECKPOINT, note.as_bytes())?;
        files.sync()?;
        Ok(Signed { checkpoint, note, partial: partial.into_iter().map(|(path, _)| path).collect() })
    }
}

fn partial_paths(tree: &Tree, entries: usize) -> Vec<String> {
    let mut paths: Vec<String> = tree.partial().map(|(tile, _)| tile_path(tile)).collect();
    if entries > 0 {
        paths.push(entry_path(tree.size() / WIDTH, entries as u64));
    }
    paths
}

/// An entry bundle of C2SP tlog-tiles: each entry with its length in two bytes in front.
fn bundle(entries: &[Hash]) -> Vec<u8> {
    entries.iter().flat_map(|entry| [0, 32].into_iter().chain(*entry)).collect()
}

/// Reads an entry bundle whose entries are commitments.
pub(crate) fn read_bundle(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (entries, rest) = bytes.as_chunks::<34>();
    let read = |entry: &[u8; 34]| (entry[..2] == [0, 32]).then(|| entry[2..].try_into().ok()).flatten();
    if rest.is_empty() { entries.iter().map(read).collect() } else { None }
}
