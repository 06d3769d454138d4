//! The words about changed clocks.

pub struct Texts {
    pub title: &'static str,
    pub what: &'static str,
    pub planned: fn(local: &str, city: &str, shown: &str) -> String,
    pub keep_clock: &'static str,
    pub keep_clock_hint: &'static str,
    pub keep_instant: &'static str,
    pub keep_instant_hint: &'static str,
    pub for_all: fn(usize) -> String,
    pub more: fn(usize) -> String,
}

pub const EN: Texts = Texts {
    title: "Clocks were changed",
    what: "A country changed its clocks after these posts were scheduled. Decide what stays: the time on the clock, or the moment.",
    planned: |local, city, shown| {
        format!("Planned for {local} in {city}; as it stands it goes out when clocks there show {shown}.")
    },
    keep_clock: "Keep the clock time",
    keep_clock_hint: "Goes out when the clock shows what you chose",
    keep_instant: "Keep the moment",
    keep_instant_hint: "Goes out at the same instant; the clock will show another time",
    for_all: |count| format!("For all {count}"),
    more: |count| format!("and {count} more"),
};

pub const DE: Texts = Texts {
    title: "Uhren wurden umgestellt",
    what: "Ein Land hat seine Uhren geändert, nachdem diese Beiträge geplant wurden. Entscheiden Sie, was bleibt: die Uhrzeit oder der Augenblick.",
    planned: |local, city, shown| {
        format!("Geplant für {local} in {city}; so, wie es steht, erscheint er, wenn die Uhren dort {shown} zeigen.")
    },
    keep_clock: "Uhrzeit behalten",
    keep_clock_hint: "Erscheint, wenn die Uhr zeigt, was Sie gewählt haben",
    keep_instant: "Augenblick behalten",
    keep_instant_hint: "Erscheint im selben Augenblick; die Uhr zeigt dann eine andere Zeit",
    for_all: |count| format!("Für alle {count}"),
    more: |count| format!("und {count} weitere"),
};
