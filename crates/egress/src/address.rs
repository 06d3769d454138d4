//! Which addresses are public.
//!
//! Tables from the IANA special-purpose address registries for IPv4 and IPv6 (read 2026-11), plus multicast
//! (RFC 5771, RFC 4291) and one address that a cloud reserves outside the registries. Blocks that the registry calls
//! globally reachable are refused as well when no web server belongs in them (AS112, AMT, PCP anycast).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(segments: [u16; 8], prefix: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

/// Every IPv4 block that is refused.
pub(crate) const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),        // "this network" (RFC 791); 0.0.0.0 reaches the local host on Linux
    v4(10, 0, 0, 0, 8),       // private (RFC 1918)
    v4(100, 64, 0, 0, 10),    // shared, carrier-grade NAT (RFC 6598); holds one cloud's metadata service
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's host agent, public by number, local by routing
    v4(169, 254, 0, 0, 16),   // link-local (RFC 3927), cloud metadata
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // IETF protocol assignments (RFC 6890), with PCP, DS-Lite, NAT64 discovery
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 31, 196, 0, 24),  // AS112 (RFC 7535)
    v4(192, 52, 193, 0, 24),  // AMT (RFC 7450)
    v4(192, 88, 99, 0, 24),   // 6to4 relay anycast, deprecated (RFC 7526)
    v4(192, 168, 0, 0, 16),   // private
    v4(192, 175, 48, 0, 24),  // AS112 (RFC 7534)
    v4(198, 18, 0, 0, 15),    // benchmarking (RFC 2544)
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, with limited broadcast
];

/// The only IPv6 space handed out as global unicast (RFC 4291, section 2.4). Whatever lies outside is refused without
/// being listed: unspecified, loopback, IPv4-compatible and -mapped, local-use NAT64, discard, SRv6, unique local,
/// link-local, site-local, multicast.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Refused blocks inside the global unicast space.
pub(crate) const SPECIAL_GLOBAL_V6: &[Ipv6Net] = &[
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // IETF protocol assignments: Teredo, benchmarking, ORCHID, DRIP
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4: carries any IPv4 address, deprecated
    v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), // AS112
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation (RFC 9637)
];

/// The well-known NAT64 prefix. On IPv6-only networks the resolver itself makes up these answers for servers that
/// have only IPv4, so they are judged by the IPv4 address inside.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// Whether a web server that anybody may name can live at this address. `false` for everything in the special-purpose
/// registries and for every IPv6 form that carries such an IPv4 address.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|block| block.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [.., a, b, c, d] = address.octets();
    if NAT64.contains(&address) {
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    GLOBAL_V6.contains(&address)
        && !SPECIAL_GLOBAL_V6.iter().any(|block| block.contains(&address))
        && !is_isatap(address)
}

/// ISATAP interface identifiers (RFC 5214, section 6.1) tunnel to the IPv4 address in their last 32 bits. The tunnel
/// is obsolete, so none of them is let through.
fn is_isatap(address: Ipv6Addr) -> bool {
    let [.., e, f, _, _] = address.segments();
    // the universal/local bit may be set or not
    e & !0x0200 == 0 && f == 0x5efe
}
