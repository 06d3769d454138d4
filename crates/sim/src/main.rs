//! `cargo xtask sim`: many stories, or one again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use sim::{Ended, Seen, run};

#[derive(Debug, Parser)]
#[command(name = "sim", about = "Tells stories of a team and its server, and looks for what must not be")]
struct Args {
    /// How many stories
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Each story twice: the same seed must tell the same
    #[arg(long)]
    twice: bool,
    /// Print what happened in each
    #[arg(long)]
    tell: bool,
    /// Build in one fault after the other and look for each within so many stories (with the feature `planted`)
    #[arg(long)]
    planted: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let place = Place::new().await?;
        if args.planted { planted(&args, &place).await } else { stories(&args, &place).await }
    })
}

/// Where stories lie: memory if this system has such a place, because no story needs a disk that outlives it.
struct Place {
    home: tempfile::TempDir,
    empty: PathBuf,
}

impl Place {
    async fn new() -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
        let empty = home.path().join("empty");
        let store = store::Store::open(&empty, jiff::Timestamp::UNIX_EPOCH).await?;
        store.close().await;
        Ok(Self { home, empty })
    }

    async fn tell(&self, seed: u64) -> Result<Ended> {
        let home = self.home.path().join("story");
        std::fs::create_dir(&home)?;
        let ended = run(seed, &home, &self.empty).await;
        std::fs::remove_dir_all(&home)?;
        ended.with_context(|| format!("seed {seed}"))
    }
}

#[expect(clippy::print_stdout, reason = "what the command is for")]
async fn stories(args: &Args, place: &Place) -> Result<()> {
    let begun = Instant::now();
    let (mut seen, mut wrong) = (Seen::new(), 0_u64);
    for seed in args.from..args.from.saturating_add(args.seeds) {
        let ended = place.tell(seed).await?;
        if args.twice && place.tell(seed).await?.trace != ended.trace {
            bail!("seed {seed} told another story the second time");
        }
        if args.tell {
            println!("{}", ended.trace);
        }
        for (name, times) in ended.seen {
            *seen.entry(name).or_default() += times;
        }
        if let Some(found) = ended.wrong {
            wrong += 1;
            println!("seed {seed}: {found}");
        }
    }
    for (name, times) in &seen {
        println!("{times:>9}  {name}");
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} stories in {seconds:.0} s, {wrong} of them wrong", args.seeds);
    if wrong > 0 {
        bail!("{wrong} stories are wrong");
    }
    // the rule of three: nothing found in N independent trials
    println!("with 95 % confidence fewer than {:.3} % of stories would be", 300.0 / args.seeds.max(1) as f64);
    Ok(())
}

#[cfg(not(feature = "planted"))]
async fn planted(_: &Args, _: &Place) -> Result<()> {
    bail!("this was built without the feature `planted`")
}

#[cfg(feature = "planted")]
#[expect(clippy::print_stdout, reason = "what the command is for")]
async fn planted(args: &Args, place: &Place) -> Result<()> {
    use domain::planted::{Planted, plant};
    let mut missed = Vec::new();
    for fault in Planted::ALL {
        plant(Some(*fault));
        let mut found = None;
        for seed in args.from..args.from.saturating_add(args.seeds) {
            // a fault may also break the story itself
            let wrong = match place.tell(seed).await {
                Ok(ended) => ended.wrong,
                Err(error) => Some(format!("{error:#}")),
            };
            if let Some(wrong) = wrong {
                found = Some((seed, wrong));
                break;
            }
        }
        plant(None);
        match found {
            Some((seed, wrong)) => {
                println!("{:<22} found by story {:>4}: {}\n{:>40}{wrong}", fault.name(), seed, fault.what(), "");
            }
            None => {
                println!("{:<22} NOT FOUND in {} stories: {}", fault.name(), args.seeds, fault.what());
                missed.push(fault.name());
            }
        }
    }
    let all = Planted::ALL.len();
    println!("{} of {all} faults found", all - missed.len());
    if missed.is_empty() { Ok(()) } else { bail!("not found: {}", missed.join(", ")) }
}
