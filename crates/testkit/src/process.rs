//! Child processes that never outlive their test.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long the kernel may take to end what was killed.
const LAST_MOMENTS: Duration = Duration::from_secs(10);

/// A process in a group of its own, with what it said. The group is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Process {
    /// Starts `command`; its standard input stays open as long as this lives.
    ///
    /// # Panics
    /// It cannot be started.
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().expect("a pipe"), Arc::clone(&said));
        listen(child.stderr.take().expect("a pipe"), Arc::clone(&said));
        Self { child, said }
    }

    /// Everything that it wrote so far, both streams.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// SIGKILL to the whole group: nothing in it gets to do anything any more.
    pub fn kill(&mut self) {
        // already gone is fine
        let _ = kill_process_group(self.pid(), Signal::KILL);
        let _ = self.child.wait();
        // the others of the group are no children of ours, and hold their locks and names until they are gone
        let begun = Instant::now();
        while begun.elapsed() < LAST_MOMENTS && group_lives(self.pid()) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks it to end, and waits until it did.
    pub fn end(mut self) -> ExitStatus {
        let _ = rustix::process::kill_process(self.pid(), Signal::TERM);
        self.child.wait().expect("a child can be waited for")
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether a process of this group still holds anything. One that ended and was not asked how does not, once its last thread is gone.
fn group_lives(group: Pid) -> bool {
    let group = group.as_raw_nonzero().to_string();
    let Ok(all) = fs::read_dir("/proc") else { return false };
    all.flatten().any(|process| {
        let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { return false };
        // proc_pid_stat(5): the name in brackets may hold anything; state, parent, group and, later, the threads come after it
        let Some((_, rest)) = stat.rsplit_once(") ") else { return false };
        let fields: Vec<&str> = rest.split(' ').collect();
        let ended = matches!(fields.first(), Some(&("Z" | "X"))) && matches!(fields.get(17), Some(&("0" | "1")));
        !ended && fields.get(2) == Some(&group.as_str())
    })
}

fn listen(stream: impl Read + Send + 'static, said: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut said = said.lock().unwrap();
            said.push_str(&line);
            said.push('\n');
        }
    });
}
