//! ffmpeg, where it is installed: makes a still of a video, and codes one anew so that networks take it. It is a program beside
//! this one, started without a shell, with bounded arguments and a time limit; it may read the one file it is given, and
//! nothing of the network.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use contract::{ApiError, BadFile, Code};
use domain::id::MediaId;
use domain::media::{Media, MediaType};
use domain::text::film::VideoRoom;

use super::stopped;
use crate::errors::{internal, storage_io};
use crate::ports::Ports;

const STILL_WITHIN: Duration = Duration::from_secs(20);
/// Bytes of a still, and of what ffmpeg has to say about a fault.
const STILL_MAX: u64 = 8 * 1024 * 1024;
const FAULT_MAX: u64 = 4 * 1024;
const LOOK_MS: u64 = 50;
/// Videos that are coded at once: each takes all processors.
const MOST: usize = 2;

/// Bits of the sound in a second; of the picture at least, and at most.
const AUDIO_BITS: u64 = 128_000;
const VIDEO_BITS_LEAST: u64 = 100_000;
const VIDEO_BITS_MOST: u64 = 12_000_000;

pub(crate) fn missing() -> ApiError {
    ApiError::new(
        Code::ProgramMissing,
        "Sendoff re-encodes videos with ffmpeg, which is not installed on this computer. Install it (Linux: your system's \
         package ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg) and try again.",
    )
}

/// The program, if it is installed.
pub(crate) fn find(ports: &Ports) -> Option<PathBuf> {
    ports.programs.find("ffmpeg")
}

/// What is being coded anew, by the file it is made of.
#[derive(Debug, Default)]
pub(crate) struct Encodes(BTreeMap<MediaId, Arc<Encode>>);

#[derive(Debug, Default)]
pub(crate) struct Encode {
    pub stop: Arc<AtomicBool>,
    /// Of a hundred.
    pub percent: AtomicU32,
}

impl Encodes {
    pub fn begin(&mut self, media: MediaId) -> Result<Arc<Encode>, ApiError> {
        if self.0.contains_key(&media) || self.0.len() >= MOST {
            let sentence = "A video is being re-encoded already. Wait until it is done, or cancel it.";
            return Err(ApiError { retry: true, ..ApiError::new(Code::BadRequest, sentence) });
        }
        let encode = Arc::new(Encode::default());
        self.0.insert(media, Arc::clone(&encode));
        Ok(encode)
    }

    pub fn end(&mut self, media: MediaId) {
        self.0.remove(&media);
    }

    pub fn percent(&self, media: MediaId) -> Option<u32> {
        self.0.get(&media).map(|encode| encode.percent.load(Ordering::Relaxed))
    }

    pub fn cancel(&self, media: MediaId) {
        if let Some(encode) = self.0.get(&media) {
            encode.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// It ends with whoever waits for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A path as an argument that is no option and no address.
fn file(path: &Path) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}

/// The command up to its input: what it may do, and of which type the file is, so that nothing is guessed.
fn command(program: &Path, kind: MediaType, from: &Path, seek: Option<String>) -> Command {
    let mut command = Command::new(program);
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "file,pipe"]);
    command.args(["-f", if matches!(kind, MediaType::WebM | MediaType::Mkv) { "matroska" } else { "mov" }]);
    if let Some(seek) = seek {
        command.args(["-ss", &seek]);
    }
    command.arg("-i").arg(file(from));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // no console window at each start; closing it would end the work
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
    command
}

/// Waits for the end, as long as it is wanted and may take. What it writes is read by `read` meanwhile.
fn run<T: Send>(
    command: &mut Command,
    within: Duration,
    stop: &AtomicBool,
    read: impl FnOnce(ChildStdout) -> T + Send,
) -> Result<T, ApiError> {
    let mut running = Running(command.spawn().map_err(|error| {
        tracing::warn!(%error, "ffmpeg did not start");
        missing().with_detail(error.to_string())
    })?);
    let (Some(output), Some(faults)) = (running.0.stdout.take(), running.0.stderr.take()) else {
        return Err(storage_io(&std::io::Error::other("no pipes")));
    };
    let deadline = Instant::now() + within;
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| read(output));
        let fault = scope.spawn(|| {
            let (mut said, mut faults) = (Vec::new(), faults);
            let _ = faults.by_ref().take(FAULT_MAX).read_to_end(&mut said);
            // a full pipe would hold it up
            let _ = std::io::copy(&mut faults, &mut std::io::sink());
            String::from_utf8_lossy(&said).into_owned()
        });
        let ended = loop {
            match running.0.try_wait() {
                Ok(Some(status)) => break Ok(status),
                Err(error) => break Err(storage_io(&error)),
                Ok(None) if stop.load(Ordering::Relaxed) => break Err(stopped()),
                Ok(None) if Instant::now() >= deadline => {
                    let sentence =
                        "ffmpeg took too long with this video and was stopped. Shorten it, or re-encode it elsewhere.";
                    break Err(ApiError::new(Code::BadImage, sentence));
                }
                Ok(None) => std::thread::sleep(Duration::from_millis(LOOK_MS)),
            }
        };
        // so that its pipes end and the threads with them
        drop(running);
        let said = fault.join().unwrap_or_default();
        let read = reading.join().map_err(|_| internal(&std::fmt::Error))?;
        if ended?.success() {
            return Ok(read);
        }
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let sentence =
            "ffmpeg could not re-encode this video. Save it again in the program that made it and add it again.";
        Err(ApiError::new(Code::BadImage, sentence).with_detail(last.chars().take(300).collect::<String>()))
    })
}

