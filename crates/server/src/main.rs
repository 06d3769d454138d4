//! `sendoff-server`: reads settings, refuses unsafe ones, serves until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use server::clock::{Clock as _, SystemClock};
use server::config::{AuditCommand, Command, Settings};
use server::server::Server;
use server::verify::{self, Wanted};
use tokio::signal;
use tracing_subscriber::EnvFilter;

/// Statements and headers stay out of the log whatever `RUST_LOG` says: they carry what people typed.
const SILENT: [&str; 6] = ["sqlx=off", "hyper=off", "h2=off", "rustls=off", "lettre=off", "reqwest=off"];

fn main() -> ExitCode {
    let settings = Settings::parse();
    let mut filter = EnvFilter::try_from_env("SENDOFF_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    for silent in SILENT {
        if let Ok(directive) = silent.parse() {
            filter = filter.add_directive(directive);
        }
    }
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("the runtime does not start: {error}")),
    };
    runtime.block_on(run(settings))
}

async fn run(settings: Settings) -> ExitCode {
    let command = settings.command.clone();
    let config = match settings.with_file().and_then(Settings::check) {
        Ok(config) => config,
        Err(refused) => return refuse(&refused.to_string()),
    };
    match command {
        None => {}
        Some(Command::Backup { to }) => {
            return done("makes no backup", server::backup::run(&config, &to).await);
        }
        Some(Command::Migrate) => {
            return done("does not migrate", server::server::migrate(&config).await);
        }
        Some(Command::Audit(AuditCommand::Verify { heads, judge })) => {
            let wanted = Wanted { heads: heads.as_deref(), judge };
            return done(
                "has verified",
                verify::run(&config, SystemClock.now(), wanted, &mut std::io::stdout().lock()).await,
            );
        }
    }
    // listened for before anybody is told that it serves
    let stop = match Stop::new() {
        Ok(stop) => stop,
        Err(error) => return refuse(&format!("signals cannot be received: {error}")),
    };
    let server = match Server::start(config, Arc::new(SystemClock), Vec::new, &[]).await {
        Ok(server) => server,
        Err(error) => return refuse(&error.to_string()),
    };
    let (address, metrics) = server.addresses();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        listen = address.map(tracing::field::display),
        metrics = metrics.map(tracing::field::display),
        public = server.app().origin(),
        "serving"
    );
    server.serve(stop.told()).await;
    ExitCode::SUCCESS
}

fn done(what_not: &str, done: Result<(), impl std::fmt::Display>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sendoff-server {what_not}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn refuse(sentence: &str) -> ExitCode {
    eprintln!("sendoff-server does not start: {sentence}");
    ExitCode::FAILURE
}

/// SIGTERM or SIGINT; Ctrl+C elsewhere.
struct Stop {
    #[cfg(unix)]
    terminate: signal::unix::Signal,
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn told(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn told(self) {
        let _ = signal::ctrl_c().await;
    }
}
