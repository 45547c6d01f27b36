//! The traits that adapters implement, and the suite that each of them passes.
