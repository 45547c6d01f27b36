//! Everything that can be wrong with an image or a template.
//!
//! No variant carries a part of an image or of a template: errors are logged, biometrics are not.
//! Start reading at [`enum@Error`].

use thiserror::Error;

/// Why an image or a template was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The bytes are no image in WSQ, PNG, TIFF, BMP, PGM or JPEG.
    #[error("not an image in WSQ, PNG, TIFF, BMP, PGM or JPEG")]
    NotAnImage,
    /// The format is one that is read, the kind of image is not: a TIFF with a palette, for one.
    #[error("a kind of image that is not read, though its format is")]
    UnsupportedImage,
    /// The image's own decoder refuses it: cut short or damaged.
    #[error("the image is damaged or cut short")]
    DamagedImage,
    /// An image in WSQ could not be read.
    #[error(transparent)]
    Wsq(#[from] wsq::Error),
    /// The file is larger than is read.
    #[error("the image file has {bytes} bytes, more than {limit}")]
    FileTooLarge {
        /// Size of the file in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The image is wider or higher than is read.
    #[error("the image is {width} by {height} pixels, more than {limit} on a side")]
    ImageTooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit of either in pixels.
        limit: u32,
    },
    /// The image is too small to hold a print.
    #[error("the image is {width} by {height} pixels at 500 dpi, less than {limit} on a side")]
    ImageTooSmall {
        /// Width in pixels at 500 dpi.
        width: u32,
        /// Height in pixels at 500 dpi.
        height: u32,
        /// The smallest side in pixels.
        limit: u32,
    },
    /// The resolution given is outside what is scaled.
    #[error("a resolution of {dpi} dpi is outside {low} to {high}")]
    BadResolution {
        /// The resolution given, in dots per inch.
        dpi: u32,
        /// Lowest that is taken.
        low: u32,
        /// Highest that is taken.
        high: u32,
    },
    /// The image is one even tone: nothing lay on the sensor.
    #[error("the image is blank")]
    BlankImage,
    /// No ridges were found in the image.
    #[error("no fingerprint was found in the image")]
    NoPrint,
    /// The bytes are no template of ours.
    #[error("not a fingerprint template")]
    NotATemplate,
    /// The template was written by a later version.
    #[error("the template has version {version}, which is not known here")]
    TemplateVersion {
        /// The version byte found.
        version: u8,
    },
    /// The template is cut short, too long, or its checksum does not fit.
    #[error("the template is damaged")]
    DamagedTemplate,
    /// A minutiae record without any finger view.
    #[error("the minutiae record holds no finger view")]
    NoView,
    /// A minutiae record could not be read or written.
    #[error(transparent)]
    Record(#[from] minutiae::Error),
    /// A finger position outside 1 to 10.
    #[error("finger position {position} is outside 1 to 10")]
    BadPosition {
        /// The number given.
        position: u8,
    },
}

impl Error {
    /// A stable name of the error, for programs and for the text table.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage => "fingerprint-not-an-image",
            Self::UnsupportedImage => "fingerprint-unsupported-image",
            Self::DamagedImage => "fingerprint-damaged-image",
            Self::Wsq(error) => error.code(),
            Self::FileTooLarge { .. } => "fingerprint-file-too-large",
            Self::ImageTooLarge { .. } => "fingerprint-image-too-large",
            Self::ImageTooSmall { .. } => "fingerprint-image-too-small",
            Self::BadResolution { .. } => "fingerprint-bad-resolution",
            Self::BlankImage => "fingerprint-blank-image",
            Self::NoPrint => "fingerprint-no-print",
            Self::NotATemplate => "fingerprint-not-a-template",
            Self::TemplateVersion { .. } => "fingerprint-template-version",
            Self::DamagedTemplate => "fingerprint-damaged-template",
            Self::NoView => "fingerprint-no-view",
            Self::Record(error) => error.code(),
            Self::BadPosition { .. } => "fingerprint-bad-position",
        }
    }

    /// What the error's text names, for a text table: numbers under stable names.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FileTooLarge { bytes, limit } => vec![("bytes", bytes.to_string()), ("limit", limit.to_string())],
            Self::ImageTooLarge { width, height, limit } | Self::ImageTooSmall { width, height, limit } => {
                vec![("width", width.to_string()), ("height", height.to_string()), ("limit", limit.to_string())]
            }
            Self::BadResolution { dpi, low, high } => {
                vec![("dpi", dpi.to_string()), ("low", low.to_string()), ("high", high.to_string())]
            }
            Self::TemplateVersion { version } => vec![("version", version.to_string())],
            Self::BadPosition { position } => vec![("position", position.to_string())],
            Self::Record(error) => error.arguments(),
            Self::Wsq(error) => error.arguments(),
            _ => Vec::new(),
        }
    }
}
