//! Finds the conformance data for unit tests.

use std::path::PathBuf;

pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SENDOFF_CONFORMANCE_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let file = folder.join(path);
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "conformance data is missing: {}", file.display());
    eprintln!("skipped: no conformance data at {}", file.display());
    None
}

pub(crate) fn vectors() -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(data("vectors/oauth_rfc_vectors.json")?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}
