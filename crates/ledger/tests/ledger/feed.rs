//! Posts that wander between scopes, people who gain and lose them, and copies that pull a page now and then: every copy that
//! comes to the end has what its person holds.

use std::collections::BTreeSet;

use domain::id::{CommentId, PostId};
use domain::mutation::PartKeys;
use domain::post::Draft;
use domain::team::{Personas, Role};
use domain::{Key, Mutation, Record};
use wire::Fault;

use crate::desk::{ADA, BAKERY, CAFE, CARA, Desk, create, edit, fresh, memory, person, persona, post};
use crate::replica::{Replica, expected};
use crate::storm::Dice;

const SPEAKERS: [Option<u128>; 3] = [None, Some(BAKERY), Some(CAFE)];

async fn version(desk: &Desk, id: PostId) -> (u32, Draft, bool) {
    let mut tx = desk.store.read(desk.org).await.unwrap();
    match tx.rows(&[Key::Post(id)]).await.unwrap().remove(0).record().unwrap() {
        Record::Post(post) => (post.version, post.draft, post.deleted),
        other => panic!("{other:?}"),
    }
}

/// Something happens; all of it is allowed.
async fn happens(desk: &mut Desk, dice: &mut Dice, posts: &mut Vec<PostId>) {
    let keys = PartKeys { micros: 1, clock_id: 1 };
    let speaker = SPEAKERS[dice.below(3)];
    let what = dice.below(12);
    let one = (!posts.is_empty()).then(|| posts[dice.below(posts.len())]);
    let mutation = match (what, one) {
        (0, _) => {
            let only: BTreeSet<_> = [BAKERY, CAFE].into_iter().filter(|_| dice.below(2) == 0).map(persona).collect();
            let personas = if dice.below(6) == 0 { Personas::All } else { Personas::Only(only) };
            Mutation::GrantPersonas { person: person(CARA), personas }
        }
        (1, _) if dice.below(3) == 0 => Mutation::ChangeRole {
            person: person(CARA),
            role: if dice.below(2) == 0 { Role::Administrator } else { Role::Creator },
        },
        (2..=4, _) | (_, None) => {
            posts.push(post());
            create(posts[posts.len() - 1], speaker)
        }
        (5, Some(post)) => {
            let (_, _, deleted) = version(desk, post).await;
            if deleted { Mutation::RestorePost { post, keys } } else { Mutation::DeletePost { post } }
        }
        (6, Some(post)) if !version(desk, post).await.2 => Mutation::AddComment {
            comment: CommentId::new(fresh()),
            post,
            text: "Shorter".into(),
            anchor: None,
            reply_to: None,
        },
        (_, Some(post)) => match version(desk, post).await {
            (read, was, false) => edit(post, read, was, "Again", speaker),
            // brought back, and somewhere else at once: re-creation in another scope
            (read, was, true) => {
                desk.does(&Mutation::RestorePost { post, keys }).await;
                edit(post, read + 1, was, "Back", speaker)
            }
        },
    };
    desk.does(&mutation).await;
}

/// Runs one story; `true`: the copies of Cara agreed at every end.
async fn told(mut desk: Desk, seed: u64, steps: usize, cara: Replica) -> bool {
    let mut dice = Dice(seed);
    let mut posts = Vec::new();
    let mut copies = [Replica::of(ADA), Replica { client: fresh(), ..cara.clone() }, cara];
    for step in 0..steps {
        happens(&mut desk, &mut dice, &mut posts).await;
        let copy = &mut copies[dice.below(3)];
        for _ in 0..dice.below(4) {
            let limit = 1 + dice.below(4);
            if copy.page(&desk, limit).await.unwrap() {
                if copy.rows != expected(&desk, copy.person).await {
                    return false;
                }
                break;
            }
        }
        if step % 16 == 15 && dice.below(3) == 0 {
            desk.ledger.sweep(desk.org, jiff::Timestamp::MAX).await.unwrap();
            for copy in &mut copies {
                // too old: from the beginning
                if matches!(copy.page(&desk, 3).await, Err(Fault::CursorExpired)) {
                    *copy = Replica { cursor: None, rows: Default::default(), ..copy.clone() };
                }
            }
        }
    }
    for copy in &mut copies {
        while !copy.page(&desk, 5).await.unwrap() {}
        if copy.rows != expected(&desk, copy.person).await {
            return false;
        }
    }
    desk.audit().await;
    true
}

#[tokio::test]
async fn every_copy_that_comes_to_the_end_has_what_its_person_holds() {
    for seed in 1..=2_000 {
        let desk = memory().await.unwrap();
        assert!(told(desk, seed, 40, Replica::of(CARA)).await, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_so_on_sqlite() {
    for seed in 1..=12 {
        let desk = crate::desk::sqlite().await.unwrap();
        assert!(told(desk, seed, 60, Replica::of(CARA)).await, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_so_on_postgres() {
    for seed in 1..=12 {
        let Some(desk) = crate::desk::postgres().await else { return };
        assert!(told(desk, seed, 60, Replica::of(CARA)).await, "seed {seed}");
    }
}

/// Clients that get the protocol wrong are found: the model can fail.
#[tokio::test]
async fn a_client_that_is_wrong_about_exits_is_found() {
    let faults = [
        ("forgets them", Replica { forgets_exits: true, ..Replica::of(CARA) }),
        ("drops what lies elsewhere", Replica { drops_anywhere: true, ..Replica::of(CARA) }),
    ];
    for (fault, cara) in faults {
        let mut found = 0;
        for seed in 1..=100 {
            let desk = memory().await.unwrap();
            found += u32::from(!told(desk, seed, 40, cara.clone()).await);
        }
        assert!(found > 20, "{fault}: in {found} of 100");
    }
}
