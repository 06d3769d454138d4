//! `GET /v1/orgs/{org}/bootstrap`: all rows that a person holds at one moment, one JSON line each. A stream without its last line
//! is none.

use std::collections::BTreeMap;

use domain::Scope;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::hash::{Digest, Digest16};
use crate::pull::Row;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Begin { epoch: Uuid, seq: u64, chain: Digest },
    Row(Row),
    End { count: u64, cursor: String, sums: BTreeMap<Scope, Digest16> },
}
