//! The queue of those who decide: what waits for them, for others, and what was sent back.

use std::collections::BTreeSet;

use contract::approvals::{Approvals, Looked, Request, ReviewPosts};
use domain::approval::Approval;
use domain::id::PostId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Mine,
    Others,
    SentBack,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    Head(Group, usize),
    Post(Group, Box<Request>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    pub rows: Vec<Row>,
}

impl Queue {
    pub fn new(approvals: &Approvals) -> Self {
        let sent_back =
            |request: &&Request| matches!(request.approval, Approval::ChangesRequested | Approval::Rejected);
        let mut rows = Vec::new();
        let mut add = |group, requests: Vec<&Request>| {
            if requests.is_empty() {
                return;
            }
            rows.push(Row::Head(group, requests.len()));
            rows.extend(requests.into_iter().map(|request| Row::Post(group, Box::new(request.clone()))));
        };
        add(Group::Mine, approvals.mine.iter().collect());
        add(Group::Others, approvals.others.iter().filter(|request| !sent_back(request)).collect());
        add(Group::SentBack, approvals.others.iter().filter(sent_back).collect());
        Self { rows }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn requests(&self) -> impl Iterator<Item = (Group, &Request)> {
        self.rows.iter().filter_map(|row| match row {
            Row::Post(group, request) => Some((*group, &**request)),
            Row::Head(..) => None,
        })
    }

    fn posts(&self) -> Vec<PostId> {
        self.requests().map(|(_, request)| request.line.post).collect()
    }

    pub fn mine(&self) -> impl Iterator<Item = &Request> {
        self.requests().filter(|(group, _)| *group == Group::Mine).map(|(_, request)| request)
    }

    pub fn find(&self, post: PostId) -> Option<&Request> {
        self.requests().map(|(_, request)| request).find(|request| request.line.post == post)
    }

    /// Of the whole list, headings included.
    pub fn row_of(&self, post: PostId) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, Row::Post(_, request) if request.line.post == post))
    }

    /// The one that is shown: the selected one; if it is gone, what stands in its place now.
    pub fn shown(&self, selected: Option<PostId>, stood: usize) -> Option<(usize, PostId)> {
        let posts = self.posts();
        let at = selected.and_then(|selected| posts.iter().position(|post| *post == selected));
        let at = at.unwrap_or_else(|| stood.min(posts.len().saturating_sub(1)));
        posts.get(at).map(|post| (at, *post))
    }

    pub fn step(&self, from: Option<PostId>, by: isize) -> Option<PostId> {
        let posts = self.posts();
        let at = from.and_then(|from| posts.iter().position(|post| *post == from));
        let next = at.map_or(0, |at| at.saturating_add_signed(by).min(posts.len().saturating_sub(1)));
        posts.get(next).copied()
    }

    /// What is decided about once these are: the next one that waits for whoever looks, or else the one before.
    pub fn after(&self, decided: &BTreeSet<PostId>) -> Option<PostId> {
        let mine: Vec<PostId> = self.mine().map(|request| request.line.post).collect();
        let last = mine.iter().rposition(|post| decided.contains(post))?;
        let left = |post: &&PostId| !decided.contains(post);
        let behind = mine.iter().skip(last + 1).find(left);
        behind.or_else(|| mine.iter().take(last).rev().find(left)).copied()
    }

    /// Those of these that wait for whoever looks, as they are seen in the list; no more than can be decided about at once.
    pub fn looked(&self, picked: &BTreeSet<PostId>) -> Vec<Looked> {
        let of_these = self.mine().filter(|request| picked.contains(&request.line.post));
        of_these
            .map(|request| Looked { post: request.line.post, read: request.line.version })
            .take(ReviewPosts::POSTS_MAX)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use contract::posts::PostLine;
    use domain::post::PostStatus;
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn post(number: u128) -> PostId {
        PostId::new(Uuid::from_u128(number))
    }

    fn request(number: u128, approval: Approval) -> Request {
        let line = PostLine {
            post: post(number),
            title: format!("Post {number}"),
            status: PostStatus::InReview,
            persona: None,
            accounts: Vec::new(),
            networks: Vec::new(),
            due_at: None,
            zone: None,
            updated_at: Timestamp::UNIX_EPOCH,
            version: 3,
            repeats: false,
            comments: 0,
            merged: false,
            waits_for: Vec::new(),
        };
        Request {
            line,
            approval,
            steps: Vec::new(),
            deadline: None,
            overdue: false,
            by: "Ada".into(),
            at: Timestamp::UNIX_EPOCH,
            seen_before: false,
        }
    }

    fn queue() -> Queue {
        let mine = [1, 2, 3].map(|number| request(number, Approval::Waiting)).to_vec();
        let others = vec![request(4, Approval::Rejected), request(5, Approval::Waiting)];
        Queue::new(&Approvals { mine, others })
    }

    #[test]
    fn what_was_sent_back_comes_last() {
        let queue = queue();
        assert_eq!(queue.posts(), [1, 2, 3, 5, 4].map(post));
        assert_eq!(queue.row_of(post(5)), Some(5));
        assert!(Queue::new(&Approvals::default()).is_empty());
    }

    #[test]
    fn the_next_one_opens_after_a_decision() {
        let queue = queue();
        let after = |decided: &[u128]| queue.after(&decided.iter().map(|number| post(*number)).collect());
        assert_eq!(after(&[1]), Some(post(2)));
        assert_eq!(after(&[3]), Some(post(2)), "the last one leads back");
        assert_eq!(after(&[1, 3]), Some(post(2)));
        assert_eq!(after(&[1, 2, 3]), None);
        assert_eq!(after(&[5]), None, "it waits for others");
    }

    #[test]
    fn what_is_gone_leaves_its_place_to_the_next() {
        let queue = queue();
        assert_eq!(queue.shown(Some(post(3)), 0), Some((2, post(3))));
        assert_eq!(queue.shown(Some(post(9)), 1), Some((1, post(2))));
        assert_eq!(queue.shown(None, 99), Some((4, post(4))));
        assert_eq!(Queue::default().shown(None, 0), None);
        assert_eq!(queue.step(Some(post(1)), -1), Some(post(1)));
        assert_eq!(queue.step(Some(post(1)), 1), Some(post(2)));
    }

    #[test]
    fn only_what_waits_for_me_is_decided_about() {
        let picked = [1, 3, 5, 9].map(post).into();
        assert_eq!(queue().looked(&picked), [1, 3].map(|number| Looked { post: post(number), read: 3 }));
    }
}