/// A picture from the first second, as PNG. Whatever goes wrong: a video without one is still a video.
pub(crate) fn still(program: &Path, from: &Path, media: &Media, stop: &AtomicBool) -> Option<Vec<u8>> {
    let middle = media.video?.duration_ms.min(2_000) / 2;
    let mut command = command(program, media.kind, from, Some(format!("{middle}ms")));
    command.args(["-map", "0:v:0", "-frames:v", "1", "-an", "-vf", "scale=w='min(640,iw)':h=-2"]);
    command.args(["-c:v", "png", "-f", "image2pipe", "pipe:1"]);
    let png = run(&mut command, STILL_WITHIN, stop, |output| {
        let mut png = Vec::new();
        output.take(STILL_MAX).read_to_end(&mut png).map(|_| png)
    });
    match png {
        Ok(Ok(png)) if !png.is_empty() => Some(png),
        Ok(_) => None,
        Err(error) => {
            tracing::info!(reason = %error, detail = error.detail.as_deref(), "no still of a video");
            None
        }
    }
}

/// How a video is coded: its size, its pictures in a thousand seconds where that changes, bits in a second, and milliseconds.
#[derive(Debug, PartialEq, Eq)]
struct Aim {
    size: (u32, u32),
    rate: Option<u32>,
    bits: u64,
    cut_ms: Option<u64>,
}

/// Longer than one picture at ten a second.
const LAST_PICTURE_MS: u64 = 100;

fn aim(media: &Media, room: VideoRoom, cut: bool) -> Result<Aim, ApiError> {
    let video = media.video.ok_or(BadFile::Video)?;
    // the last picture is shown to its end, which is behind the cut
    let most = u64::from(room.duration_ms).saturating_sub(LAST_PICTURE_MS);
    let cut_ms = (cut && video.duration_ms > room.duration_ms.into()).then_some(most);
    let ms = cut_ms.unwrap_or(video.duration_ms).max(1);
    // a tenth is kept for the container, and for the end, whose bits cannot be told beforehand
    let all = u64::from(room.bytes).saturating_mul(8).saturating_mul(900) / ms;
    let bits = if room.bytes == u32::MAX { VIDEO_BITS_MOST } else { all.saturating_sub(AUDIO_BITS) };
    if bits < VIDEO_BITS_LEAST {
        return Err(BadFile::LongVideo.into());
    }
    let rate = if video.rate > room.rate {
        Some(room.rate)
    } else {
        Some(room.slow).filter(|slow| video.rate > 0 && *slow > video.rate)
    };
    let size = room.size(media.width, media.height);
    Ok(Aim { size, rate, bits: bits.min(VIDEO_BITS_MOST), cut_ms })
}

