//! Harbour Bakery, Oslo: warm, short, never louder than the bread.

use super::super::pictures::Picture::{Buns, Christmas, Coffee, Field, Harbour, Jar, Kitchen, Loaves, Snow};
use super::{Text, text};

pub(in super::super) static TEXTS: &[Text] = &[
    text("{weekday} ovens on", &["{weekday}. The ovens went on at three, the first {flour} loaves came out at six, and {name} has already eaten one. Come while it crackles. #oslo #sourdough"])
        .with(&[Loaves]),
    text("Cardamom, explained", &[
        "Why is a {bun} from here so green inside? We crack whole pods every morning. Pre-ground cardamom loses half its scent in a week, and you would taste it by Thursday.",
        "How to do it at home: {n} pods, a mortar, no hurry. Sieve out the husks, keep the black seeds, crush until the kitchen smells like a good idea. 🫛",
        "Half goes into the dough, half into the butter. That is the whole secret. Recipe card at the till, free, in four languages.",
    ]).with(&[Buns]),
    text("Weekend hours", &["This weekend: {weekday} 07:00 to 16:00 at {place}, and the coffee window stays open until the last {bun} is gone. https://harbour.example/hours"])
        .mastodon(&["This weekend we are at {place}: {weekday} 07:00 to 16:00. The coffee window stays open until the last {bun} is gone, which last week was 13:40, so do with that what you will. Step-free entrance around the corner, dogs welcome outside, wifi is off on purpose. https://harbour.example/hours"]),
    text("Flour delivery", &["The {flour} is here: {n} sacks, milled on Tuesday, up two flights of stairs. Thank you {name}, and sorry about your back. 💪"])
        .with(&[Field]),
    text("New jar, same starter", &["New jar, same starter. Ours is {n} years old, answers to Gunnar, and has survived two floods and one landlord. Ask for a spoonful, it costs nothing. 🫙"])
        .with(&[Jar]),
    text("Open kitchen photos", &["Open kitchen last night: {n} of you, four ovens, one very serious seven-year-old who shapes better than {name}. Thank you for coming. 📸"])
        .with(&[Kitchen, Loaves]),
    text("Ask a baker", &["Ask a baker: why does my loaf tear at the side? Nine times in ten the score was too shallow and the oven too dry. Cut deeper, add steam, send us a picture. #AskABaker"]),
    text("Slow morning mix", &["A slow morning mix for a {mood} {weekday}: {song}, then silence, then the oven timer. Forty minutes, about as long as a {flour} loaf needs. https://harbour.example/mix"])
        .with(&[Coffee]),
    text("Rye week, day {n}", &["Rye week. Today: the loaf that {name}'s grandmother calls \"the brick\", in the kindest way. Dense, dark, sliced thin, better on day three. #RyeWeek"])
        .with(&[Loaves]),
    text("Starter care", &[
        "Starter care, the short version: feed it, forgive it, forget it in the fridge for up to {n} days. It has been through worse than you.",
        "The long version: equal weights of starter, water and {flour} flour. Warm kitchen, eight hours. Cold kitchen, go to bed.",
    ]).with(&[Jar]),
    text("{mood} harbour, warm bread", &["A {mood} harbour this morning, and warm bread on the counter at {place}. The ferry people know: last call for {bun}s is 09:15. ⛴️"])
        .with(&[Harbour]),
    text("Lost and found", &["Found at the counter on {weekday}: one grey glove, a library book about eels ({n} days overdue), and a note that says only \"butter\". We keep them by the till."]),
    text("Allergens, plainly", &["Every loaf has a card: what is in it, what is near it, who made it. If you need it read out, ask. If you need it in another language, we have eleven. https://harbour.example/allergens"])
        .behind("Food, allergens", &["Every loaf has a card: what is in it, what is near it, and who made it. We bake {flour} and nuts in the same room and will not pretend otherwise. If you need it read out loud, ask; if you need it in another language, we have eleven, and {name} is working on the twelfth. https://harbour.example/allergens"]),
    text("", &["{name} dropped a tray of {bun}s at 05:40 and the whole kitchen applauded. Seconds are half price today at {place}. 💛"]),
    text("Yesterday's bread", &["Yesterday's bread is not old bread. {n} loaves, half price, from eight. It makes better toast and much better soup. #foodwaste"])
        .behind("Food", &["Yesterday's bread is not old bread: {n} loaves, half price, from eight o'clock. It makes better toast, much better soup, and croutons that people will ask you about. What is left at ten goes to the kitchen at {place}, every day since 2019. #foodwaste"]),
    text("Åpent i dag", &["God morgen fra {place}! Nystekt brød av {mel}, kaffe fra halv åtte, og {n} skoleboller som ikke varer lenge. Velkommen inn. ☕️"])
        .with(&[Coffee]),
    text("Surdeigskurs på lørdag", &["Lørdagens surdeigskurs er snart fullt: {n} plasser igjen, én starter med hjem, og så mye kaffe som ovnen tåler. Påmelding: https://harbour.example/kurs"])
        .with(&[Jar, Loaves]),
    text("Været og brødet", &["Lav luft over fjorden, og deigen merker det før oss. I dag hever {mel}brødet ti minutter lenger. Tålmodighet er også en ingrediens."])
        .with(&[Harbour]),
    text("Takk for i går", &["Takk til alle som kom på åpent kjøkken i går! {n} nye bakere, tre forbrente tommelfingre, null angrer. Bilder kommer når {name} finner ladekabelen."])
        .with(&[Kitchen]),
    text("Snow on the step", &["First snow on the step and {name} has already lost the shovel. Mind the corner by the tram. Inside it is 24 degrees and smells of {bun}. ❄️"])
        .with(&[Snow]),
    text("The Christmas list", &["The Christmas list is up: {flour} crispbread, seven sorts, saffron from the thirteenth. Order by Sunday, collect at {place}. https://harbour.example/christmas"])
        .with(&[Christmas]),
    text("Meet the night shift", &["While you slept: {name} shaped {n} loaves, two people asked for directions to a party, and one fox looked in. The night shift says good morning. 🦊"])
        .with(&[Snow]),
    text("A note on prices", &[
        "A note on prices. Butter costs us a third more than last year, the {flour} a tenth. From Monday a loaf is 4 kroner more. We waited as long as we could.",
        "What does not change: coffee for 25 kroner before eight, and day-old bread at half price. If money is short, ask for \"the {weekday} loaf\". No questions.",
    ]),
    text("Reader question: salt", &["\"Can I leave out the salt?\" You can. The dough will race, the crumb will sulk and you will not eat the second slice. Two per cent of the flour, by weight. #AskABaker"]),
];

