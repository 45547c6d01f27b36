//! Applications, captures and the packet a kit signs and seals.
