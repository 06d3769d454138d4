//! The server's keys. One file holds them, one key a line; the first one signs, all of them verify. Every use has a key of its
//! own, derived from the one in the file.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::random::{self, NoRandomness};

/// The name of the key file in the data folder.
pub const FILE: &str = "server.key";
/// How many keys one file may hold: the one in use and those that go out of use.
const MOST: usize = 8;
const BYTES: usize = 32;
/// 32 random bytes have fewer different ones than this once in 10^13 draws; a typed text has fewer nearly always.
const DIFFERENT: usize = 17;
const NONCE: usize = 24;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {0} can be read by others: allow it to its owner alone (chmod 600)")]
    Readable(String),
    #[error("the key file {0} cannot be read or written: {1}")]
    File(String, io::Error),
    #[error("line {1} of the key file {0} is no key: it must be 32 random bytes in base64url without padding")]
    NoKey(String, usize),
    #[error("line {1} of the key file {0} is not random: let the server make a key, or use `openssl rand 32`")]
    Weak(String, usize),
    #[error("the key file {0} must hold between one and {MOST} keys")]
    Count(String),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// What a derived key is for. A new use is a new row, never a second use of another's key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    AccessToken,
    /// Text that lies in the database and only the server may read: mails that wait, verifiers.
    Seal,
    /// Codes that are typed from a mail: too short to be hashed without a key.
    MailedCode,
    /// The successor of a refresh token is computed from it, so that a lost answer can be given again.
    Successor,
}

impl Use {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"sendoff-server/access-token/1",
            Self::Seal => b"sendoff-server/seal/1",
            Self::MailedCode => b"sendoff-server/mailed-code/1",
            Self::Successor => b"sendoff-server/refresh-successor/1",
        }
    }
}

struct Root {
    name: String,
    bytes: Zeroizing<[u8; BYTES]>,
}

/// All keys of a server.
pub struct Keys {
    /// Signs and seals.
    first: Root,
    /// Verify and open what was made before the first one came into use.
    older: Vec<Root>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.roots().map(|root| &root.name)).finish()
    }
}

fn mac(key: &[u8; BYTES], parts: &[&[u8]]) -> [u8; 32] {
    // a whole block, filled up with zeros as RFC 2104 says, so that making it cannot fail
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&(*block).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl Root {
    fn new(bytes: Zeroizing<[u8; BYTES]>) -> Self {
        let name = mac(&bytes, &[b"sendoff-server/key-name/1"]);
        let name = name.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { name, bytes }
    }

    fn derive(&self, purpose: Use) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(&self.bytes, &[purpose.label()]))
    }
}

impl Keys {
    /// Reads the file at `path`; makes it, for its owner alone, if `make` and there is none.
    ///
    /// # Errors
    /// [`KeyError`] names what is wrong with the file; its content is in no error.
    pub fn open(path: &Path, make: bool) -> Result<Self, KeyError> {
        let shown = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && make => {
                create(path).map_err(|error| match error {
                    CreateError::File(error) => KeyError::File(shown.clone(), error),
                    CreateError::NoRandomness(error) => KeyError::NoRandomness(error),
                })?;
                Zeroizing::new(fs::read_to_string(path).map_err(|error| KeyError::File(shown.clone(), error))?)
            }
            Err(error) => return Err(KeyError::File(shown, error)),
        };
        if readable_by_others(path).map_err(|error| KeyError::File(shown.clone(), error))? {
            return Err(KeyError::Readable(shown));
        }
        Self::read(&text, &shown)
    }

    fn read(text: &str, shown: &str) -> Result<Self, KeyError> {
        let mut roots = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let no_key = || KeyError::NoKey(shown.to_owned(), number);
            let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(line).map_err(|_| no_key())?);
            let bytes: [u8; BYTES] = bytes.as_slice().try_into().map_err(|_| no_key())?;
            if bytes.iter().collect::<std::collections::BTreeSet<_>>().len() < DIFFERENT
                || bytes.iter().all(u8::is_ascii_graphic)
            {
                return Err(KeyError::Weak(shown.to_owned(), number));
            }
            roots.push(Root::new(Zeroizing::new(bytes)));
        }
        let mut roots = roots.into_iter();
        let Some(first) = roots.next() else { return Err(KeyError::Count(shown.to_owned())) };
        let older: Vec<Root> = roots.collect();
        if older.len() >= MOST {
            return Err(KeyError::Count(shown.to_owned()));
        }
        Ok(Self { first, older })
    }

    fn roots(&self) -> impl Iterator<Item = &Root> {
        std::iter::once(&self.first).chain(&self.older)
    }

    /// The name and the derived key that signs and seals.
    pub(crate) fn current(&self, purpose: Use) -> (&str, Zeroizing<[u8; 32]>) {
        (self.first.name.as_str(), self.first.derive(purpose))
    }

    /// Every name with its derived key, the current one first.
    pub(crate) fn all(&self, purpose: Use) -> impl Iterator<Item = (&str, Zeroizing<[u8; 32]>)> {
        self.roots().map(move |root| (root.name.as_str(), root.derive(purpose)))
    }

    /// A keyed hash of several parts, each with its length, under the current key.
    pub(crate) fn mac(&self, purpose: Use, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.first.derive(purpose), parts)
    }

    /// As [`Keys::mac`], under each key.
    pub(crate) fn macs(&self, purpose: Use, parts: &[&[u8]]) -> Vec<[u8; 32]> {
        self.all(purpose).map(|(_, key)| mac(&key, parts)).collect()
    }

    /// Encrypts for this server; `place` says where the result lies and must be the same when it is opened.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        let (_, key) = self.current(Use::Seal);
        let nonce: [u8; NONCE] = random::bytes()?;
        let cipher = XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| NoRandomness)?;
        let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place });
        Ok([nonce.as_slice(), &sealed.map_err(|_| NoRandomness)?].concat())
    }

    /// `None` if no key of the file opens it, or it lay elsewhere.
    pub(crate) fn open_sealed(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.all(Use::Seal).find_map(|(_, key)| {
            let cipher = XChaCha20Poly1305::new_from_slice(key.as_slice()).ok()?;
            cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: place }).ok().map(Zeroizing::new)
        })
    }
}

