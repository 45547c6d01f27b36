//! What a form sends: fields as text, and files.

use crate::Console;
use crate::frame::Refused;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

/// Characters of one field.
const FIELD_CHARS_MAX: usize = 4_000;

/// The fields of a form; absent ones read as empty.
#[derive(Default, Debug)]
pub(crate) struct Fields(BTreeMap<String, String>);

/// A file that was chosen in a form.
pub(crate) struct File {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

impl Fields {
    /// A field without blanks around it.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The idempotency key that the form was shown with.
    pub(crate) fn key(&self) -> &str {
        self.get("key")
    }

    /// The version that the form was shown with.
    pub(crate) fn version(&self) -> Option<i64> {
        self.get("version").parse().ok()
    }

    /// How far the register had come when the form was shown.
    pub(crate) fn seen(&self) -> u64 {
        self.get("seen").parse().unwrap_or(0)
    }

    /// All fields whose name begins so, without the beginning.
    pub(crate) fn beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    fn put(&mut self, name: String, value: String) -> Result<(), Refused> {
        if value.chars().count() > FIELD_CHARS_MAX || value.contains('\0') {
            let arguments = vec![("field", name), ("max", FIELD_CHARS_MAX.to_string())];
            return Err(Refused::bad(text::t!("console-field-long"), arguments));
        }
        self.0.insert(name, value);
        Ok(())
    }
}

/// The pairs of an urlencoded body, in order.
pub(crate) fn pairs(body: &[u8]) -> Vec<(String, String)> {
    let query = std::str::from_utf8(body).unwrap_or_default();
    let address = format!("/?{query}");
    let parsed = address.parse::<axum::http::Uri>().ok();
    let pairs = parsed.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.map(|axum::extract::Query(pairs)| pairs).unwrap_or_default()
}

impl FromRequest<Console> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Fields, Response> {
        let look = crate::request::Look::of(request.headers(), request.uri().path());
        let large = |_| Refused::bad(text::t!("console-body-large"), Vec::new()).page(&look);
        let body = Bytes::from_request(request, console).await.map_err(large)?;
        let mut fields = Fields::default();
        for (name, value) in pairs(&body) {
            fields.put(name, value).map_err(|refused| refused.page(&look))?;
        }
        Ok(fields)
    }
}

/// A form with files.
pub(crate) struct Upload {
    pub(crate) fields: Fields,
    pub(crate) files: Vec<File>,
}

impl FromRequest<Console> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Upload, Response> {
        let look = crate::request::Look::of(request.headers(), request.uri().path());
        let mut parts = Multipart::from_request(request, console).await.map_err(IntoResponse::into_response)?;
        let (mut fields, mut files) = (Fields::default(), Vec::new());
        // A body over the limit ends here, with the same plain words as any other.
        let large = || Refused::bad(text::t!("console-body-large"), Vec::new()).page(&look);
        while let Some(part) = parts.next_field().await.map_err(|_| large())? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|_| large())?;
                    if !bytes.is_empty() {
                        files.push(File { field, name, bytes });
                    }
                }
                None => {
                    let value = part.text().await.map_err(|_| large())?;
                    fields.put(field, value).map_err(|refused| refused.page(&look))?;
                }
            }
        }
        Ok(Upload { fields, files })
    }
}
