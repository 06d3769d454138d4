//! The data folder: made for its owner alone, and used by one server at a time.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::database::DatabaseError;

const LOCK: &str = "server.lock";

/// Keeps other servers out of a data folder until the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _guard: fd_lock::RwLockWriteGuard<'static, File>,
}

/// Makes the folder if it is missing, takes it from all but its owner, and locks it for this process.
///
/// # Errors
/// It cannot be made or belongs to somebody else, or another server uses it.
pub fn take_folder(folder: &Path) -> Result<FolderLock, DatabaseError> {
    let wrong = |error| DatabaseError::Folder(folder.display().to_string(), error);
    fs::create_dir_all(folder).map_err(wrong)?;
    only_for_owner(folder).map_err(wrong)?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(wrong)?;
    // the lock lives as long as the process, which has one for each data folder
    let lock = Box::leak(Box::new(fd_lock::RwLock::new(file)));
    match lock.try_write() {
        Ok(guard) => Ok(FolderLock { _guard: guard }),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            Err(DatabaseError::InUse(folder.display().to_string()))
        }
        Err(error) => Err(wrong(error)),
    }
}

/// Takes a folder from everybody but its owner.
pub(crate) fn only_for_owner(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    {
        fs::metadata(folder).map(drop)
    }
}
