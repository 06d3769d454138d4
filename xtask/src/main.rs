//! The developer commands: `cargo xtask <command>`.
//!
//! Each takes a machine with only a Rust toolchain, Node and a C compiler to where it wants to be, says what it does while it
//! does it, and does nothing twice. Nothing here is part of the program that people install.

mod bench;
mod counterparts;
mod debian;
mod prerequisites;
mod process;
mod run;
mod shots;
mod sim;
mod test;
mod tidy;
mod ui;
mod windows;

use clap::{Args, Parser, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Build, run and check Sendoff")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring this machine to the open window: install what is missing, build, start
    Run(RunArgs),
    /// Build the interface into target/ui-dist
    Ui(UiArgs),
    /// Bring this machine to a green suite, real servers and the real window included
    Test(TestArgs),
    /// Install what the suite needs and build the programs it drives, without running it
    Prepare,
    /// Take pictures of every screen from the real window into target/shots
    Shots {
        /// Only those of a team
        #[arg(long)]
        team: bool,
    },
    /// Measure start, typing, commands, memory and sizes of the program
    Bench(BenchArgs),
    /// Tell stories of a team and its server, and look for what must not be
    Sim(SimArgs),
    /// Check the rules of docs/architecture.md
    Tidy,
    /// Cross-build the Windows executables
    Windows(WindowsArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Build the interface and the program with optimisations
    #[arg(long)]
    release: bool,
    /// Arguments of the program, after `--`
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Debug, Args)]
struct UiArgs {
    /// Small and fast: what is shipped (the default)
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Quick to build, with assertions and readable panics
    #[arg(long)]
    dev: bool,
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Run only tests whose name contains this
    filter: Option<String>,
    /// Arguments of the test programs, after `--`
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Debug, Args)]
struct BenchArgs {
    /// Measure what is quick to build instead of what is shipped
    #[arg(long)]
    dev: bool,
    /// How it answers with a thousand, ten thousand and a hundred thousand posts
    #[arg(long)]
    growth: bool,
    /// The server for teams, on SQLite and on PostgreSQL
    #[arg(long, conflicts_with_all = ["dev", "growth"])]
    server: bool,
}

#[derive(Debug, Args)]
struct SimArgs {
    /// How many stories
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Each story twice: the same seed must tell the same
    #[arg(long)]
    twice: bool,
    /// Print what happens in each
    #[arg(long)]
    tell: bool,
    /// Build in one fault after the other, and look for each within so many stories
    #[arg(long)]
    planted: bool,
}

#[derive(Debug, Args)]
struct WindowsArgs {
    /// Build with optimisations
    #[arg(long)]
    release: bool,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => return run::run(args.release, &args.args),
        Command::Ui(args) => ui::build(if args.dev { ui::Profile::Dev } else { ui::Profile::Release }),
        Command::Test(args) => test::run(args.filter.as_deref(), &args.args),
        Command::Prepare => test::prepare().map(drop),
        Command::Shots { team } => shots::run(team),
        Command::Bench(args) if args.server => bench::server(),
        Command::Bench(args) => bench::run(args.dev, args.growth),
        Command::Sim(args) => sim::run(&args),
        Command::Tidy => tidy::run(),
        Command::Windows(args) => windows::build(args.release),
    };
    process::exit_code(outcome)
}
