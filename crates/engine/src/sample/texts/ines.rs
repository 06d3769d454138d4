//! Ines Halvorsen: writes about work in the first person, in paragraphs.

use super::super::pictures::Picture::{Coffee, Desk, Harbour, Snow};
use super::{Text, text};

pub(in super::super) static TEXTS: &[Text] = &[
    text("On {topic}", &["I used to think {topic} was about being quick. Now I think it is about being early. Quick is loud. Early is somebody who noticed."]).with(&[Desk]),
    text("Three notes on {topic}", &[
        "Three notes on {topic}, from {n} years of getting it wrong.",
        "One: ask before you answer. Most questions I was asked were another question wearing a coat.",
        "Two: write it down the same day. Memory is a kind colleague and a poor witness.",
        "Three: end on time. It is the cheapest respect there is.",
    ]),
    text("A small experiment", &["A small experiment: for {n} days I answered no message before ten. Nothing broke. Two people thanked me. One started doing it too."])
        .mastodon(&["A small experiment: for {n} days I answered no message before ten in the morning. Nothing broke. Two people thanked me, one started doing it too, and I read a whole book on the tram, about eels, which turned out to be about patience.\n\nI am not saying that everybody can. I am saying I thought I could not, and I had never tried."]),
    text("What I ask in a first meeting", &["What I ask in a first meeting: what would you stop doing if nobody minded? The answer is usually the plan."]).with(&[Coffee]),
    text("Rest is not the opposite of work", &["Rest is not the opposite of work. Hurry is."]).with(&[Harbour]),
    text("The {weekday} letter", &["The {weekday} letter is out: {topic}, a {mood} walk, and one paragraph I rewrote {n} times. https://ines.example/letter"]).with(&[Desk]),
    text("On {topic}, again", &["Somebody wrote: \"you make {topic} sound easy.\" It is not. I make it sound short."]),
    text("Reading", &["Reading this week: an old manual for lighthouse keepers. Page {n}: \"Write down what you saw, not what you expected.\" I have nothing to add."]),
    text("Fra notatboka", &["Fra notatboka: Vi planlegger som om vi er maskiner og unnskylder oss som om vi er late. Begge deler er feil. God {weekday} fra en {mood} brygge."]).with(&[Harbour]),
    text("Burnout, two years on", &["Two years since I could not open my inbox. I want to tell you what helped, and what only looked like help. Thread."])
        .behind("Burnout, mental health", &[
            "Two years since I could not open my inbox. I want to tell you what helped, and what only looked like help.",
            "Helped: one person who called every {weekday} and did not ask how I was. They told me about their week. It was the first thing that felt like a room with a window in it.",
            "Only looked like help: apps, lists, a new chair. I do not regret the chair.",
        ]).with(&[Snow]),
    text("", &["The best sentence I heard this week, from {name}, about {topic}: \"I did not have time to do it slowly, so I did it twice.\""]),
    text("Office hours", &["Office hours on {weekday}: {n} minutes, one question, no slides. For anybody who is new to leading people and a bit afraid of it. https://ines.example/hours"]),
];

pub(in super::super) static LEAVING: Text = text("Ines on leaving a good job well", &["You can leave a good job for no reason except that it is finished. Say so. Stay until the handover is boring. Then go home and sleep. https://ines.example/leaving"])
    .with(&[Desk]);
pub(in super::super) static MANAGERS: Text = text(
    "To people who manage others for the first time",
    &[
        "In my first month as head of anything I answered every question in the room.\n\nBy the third month nobody asked any.\n\nIt took me a year to learn the other way: wait, count to seven, and let somebody else be right. The silence is not empty. It is people thinking, which is what you pay them for.\n\nWhat did you have to stop doing when you began to lead?",
    ],
);

pub(in super::super) static INTERVIEW: Text = text("Interview with Ines", &["I talked with Radio Fjord for an hour about rest, bread and why I stopped giving advice. They kept the pauses in. https://radiofjord.example/ines"])
    .with(&[Coffee]);
pub(in super::super) static NEW_YORK: Text = text("Panel in New York: work after hurry", &["Tonight in Brooklyn: four people, one long table, the question of what work is for when nobody is in a hurry. Doors at seven, bread from home. https://ines.example/nyc"])
    .with(&[Harbour]);
