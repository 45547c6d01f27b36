//! The reader port over PC/SC.
