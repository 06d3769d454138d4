//! One story from its seed to its end.

use std::fmt;

use domain::Mutation;
use domain::account::Health;
use domain::job::{JobState, plus};
use domain::mutation::PostsChange;

use crate::invariants;
use crate::planted::Plant;
use crate::seen::Seen;
use crate::world::World;

#[derive(Debug)]
pub struct Broken {
    pub what: String,
    pub trace: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\nbroken: {}", self.what, self.trace, self.what)
    }
}

/// A story that came to its end.
#[derive(Debug)]
pub struct Story {
    pub seen: Seen,
    /// Every step of it.
    pub told: Vec<String>,
}

const STEPS: usize = 160;

/// # Errors
/// What broke, with the last steps before it.
pub fn simulate(seed: u64, plant: Plant) -> Result<Story, Broken> {
    let mut world = World::new(seed, plant);
    // some stories have one publisher, as it should be
    let publishers = 1 + world.random.below(2);
    for _ in 0..STEPS {
        match world.random.below(100) {
            0..=54 => {
                let number = usize::try_from(world.random.below(publishers)).unwrap();
                for _ in 0..=world.random.below(4) {
                    world.publish(number)?;
                }
                // it has the machine for itself
                if world.publishers[number].sleeps() && publishers > 1 {
                    world.publish(1 - number)?;
                }
            }
            55..=69 => world.act()?,
            70..=71 => {
                let number = usize::try_from(world.random.below(publishers)).unwrap();
                // what sleeps does not crash
                if !world.publishers[number].sleeps() {
                    world.crash(number);
                }
            }
            72 => jump(&mut world),
            73..=74 if world.paused => world.paused = false,
            75..=90 => {
                let ms = world.random.between(1, 5_000);
                world.pass(ms);
            }
            91..=96 => {
                let ms = world.random.between(5_000, 60_000);
                world.pass(ms);
            }
            97..=98 => {
                let ms = world.random.between(60_000, 40 * 60_000);
                world.pass(ms);
            }
            _ => {
                let ms = world.random.between(1, 3 * 3_600_000);
                world.pass(ms);
            }
        }
        invariants::truth(&world).map_err(|what| world.broken(what))?;
    }
    settle(&mut world)?;
    Ok(Story { seen: world.seen, told: world.told })
}

/// The computer's clock is set. Forwards by any amount; backwards once, by less than what a running program notices (ten
/// minutes): a clock that goes back by hours makes a key look younger than it is, and no rule without a second clock can
/// tell. Running programs compare with such a clock and pause.
fn jump(world: &mut World) {
    world.seen.jumps += 1;
    let by = match world.random.below(3) {
        0 if !world.set_back => -world.random.between(1, 9 * 60_000),
        1 => world.random.between(1, 9 * 60_000),
        _ => world.random.between(10 * 60_000, 6 * 3_600_000),
    };
    world.set_back |= by < 0;
    world.paused |= by >= 10 * 60_000;
    world.ahead += by;
    world.set_at = world.now;
    world.tell(format!("the clock jumps and is {} ms ahead", world.ahead));
}

/// The world becomes kind: one publisher, no faults, and most accounts are in order. Everything has to come to an end.
fn settle(world: &mut World) -> Result<(), Broken> {
    world.crash(0);
    world.crash(1);
    world.paused = false;
    for network in world.networks.values_mut() {
        network.trouble = 0;
    }
    let accounts: Vec<_> = world.accounts().map(|account| account.id).collect();
    for account in accounts {
        // who removed an account, or never signs in again, must not be left waiting either
        if world.random.percent(20) {
            continue;
        }
        world.mutate(&Mutation::RestoreAccount { account })?.ok();
        world.mutate(&Mutation::RecordHealth { account, health: Health::Healthy })?.ok();
    }
    let held: Vec<_> = world.posts().filter(|post| post.held && !post.deleted).map(|post| post.id).collect();
    for post in held {
        // some are never let go, and wait for ever
        if world.random.percent(70) {
            let keys = world.fresh_keys();
            let resume = Mutation::ChangePosts {
                posts: vec![post],
                change: PostsChange::Resume,
                seen: Default::default(),
                keys,
            };
            world.mutate(&resume)?.ok();
        }
    }
    for _ in 0..4_000 {
        world.publish(0)?;
        invariants::truth(world).map_err(|what| world.broken(what))?;
        if !world.jobs().any(|job| job.state.is_open()) {
            break;
        }
        if world.random.percent(40) {
            let ms = until_next(world);
            world.pass(ms);
        }
    }
    invariants::end(world).map_err(|what| world.broken(what))
}

/// A little, or as long as nothing can happen.
fn until_next(world: &World) -> i64 {
    let now = world.shown();
    let times = world.jobs().filter(|job| job.state.is_open()).map(|job| match job.state {
        JobState::Scheduled => plus(job.due_at, -40).max(job.not_before.unwrap_or(job.due_at)),
        JobState::Claimed | JobState::Prepared => job.due_at.min(job.lease_until.unwrap_or(job.due_at)),
        JobState::Sending => job.deadline.unwrap_or(now),
        _ => job.not_before.unwrap_or(now),
    });
    let next = times.min().unwrap_or(now).as_millisecond() - now.as_millisecond();
    next.clamp(4_000, 6 * 3_600_000)
}
