//! Exceptions: their text form, their width, what they open.

use crate::policy::Refusal;
use crate::target::Scheme;
use crate::{Exception, ExceptionError, Policy};

fn exception(text: &str) -> Exception {
    text.parse().unwrap()
}

#[test]
fn the_text_form_goes_there_and_back() {
    for text in ["127.0.0.1/32:2583", "10.0.0.0/8:443", "[::1]/128:2583", "[fd00::]/8:3000"] {
        assert_eq!(exception(text).to_string(), text);
    }
    assert_eq!(exception("::1/128:2583").to_string(), "[::1]/128:2583");
    assert_eq!(exception("10.1.2.3/8:80").to_string(), "10.0.0.0/8:80");
}

#[test]
fn policies_are_stored_as_text() {
    let policy = Policy::new(vec![exception("127.0.0.1/32:2583")]);
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(json, r#"{"exceptions":["127.0.0.1/32:2583"]}"#);
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
    assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
    assert!(serde_json::from_str::<Policy>(r#"{"allow_all":true}"#).is_err());
    assert!(serde_json::from_str::<Policy>(r#"{"exceptions":["0.0.0.0/0:443"]}"#).is_err());
}

#[test]
fn what_is_no_exception_is_said_so() {
    let cases = [
        ("", ExceptionError::Form),
        ("127.0.0.1", ExceptionError::Form),
        ("127.0.0.1:80", ExceptionError::Form),
        ("localhost/32:80", ExceptionError::Form),
        ("127.0.0.1/33:80", ExceptionError::Form),
        ("127.0.0.1/x:80", ExceptionError::Form),
        ("[::1/128:80", ExceptionError::Form),
        ("[127.0.0.1]/32:80", ExceptionError::Form),
        ("127.0.0.1/32:0", ExceptionError::Port),
        ("127.0.0.1/32:", ExceptionError::Port),
        ("127.0.0.1/32:65536", ExceptionError::Port),
        ("127.0.0.1/32:*", ExceptionError::Port),
        ("0.0.0.0/0:443", ExceptionError::TooWide),
        ("128.0.0.0/7:443", ExceptionError::TooWide),
        ("[::]/0:443", ExceptionError::TooWide),
        ("[fc00::]/6:443", ExceptionError::TooWide),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Exception>(), Err(error), "{text}");
    }
}

#[test]
fn an_exception_opens_its_network_and_port_and_nothing_else() {
    let policy = Policy::new(vec![exception("10.0.0.0/8:3000"), exception("[fd00::]/8:3000")]);
    let admit = |scheme, address: &str, port| policy.admit(scheme, address.parse().unwrap(), port);
    for scheme in [Scheme::Http, Scheme::Https] {
        assert_eq!(admit(scheme, "10.1.2.3", 3000), Ok(()));
        assert_eq!(admit(scheme, "fd00::1", 3000), Ok(()));
        assert_eq!(admit(scheme, "10.1.2.3", 443), Err(Refusal::Address));
        assert!(admit(scheme, "11.1.2.3", 3000).is_err());
        assert_eq!(admit(scheme, "192.168.0.1", 3000), Err(Refusal::Address));
        assert_eq!(admit(scheme, "127.0.0.1", 3000), Err(Refusal::Address));
        // the same IPv4 address in other clothes is not what the user wrote down
        assert_eq!(admit(scheme, "::ffff:10.1.2.3", 3000), Err(Refusal::Address));
        assert_eq!(admit(scheme, "64:ff9b::10.1.2.3", 3000), Err(Refusal::Address));
        assert_eq!(admit(scheme, "2002:a01:203::1", 3000), Err(Refusal::Address));
    }
}

#[test]
fn only_an_exception_may_redirect_to_an_exception() {
    let policy = Policy::new(vec![exception("127.0.0.1/32:3000"), exception("93.184.216.34/32:3000")]);
    for (server, trusted) in [
        ("127.0.0.1:3000", true),
        ("93.184.216.34:3000", true),
        ("127.0.0.1:3001", false),
        ("93.184.216.34:443", false),
        ("1.1.1.1:443", false),
        ("[2606:4700::1111]:443", false),
    ] {
        assert_eq!(policy.trusts_redirects_of(Some(server.parse().unwrap())), trusted, "{server}");
    }
    assert!(!policy.trusts_redirects_of(None));
}

#[test]
fn public_addresses_are_reached_over_https_on_known_ports() {
    let policy = Policy::default();
    let admit = |scheme, port| policy.admit(scheme, "93.184.216.34".parse().unwrap(), port);
    assert_eq!(admit(Scheme::Https, 443), Ok(()));
    assert_eq!(admit(Scheme::Https, 8443), Ok(()));
    for port in [1, 22, 25, 80, 444, 3306, 5432, 6379, 8080, 9200, 11211] {
        assert_eq!(admit(Scheme::Https, port), Err(Refusal::Port));
    }
    for port in [80, 443, 8080, 8443] {
        assert_eq!(admit(Scheme::Http, port), Err(Refusal::Scheme));
    }
}
