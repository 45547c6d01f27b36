//! What an event is, the rows it writes, and the tables those rows live in.
