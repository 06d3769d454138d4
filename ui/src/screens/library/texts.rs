use contract::library::MediaSort;
use domain::video::Video;

use crate::i18n::{counted, grouped};

pub struct Texts {
    pub title: &'static str,
    pub count: fn(u64) -> String,
    pub files: &'static str,
    pub inspector: &'static str,
    pub filter: &'static str,
    pub folder: &'static str,
    pub all_folders: &'static str,
    pub no_folder: &'static str,
    pub choose_folder: &'static str,
    pub tag: &'static str,
    pub all_tags: &'static str,
    pub unused: &'static str,
    pub videos: &'static str,
    pub sorted: &'static str,
    pub sort: fn(MediaSort) -> &'static str,
    pub empty: &'static str,
    pub empty_what: &'static str,
    pub nothing_found: &'static str,
    pub choose_one: &'static str,
    pub uses: fn(u32) -> String,
    pub no_alt: &'static str,
    /// Bytes as people say them.
    pub size: fn(u64) -> String,
    // one file
    pub alt: &'static str,
    pub alt_hint: &'static str,
    pub name: &'static str,
    pub fault_name: &'static str,
    pub tags: &'static str,
    pub tags_hint: &'static str,
    pub frames: fn(u32) -> String,
    /// How a video is coded, how fast, and how long.
    pub film: fn(Video) -> String,
    pub added_at: fn(&str) -> String,
    pub has_place: &'static str,
    pub used_in: &'static str,
    pub used_nowhere: &'static str,
    pub deleted: fn(name: &str, count: usize, used: u32) -> String,
    // several
    pub chosen: fn(usize) -> String,
    pub put_in: fn(&str) -> String,
    pub take_out: &'static str,
    pub filed: fn(usize, &str) -> String,
    pub add_tag: &'static str,
    pub tagged: fn(usize, &str) -> String,
    pub delete_count: fn(usize) -> String,
    // files that come in
    pub add: &'static str,
    pub add_count: fn(usize) -> String,
    pub drop_here: &'static str,
    pub drop_or_choose: &'static str,
    pub what_happens: &'static str,
    pub choose_files: &'static str,
    pub more_files: &'static str,
    pub too_many: fn(usize) -> String,
    pub files_to_add: &'static str,
    pub keep_all: &'static str,
    pub keep_hint: &'static str,
    pub keep_short: &'static str,
    pub keep_of: fn(&str) -> String,
    pub keeps: &'static str,
    pub leave_out: fn(&str) -> String,
    pub adding: fn(usize, usize) -> String,
    pub reading: fn(u32) -> String,
    pub storing: &'static str,
    pub was_added: &'static str,
    pub first_only: &'static str,
    pub known: fn(&str) -> String,
    pub left_out: &'static str,
    pub added: fn(usize) -> String,
    pub sum_added: fn(usize) -> String,
    pub sum_known: fn(usize) -> String,
    pub sum_not: fn(usize) -> String,
    // in Compose
    pub from_library_hint: &'static str,
    pub pick: &'static str,
    pub pick_hint: &'static str,
    pub pick_empty: &'static str,
    pub insert: fn(usize) -> String,
}

/// Three figures at most: "812 KB", "1.9 MB".
fn size(bytes: u64, point: char) -> String {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..10_000_000 => format!("{}{point}{} MB", tenths / 10, tenths % 10),
        _ => format!("{} MB", grouped(bytes / 1_000_000)),
    }
}

/// Pictures in a second, of those in a thousand seconds: "25", "29.97".
fn rate(thousandths: u32, point: char) -> String {
    let hundredths = (thousandths.saturating_add(5)) / 10;
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}{point}{}", part / 10),
        (whole, part) => format!("{whole}{point}{part:02}"),
    }
}

