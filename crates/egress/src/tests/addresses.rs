//! The table of refused addresses against the registries, written down here a second time and independently.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use proptest::prelude::*;

use crate::address::{SPECIAL_GLOBAL_V6, SPECIAL_V4};
use crate::is_public;

/// iana-ipv4-special-registry (read 2026-11), 224.0.0.0/4, and the Azure host agent.
const V4_BLOCKS: &[&str] = &[
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.88.99.2/32",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "224.0.0.0/4",
    "168.63.129.16/32",
];

/// iana-ipv6-special-registry (read 2026-11) without 64:ff9b::/96, which is judged by what it carries; then
/// multicast, site-local (RFC 3879), IPv4-compatible (RFC 4291) and 6bone (RFC 3701, outside the global space then
/// and now).
const V6_BLOCKS: &[&str] = &[
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:1::1/128",
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:2::/48",
    "2001:3::/32",
    "2001:4:112::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:30::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
    "fec0::/10",
    "::/96",
];

const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2620:4f:7fff::1",
    "2a00:1450:4001:81c::200e",
    "3ffe:ffff::1",
    "64:ff9b::1.1.1.1",
    "64:ff9b::808:808",
];

fn v4_blocks() -> Vec<Ipv4Net> {
    V4_BLOCKS.iter().map(|block| block.parse().unwrap()).collect()
}

fn v6_blocks() -> Vec<Ipv6Net> {
    V6_BLOCKS.iter().map(|block| block.parse().unwrap()).collect()
}

/// Every IPv6 form that carries an IPv4 address, with `noise` where a form leaves room.
pub(super) fn embeddings(address: Ipv4Addr, noise: u64) -> Vec<Ipv6Addr> {
    let v4 = u128::from(u32::from(address));
    let noise = u128::from(noise);
    let from = |bits: u128| Ipv6Addr::from(bits);
    let high = |first: u16, second: u16| u128::from(first) << 112 | u128::from(second) << 96;
    // RFC 6052, section 2.2: with a /48 prefix the address is split around the reserved octet, bits 64 to 71
    let split = (v4 >> 16) << 64 | (v4 & 0xffff) << 40;
    // a prefix out of the global unicast space for the forms that hide in the interface identifier
    let prefix = (0x2a00_0000_0000_0000_u128 | noise >> 8) << 64;
    vec![
        address.to_ipv6_mapped(),
        from(v4),                                                            // IPv4-compatible
        from(0xffff_u128 << 48 | v4),                                        // IPv4-translated (SIIT, RFC 2765)
        from(high(0x64, 0xff9b) | v4),                                       // NAT64, well-known prefix
        from(high(0x64, 0xff9b) | 1 << 80 | split),                          // NAT64, local-use, /48
        from(high(0x64, 0xff9b) | 1 << 80 | noise << 32 & !(!0 << 80) | v4), // NAT64, local-use, /96
        from(high(0x2002, 0) | v4 << 80 | noise),                            // 6to4
        from(high(0x2001, 0) | noise << 32 | (v4 ^ 0xffff_ffff)),            // Teredo, client
        from(high(0x2001, 0) | v4 << 64 | noise),                            // Teredo, server
        from(prefix | 0x0000_5efe << 32 | v4),                               // ISATAP
        from(prefix | 0x0200_5efe << 32 | v4),                               // ISATAP, universal bit
        from(0xfe80_u128 << 112 | 0x0000_5efe << 32 | v4),                   // ISATAP, link-local
    ]
}

#[test]
fn blocks_are_refused_from_first_to_last_in_every_embedding() {
    let mut checked = 0;
    for block in v4_blocks() {
        let (first, last) = (u32::from(block.network()), u32::from(block.broadcast()));
        for address in [first, first + (last - first) / 2, last].map(Ipv4Addr::from) {
            assert!(!is_public(IpAddr::V4(address)), "{address} of {block}");
            for embedded in embeddings(address, 0x1234_5678_9abc_def0) {
                assert!(!is_public(IpAddr::V6(embedded)), "{embedded} carries {address} of {block}");
                checked += 1;
            }
        }
    }
    for block in v6_blocks() {
        let (first, last) = (u128::from(block.network()), u128::from(block.broadcast()));
        for address in [first, first + (last - first) / 2, last].map(Ipv6Addr::from) {
            assert!(!is_public(IpAddr::V6(address)), "{address} of {block}");
            checked += 1;
        }
    }
    assert!(checked > 1000);
}

#[test]
fn neighbours_of_blocks_are_public() {
    for text in PUBLIC {
        let address: IpAddr = text.parse().unwrap();
        assert!(is_public(address), "{address}");
    }
}

#[test]
fn only_the_well_known_nat64_prefix_carries_public_addresses() {
    let forms = embeddings(Ipv4Addr::new(1, 1, 1, 1), 7);
    let public: Vec<_> = forms.into_iter().filter(|form| is_public(IpAddr::V6(*form))).collect();
    assert_eq!(public, ["64:ff9b::101:101".parse::<Ipv6Addr>().unwrap()]);
}

/// The table in use names nothing that the registries do not, so no public server is refused by a slip.
#[test]
fn the_table_in_use_holds_no_block_of_its_own() {
    for block in SPECIAL_V4 {
        assert!(v4_blocks().contains(block), "{block}");
    }
    for block in SPECIAL_GLOBAL_V6 {
        assert!(v6_blocks().contains(block), "{block}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_ipv4_address_is_judged_as_the_registry_says(bits: u32, noise: u64) {
        let address = Ipv4Addr::from(bits);
        let special = v4_blocks().iter().any(|block| block.contains(&address));
        prop_assert_eq!(is_public(IpAddr::V4(address)), !special);
        if special {
            for embedded in embeddings(address, noise) {
                prop_assert!(!is_public(IpAddr::V6(embedded)), "{} carries {}", embedded, address);
            }
        }
    }

    #[test]
    fn every_address_inside_a_block_is_refused(index in 0..V4_BLOCKS.len(), bits: u32, noise: u64) {
        let block = v4_blocks()[index];
        let address = Ipv4Addr::from(u32::from(block.network()) | bits & u32::from(block.hostmask()));
        prop_assert!(!is_public(IpAddr::V4(address)), "{}", address);
        for embedded in embeddings(address, noise) {
            prop_assert!(!is_public(IpAddr::V6(embedded)), "{} carries {}", embedded, address);
        }
    }

    #[test]
    fn every_ipv6_address_inside_a_block_is_refused(index in 0..V6_BLOCKS.len(), bits: u128) {
        let block = v6_blocks()[index];
        let address = Ipv6Addr::from(u128::from(block.network()) | bits & u128::from(block.hostmask()));
        prop_assert!(!is_public(IpAddr::V6(address)), "{}", address);
    }

    #[test]
    fn nothing_outside_global_unicast_is_public(bits: u128) {
        let address = Ipv6Addr::from(bits);
        let global = bits >> 125 == 1;
        let nat64 = address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
        prop_assert!(global || nat64 || !is_public(IpAddr::V6(address)), "{}", address);
    }

    #[test]
    fn ordinary_global_addresses_are_public(bits: u128) {
        // 2400::/6 and its like: the space that registries hand out today, 2400:: to 2fff::
        let address = Ipv6Addr::from(0x24 << 120 | bits >> 6 & !(!0 << 122));
        let isatap = address.segments()[4] & !0x0200 == 0 && address.segments()[5] == 0x5efe;
        let special = v6_blocks().iter().any(|block| block.contains(&address));
        prop_assert_eq!(is_public(IpAddr::V6(address)), !isatap && !special, "{}", address);
    }
}
