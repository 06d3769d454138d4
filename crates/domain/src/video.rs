//! What is known of a video beside its size: read from its own header, never guessed.

use serde::{Deserialize, Serialize};

/// How the pictures are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoCodec {
    H264,
    Hevc,
    Av1,
    Vp8,
    Vp9,
    ProRes,
    Mpeg4,
    /// One that networks do not take either.
    Other,
}

impl VideoCodec {
    /// What people call it; none for one without a name.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::H264 => Some("H.264"),
            Self::Hevc => Some("HEVC"),
            Self::Av1 => Some("AV1"),
            Self::Vp8 => Some("VP8"),
            Self::Vp9 => Some("VP9"),
            Self::ProRes => Some("ProRes"),
            Self::Mpeg4 => Some("MPEG-4"),
            Self::Other => None,
        }
    }

    /// As the rulebook spells it.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
            Self::Av1 => "av1",
            Self::Vp8 => "vp8",
            Self::Vp9 => "vp9",
            Self::ProRes => "pro_res",
            Self::Mpeg4 => "mpeg4",
            Self::Other => "other",
        }
    }
}

/// How the sound is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioCodec {
    Aac,
    Mp3,
    Opus,
    Vorbis,
    Flac,
    Ac3,
    /// Not compressed.
    Pcm,
    Other,
}

impl AudioCodec {
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Aac => Some("AAC"),
            Self::Mp3 => Some("MP3"),
            Self::Opus => Some("Opus"),
            Self::Vorbis => Some("Vorbis"),
            Self::Flac => Some("FLAC"),
            Self::Ac3 => Some("AC-3"),
            Self::Pcm => Some("PCM"),
            Self::Other => None,
        }
    }
}

/// The facts of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    pub duration_ms: u64,
    pub codec: VideoCodec,
    /// None: it has no sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<AudioCodec>,
    /// Pictures in a thousand seconds, on the average; 0 where the file does not tell.
    #[serde(default)]
    pub rate: u32,
}

impl Video {
    /// Bytes of a file as it comes.
    pub const BYTES_MAX: u64 = 1024 * 1024 * 1024;

    /// `0:07`, `12:30`, `1:02:03`. What has begun counts as a whole second only from its half.
    pub fn clock(self) -> String {
        let seconds = self.duration_ms.saturating_add(500) / 1_000;
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_on_a_player() {
        let said = [0, 400, 7_499, 7_500, 59_600, 750_000, 3_723_000]
            .map(|duration_ms| Video { duration_ms, codec: VideoCodec::H264, audio: None, rate: 0 }.clock());
        assert_eq!(said, ["0:00", "0:00", "0:07", "0:08", "1:00", "12:30", "1:02:03"]);
    }

    #[test]
    fn a_codec_is_stored_as_the_rulebook_spells_it() {
        use VideoCodec::{Av1, H264, Hevc, Mpeg4, Other, ProRes, Vp8, Vp9};
        for codec in [H264, Hevc, Av1, Vp8, Vp9, ProRes, Mpeg4, Other] {
            assert_eq!(serde_json::to_value(codec).unwrap(), codec.wire());
        }
    }
}
