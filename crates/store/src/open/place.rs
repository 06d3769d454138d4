//! Where a profile lies: on a disk of this machine, or somewhere that breaks SQLite's promises.

use std::path::Path;

/// Something a person should know and the program can work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The folder is on a network file system; locks and write order cannot be relied on there.
    NetworkFolder { kind: String },
    /// The folder is synchronised by another program, which may exchange files under an open database.
    SyncedFolder { by: &'static str },
}

/// Folder names that synchronising programs make, in lower case.
const SYNCED: [(&str, &str); 9] = [
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("mobile documents", "iCloud Drive"),
    ("cloudstorage", "a cloud drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
];

/// File system types of Linux that are not a local disk.
#[cfg(any(target_os = "linux", test))]
const REMOTE: [&str; 17] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "9p",
    "afs",
    "ceph",
    "lustre",
    "glusterfs",
    "gfs2",
    "ocfs2",
    "davfs",
    "virtiofs",
    "vboxsf",
    "prl_fs",
];

/// FUSE types that keep files elsewhere.
#[cfg(any(target_os = "linux", test))]
const REMOTE_FUSE: [&str; 9] =
    ["sshfs", "rclone", "s3fs", "gvfsd-fuse", "davfs2", "glusterfs", "google-drive-ocamlfuse", "ceph", "onedriver"];

pub(crate) fn warnings(dir: &Path) -> Vec<Warning> {
    let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let mut found = Vec::new();
    if let Some(kind) = network(&dir) {
        found.push(Warning::NetworkFolder { kind });
    }
    if let Some(by) = synced(&dir) {
        found.push(Warning::SyncedFolder { by });
    }
    found
}

fn synced(dir: &Path) -> Option<&'static str> {
    dir.iter().filter_map(|part| part.to_str()).map(str::to_lowercase).find_map(|part| {
        // "OneDrive - Bakery Ltd", "Dropbox (Personal)"
        let named = |name: &str| part == name || part.strip_prefix(name).is_some_and(|r| r.starts_with([' ', '(']));
        SYNCED.iter().find(|(name, _)| named(name)).map(|(_, shown)| *shown)
    })
}

#[cfg(target_os = "linux")]
fn network(dir: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    remote_kind(&mounts, dir.to_str()?)
}

#[cfg(windows)]
fn network(dir: &Path) -> Option<String> {
    use std::path::{Component, Prefix};
    match dir.components().next()? {
        Component::Prefix(prefix) => match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Some("UNC".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
fn network(_dir: &Path) -> Option<String> {
    None
}

/// The type of the innermost mount that holds `dir`, if it is a remote one. Format: proc_pid_mountinfo(5).
#[cfg(any(target_os = "linux", test))]
fn remote_kind(mounts: &str, dir: &str) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (before.split(' ').nth(4), after.split(' ').next()) else { continue };
        let point = point.replace("\\040", " ");
        let inside = dir == point || dir.strip_prefix(point.trim_end_matches('/')).is_some_and(|r| r.starts_with('/'));
        // the later of two mounts on one point hides the earlier
        if inside && best.is_none_or(|(length, _)| point.len() >= length) {
            best = Some((point.len(), kind));
        }
    }
    let (_, kind) = best?;
    let remote = REMOTE.contains(&kind) || kind.strip_prefix("fuse.").is_some_and(|kind| REMOTE_FUSE.contains(&kind));
    remote.then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /home/ada/team\\040share rw shared:9 - nfs4 server:/export rw
31 21 0:41 / /home/ada/remote rw - fuse.sshfs ben@host: rw
32 21 0:42 / /home/ada/vault rw - fuse.gocryptfs /home/ada/.vault rw
";

    #[test]
    fn a_folder_belongs_to_its_innermost_mount() {
        assert_eq!(remote_kind(MOUNTS, "/home/ada/sendoff"), None);
        assert_eq!(remote_kind(MOUNTS, "/home/ada/team share/sendoff"), Some("nfs4".into()));
        assert_eq!(remote_kind(MOUNTS, "/home/ada/team shared"), None);
        assert_eq!(remote_kind(MOUNTS, "/home/ada/remote"), Some("fuse.sshfs".into()));
        assert_eq!(remote_kind(MOUNTS, "/home/ada/vault/x"), None);
    }

    #[test]
    fn a_later_mount_hides_an_earlier_one() {
        let mounts = format!("{MOUNTS}33 30 8:2 / /home/ada/remote rw - ext4 /dev/sdb1 rw\n");
        assert_eq!(remote_kind(&mounts, "/home/ada/remote/x"), None);
    }

    #[test]
    fn synchronised_folders_are_known_by_name() {
        assert_eq!(synced(Path::new("/home/ada/Dropbox (Personal)/sendoff")), Some("Dropbox"));
        assert_eq!(synced(Path::new("/home/ada/OneDrive - Bakery/x")), Some("OneDrive"));
        assert_eq!(synced(Path::new("/home/ada/dropbox-of-the-post-office/x")), None);
        assert_eq!(synced(Path::new("/home/ada/.local/share/sendoff")), None);
    }
}
