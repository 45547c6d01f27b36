//! PACE, secure messaging and Chip Authentication: the card's role and the terminal's from the same types.