enum CreateError {
    File(io::Error),
    NoRandomness(NoRandomness),
}

/// Never over an existing file: whoever comes second reads what the first one made.
fn create(path: &Path) -> Result<(), CreateError> {
    let key = Zeroizing::new(random::bytes::<BYTES>().map_err(CreateError::NoRandomness)?);
    let line = Zeroizing::new(format!("{}\n", random::base64url(key.as_slice())));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(line.as_bytes())?;
        file.sync_all()
    });
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map_err(CreateError::File),
    }
}

/// Whether anybody but its owner may read or write the file. Elsewhere than on Unix the folder's own protection counts.
pub(crate) fn readable_by_others(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        fs::metadata(path).map(|_| false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn good() -> String {
        line(&random::bytes::<32>().unwrap())
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let first = Keys::open(&path, true).unwrap();
        let second = Keys::open(&path, true).unwrap();
        assert_eq!(first.mac(Use::MailedCode, &[b"a"]), second.mac(Use::MailedCode, &[b"a"]));
        assert!(!readable_by_others(&path).unwrap());
        assert!(matches!(Keys::open(&folder.path().join("other"), false), Err(KeyError::File(..))));
    }

    #[test]
    fn short_typed_and_missing_keys_are_refused_and_not_repeated_in_the_error() {
        for (text, what) in [
            ("changeme", "no key"),
            ("Y2hhbmdlbWU", "no key"),
            ("", "between one"),
            ("# only a comment", "between one"),
            (&line(&[7; 32]), "not random"),
            (&line(b"changemechangemechangemechangeme"), "not random"),
            (&line(b"correct-horse-battery-staple-123"), "not random"),
            (&line(&[1; 16]), "no key"),
            (&line(&[1; 64]), "no key"),
        ] {
            let error = Keys::read(text, "x").unwrap_err().to_string();
            assert!(error.contains(what), "{text}: {error}");
            assert!(text.is_empty() || !error.contains(text));
        }
        assert!(Keys::read(&vec![good(); 9].join("\n"), "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        Keys::open(&path, true).unwrap();
        for mode in [0o640, 0o604, 0o644, 0o660] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Keys::open(&path, true), Err(KeyError::Readable(_))), "{mode:o}");
        }
    }

    #[test]
    fn what_an_older_key_sealed_opens_and_what_lies_elsewhere_does_not() {
        let (old, new) = (good(), good());
        let before = Keys::read(&old, "x").unwrap();
        let after = Keys::read(&format!("{new}\n{old}\n"), "x").unwrap();
        let sealed = before.seal(b"mail|1", b"hello").unwrap();
        assert_eq!(after.open_sealed(b"mail|1", &sealed).unwrap().as_slice(), b"hello");
        assert!(after.open_sealed(b"mail|2", &sealed).is_none());
        assert!(Keys::read(&new, "x").unwrap().open_sealed(b"mail|1", &sealed).is_none());
        let mut broken = sealed.clone();
        *broken.last_mut().unwrap() ^= 1;
        assert!(after.open_sealed(b"mail|1", &broken).is_none());
        assert!(after.open_sealed(b"mail|1", b"short").is_none());
        assert!(!format!("{after:?}").contains(&new));
    }

    #[test]
    fn every_use_has_a_key_of_its_own() {
        let keys = Keys::read(&good(), "x").unwrap();
        let uses = [Use::AccessToken, Use::Seal, Use::MailedCode, Use::Successor];
        let different: std::collections::BTreeSet<_> = uses.iter().map(|purpose| keys.mac(*purpose, &[b"x"])).collect();
        assert_eq!(different.len(), uses.len());
        assert_ne!(keys.mac(Use::Seal, &[b"ab", b"c"]), keys.mac(Use::Seal, &[b"a", b"bc"]));
    }
}
