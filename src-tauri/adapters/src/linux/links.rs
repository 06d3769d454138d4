//! `sendoff://` links: a desktop file that names this program, and the user's choice of it for the scheme.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::links::Handler;

const FILE: &str = "app.sendoff.link.desktop";
const TYPE: &str = "x-scheme-handler/sendoff";

pub(crate) fn register(handler: &Handler) -> io::Result<()> {
    let folder = applications()?;
    let file = folder.join(FILE);
    // the package of an installed program declares the scheme itself; only what an earlier run wrote must be kept right
    if handler.profile.is_none() && handler.program.starts_with("/usr") && !file.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder)?;
    let wanted = desktop_file(handler);
    let written = std::fs::read_to_string(&file).is_ok_and(|there| there == wanted);
    if !written {
        std::fs::write(&file, wanted)?;
        // a cache for some desktops; the others do without it
        let _ = run(Command::new("update-desktop-database").arg(&folder));
    }
    if written && chosen() {
        return Ok(());
    }
    run(Command::new("xdg-mime").args(["default", FILE, TYPE]))
        .or_else(|_| run(Command::new("gio").args(["mime", TYPE, FILE])))
}

fn applications() -> io::Result<PathBuf> {
    let data = dirs::data_dir().ok_or_else(|| io::Error::other("no folder for desktop files"))?;
    Ok(data.join("applications"))
}

fn chosen() -> bool {
    let answer = Command::new("xdg-mime").args(["query", "default", TYPE]).stderr(Stdio::null()).output();
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).lines().next().map(str::trim) == Some(FILE))
}

fn run(command: &mut Command) -> io::Result<()> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the handler was not registered: {status}"))) }
}

fn desktop_file(handler: &Handler) -> String {
    let mut exec = quoted(&handler.program);
    if let Some(profile) = &handler.profile {
        exec.push_str(" --profile ");
        exec.push_str(&quoted(profile));
    }
    format!(
        "[Desktop Entry]\nType=Application\nName=Sendoff\nExec={exec} %u\nTerminal=false\nNoDisplay=true\nMimeType={TYPE};\n"
    )
}

/// One argument of an `Exec` line: quoted as a shell would, its backslashes doubled as every value's are, `%` as itself.
/// Source: Desktop Entry Specification 1.5, "The Exec key", read 2026-11-22.
fn quoted(argument: &Path) -> String {
    let mut out = String::from("\"");
    for letter in argument.to_string_lossy().chars() {
        match letter {
            '"' | '`' | '$' => out.extend(["\\\\", letter.encode_utf8(&mut [0; 4])]),
            '\\' => out.push_str("\\\\\\\\"),
            '%' => out.push_str("%%"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_the_profile_that_registered_it() {
        let handler =
            Handler { program: "/opt/So $1/sendoff-desktop".into(), profile: Some("/home/ada/50% \"best\"".into()) };
        let file = desktop_file(&handler);
        let exec = r#"Exec="/opt/So \\$1/sendoff-desktop" --profile "/home/ada/50%% \\"best\\"" %u"#;
        assert!(file.lines().any(|line| line == exec), "{file}");
        assert!(file.lines().any(|line| line == "MimeType=x-scheme-handler/sendoff;"), "{file}");
    }
}
