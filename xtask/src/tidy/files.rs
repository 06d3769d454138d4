//! The text files that belong to the project: what git tracks, and what it would track.

use crate::process::{output, root};
use anyhow::Result;
use std::process::Command;

#[derive(Debug, Default)]
pub struct Tracked {
    files: Vec<File>,
}

#[derive(Debug)]
pub struct File {
    /// From the top level, with `/`.
    pub path: String,
    pub text: String,
}

impl Tracked {
    /// Reads every file that is tracked or would be. Files that are not text are left out.
    pub fn read() -> Result<Self> {
        let root = root();
        let listing = output(Command::new("git").current_dir(&root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let files = listing
            .split('\0')
            .filter(|path| !path.is_empty())
            // a file that is deleted and not yet committed is still listed
            .filter_map(|path| Some((path, std::fs::read(root.join(path)).ok()?)))
            .filter_map(|(path, bytes)| Some(File { path: path.to_owned(), text: String::from_utf8(bytes).ok()? }))
            .collect();
        Ok(Self { files })
    }

    pub fn all(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    pub fn with_extension<'a>(&'a self, extensions: &'a [&str]) -> impl Iterator<Item = &'a File> {
        self.all().filter(|file| file.path.rsplit_once('.').is_some_and(|(_, end)| extensions.contains(&end)))
    }

    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.all().filter(move |file| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.all().find(|file| file.path == path)
    }
}

#[cfg(test)]
impl Tracked {
    pub fn planted(files: &[(&str, &str)]) -> Self {
        let files =
            files.iter().map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
        Self { files }
    }
}
