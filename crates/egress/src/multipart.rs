//! `multipart/form-data` bodies, as the media endpoints of Mastodon-compatible servers want them.

use std::fmt;

use bytes::Bytes;
use reqwest::multipart::{Form, Part};

use crate::error::EgressError;

/// A form whose parts are texts and files. Kept as data, so that it can be written again for a redirect.
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<Field>,
}

#[derive(Clone)]
struct Field {
    name: String,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Text(String),
    File { file_name: String, mime: String, bytes: Bytes },
}

impl Multipart {
    #[must_use]
    pub fn new() -> Multipart {
        Multipart::default()
    }

    #[must_use]
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Multipart {
        self.parts.push(Field { name: name.into(), content: Content::Text(value.into()) });
        self
    }

    /// A file part. `mime` is a media type such as `image/png`; a wrong one fails the request before it is sent.
    #[must_use]
    pub fn file(
        mut self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        mime: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Multipart {
        let content = Content::File { file_name: file_name.into(), mime: mime.into(), bytes: bytes.into() };
        self.parts.push(Field { name: name.into(), content });
        self
    }

    pub(crate) fn form(&self) -> Result<Form, EgressError> {
        let mut form = Form::new();
        for field in &self.parts {
            let name = field.name.clone();
            form = match &field.content {
                Content::Text(value) => form.text(name, value.clone()),
                Content::File { file_name, mime, bytes } => {
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    let part = Part::stream_with_length(bytes.clone(), length)
                        .file_name(file_name.clone())
                        .mime_str(mime)
                        .map_err(|_| EgressError::BadRequest { reason: "a file part has no valid media type" })?;
                    form.part(name, part)
                }
            };
        }
        Ok(form)
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parts.iter().map(|field| field.name.as_str());
        f.write_str("Multipart ")?;
        f.debug_list().entries(names).finish()
    }
}
