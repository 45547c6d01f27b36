//! The population register: persons, households, numbers, rows as sent and what they mean.
