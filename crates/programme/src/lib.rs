//! Counts per unit and the board that ranks them.
