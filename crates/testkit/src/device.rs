//! Somebody's laptop: a profile folder and the program `sendoff`, as a real process each time.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use contract::ApiError;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Process;
use crate::programs;

/// What the program said when it did not do what it was asked.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The closed code, such as `wrong_credentials`.
    pub code: String,
    /// The sentence that a person reads.
    pub message: String,
    /// The exit code of the process; 0 where there was none.
    pub exit: i32,
    /// The whole answer.
    pub answer: Value,
}

impl Failure {
    /// # Panics
    /// It cannot be written as JSON.
    pub fn of(error: &ApiError) -> Self {
        Self::read(serde_json::to_value(error).expect("JSON"), 0)
    }

    fn read(answer: Value, exit: i32) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Self { code: text("code"), message: text("message"), exit, answer }
    }
}

/// Commands for which the vault is opened.
const NEED_THE_VAULT: &[&str] = &["connect_with_password", "start_connect", "check_account"];

/// A laptop. Its folder goes with it.
#[derive(Debug)]
pub struct Device {
    folder: TempDir,
    program: PathBuf,
    environment: Vec<(String, String)>,
}

impl Device {
    /// With the program as it is shipped.
    pub fn new() -> Self {
        Self::with(programs::sendoff())
    }

    /// With the program that stops at named steps.
    pub fn stoppable() -> Self {
        Self::with(programs::stoppable())
    }

    fn with(program: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("sendoff-device-").tempdir().expect("a folder");
        Self { folder, program: program.to_owned(), environment: Vec::new() }
    }

    /// Sets a variable for everything that is started from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// The folder of the profile.
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// A place for other things of this device.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `sendoff --profile DIR` with these arguments, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--profile").arg(self.profile()).args(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// It does not start.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// `sendoff call COMMAND JSON`.
    ///
    /// # Errors
    /// What the program answered instead.
    ///
    /// # Panics
    /// It answered something that is no JSON.
    pub fn call(&self, command: &str, body: Value) -> Result<Value, Failure> {
        let mut call = self.command(&["call", command, "-"]);
        if !NEED_THE_VAULT.contains(&command) {
            // opening it takes a while on purpose
            call.env_remove("SENDOFF_PASSPHRASE");
        }
        let output = with_input(call, &body.to_string());
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() {
            return Ok(serde_json::from_str(&out).unwrap_or_else(|error| panic!("{command}: {error}: {out}{err}")));
        }
        let exit = output.status.code().unwrap_or(-1);
        let answer = [&out, &err].iter().find_map(|text| serde_json::from_str::<Value>(text.trim()).ok());
        let answer = answer.or_else(|| err.lines().find_map(|line| serde_json::from_str(line).ok()));
        // a call that was wrong in itself is told in plain words
        Err(Failure::read(answer.unwrap_or_else(|| json!({ "code": "", "message": err.trim() })), exit))
    }

    /// `sendoff serve`, until it is killed or ended.
    pub fn serve(&self) -> Process {
        Process::start(self.command(&["serve"]))
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

fn with_input(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // a program that ends without reading says why
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}
