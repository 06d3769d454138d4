//! The conformance data: public test files that are read where they lie and are no part of this repository.

use std::path::PathBuf;

/// The text of `path` within the data, or none, said aloud, on a machine that does not have the data.
///
/// The folder is named by `SENDOFF_CONFORMANCE_DATA`, else it is looked for beside the workspace. With `CI=true` a missing file
/// is a failure.
pub fn read(path: &str) -> Option<String> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let folder = std::env::var_os("SENDOFF_CONFORMANCE_DATA").map_or_else(beside, PathBuf::from);
    let file = folder.join(path);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("{}: {error}", file.display()),
        Err(error) => {
            println!("skipped, for there is no conformance data: {}: {error}", file.display());
            None
        }
    }
}
