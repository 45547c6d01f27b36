//! Images in JSON: the file's bytes in Base64 with their media type.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

/// An image file.
#[derive(Serialize, ToSchema)]
pub(crate) struct Image {
    /// `image/png`, `image/jpeg` or `image/jp2`.
    media_type: &'static str,
    /// The file in Base64 (RFC 4648, 4).
    base64: String,
}

impl Image {
    pub(crate) fn png(bytes: &[u8]) -> Image {
        Image { media_type: "image/png", base64: STANDARD.encode(bytes) }
    }

    /// A face as chips hold it: JPEG, or JPEG 2000.
    pub(crate) fn face(bytes: &[u8]) -> Image {
        let media_type = if bytes.starts_with(&[0xff, 0xd8]) { "image/jpeg" } else { "image/jp2" };
        Image { media_type, base64: STANDARD.encode(bytes) }
    }
}
