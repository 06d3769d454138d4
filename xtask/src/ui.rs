//! `cargo xtask ui`: the interface as files that the program embeds.
//!
//! Cargo builds the WASM, `wasm-bindgen-cli-support` (a library at the version of the lock file, so no tool has to be
//! installed) writes its JavaScript, and `target/ui-dist` receives both together with `ui/index.html`, the style sheets that it
//! names as one, and `ui/assets/`. Files that did not change keep their time, so that cargo embeds them again only when it must.

use crate::prerequisites::rust_target;
use crate::process::{cargo, cargo_target, note, root, run, step, target};
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

const PACKAGE: &str = "sendoff-ui";
const WASM_TARGET: &str = "wasm32-unknown-unknown";
const BOOT: &str = include_str!("boot.js");
/// As deep as the files that it is made of: what they name is found from it too.
const SHEET: &str = "styles/all.css";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The profile `wasm` of the root `Cargo.toml`: small, then fast.
    Release,
    /// Quick to build, with assertions.
    Dev,
}

impl Profile {
    fn cargo_name(self) -> &'static str {
        match self {
            Self::Release => "wasm",
            Self::Dev => "dev",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Release => "wasm",
            Self::Dev => "debug",
        }
    }
}

/// Where the program expects the interface: `frontendDist` in `tauri.conf.json`.
pub fn dist() -> PathBuf {
    target().join("ui-dist")
}

/// Builds the interface into [`dist`].
pub fn build(profile: Profile) -> Result<()> {
    let index = root().join("ui/index.html");
    let html = fs::read_to_string(&index)
        .context("ui/index.html is missing: it is the page that carries the interface and must be there")?;
    if !html.contains("boot.js") {
        bail!("ui/index.html does not load boot.js, so the interface would never start");
    }

    rust_target(WASM_TARGET)?;
    step(&format!("interface: WASM ({})", profile.cargo_name()));
    run(cargo().args(["build", "--package", PACKAGE, "--target", WASM_TARGET, "--profile", profile.cargo_name()]))?;
    let wasm = cargo_target()?.join(WASM_TARGET).join(profile.folder()).join(format!("{PACKAGE}.wasm"));

    let glue = target().join("ui-bindgen");
    split_and_bind(&wasm, &glue, profile)?;

    let mut files = BTreeMap::new();
    collect(&glue, Path::new(""), &mut files)?;
    collect(&root().join("ui/assets"), Path::new("assets"), &mut files)?;
    let (html, sheet) = one_sheet(&html, |name| {
        fs::read_to_string(root().join("ui").join(name)).with_context(|| format!("ui/index.html names {name}"))
    })?;
    files.insert(PathBuf::from("index.html"), html.into_bytes());
    files.insert(PathBuf::from(SHEET), sheet.into_bytes());
    files.insert(PathBuf::from("boot.js"), BOOT.as_bytes().to_vec());

    let changed = replace(&dist(), &files)?;
    let code = files.iter().filter(|(name, _)| name.extension().is_some_and(|end| end == "wasm"));
    let sizes: Vec<String> = code.map(|(_, bytes)| format!("{} kB", bytes.len() / 1000)).collect();
    let sizes = sizes.join(" + ");
    note(&format!("{} files, {changed} changed, WASM {sizes}, in {}", files.len(), dist().display()));
    Ok(())
}

/// The page with one style sheet in place of all that it names, and that sheet: the window draws nothing before the last of
/// them is there, and each is a request to the program.
fn one_sheet(html: &str, mut read: impl FnMut(&str) -> Result<String>) -> Result<(String, String)> {
    let mut sheet = String::new();
    let mut page = String::new();
    for line in html.lines() {
        let name =
            line.trim().strip_prefix("<link rel=\"stylesheet\" href=\"").and_then(|rest| rest.strip_suffix("\">"));
        let Some(name) = name else {
            page.extend([line, "\n"]);
            continue;
        };
        if sheet.is_empty() {
            page.push_str(&line.replace(name, SHEET));
            page.push('\n');
        }
        sheet.extend([&read(name)?, "\n"]);
    }
    Ok((page, sheet))
}

