//! The program in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::team::Team;

/// Far longer than any start takes on a machine that does something else as well.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Program {
    child: Child,
    begun: Instant,
    serving: mpsc::Receiver<()>,
    /// Reads what it logs all the time, or it would wait for a full pipe.
    log: Option<JoinHandle<Vec<String>>>,
}

impl Program {
    pub fn start(team: &Team) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sendoff-server"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SENDOFF_")) {
            command.env_remove(name);
        }
        // a line for each request would cost more than the request
        command.env("SENDOFF_LOG", "warn,sendoff_server=info").args(team.words()).envs(team.environment());
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (told, serving) = mpsc::channel();
        let log = std::thread::spawn(move || {
            let mut all = Vec::new();
            for line in lines.map_while(Result::ok) {
                let parsed: Value = serde_json::from_str(&line).unwrap_or_default();
                if parsed["message"] == "serving" {
                    let _ = told.send(());
                }
                all.push(line);
            }
            all
        });
        Self { child, begun, serving, log: Some(log) }
    }

    /// Waits until it serves; answers how long that took from the start of the process on.
    pub fn serves(&mut self) -> Duration {
        if self.serving.recv_timeout(PATIENCE).is_err() {
            let _ = self.child.kill();
            panic!("it does not serve: {:#?}", self.end());
        }
        self.begun.elapsed()
    }

    /// SIGKILL; answers what it had logged.
    pub fn kill(mut self) -> Vec<String> {
        assert!(self.child.try_wait().unwrap().is_none(), "it ended by itself: {:#?}", self.end());
        self.child.kill().unwrap();
        self.end()
    }

    /// SIGTERM.
    pub fn stop(mut self) -> Vec<String> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        self.end()
    }

    fn end(&mut self) -> Vec<String> {
        self.child.wait().unwrap();
        self.log.take().map(|log| log.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // after a test that failed
        if self.log.is_some() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
