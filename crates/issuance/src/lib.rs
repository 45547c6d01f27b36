//! From an approved application to the data groups of a card.
