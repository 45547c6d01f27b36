//! Every text that a person sees, keyed, in Vietnamese and English.
