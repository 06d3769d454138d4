use std::io::Write;
use std::process::ExitCode;

use contract::ApiError;

/// How a task ended; each way has its own exit code, see `sendoff --help`.
#[derive(Debug)]
pub enum Outcome {
    Done,
    /// JSON text.
    Reply(String),
    /// The command answered an error.
    Refused(ApiError),
    /// The call itself was wrong.
    Usage(String),
    /// The profile could not be opened.
    NotOpened(ApiError),
    /// This machine lacks what any task needs.
    Unusable(String),
}

impl Outcome {
    /// Says it, and names the exit code.
    pub fn report(self) -> ExitCode {
        let (code, said) = match self {
            Self::Done => return ExitCode::SUCCESS,
            Self::Reply(reply) => return print(&reply),
            Self::Refused(error) => (1, json(&error)),
            Self::Usage(sentence) => (2, sentence),
            Self::NotOpened(error) => (3, json(&error)),
            Self::Unusable(sentence) => (3, sentence),
        };
        // with nobody to read it, the exit code says it
        let _ = writeln!(std::io::stderr(), "{said}");
        ExitCode::from(code)
    }
}

fn print(reply: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{reply}") {
        Ok(()) => ExitCode::SUCCESS,
        // the command ran; whoever asked stopped reading
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "The command ran, and its reply could not be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn json(error: &ApiError) -> String {
    serde_json::to_string(error).unwrap_or_else(|_| error.to_string())
}
