//! `sendoff://` links: the application bundle declares the scheme, so there is nothing to do at run time.

use std::io;

use crate::links::Handler;

pub(crate) fn register(_handler: &Handler) -> io::Result<()> {
    Ok(())
}
