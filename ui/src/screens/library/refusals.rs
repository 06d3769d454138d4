//! Why a file is not taken in, in German. The program itself says it in English.

use contract::BadFile;

pub const fn german(file: BadFile) -> &'static str {
    match file {
        BadFile::Empty => "Diese Datei ist leer. Fügen Sie ein JPEG, PNG, WebP oder GIF hinzu.",
        BadFile::ManyBytes => "Diese Datei ist größer als 30 MB. Verkleinern Sie sie und fügen Sie sie erneut hinzu.",
        BadFile::ManyPixels => {
            "Dieses Bild hat mehr als 50 Millionen Pixel. Verkleinern Sie es und fügen Sie es erneut hinzu."
        }
        BadFile::TooLarge => {
            "Dieses Bild ist zu groß, um es sicher zu öffnen. Verkleinern Sie es und fügen Sie es erneut hinzu."
        }
        BadFile::Damaged => {
            "Dieses Bild ist beschädigt oder unvollständig. Speichern Sie es in einem anderen Programm neu und fügen Sie es erneut hinzu."
        }
        BadFile::Heic => {
            "Das ist ein HEIC-Foto, das Sendoff nicht öffnen kann. Speichern Sie es als JPEG und fügen Sie das hinzu."
        }
        BadFile::Avif => {
            "Das ist ein AVIF-Bild, das Sendoff nicht öffnen kann. Speichern Sie es als JPEG und fügen Sie das hinzu."
        }
        BadFile::Video => {
            "Diese Art von Video wird nicht unterstützt. Fügen Sie ein Video als MP4, QuickTime, WebM oder Matroska hinzu, mit der Endung .mp4, .mov, .webm oder .mkv."
        }
        BadFile::LargeVideo => {
            "Dieses Video ist größer als 1 GB. Verkleinern oder kürzen Sie es und fügen Sie es erneut hinzu."
        }
        BadFile::LongVideo => {
            "Dieses Video ist zu lang für die Größe, die die Netzwerke annehmen. Schneiden Sie es in kürzere."
        }
        BadFile::DamagedVideo => {
            "Dieses Video ist beschädigt oder unvollständig. Speichern Sie es in dem Programm, aus dem es kommt, neu und fügen Sie es erneut hinzu."
        }
        BadFile::NoPicture => "In dieser Datei ist nur Ton und kein Bild. Fügen Sie ein Video hinzu.",
        BadFile::CameraTrack => {
            "Orte und Bewegungen der Kamera lassen sich aus diesem Video nicht entfernen. Behalten Sie seine Kameradaten, oder speichern Sie es neu als gewöhnliches MP4."
        }
        BadFile::Svg => {
            "Das ist eine SVG-Zeichnung, die Programme enthalten kann. Speichern Sie sie als PNG und fügen Sie das hinzu."
        }
        BadFile::WebPage => {
            "Das ist eine Webseite und kein Bild. Speichern Sie das Bild, das sie zeigt, und fügen Sie es hinzu."
        }
        BadFile::Unsupported => {
            "Diese Art von Bild wird nicht unterstützt. Fügen Sie ein JPEG, PNG, WebP oder GIF hinzu."
        }
        BadFile::Unknown => "Diese Datei kann Sendoff nicht verwenden. Fügen Sie ein JPEG, PNG, WebP oder GIF hinzu.",
        BadFile::Incompressible => {
            "Dieses Bild lässt sich für die Netzwerke nicht klein genug machen. Fügen Sie ein kleineres hinzu."
        }
        BadFile::LongAnimation => {
            "Diese Animation hat mehr als 500 Bilder. Kürzen Sie sie und fügen Sie sie erneut hinzu."
        }
        BadFile::Moves => {
            "Was sich bewegt, lässt sich nicht zuschneiden und nicht in ein Bild umwandeln. Wählen Sie ein Bild, das sich nicht bewegt."
        }
        BadFile::LargeAnimation => {
            "Diese Animation ist zu groß. Verkleinern oder kürzen Sie sie und fügen Sie sie erneut hinzu."
        }
    }
}