/// Posts that the first screens show: as drawn, once each.
pub(in super::super) static PLAYLIST: Text = text("Slow Sunday playlist", &["For flour on your sleeves and nowhere to be: nine songs, one pot of coffee, no drops. The slow playlist is up. https://harbour.example/mix"])
    .with(&[Coffee]);
pub(in super::super) static DOUGH: Text = text(
    "Monday dough schedule",
    &[
        "Tomorrow's dough: rye at 04:00, spelt at 05:30, buns at 06:15, and the long one that needs until Wednesday. Tell us what to put aside and we will.",
    ],
);
pub(in super::super) static CHRISTMAS: Text = text("Christmas orders open", &["Christmas orders are open: seven sorts, crispbread by the kilo, and saffron buns from the thirteenth. Order until Sunday 20 December, collect at the harbour. https://harbour.example/christmas"])
    .with(&[Christmas, Buns]);
pub(in super::super) static CLASS: Text = text("Saturday sourdough class", &[
    "Flour up to the elbows. Our Saturday sourdough class is back: four hours, one starter to take home, and as much coffee as the oven allows.\n\nTwelve places, https://harbour.example/class #sourdough #oslo",
    "What to bring: an apron, a jar, and somewhere to be hungry afterwards. Allergies? Tell us when you book and Kari will find you another flour.",
])
.mastodon(&[
    "Flour up to the elbows. Our Saturday sourdough class is back: four hours, one starter to take home, and as much coffee as the oven allows. We bake two loaves each and eat one together, with butter that has opinions.\n\nTwelve places, step-free entrance, quiet corner available. https://harbour.example/class #sourdough #oslo #baking",
    "What to bring: an apron, a jar, and somewhere to be hungry afterwards. Allergies? Tell us when you book and Kari will find you another flour.",
])
.with(&[Loaves, Kitchen]);
pub(in super::super) static MENU: Text = text(
    "December menu",
    &["December menu, first idea: saffron bun, rye and orange, barley soup with yesterday's bread. What is missing?"],
)
.with(&[Christmas]);
pub(in super::super) static WINNERS: Text = text("Rye week winners", &["Rye week is over and the winners are: Tuva (crumb), Emeka (crust) and a loaf signed only \"M.\" that made three bakers go quiet. Prizes at the till. 🏆"])
    .with(&[Loaves]);
pub(in super::super) static EARLY: Text = text("Early bird rye", &["Early bird rye: the first twelve loaves come out at 06:20 and the first twelve people get them warm, with butter, standing up. See you in the dark. 🌒"])
    .with(&[Loaves]);
pub(in super::super) static LONG_TITLE: Text = text("The very long story of how the old harbour oven came over the mountains in 1931, who carried it up the stairs, and why it still pulls a little to the left when the wind turns", &[
    "The oven pulls to the left. It has since 1931, when it came over the mountains in eleven pieces and was put together by a man who had only ever built boats.",
    "Every baker here learns it in the first week: turn the back row at twenty minutes, or the left ones go dark. We could repair it. We voted. We did not. 🔥",
    "Sunday at two, Kari tells the whole story next to the oven. Bring questions, and something to fan yourself with.",
])
.with(&[Kitchen]);
