//! `sendoff://` links: a key of the user's own classes.

use std::io;

use windows_registry::CURRENT_USER;

use crate::links::Handler;

pub(crate) fn register(handler: &Handler) -> io::Result<()> {
    let program = handler.program.display();
    let profile =
        handler.profile.as_ref().map(|folder| format!(" --profile \"{}\"", folder.display())).unwrap_or_default();
    let class = CURRENT_USER.create("Software\\Classes\\sendoff")?;
    class.set_string("", "URL:Sendoff")?;
    class.set_string("URL Protocol", "")?;
    class.create("DefaultIcon")?.set_string("", format!("{program},0"))?;
    class.create("shell\\open\\command")?.set_string("", format!("\"{program}\"{profile} \"%1\""))?;
    Ok(())
}
