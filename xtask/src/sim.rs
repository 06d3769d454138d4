//! `cargo xtask sim`: the simulator of team work (`crates/sim`).

use crate::SimArgs;
use crate::process::{cargo, run as execute};
use anyhow::Result;

pub fn run(args: &SimArgs) -> Result<()> {
    let mut sim = cargo();
    // many stories: what the optimisations take is soon brought back
    sim.args(["run", "--quiet", "--release", "--package", "sim"]);
    if args.planted {
        sim.args(["--features", "planted"]);
    }
    sim.args(["--", "--seeds", &args.seeds.to_string(), "--from", &args.from.to_string()]);
    if args.twice {
        sim.arg("--twice");
    }
    if args.tell {
        sim.arg("--tell");
    }
    if args.planted {
        sim.arg("--planted");
    }
    execute(&mut sim)
}
