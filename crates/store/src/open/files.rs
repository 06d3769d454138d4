//! Names and rights of the files of a profile.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::OpenError;

pub(crate) const DATABASE: &str = "sendoff.db";
/// Says that there is a profile here, so that a lost database is noticed and not replaced by an empty one.
pub(crate) const MARKER: &str = "profile.json";
pub(crate) const BACKUPS: &str = "backups";
pub(crate) const DAMAGED: &str = "damaged-";
pub(crate) const LOCK: &str = "store.lock";
/// Held while a backup is made.
pub(crate) const BACKUP_LOCK: &str = "backup.lock";
/// A database that is being made or restored, until it is whole.
pub(crate) const UNFINISHED: &str = "sendoff.db.new";

/// `sendoff.db` with `-wal`, `-shm` or `-journal` behind its name.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Makes the folder if it is missing, for its owner alone.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), OpenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(OpenError::io(dir))
}

/// Makes an empty file for its owner alone; SQLite gives its companions the same rights.
pub(crate) fn make_private_file(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(OpenError::io(path))
}

/// Takes rights of other users away from the folder and everything of ours in it.
///
/// On Windows a profile lies below the user's own folder and inherits its rights; nothing is done there.
#[cfg(unix)]
pub(crate) fn keep_private(dir: &Path) -> Result<(), OpenError> {
    restrict(dir, 0o700)?;
    let database = dir.join(DATABASE);
    let companions = COMPANIONS.iter().map(|suffix| beside(&database, suffix));
    for path in companions.chain([database.clone(), dir.join(MARKER), dir.join(LOCK), dir.join(BACKUP_LOCK)]) {
        restrict(&path, 0o600)?;
    }
    let backups = dir.join(BACKUPS);
    restrict(&backups, 0o700)?;
    let entries = match fs::read_dir(&backups) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(OpenError::io(&backups))?,
    };
    for entry in entries {
        restrict(&entry.map_err(OpenError::io(&backups))?.path(), 0o600)?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn keep_private(_dir: &Path) -> Result<(), OpenError> {
    Ok(())
}

/// Takes rights of other users away. What is not there has none: a program that ends takes the files beside its database along.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path, allowed: u32) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt;
    let private = || -> Result<bool, OpenError> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            facts => Ok(facts.map_err(OpenError::io(path))?.permissions().mode() & 0o077 == 0),
        }
    };
    if private()? {
        return Ok(());
    }
    // some file systems refuse the call, others accept it and change nothing: what counts is what came of it
    fs::set_permissions(path, fs::Permissions::from_mode(allowed)).ok();
    if private()? { Ok(()) } else { Err(OpenError::Permissions { path: path.to_owned() }) }
}

/// Makes renames and new names in a folder survive a power cut.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), OpenError> {
    // Windows has no such call on folders; NTFS journals its names
    #[cfg(unix)]
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(OpenError::io(dir))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

pub(crate) fn sync_file(path: &Path) -> Result<(), OpenError> {
    OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all()).map_err(OpenError::io(path))
}

/// Moves a finished file to its name, durably.
pub(crate) fn put_in_place(from: &Path, to: &Path, dir: &Path) -> Result<(), OpenError> {
    sync_file(from)?;
    fs::rename(from, to).map_err(OpenError::io(to))?;
    sync_dir(dir)
}

/// Removes a file that may not be there.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), OpenError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OpenError::io(path)(error)),
        _ => Ok(()),
    }
}

/// The text of a path, which is what SQLite takes.
pub(crate) fn text_of(path: &Path) -> Result<&str, OpenError> {
    path.to_str().ok_or_else(|| {
        OpenError::io(path)(io::Error::new(io::ErrorKind::InvalidFilename, "the name is not valid Unicode"))
    })
}
