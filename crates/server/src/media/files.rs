//! Where the bytes lie: a folder, or a bucket of S3.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use domain::id::{OrganisationId, PersonId};
use futures::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload, Result as Stored,
};
use secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};
use wire::Digest;

use crate::config::{MediaPlace, S3};

/// Why there is no place for files.
#[derive(Debug, thiserror::Error)]
#[error("the place for media: {0}")]
pub struct FilesError(String);

/// Files and parts of files.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

/// A file of an organisation.
pub(super) fn file(org: OrganisationId, sha256: &Digest) -> Path {
    Path::from(format!("files/{org}/{sha256}"))
}

/// A part by what it is: another one with the same number is another file. Hashed, because names of files may not be long.
pub(super) fn part(org: OrganisationId, person: PersonId, sha256: &Digest, number: u32, hash: &Digest) -> Path {
    let mut name = Sha256::new_with_prefix(person.uuid().as_bytes());
    name.update(sha256.0);
    name.update(number.to_be_bytes());
    name.update(hash.0);
    Path::from(format!("parts/{org}/{}", Digest(name.finalize().into())))
}

impl Files {
    /// # Errors
    /// The folder cannot be made, or the settings of S3 are not usable.
    pub fn open(place: &MediaPlace) -> Result<Self, FilesError> {
        let wrong = |error: &dyn std::fmt::Display| FilesError(error.to_string());
        match place {
            MediaPlace::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| wrong(&error))?;
                crate::start::only_for_owner(folder).map_err(|error| wrong(&error))?;
                // an answer says that it is there: it must survive a power cut
                let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| wrong(&error))?.with_fsync(true);
                Ok(Self(Arc::new(files)))
            }
            MediaPlace::S3(s3) => s3_of(s3).map_err(|error| wrong(&error)),
        }
    }

    pub(super) async fn put(&self, at: &Path, bytes: Bytes) -> Stored<()> {
        self.0.put(at, PutPayload::from_bytes(bytes)).await.map(drop)
    }

    pub(super) async fn begin(&self, at: &Path) -> Stored<Box<dyn MultipartUpload>> {
        self.0.put_multipart(at).await
    }

    pub(super) async fn whole(&self, at: &Path) -> Stored<Bytes> {
        self.0.get(at).await?.bytes().await
    }

    pub(super) async fn stream(&self, at: &Path, range: Range<u64>) -> Stored<BoxStream<'static, Stored<Bytes>>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.0.get_opts(at, options).await?.into_stream())
    }

    /// What is not there is deleted.
    pub(super) async fn delete(&self, at: &Path) -> Stored<()> {
        match self.0.delete(at).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other,
        }
    }
}

fn s3_of(s3: &S3) -> Stored<Files> {
    // object_store's HTTP client asks for the provider of the process; an error means that there is one
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_region(&s3.region)
        .with_access_key_id(&s3.access_key_id)
        .with_secret_access_key(s3.secret_access_key.expose_secret());
    if let Some(endpoint) = &s3.endpoint {
        builder =
            builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(endpoint.scheme() == "http");
    }
    Ok(Files(Arc::new(builder.build()?)))
}
