//! Short films: a test card and a tone, made with ffmpeg, with a place and a title in them as cameras write it.

/// MP4, H.264 and AAC, 320 by 180, 25 pictures a second, two seconds; taken in Oslo.
pub const BREAD: &[u8] = include_bytes!("../films/bread.mp4");
/// WebM, VP9 and Opus, 320 by 180, one second.
pub const WEB: &[u8] = include_bytes!("../films/bread.webm");
/// QuickTime, HEVC without sound, a second of 320 by 180 turned upright.
pub const TURNED: &[u8] = include_bytes!("../films/turned.mov");