pub const EN: Texts = Texts {
    title: "Library",
    count: |count| counted(count, "file", "files"),
    files: "Files",
    inspector: "About the file",
    filter: "Search the library",
    folder: "Folder",
    all_folders: "All folders",
    no_folder: "No folder",
    choose_folder: "Choose a folder",
    tag: "Tag",
    all_tags: "All tags",
    unused: "Not used yet",
    videos: "Videos",
    sorted: "Order",
    sort: |sort| match sort {
        MediaSort::Newest => "Newest first",
        MediaSort::Oldest => "Oldest first",
        MediaSort::Name => "By name",
        MediaSort::Largest => "Largest first",
        MediaSort::MostUsed => "Most used first",
    },
    empty: "Keep the images and videos you post here",
    empty_what: "Add files, or drop or paste them here. Each gets its alt text once, can be found again, and shows where it was used.",
    nothing_found: "No file is like that.",
    choose_one: "Choose a file to see what it shows and where it is used.",
    uses: |count| counted(count.into(), "post", "posts"),
    no_alt: "no alt text",
    size: |bytes| size(bytes, '.'),
    alt: "Alt text",
    alt_hint: "Each use of this file begins with it and may say something else.",
    name: "Name",
    fault_name: "A file needs a name; the last one is kept.",
    tags: "Tags",
    tags_hint: "Separated by commas.",
    frames: |frames| format!(" · {} pictures", grouped(frames.into())),
    film: |video| {
        let rate = (video.rate > 0).then(|| format!("{} pictures a second", rate(video.rate, '.')));
        let codec = video.codec.name().unwrap_or("unknown video coding").to_owned();
        let sound = match video.audio {
            Some(audio) => format!("sound in {}", audio.name().unwrap_or("an unknown coding")),
            None => "no sound".to_owned(),
        };
        [Some(video.clock()), Some(codec), rate, Some(sound)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    },
    added_at: |when| format!("Added {when}"),
    has_place: "This file still holds what the camera wrote, where it was taken among it. It is published along.",
    used_in: "Used in",
    used_nowhere: "No post uses it yet.",
    deleted: |name, count, used| {
        let what = if count == 1 {
            format!("“{name}” deleted")
        } else {
            format!("{} deleted", counted(count as u64, "file", "files"))
        };
        match used {
            0 => what,
            _ if count == 1 => format!("{what}. The posts that use it keep it"),
            1 => format!("{what}. The posts that use one of them keep it"),
            _ => format!("{what}. The posts that use {used} of them keep them"),
        }
    },
    chosen: |count| format!("{} chosen", counted(count as u64, "file", "files")),
    put_in: |folder| format!("Put into “{folder}”"),
    take_out: "Take out of their folder",
    filed: |count, folder| {
        let files = counted(count as u64, "file", "files");
        if folder.trim().is_empty() {
            format!("{files} taken out of the folder")
        } else {
            format!("{files} put into “{}”", folder.trim())
        }
    },
    add_tag: "Add the tag",
    tagged: |count, tag| format!("{} tagged “{tag}”", counted(count as u64, "file", "files")),
    delete_count: |count| format!("Delete {}", counted(count as u64, "file", "files")),
    add: "Add files",
    add_count: |count| {
        if count == 0 { "Add".to_owned() } else { format!("Add {}", counted(count as u64, "file", "files")) }
    },
    drop_here: "Drop the files here",
    drop_or_choose: "Drop images and videos here, paste images, or choose files.",
    what_happens: "Images up to 30 MB as JPEG, PNG, WebP or GIF are turned upright and made to fit the networks; videos up to 1 GB as MP4, MOV, WebM or Matroska stay as they are. Both are freed of place and camera.",
    choose_files: "Choose files",
    more_files: "More files",
    too_many: |count| {
        format!("{} left out: at most 1 000 are added at a time.", counted(count as u64, "file was", "files were"))
    },
    files_to_add: "Files to add",
    keep_all: "Keep camera data in all files",
    keep_hint: "Camera, time and place stay in the file and are published along.",
    keep_short: "Keep camera data",
    keep_of: |name| format!("Keep camera data in {name}"),
    keeps: "Camera data and place stay in it",
    leave_out: |name| format!("Leave out {name}"),
    adding: |done, all| format!("{done} of {all}"),
    reading: |percent| format!("Reading, {percent} %"),
    storing: "Checking and storing…",
    was_added: "Added",
    first_only: "Added; of this kind of animation only the first picture is kept",
    known: |name| format!("Already in the library as “{name}”"),
    left_out: "Left out",
    added: |count| format!("{} added to the library", counted(count as u64, "file", "files")),
    sum_added: |count| format!("{count} added"),
    sum_known: |count| format!("{count} already there"),
    sum_not: |count| format!("{count} not added"),
    from_library_hint: "Choose files from the library",
    pick: "Files from the library",
    pick_hint: "Each brings its alt text along.",
    pick_empty: "The library is empty. Images that you add to posts come into it too.",
    insert: |count| {
        if count == 0 { "Insert".to_owned() } else { format!("Insert {}", counted(count as u64, "file", "files")) }
    },
};

pub const DE: Texts = Texts {
    title: "Mediathek",
    count: |count| counted(count, "Datei", "Dateien"),
    files: "Dateien",
    inspector: "Über die Datei",
    filter: "Mediathek durchsuchen",
    folder: "Ordner",
    all_folders: "Alle Ordner",
    no_folder: "Kein Ordner",
    choose_folder: "Ordner wählen",
    tag: "Schlagwort",
    all_tags: "Alle Schlagwörter",
    unused: "Noch nicht verwendet",
    videos: "Videos",
    sorted: "Reihenfolge",
    sort: |sort| match sort {
        MediaSort::Newest => "Neueste zuerst",
        MediaSort::Oldest => "Älteste zuerst",
        MediaSort::Name => "Nach Namen",
        MediaSort::Largest => "Größte zuerst",
        MediaSort::MostUsed => "Meistverwendete zuerst",
    },
    empty: "Hier liegen die Bilder und Videos, die Sie posten",
    empty_what: "Fügen Sie Dateien hinzu, ziehen Sie sie hierher oder fügen Sie sie ein. Jede bekommt einmal ihren Alternativtext, lässt sich wiederfinden und zeigt, wo sie verwendet wurde.",
    nothing_found: "Keine Datei passt dazu.",
    choose_one: "Wählen Sie eine Datei, um zu sehen, was sie zeigt und wo sie verwendet wird.",
    uses: |count| counted(count.into(), "Beitrag", "Beiträge"),
    no_alt: "ohne Alternativtext",
    size: |bytes| size(bytes, ','),
    alt: "Alternativtext",
    alt_hint: "Jede Verwendung beginnt damit und darf etwas anderes sagen.",
    name: "Name",
    fault_name: "Eine Datei braucht einen Namen; der letzte bleibt.",
    tags: "Schlagwörter",
    tags_hint: "Durch Kommas getrennt.",
    frames: |frames| format!(" · {} Bilder", grouped(frames.into())),
    film: |video| {
        let rate = (video.rate > 0).then(|| format!("{} Bilder je Sekunde", rate(video.rate, ',')));
        let codec = video.codec.name().unwrap_or("unbekannte Videokodierung").to_owned();
        let sound = match video.audio {
            Some(audio) => format!("Ton in {}", audio.name().unwrap_or("unbekannter Kodierung")),
            None => "ohne Ton".to_owned(),
        };
        [Some(video.clock()), Some(codec), rate, Some(sound)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    },
    added_at: |when| format!("Hinzugefügt {when}"),
    has_place: "In dieser Datei steht noch, was die Kamera geschrieben hat, auch der Ort der Aufnahme. Es wird mit veröffentlicht.",
    used_in: "Verwendet in",
    used_nowhere: "Noch in keinem Beitrag.",
    deleted: |name, count, used| {
        let what = if count == 1 {
            format!("„{name}“ gelöscht")
        } else {
            format!("{} gelöscht", counted(count as u64, "Datei", "Dateien"))
        };
        match used {
            0 => what,
            _ if count == 1 => format!("{what}. Die Beiträge, die sie verwenden, behalten sie"),
            1 => format!("{what}. Die Beiträge, die eine davon verwenden, behalten sie"),
            _ => format!("{what}. Die Beiträge, die {used} davon verwenden, behalten sie"),
        }
    },
    chosen: |count| format!("{} ausgewählt", counted(count as u64, "Datei", "Dateien")),
    put_in: |folder| format!("In „{folder}“ legen"),
    take_out: "Aus dem Ordner nehmen",
    filed: |count, folder| {
        let files = counted(count as u64, "Datei", "Dateien");
        if folder.trim().is_empty() {
            format!("{files} aus dem Ordner genommen")
        } else {
            format!("{files} in „{}“ gelegt", folder.trim())
        }
    },
    add_tag: "Schlagwort geben",
    tagged: |count, tag| format!("{} mit „{tag}“ versehen", counted(count as u64, "Datei", "Dateien")),
    delete_count: |count| format!("{} löschen", counted(count as u64, "Datei", "Dateien")),
    add: "Dateien hinzufügen",
    add_count: |count| {
        if count == 0 {
            "Hinzufügen".to_owned()
        } else {
            format!("{} hinzufügen", counted(count as u64, "Datei", "Dateien"))
        }
    },
    drop_here: "Dateien hier loslassen",
    drop_or_choose: "Ziehen Sie Bilder und Videos hierher, fügen Sie Bilder ein oder wählen Sie Dateien.",
    what_happens: "Bilder bis 30 MB als JPEG, PNG, WebP oder GIF werden aufrecht gestellt und für die Netzwerke passend gemacht; Videos bis 1 GB als MP4, MOV, WebM oder Matroska bleiben, wie sie sind. Beide werden von Ort und Kamera befreit.",
    choose_files: "Dateien wählen",
    more_files: "Weitere Dateien",
    too_many: |count| {
        format!(
            "{} weggelassen: Höchstens 1 000 werden auf einmal hinzugefügt.",
            counted(count as u64, "Datei wurde", "Dateien wurden")
        )
    },
    files_to_add: "Dateien, die hinzukommen",
    keep_all: "Kameradaten in allen Dateien behalten",
    keep_hint: "Kamera, Zeit und Ort bleiben in der Datei und werden mit veröffentlicht.",
    keep_short: "Kameradaten behalten",
    keep_of: |name| format!("Kameradaten in {name} behalten"),
    keeps: "Kameradaten und Ort bleiben darin",
    leave_out: |name| format!("{name} weglassen"),
    adding: |done, all| format!("{done} von {all}"),
    reading: |percent| format!("Wird gelesen, {percent} %"),
    storing: "Wird geprüft und gespeichert…",
    was_added: "Hinzugefügt",
    first_only: "Hinzugefügt; von dieser Art Animation bleibt nur das erste Bild",
    known: |name| format!("Liegt schon als „{name}“ in der Mediathek"),
    left_out: "Weggelassen",
    added: |count| format!("{} zur Mediathek hinzugefügt", counted(count as u64, "Datei", "Dateien")),
    sum_added: |count| format!("{count} hinzugefügt"),
    sum_known: |count| format!("{count} schon vorhanden"),
    sum_not: |count| format!("{count} nicht hinzugefügt"),
    from_library_hint: "Dateien aus der Mediathek wählen",
    pick: "Dateien aus der Mediathek",
    pick_hint: "Jede bringt ihren Alternativtext mit.",
    pick_empty: "Die Mediathek ist leer. Auch Bilder, die Sie Beiträgen hinzufügen, kommen hinein.",
    insert: |count| {
        if count == 0 {
            "Einfügen".to_owned()
        } else {
            format!("{} einfügen", counted(count as u64, "Datei", "Dateien"))
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_in_a_second_are_said_as_people_know_them() {
        let said = [25_000, 29_970, 23_976, 59_940, 12_500, 0].map(|thousandths| rate(thousandths, '.'));
        assert_eq!(said, ["25", "29.97", "23.98", "59.94", "12.5", "0"]);
    }

    #[test]
    fn sizes_are_said_in_three_figures() {
        let said = [999, 1_000, 812_345, 1_949_999, 9_999_999, 15_000_000].map(|bytes| size(bytes, '.'));
        assert_eq!(said, ["999 B", "1 KB", "812 KB", "1.9 MB", "10.0 MB", "15 MB"]);
    }
}
