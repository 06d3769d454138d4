//! The database beneath the program is ended, again and again; the program is not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::caller::{Book, Caller, Figures, Line, Lost, client};
use crate::dice::Dice;
use crate::postgres::{Cluster, End, Syncs};
use crate::program::Program;
use crate::team::Team;
use crate::{number, seed};

/// Ends of the database in a run that says nothing else, in turns the one way and the other.
const ENDS: u64 = 6;
/// Databases of people that push at the same time.
const CALLERS: usize = 8;
/// It is ended so long after everybody has begun, in milliseconds.
const MOMENT_MS: (u64, u64) = (200, 900);
/// What waits for a connection is told so within five seconds, and tries again.
const AGAIN: Duration = Duration::from_millis(20);
/// By then everybody is answered again.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn what_was_answered_before_postgresql_ended_is_there_after_it() {
    let Some(cluster) = Cluster::start(Syncs::Always) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "PostgreSQL is not installed");
        eprintln!("skipped: PostgreSQL is not installed");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(Box::pin(lives(Arc::new(cluster), seed())));
}

async fn lives(cluster: Arc<Cluster>, seed: u64) {
    let (ends, mut dice) = (number("SENDOFF_KILLS").unwrap_or(ENDS), Dice::new(seed));
    let addresses = told(&cluster, |cluster| cluster.database()).await;
    let team = Team::found(&mut dice, Some(addresses)).await;
    let book = Arc::new(Mutex::new(Book::default()));
    let mut callers: Vec<Caller> =
        (0..CALLERS).map(|nth| Caller::new(team.people[nth % team.people.len()], dice.roll())).collect();
    let http = client();
    let line = |caller: &Caller| Line {
        http: http.clone(),
        origin: team.origin.clone(),
        organisation: team.organisation,
        token: team.token(&caller.signed),
    };
    let mut program = Program::start(&team);
    program.serves();
    let mut back = Vec::new();
    for round in 0..ends {
        let stop = Arc::new(AtomicBool::new(false));
        let at_work: Vec<_> = callers
            .drain(..)
            .map(|caller| {
                let line = line(&caller);
                tokio::spawn(works(caller, line, Arc::clone(&book), Arc::clone(&stop)))
            })
            .collect();
        let (from, to) = MOMENT_MS;
        tokio::time::sleep(Duration::from_millis(dice.between(from, to))).await;
        let how = if round % 2 == 0 { End::Immediate } else { End::Killed };
        told(&cluster, move |cluster| cluster.ends(how)).await;
        // nobody can be answered now
        tokio::time::sleep(Duration::from_millis(dice.between(1, 500))).await;
        told(&cluster, |cluster| cluster.starts_again()).await;
        let begun = Instant::now();
        stop.store(true, Ordering::SeqCst);
        for caller in at_work {
            callers.push(caller.await.unwrap());
        }
        back.push(begun.elapsed());
        for caller in &mut callers {
            caller.looks(&line(caller), &book).await;
        }
        for caller in &mut callers {
            caller.repeats(&line(caller), &book).await;
        }
    }
    back.sort();
    let mut figures = Figures::default();
    for caller in &mut callers {
        caller.looks_anew(&line(caller), &book).await;
        figures += caller.figures;
    }
    // the same program as in the beginning
    program.stop();
    let audit = team.audit().await;
    assert!(book.lock().unwrap().seqs().eq(Team::begun() + 1..=audit.lines), "a number was told to nobody");
    println!(
        "PostgreSQL ended {ends} times; {} mutations answered, {} pushes without an answer; everybody answered again \
         after {:?} in the median, at most {:?}",
        figures.answered,
        figures.unanswered,
        back[back.len() / 2],
        back[back.len() - 1],
    );
    assert!(figures.answered > ends * CALLERS as u64 && figures.unanswered >= ends, "{figures:?}");
}

/// Pushes until it is told to stop and has an answer: what was not answered is sent again as it is.
async fn works(mut caller: Caller, line: Line, book: Arc<Mutex<Book>>, stop: Arc<AtomicBool>) -> Caller {
    let mut since = Instant::now();
    loop {
        match caller.push(&line, &book).await {
            Ok(()) if stop.load(Ordering::SeqCst) => return caller,
            Ok(()) => since = Instant::now(),
            Err(Lost::Unavailable) => {
                assert!(since.elapsed() < PATIENCE, "the server did not come back by itself");
                tokio::time::sleep(AGAIN).await;
            }
            Err(Lost::Broken) => panic!("the server has ended together with its database"),
        }
    }
}

/// Has the cluster do something that takes a while.
async fn told<T: Send + 'static>(cluster: &Arc<Cluster>, what: impl FnOnce(&Cluster) -> T + Send + 'static) -> T {
    let cluster = Arc::clone(cluster);
    tokio::task::spawn_blocking(move || what(&cluster)).await.unwrap()
}
