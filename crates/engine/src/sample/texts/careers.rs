//! Harbour Careers: honest job notices, with the pay in them.

use super::super::pictures::Picture::{Coffee, Desk, Dogs, Kitchen, Snow};
use super::{Text, text};

pub(in super::super) static TEXTS: &[Text] = &[
    text("Hiring: {role}", &["We are looking for a {role} at {place}. {n} hours a week, pay in the first line of the notice, a trial shift that is paid. https://harbour.example/jobs"])
        .mastodon(&["We are looking for a {role} at {place}. {n} hours a week to begin with, pay in the first line of the notice, and a trial shift that is paid whether or not we say yes to each other. No cover letter: tell us about something you made. Boosts help more than you think. https://harbour.example/jobs #jobs #oslo"])
        .with(&[Kitchen]),
    text("What we pay, and why we say it", &[
        "What we pay: a {role} starts at 212 kroner an hour, nights plus 40 %. It is on the wall in the kitchen, and it is on every notice.",
        "Why: {n} people told us last year that they had applied somewhere without knowing. Nobody should have to guess what their work is worth.",
    ]),
    text("{name} changes sides", &["{name} came for the counter and stayed for the ovens. From Monday: {role}. There is cake, and it was not made by {name}. 🎂"])
        .with(&[Kitchen]),
    text("How an interview goes here", &["How an interview goes here: coffee, twenty minutes of questions, twenty minutes of yours, a walk through the kitchen. An answer within {n} days, a real one, either way."])
        .with(&[Coffee]),
    text("Apprentices wanted", &["Two apprentices from August. You need curiosity and an alarm clock; we have the flour. Open evening at {place}, parents welcome, siblings fed. https://harbour.example/apprentice"]),
    text("Shift swaps, solved", &["Shift swaps used to take {n} messages. Now they take one, on paper, by the coffee machine. Progress is not always digital."]),
    text("Night work, honestly", &["Night work, honestly: the light is lovely, the pay is better, your friends will stop calling on weekdays. Talk to {name} before you apply, five years in."])
        .behind("Work, night shifts", &["Night work, honestly: the light is lovely, the pay is better, and your friends will stop calling on weekdays. Some people thrive and some people do not, and neither is a flaw. Talk to {name} before you apply: five years in, two children, one excellent blackout curtain. https://harbour.example/nights"])
        .with(&[Snow]),
    text("Deltid ved disken", &["Vi søker en {role} på deltid ved {place}. Lønn i annonsen, betalt prøvevakt, brød hver dag. Søk på norsk eller engelsk: https://harbour.example/jobb"]),
    text("Thank you, {name}", &["{name} leaves us after {n} years to open a bakery of her own, two stops up the line. Go there. We will. 🥖"]),
    text("No degree needed", &["No degree needed, no gap to explain. Tell us what you did with your hands this year. https://harbour.example/jobs"]).with(&[Desk]),
    text("Our {weekday} question", &["Our {weekday} question for people who hire: when did you last apply for a job yourself? Do it once, with your own form. We cut ours from {n} fields to four."]),
    text("Bring the dog", &["The office dogs vote on new colleagues. They have been right {n} times out of {n}. Bring a biscuit. 🐕"]).with(&[Dogs]),
];

pub(in super::super) static NIGHT_BAKER: Text = text("Night baker wanted, with dogs", &["Night baker wanted. Four nights, 248 kroner an hour, two dogs who sleep by the oven and will judge your shaping. Start in January. https://harbour.example/jobs/night"])
    .with(&[Dogs]);
pub(in super::super) static COUNTER: Text = text(
    "Hiring: counter, Aker",
    &[
        "Counter, Aker Brygge, 30 hours. You like people before nine in the morning. Pay, hours and the honest downsides: https://harbour.example/jobs/aker",
    ],
);
