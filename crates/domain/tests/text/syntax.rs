//! Names on the AT Protocol against the interoperability tests of the protocol.

use domain::text::handle::{
    is_valid_at_identifier, is_valid_at_uri, is_valid_did, is_valid_handle, is_valid_nsid, is_valid_record_key,
    is_valid_tid, is_valid_uri,
};

use crate::data;

/// Every line of the two files of `name` that is no comment, spaces at its ends included; at least `least` of each.
fn prove(name: &str, is_valid: fn(&str) -> bool, least: usize) {
    for (kind, expected) in [("valid", true), ("invalid", false)] {
        let path = format!("atproto/interop/syntax/{name}_syntax_{kind}.txt");
        let Some(text) = data::read(&path) else { return };
        let cases: Vec<&str> =
            text.split('\n').filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect();
        assert!(cases.len() >= least, "{path}: {} cases", cases.len());
        let wrong: Vec<&&str> = cases.iter().filter(|case| is_valid(case) != expected).collect();
        assert!(wrong.is_empty(), "{path}: should be {kind}: {wrong:?}");
    }
}

#[test]
fn handles() {
    prove("handle", is_valid_handle, 40);
    assert!(!is_valid_handle(""));
}

#[test]
fn dids() {
    prove("did", is_valid_did, 15);
    assert!(!is_valid_did(""));
}

#[test]
fn at_identifiers() {
    prove("atidentifier", is_valid_at_identifier, 10);
}

#[test]
fn nsids() {
    prove("nsid", is_valid_nsid, 20);
}

#[test]
fn record_keys() {
    prove("recordkey", is_valid_record_key, 10);
    assert!(!is_valid_record_key(""));
}

#[test]
fn tids() {
    prove("tid", is_valid_tid, 4);
    assert!(!is_valid_tid(""));
}

#[test]
fn at_uris() {
    prove("aturi", is_valid_at_uri, 20);
    assert!(!is_valid_at_uri("at://"));
}

#[test]
fn uris() {
    prove("uri", is_valid_uri, 8);
}