/// Takes what the first screen does not need out of a WASM file and writes the JavaScript for what is left, unless that very file
/// has been through here before.
fn split_and_bind(wasm: &Path, out: &Path, profile: Profile) -> Result<()> {
    let stamp_file = target().join("ui-bindgen.stamp");
    let stamp = stamp(wasm, profile)?;
    if out.is_dir() && fs::read_to_string(&stamp_file).is_ok_and(|before| before == stamp) {
        return Ok(());
    }
    step("interface: two parts");
    let parts = target().join("ui-parts");
    for folder in [out, &parts] {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("could not empty {}", folder.display()))?;
        }
    }
    let first = parts.join(format!("{PACKAGE}.wasm"));
    let code = fs::read(wasm).with_context(|| format!("cargo did not write {}", wasm.display()))?;
    let mut options = wasm_split_cli_support::Options::new(&code);
    (options.output_dir, options.main_out_path) = (&parts, &first);
    let module = format!("./{PACKAGE}.js");
    options.main_module = &module;
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .with_context(|| format!("could not split {}", wasm.display()))?;
    step("interface: JavaScript bindings");
    let release = profile == Profile::Release;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(&first)
        // the second part calls into the first
        .keep_lld_exports(true)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .debug(!release)
                // the window cannot read it, and it makes up most of the file; the names stay for panics
                .keep_debug(false)
                .remove_name_section(release)
                .remove_producers_section(release)
                .omit_default_module_path(true)
                .generate(out)
        })
        .with_context(|| format!("wasm-bindgen could not bind {}", first.display()))?;
    fs::remove_file(&first)?;
    for entry in fs::read_dir(&parts)? {
        let entry = entry?;
        fs::rename(entry.path(), out.join(entry.file_name()))?;
    }
    fs::write(&stamp_file, stamp).with_context(|| format!("could not write {}", stamp_file.display()))
}

fn stamp(wasm: &Path, profile: Profile) -> Result<String> {
    let facts = fs::metadata(wasm).with_context(|| format!("cargo did not write {}", wasm.display()))?;
    let time = facts.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("{profile:?} {} {time}", facts.len()))
}

/// Reads a folder with everything below it. A folder that does not exist holds nothing.
fn collect(folder: &Path, name: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let entry = entry?;
        let inner = name.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &inner, files)?;
        } else {
            files.insert(inner, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Makes a folder hold exactly these files, and answers how many were written or removed.
fn replace(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<usize> {
    let mut present = BTreeMap::new();
    collect(folder, Path::new(""), &mut present)?;
    let mut changed = 0;
    for (name, bytes) in files {
        if present.get(name) == Some(bytes) {
            continue;
        }
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes).with_context(|| format!("could not write {}", path.display()))?;
        changed += 1;
    }
    for name in present.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
        changed += 1;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        entries.iter().map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn style_sheets_become_one_in_the_order_of_the_page() {
        let html = "<head>\n  <link rel=\"stylesheet\" href=\"styles/b.css\">\n  <link rel=\"stylesheet\" href=\"styles/a.css\">\n  \
                    <script src=\"boot.js\"></script>\n</head>\n";
        let (page, sheet) = one_sheet(html, |name| Ok(format!("/* {name} */"))).unwrap();
        assert_eq!(
            page,
            "<head>\n  <link rel=\"stylesheet\" href=\"styles/all.css\">\n  <script src=\"boot.js\"></script>\n</head>\n"
        );
        assert_eq!(sheet, "/* styles/b.css */\n/* styles/a.css */\n");
        assert!(one_sheet(html, |_| bail!("not there")).is_err());
    }

    #[test]
    fn a_second_build_touches_only_what_changed() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            replace(folder.path(), &files(&[("a.js", "1"), ("styles/b.css", "2"), ("old.js", "3")])).unwrap(),
            3
        );
        let before = fs::metadata(folder.path().join("a.js")).unwrap().modified().unwrap();

        assert_eq!(replace(folder.path(), &files(&[("a.js", "1"), ("styles/b.css", "changed")])).unwrap(), 2);

        assert_eq!(fs::metadata(folder.path().join("a.js")).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_to_string(folder.path().join("styles/b.css")).unwrap(), "changed");
        assert!(!folder.path().join("old.js").exists());
    }
}
