//! Finger minutiae records: ISO/IEC 19794-2.
