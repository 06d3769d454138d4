//! Where the files of organisations lie, and how much there may be of them.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

use super::{Refused, Settings, refused, secret_of};

const GIB: u64 = 1024 * 1024 * 1024;
/// The folder in the data folder.
const FOLDER: &str = "media";
const QUOTA_GIB: u32 = 20;
/// What the desktop takes at most.
const FILE_MAX: u64 = GIB;

/// Settings of media that were checked.
#[derive(Debug, Clone)]
pub struct Media {
    pub place: MediaPlace,
    /// Bytes of one organisation.
    pub quota: u64,
    /// Bytes of one file.
    pub file_max: u64,
}

#[derive(Debug, Clone)]
pub enum MediaPlace {
    Folder(PathBuf),
    S3(S3),
}

/// A bucket.
#[derive(Debug, Clone)]
pub struct S3 {
    pub bucket: String,
    pub region: String,
    /// Absent: that of Amazon.
    pub endpoint: Option<Url>,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
}

pub(super) fn checked(settings: &Settings, data: &Path) -> Result<Media, Refused> {
    let quota = u64::from(settings.media_quota_gib.unwrap_or(QUOTA_GIB)).saturating_mul(GIB);
    if quota == 0 {
        return refused("--media-quota-gib must be at least 1");
    }
    let place = match &settings.s3_bucket {
        None => MediaPlace::Folder(settings.media.clone().unwrap_or_else(|| data.join(FOLDER))),
        Some(_) if settings.media.is_some() => return refused("--media and --s3-bucket are two places: name one"),
        Some(bucket) => MediaPlace::S3(s3(settings, bucket)?),
    };
    Ok(Media { place, quota, file_max: FILE_MAX })
}

fn s3(settings: &Settings, bucket: &str) -> Result<S3, Refused> {
    let (Some(id), Some(file)) = (&settings.s3_access_key_id, &settings.s3_secret_access_key_file) else {
        return refused("--s3-bucket needs --s3-access-key-id and --s3-secret-access-key-file");
    };
    let local = |url: &Url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    if let Some(endpoint) = &settings.s3_endpoint
        && !(endpoint.scheme() == "https" || (endpoint.scheme() == "http" && local(endpoint)))
    {
        return refused("--s3-endpoint must begin with https://, except for 127.0.0.1 and [::1]");
    }
    Ok(S3 {
        bucket: bucket.to_owned(),
        region: settings.s3_region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        endpoint: settings.s3_endpoint.clone(),
        access_key_id: id.clone(),
        secret_access_key: secret_of(file, "the file with the secret of S3")?,
    })
}
