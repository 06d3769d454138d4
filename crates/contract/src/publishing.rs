//! Publishing: what happened to a delivery, and what a person decides about it.

use domain::id::JobId;
use domain::job::{Decision, Job};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetJobLog {
    pub job: JobId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLog {
    pub job: Job,
    pub entries: Vec<JobLogEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLogEntry {
    pub at: Timestamp,
    /// The mutation's name.
    pub step: String,
    /// What happened, in a sentence.
    pub sentence: String,
    /// What the network literally said, bounded.
    pub detail: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideJob {
    pub job: JobId,
    pub decision: Decision,
}

/// Writes the images of what a person posts by hand into a folder of their own, to be picked up from there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveImages {
    pub job: JobId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedImages {
    /// The folder on this computer.
    pub folder: String,
    /// The files in it, in the order of the post.
    pub files: Vec<String>,
}

/// Pauses or resumes all publishing of this profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPublishing {
    pub paused: bool,
}
