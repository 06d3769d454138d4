//! Approval: chains, who has to agree to a post, and what they say. Of an organisation alone; decisions made offline go to the server
//! when they can, and count only if the post is still the same.

use domain::approval::{Approval, Chain, ChainText, Read, StepState, Verdict};
use domain::id::{ChainId, PersonId, PostId, StepId};
use domain::team::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::many::Left;
use crate::posts::PostLine;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListChains {}

/// The chains of the open organisation, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chains {
    pub chains: Vec<Chain>,
    /// Who looks may make and change them.
    pub may_manage: bool,
}

/// Makes a chain, or writes the whole of one; `read` is the version that the writer started from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveChain {
    /// `None` makes one. Steps without an id yet have the nil one.
    pub chain: Option<ChainId>,
    pub read: u32,
    pub text: ChainText,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainSaved {
    pub chain: Chain,
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteChain {
    pub chain: ChainId,
    pub read: u32,
}

/// Where a post stands with those who have to agree; of one that nobody signed off yet: who would be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetApproval {
    pub post: PostId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    pub approval: Approval,
    /// Those that this post needs, in their order.
    pub steps: Vec<StepView>,
    /// What was said, newest first.
    pub said: Vec<SaidView>,
    /// A step asks whoever looks, now.
    pub asked: bool,
    /// Whoever looks may say something: they are asked, or were.
    pub may_decide: bool,
    /// Whoever looks wrote some of it, or signed it off.
    pub own_work: bool,
    /// Whoever looks may let it go out whatever the chains say.
    pub may_override: bool,
    /// Whoever looks has said something about this text.
    pub decided: Option<Verdict>,
    /// What whoever looks decided about last, or else what anybody did: to be compared with.
    pub last_read: Option<Read>,
}

/// One step that a post needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    pub chain: ChainId,
    /// The chain's name.
    pub of: String,
    pub step: StepId,
    pub name: String,
    pub state: StepState,
    pub needed: u32,
    /// The names of those who agreed.
    pub approved: Vec<String>,
    /// The names of those whom it asks by name and who have not agreed.
    pub waits_for: Vec<String>,
    pub roles: Vec<Role>,
    pub deadline: Option<Timestamp>,
    pub overdue: bool,
    /// It asks whoever looks, now.
    pub mine: bool,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidView {
    pub person: PersonId,
    pub name: String,
    /// It was whoever looks.
    pub me: bool,
    pub verdict: Verdict,
    pub note: String,
    pub at: Timestamp,
    /// It is about the text that stands there now.
    pub current: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListApprovals {}

/// Posts that wait for somebody's word, those with the nearest deadline first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approvals {
    /// For that of whoever looks.
    pub mine: Vec<Request>,
    /// For that of others, and those that somebody is against.
    pub others: Vec<Request>,
}

/// A post that waits for somebody's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub line: PostLine,
    pub approval: Approval,
    /// The names of the steps that are open.
    pub steps: Vec<String>,
    /// The nearest deadline of an open step.
    pub deadline: Option<Timestamp>,
    pub overdue: bool,
    /// Who signed it off, and when.
    pub by: String,
    pub at: Timestamp,
    /// Whoever looks has decided about an earlier text of it.
    pub seen_before: bool,
}

/// A post, and the version of it that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looked {
    pub post: PostId,
    pub read: u32,
}

/// Says the same about each of these.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPosts {
    /// 1 to [`ReviewPosts::POSTS_MAX`].
    pub posts: Vec<Looked>,
    pub verdict: Verdict,
    /// Required where changes are requested and where chains are overridden.
    pub note: String,
}

impl ReviewPosts {
    pub const POSTS_MAX: usize = 100;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    pub decided: Vec<PostId>,
    /// Those about which nothing could be said, and why.
    pub left: Vec<Left>,
    /// Of one post alone.
    pub undo: Option<u64>,
}

/// Takes the own word about a post back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawReview {
    pub post: PostId,
}

/// Until then somebody else decides in place of whoever asks, where a chain asks for them by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoAway {
    pub until: Timestamp,
    pub deputy: PersonId,
}

/// Ends that now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComeBack {}
