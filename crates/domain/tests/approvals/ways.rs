//! Every mutation, and whether it leads round those who have to agree.

use std::collections::BTreeMap;

use domain::approval::{ChainText, Quorum};
use domain::id::{IdeaId, JobId, PersonaId, PostId, SeriesId};
use domain::job::Decision;
use domain::mutation::{Earlier, ImportedPost, Keep, PostsChange, Since, Stood, When};
use domain::post::{Draft, PostStatus};
use domain::series::Ahead;
use domain::{Mutation, Record};
use uuid::Uuid;

use crate::changes::media;
use crate::office::*;

/// Each mutation that can change what is sent, with ways of trying it on a post that was approved; and those that cannot.
macro_rules! ways {
    ({ $($never:ident)+ } $($variant:ident <- $try:expr;)+) => {
        fn ways() -> Vec<(&'static str, fn(&mut Office) -> Vec<Mutation>)> {
            vec![$((stringify!($variant), $try)),+]
        }

        /// A new mutation does not compile before somebody has said which of both it is.
        const fn _each(mutation: &Mutation) {
            match mutation {
                $(Mutation::$variant { .. } => {})+
                $(Mutation::$never { .. } => {})+
            }
        }
    };
}

const SERIES: SeriesId = SeriesId::new(Uuid::from_u128(400));
const OTHER: PostId = PostId::new(Uuid::from_u128(101));

fn when(local: &str) -> When {
    When { local: local.parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() }
}

fn start(office: &Office) -> Mutation {
    let (read, ahead) =
        (office.post().version, Ahead { places: vec!["2026-12-09T09:00:00".parse().unwrap()], complete: false });
    let (rule, when) = ("FREQ=WEEKLY".to_owned(), when("2026-12-02T09:00:00"));
    Mutation::StartSeries { series: SERIES, post: POST, read, seen: None, rule, when, ahead, keys: KEYS }
}

fn all(change: PostsChange) -> Mutation {
    Mutation::ChangePosts { posts: vec![POST], change, seen: BTreeMap::new(), keys: KEYS }
}

