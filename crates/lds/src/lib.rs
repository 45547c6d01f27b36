//! The Logical Data Structure of ICAO Doc 9303: TLV, MRZ, data groups, security infos.