/// Codes a video as MP4 with H.264 and AAC, into `to`.
pub(crate) fn encode(
    program: &Path,
    (from, to): (&Path, &Path),
    media: &Media,
    room: VideoRoom,
    cut: bool,
    encode: &Encode,
) -> Result<(), ApiError> {
    let Aim { size: (width, height), rate, bits, cut_ms } = aim(media, room, cut)?;
    let duration = media.video.map_or(0, |video| video.duration_ms);
    let ms = cut_ms.unwrap_or(duration).max(1);
    let mut command = command(program, media.kind, from, None);
    command.args(["-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]);
    if let Some(cut) = cut_ms {
        command.args(["-t", &format!("{cut}ms")]);
    }
    if let Some(rate) = rate {
        command.args(["-r", &format!("{rate}/1000")]);
    }
    command.args(["-vf", &format!("scale={width}:{height}"), "-c:v", "libx264", "-preset", "veryfast", "-crf", "21"]);
    command.args(["-maxrate", &bits.to_string(), "-bufsize", &bits.to_string(), "-pix_fmt", "yuv420p"]);
    command.args(["-c:a", "aac", "-b:a", &AUDIO_BITS.to_string(), "-ac", "2", "-ar", "48000"]);
    command.args(["-movflags", "+faststart", "-progress", "pipe:1", "-nostats", "-f", "mp4"]);
    command.arg(file(to));
    // real time is one second for each; slow computers and long films get twenty
    let within = Duration::from_secs(60).saturating_add(Duration::from_millis(ms.saturating_mul(20)));
    run(&mut command, within.min(Duration::from_secs(3 * 60 * 60)), &encode.stop, |output| {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let Some(micros) = line.strip_prefix("out_time_us=").and_then(|time| time.trim().parse::<u64>().ok())
            else {
                continue;
            };
            let percent = (micros / 10).checked_div(ms).unwrap_or(0).min(99);
            encode.percent.store(u32::try_from(percent).unwrap_or(99), Ordering::Relaxed);
        }
    })?;
    let bytes = std::fs::metadata(to).map_err(|error| storage_io(&error))?.len();
    if bytes > room.bytes.into() { Err(BadFile::LongVideo.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use domain::video::{AudioCodec, Video, VideoCodec};
    use jiff::Timestamp;

    use super::*;

    fn film(duration_ms: u64) -> Media {
        Media {
            id: MediaId::of(b"film"),
            kind: MediaType::Mov,
            width: 1_920,
            height: 1_080,
            bytes: 9,
            frames: 1,
            video: Some(Video { duration_ms, codec: VideoCodec::Hevc, audio: Some(AudioCodec::Aac), rate: 120_000 }),
            metadata: false,
            name: "oven.mov".to_owned(),
            alt: String::new(),
            folder: String::new(),
            tags: Vec::new(),
            deleted: false,
            made_from: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_is_aimed_at_keeps_within_the_room() {
        let room =
            VideoRoom { bytes: 10_000_000, long_side: 1_280, rate: 60_000, duration_ms: 60_000, ..VideoRoom::ANY };
        let whole = aim(&film(100_000), room, false).unwrap();
        assert_eq!(whole, Aim { size: (1_280, 720), rate: Some(60_000), bits: 592_000, cut_ms: None });
        let cut = aim(&film(100_000), room, true).unwrap();
        assert_eq!((cut.cut_ms, cut.bits), (Some(59_900), 1_074_003));
        assert_eq!(aim(&film(5_000), room, true).unwrap().cut_ms, None);
        assert_eq!(aim(&film(5_000), VideoRoom::ANY, true).unwrap().bits, VIDEO_BITS_MOST);
        assert_eq!(aim(&film(5_000), VideoRoom { slow: 150_000, ..VideoRoom::ANY }, true).unwrap().rate, Some(150_000));
        let long = aim(&film(3_600_000), room, false).unwrap_err();
        assert_eq!(long.file, Some(BadFile::LongVideo));
    }

    #[test]
    fn two_at_once_and_none_twice() {
        let mut encodes = Encodes::default();
        let [one, two, three] = [b"1", b"2", b"3"].map(|bytes| MediaId::of(bytes));
        let first = encodes.begin(one).unwrap();
        assert_eq!(encodes.begin(one).unwrap_err().code, Code::BadRequest);
        encodes.begin(two).unwrap();
        assert!(encodes.begin(three).unwrap_err().retry);
        encodes.cancel(one);
        assert!(first.stop.load(Ordering::Relaxed));
        assert_eq!((encodes.percent(one), encodes.percent(three)), (Some(0), None));
        encodes.end(one);
        assert!(encodes.begin(three).is_ok());
    }

    #[test]
    fn what_does_not_end_is_ended() {
        // any program that waits for its end will do
        let stop = AtomicBool::new(false);
        let started = Instant::now();
        let mut sleep = Command::new("sleep");
        sleep.arg("30").stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = run(&mut sleep, Duration::from_millis(200), &stop, |_| ());
        assert_eq!(ended.unwrap_err().code, Code::BadImage);
        stop.store(true, Ordering::Relaxed);
        let ended = run(&mut sleep, Duration::from_secs(20), &stop, |_| ());
        assert_eq!(ended.unwrap_err().code, Code::Stopped);
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
