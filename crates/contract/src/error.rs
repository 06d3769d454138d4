use domain::Reject;
use serde::{Deserialize, Serialize};

/// The closed set of error codes. Screens match these, never the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not of the command's form.
    BadRequest,
    /// There is no such command.
    UnknownCommand,
    NotFound,
    /// A rule said no: see `reject`.
    Rejected,
    /// The vault does not exist yet.
    VaultMissing,
    /// The vault, or the keyring that holds its key, is locked.
    VaultLocked,
    /// There is no keyring on this machine, or it does not answer.
    KeyringUnavailable,
    /// The keyring refused.
    KeyringDenied,
    /// The key does not open this vault.
    WrongKey,
    WrongCredentials,
    /// The server could not be reached: nothing was changed, trying again may help.
    Unreachable,
    /// The address is not one this program connects to.
    AddressNotAllowed,
    /// The server answered something that its protocol does not allow.
    BadAnswer,
    /// The network refused.
    NetworkRefused,
    RateLimited,
    /// The sign-in was not finished in time, or was cancelled.
    SignInEnded,
    /// The sign-in at a server for teams is over: a person signs in again.
    SignedOut,
    /// The server does not let this person do it.
    Forbidden,
    BadImage,
    DiskFull,
    /// The disk or the database failed.
    Storage,
    /// The profile was written by a newer Sendoff; it was left untouched.
    NewerSchema,
    /// The database is damaged; it was left where it is.
    Corrupt,
    /// The profile's database is gone although the profile exists.
    ProfileMissing,
    /// Another Sendoff works on this profile.
    ProfileInUse,
    /// Not possible in the sample profile.
    SampleOnly,
    /// Nothing to undo, or too late.
    NothingToUndo,
    /// A person stopped it.
    Stopped,
    /// Another program is needed and not installed.
    ProgramMissing,
    /// A fault of this program.
    Internal,
}

/// Why a file is not taken in, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadFile {
    #[error("This file is empty. Add a JPEG, PNG, WebP or GIF.")]
    Empty,
    #[error("This file is larger than 30 MB. Make it smaller and add it again.")]
    ManyBytes,
    #[error("This image has more than 50 million pixels. Make it smaller and add it again.")]
    ManyPixels,
    #[error("This image is too large to open safely. Make it smaller and add it again.")]
    TooLarge,
    #[error("This image is damaged or incomplete. Open it in another program, save it again and add it again.")]
    Damaged,
    #[error("This is a HEIC photo, which Sendoff cannot open. Save it as JPEG and add that.")]
    Heic,
    #[error("This is an AVIF image, which Sendoff cannot open. Save it as JPEG and add that.")]
    Avif,
    #[error(
        "This type of video is not supported. Add an MP4, QuickTime, WebM or Matroska video, named .mp4, .mov, .webm or .mkv."
    )]
    Video,
    #[error("This video is larger than 1 GB. Make it smaller or shorter and add it again.")]
    LargeVideo,
    #[error("This video is too long for the size that the networks take. Cut it into shorter ones.")]
    LongVideo,
    #[error("This video is damaged or incomplete. Save it again in the program that made it and add it again.")]
    DamagedVideo,
    #[error("This file holds sound and no picture. Add a video.")]
    NoPicture,
    #[error(
        "The camera's places and movements cannot be taken out of this video. Keep its camera data, or save it again as an ordinary MP4."
    )]
    CameraTrack,
    #[error("This is an SVG drawing, which can hold programs. Save it as PNG and add that.")]
    Svg,
    #[error("This is a web page and no image. Save the image that it shows and add that.")]
    WebPage,
    #[error("This type of image is not supported. Add a JPEG, PNG, WebP or GIF.")]
    Unsupported,
    #[error("Sendoff cannot use this file. Add a JPEG, PNG, WebP or GIF.")]
    Unknown,
    #[error("This image cannot be made small enough for the networks. Add a smaller one.")]
    Incompressible,
    #[error("This animation has more than 500 pictures. Make it shorter and add it again.")]
    LongAnimation,
    #[error("This animation is too large. Make it smaller or shorter and add it again.")]
    LargeAnimation,
    #[error("What moves cannot be cropped or converted to an image. Choose a still image.")]
    Moves,
}

/// The error reply of every command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct ApiError {
    pub code: Code,
    /// A sentence for a person: what happened and what to do. Holds no secret and no raw answer.
    pub message: String,
    /// Trying the same again may work.
    pub retry: bool,
    /// The rule that said no, when `code` is [`Code::Rejected`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject: Option<Box<Reject>>,
    /// What is wrong with a file, when `code` is [`Code::BadImage`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<BadFile>,
    /// What the other side literally said, bounded, without secrets; shown on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl ApiError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let retry = matches!(code, Code::Unreachable | Code::RateLimited | Code::DiskFull | Code::Storage);
        Self { code, message: message.into(), retry, reject: None, file: None, detail: None }
    }

    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl From<BadFile> for ApiError {
    fn from(file: BadFile) -> Self {
        Self { file: Some(file), ..Self::new(Code::BadImage, file.to_string()) }
    }
}

impl From<Reject> for ApiError {
    fn from(reject: Reject) -> Self {
        let code = if reject == Reject::NotFound { Code::NotFound } else { Code::Rejected };
        Self { reject: Some(Box::new(reject.clone())), ..Self::new(code, sentence(&reject)) }
    }
}

/// The rule's own words as a sentence.
fn sentence(reject: &Reject) -> String {
    let text = reject.to_string();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => text,
    }
}
