//! Reading and verifying a card: the procedure and its verdicts.