ways! {
    {
        FoundOrganisation RenameOrganisation AddMember ChangeRole GrantPersonas RemoveMember Leave GoAway ComeBack
        AddChain EditChain DeleteChain Review WithdrawReview Recount NamePerson
        AddPersona EditPersona DeletePersona RestorePersona AddQueue EditQueue DeleteQueue RestoreQueue
        AddSnippet EditSnippet DeleteSnippet RestoreSnippet
        AddComment EditComment DeleteComment RestoreComment ResolveComment ReopenComment
        AddIdea EditIdea MoveIdea DeleteIdea RestoreIdea UndraftIdea
        AddColumn RenameColumn MoveColumn DeleteColumn AddEntry EditEntry DeleteEntry RestoreEntry
        ConnectAccount RecordProfile RecordHealth Reconnect SetGrace RemoveAccount RestoreAccount
        AddMedia ImportMedia FitMedia FileMedia DeleteMedia RestoreMedia
        DeletePost DiscardPosts Unschedule StopSeries
        Claim Prepare BeginSend Report LoseAnswer LookedUp Release HandOver Miss Stop
    }
    CreatePost <- |_| vec![Mutation::CreatePost { post: OTHER, draft: draft("Another.") }];
    EditDraft <- |office| {
        let (read, base) = (office.post().version, office.post().draft.clone());
        let since = |base: Draft| Some(Box::new(Since { base, saves: 1 }));
        [None, since(base), since(draft("Rye."))]
            .map(|since| Mutation::EditDraft { post: POST, read, draft: draft("Rye is gone."), since })
            .into()
    };
    RestoreVersion <- |office| {
        vec![Mutation::RestoreVersion { post: POST, read: office.post().version, seen: None, draft: draft("Rye was here.") }]
    };
    SettleMerge <- |office| vec![Mutation::SettleMerge { post: POST, read: office.post().version, seen: None }];
    ImportPosts <- |_| {
        let when = Some(when("2026-12-03T09:00:00"));
        vec![Mutation::ImportPosts { posts: vec![ImportedPost { post: OTHER, draft: draft("Another."), when }], keys: KEYS }]
    };
    RestorePost <- |office| {
        office.done(DAN, &Mutation::DeletePost { post: POST });
        vec![Mutation::RestorePost { post: POST, keys: KEYS }]
    };
    SchedulePost <- |office| {
        let read = office.post().version;
        vec![Mutation::SchedulePost { post: POST, read, seen: None, when: when("2026-12-02T09:00:01"), keys: KEYS }]
    };
    SignOff <- |office| {
        office.edit(EVE, draft("Rye is gone."));
        vec![Mutation::SignOff { post: POST, read: office.post().version, seen: None, keys: KEYS }]
    };
    ChangePosts <- |_| vec![
        all(PostsChange::Shift { days: 1 }),
        all(PostsChange::MoveTo { when: when("2026-12-02T10:00:00") }),
        all(PostsChange::Persona { persona: Some(PersonaId::new(Uuid::from_u128(20))) }),
        all(PostsChange::Rezone { keep: Keep::Clock }),
        all(PostsChange::Hold),
    ];
    RestorePosts <- |office| {
        office.done(DAN, &all(PostsChange::Delete));
        vec![Mutation::RestorePosts { posts: vec![POST], keys: KEYS }]
    };
    PutBackPosts <- |office| {
        let stood = Stood::Spoke { persona: Some(PersonaId::new(Uuid::from_u128(20))), link_tags: None };
        let (before, shift) = (office.set.clone(), all(PostsChange::Shift { days: 1 }));
        office.done(DAN, &shift);
        let back = domain::inverse(&before, &shift).unwrap();
        vec![Mutation::PutBackPosts { posts: vec![Earlier { post: POST, stood }], keys: KEYS }, back]
    };
    DraftIdea <- |office| {
        let idea = IdeaId::new(Uuid::from_u128(300));
        let [column, ..] = domain::idea::Board::FIRST;
        let text = domain::idea::IdeaText { title: "Rye".to_owned(), ..Default::default() };
        office.done(DAN, &Mutation::AddIdea { idea, text, column });
        office.done(DAN, &Mutation::DraftIdea { idea, post: OTHER, draft: draft("Rye.") });
        office.done(DAN, &Mutation::UndraftIdea { idea, post: OTHER });
        [OTHER, POST].map(|post| Mutation::DraftIdea { idea, post, draft: draft("Another.") }).into()
    };
    StartSeries <- |office| vec![start(office)];
    DropSeries <- |office| {
        let (before, start) = (office.set.clone(), start(office));
        office.done(DAN, &start);
        vec![domain::inverse(&before, &start).unwrap()]
    };
    ExtendSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let ahead = Ahead { places: vec!["2026-12-16T09:00:00".parse().unwrap()], complete: false };
        vec![Mutation::ExtendSeries { series: SERIES, ahead, keys: KEYS }]
    };
    EditSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let after = "2026-12-01T09:00:00".parse().unwrap();
        vec![Mutation::EditSeries { series: SERIES, after, draft: draft("Rye is gone."), keys: KEYS }]
    };
    ResumeSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let (before, after) = (office.set.clone(), "2026-12-03T09:00:00".parse().unwrap());
        let stop = Mutation::StopSeries { series: SERIES, after };
        office.done(DAN, &stop);
        vec![domain::inverse(&before, &stop).unwrap()]
    };
    Decide <- |office| {
        let job = JobId::of(POST, account_id(ACCOUNT));
        office.now = "2026-12-02T11:00:00Z".parse().unwrap();
        office.done(EVE, &Mutation::Miss { job, reason: domain::job::Reason::NobodyPublishing });
        office.edit(EVE, draft("Rye is gone."));
        vec![Mutation::Decide { job, decision: Decision::PublishNow, seen: None, keys: KEYS }]
    };
    EditMedia <- |office| {
        office.done(DAN, &Mutation::AddMedia { media: media(1) });
        let text = domain::media::MediaText { name: "bread".to_owned(), alt: "Rye".to_owned(), ..Default::default() };
        vec![Mutation::EditMedia { edits: vec![domain::media::MediaEdit { media: media(1).id, text }] }]
    };
}

#[test]
fn no_way_of_changing_what_is_sent_leads_round_those_who_have_to_agree() {
    for time_counts in [false, true] {
        let text = ChainText { time_counts, ..chain(vec![step(1, &[BEN], Quorum::Any)]) };
        let mut approved = Office::with(text);
        let persona = PersonaId::new(Uuid::from_u128(20));
        let text = domain::people::PersonaText {
            name: "Bakery".to_owned(),
            accounts: vec![account_id(ACCOUNT)],
            ..Default::default()
        };
        approved.done(ADA, &Mutation::AddPersona { persona, text });
        approved.approve(BEN);
        let (draft, at) = (approved.post().draft.clone(), approved.post().schedule.as_ref().unwrap().at);
        let (mut tried, mut done) = (0, 0);
        for (name, ways) in ways() {
            let mut begun = approved.clone();
            for way in ways(&mut begun) {
                let mut office = begun.clone();
                tried += 1;
                match office.ask(EVE, &way) {
                    Ok(writes) => office.set.overlay(&writes),
                    Err(_) => continue,
                }
                done += 1;
                for record in office.set.clone().iter() {
                    let Record::Post(post) = record else { continue };
                    let same =
                        post.draft == draft && (!time_counts || post.schedule.as_ref().is_some_and(|s| s.at == at));
                    // Ben agreed to the text of this one, not to that of others which read the same
                    let agreed = post.id == POST && same;
                    for account in &post.deliveries {
                        if office.ticket_of(post, *account).is_ok() {
                            assert!(agreed, "{name}: {:?} goes out with {:?}", post.id, post.draft.base.parts[0].text);
                        } else if post.status == PostStatus::Scheduled {
                            panic!("{name}: it says that it goes out, and it would not");
                        }
                    }
                }
            }
        }
        assert!(done >= 20 && tried - done <= 4, "{done} of {tried} ways can be gone");
    }
}
