//! The signed ledger: commitments, Merkle tree in tiles, checkpoints, person chains, head map, proofs.
