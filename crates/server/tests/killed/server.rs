//! The program itself is killed, on SQLite.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::join_all;

use crate::caller::{Book, Caller, Figures, Line, client};
use crate::dice::Dice;
use crate::program::Program;
use crate::team::Team;
use crate::{number, seed};

/// Kills of a run that says nothing else: what fits into a minute of the suite with room to spare.
const KILLS: u64 = 500;
/// Teams that are served beside each other: while one waits for the disk, another one computes.
const LANES: u64 = 4;
/// After so many kills a new team begins, so that looking at everything does not become longer and longer.
const KILLS_OF_A_TEAM: u64 = 100;
/// Databases that push at the same time.
const CALLERS: usize = 6;
/// The kill comes so long after the first push, in microseconds.
const MOMENT_US: (u64, u64) = (1_000, 100_000);
/// One of so many kills comes while the program starts.
const OF_STARTS: u64 = 8;

/// What came of a lane.
#[derive(Debug, Default)]
struct Done {
    kills: u64,
    while_starting: u64,
    figures: Figures,
    starts: Vec<Duration>,
}

#[test]
fn what_was_answered_before_a_kill_is_there_after_it() {
    let (kills, seed) = (number("SENDOFF_KILLS").unwrap_or(KILLS), seed());
    let begun = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let share = kills / LANES + u64::from(lane < kills % LANES);
            runtime.spawn(serves(Dice::new(seed ^ lane.wrapping_mul(0x5851_f42d_4c95_7f2d)), share))
        })
        .collect();
    let mut all = Done::default();
    for lane in lanes {
        let done = runtime.block_on(lane).unwrap();
        all.kills += done.kills;
        all.while_starting += done.while_starting;
        all.figures += done.figures;
        all.starts.extend(done.starts);
    }
    all.starts.sort();
    let figures = all.figures;
    println!(
        "{} kills in {:.1} s, {} of them while it started; {} mutations answered, {} of them refused; {} pushes without an answer, \
         {} of them taken; a start takes {:?} in the median, at most {:?}",
        all.kills,
        begun.elapsed().as_secs_f64(),
        all.while_starting,
        figures.answered,
        figures.refused,
        figures.unanswered,
        figures.taken,
        all.starts[all.starts.len() / 2],
        all.starts[all.starts.len() - 1],
    );
    assert_eq!(all.kills, kills);
    // a kill that never meets anybody at work would prove nothing
    assert!(figures.answered > kills && figures.unanswered > kills, "{figures:?}");
    assert!(kills < 5_000 || figures.taken > 0, "no kill came between a commit and its answer");
}

/// One team after the other, until so many kills are done.
async fn serves(mut dice: Dice, kills: u64) -> Done {
    let mut done = Done::default();
    while done.kills < kills {
        let of_team = KILLS_OF_A_TEAM.min(kills - done.kills);
        lives(&mut dice, of_team, &mut done).await;
    }
    done
}

/// The life of a team, with so many kills in it.
async fn lives(dice: &mut Dice, kills: u64, done: &mut Done) {
    let team = Team::found(dice, None).await;
    let book = Arc::new(Mutex::new(Book::default()));
    let of = |nth: usize| team.people[nth % team.people.len()];
    let mut callers: Vec<Caller> = (0..CALLERS).map(|nth| Caller::new(of(nth), dice.roll())).collect();
    let http = client();
    let line = |caller: &Caller| Line {
        http: http.clone(),
        origin: team.origin.clone(),
        organisation: team.organisation,
        token: team.token(&caller.signed),
    };
    let mut round = 0;
    while round < kills {
        let program = Program::start(&team);
        if dice.between(0, OF_STARTS) == 0 {
            let usual = done.starts.last().copied().unwrap_or(Duration::from_millis(50));
            let moment = dice.between(0, u64::try_from(usual.as_micros()).unwrap().max(1));
            tokio::time::sleep(Duration::from_micros(moment)).await;
            is_sound(&program.kill());
            (round, done.kills, done.while_starting) = (round + 1, done.kills + 1, done.while_starting + 1);
            continue;
        }
        let (program, took) = tokio::task::spawn_blocking(move || {
            let mut program = program;
            let took = program.serves();
            (program, took)
        })
        .await
        .unwrap();
        done.starts.push(took);
        let lines: Vec<Line> = callers.iter().map(&line).collect();
        join_all(callers.iter_mut().zip(&lines).map(|(caller, line)| caller.looks(line, &book))).await;
        join_all(callers.iter_mut().zip(&lines).map(|(caller, line)| caller.repeats(line, &book))).await;
        let at_work: Vec<_> = callers
            .drain(..)
            .map(|mut caller| {
                let (line, book) = (line(&caller), Arc::clone(&book));
                tokio::spawn(async move {
                    while caller.push(&line, &book).await.is_ok() {}
                    caller
                })
            })
            .collect();
        let (from, to) = MOMENT_US;
        // more of them early, when there is more to be killed in the same time
        let moment = dice.between(0, to - from) * dice.between(0, to - from) / (to - from);
        tokio::time::sleep(Duration::from_micros(from + moment)).await;
        is_sound(&program.kill());
        for caller in at_work {
            callers.push(caller.await.unwrap());
        }
        (round, done.kills) = (round + 1, done.kills + 1);
    }
    let mut program = Program::start(&team);
    program.serves();
    for caller in &mut callers {
        caller.looks(&line(caller), &book).await;
    }
    for caller in &mut callers {
        caller.repeats(&line(caller), &book).await;
    }
    for caller in &mut callers {
        caller.looks_anew(&line(caller), &book).await;
        done.figures += caller.figures;
    }
    // and what the last kill of all leaves behind is read without a program that could mend it
    is_sound(&program.kill());
    let audit = team.audit().await;
    // everything was answered by now: the numbers that were told are all there are
    assert!(book.lock().unwrap().seqs().eq(Team::begun() + 1..=audit.lines), "a number was told to nobody");
}

/// A server that is well has nothing to complain of.
fn is_sound(log: &[String]) {
    let complaints: Vec<&String> = log.iter().filter(|line| !line.contains("\"level\":\"INFO\"")).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}
