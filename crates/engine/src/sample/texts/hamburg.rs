//! The branch in Hamburg, in German, with a long name.

use super::super::pictures::Picture::{Buns, Coffee, Field, Harbour, Loaves};
use super::{Text, text};

pub(in super::super) static TEXTS: &[Text] = &[
    text("Moin aus {viertel}", &["Moin! {wochentag}, Nieselregen, und in {viertel} riecht es nach {sorte}. Ab halb sieben ist offen, der erste Kaffee geht aufs Haus, wenn ihr einen Witz mitbringt. ☕"])
        .with(&[Coffee]),
    text("{mehl}brot mit Geschichte", &["Unser {mehl}brot ruht {n} Stunden. In der Zeit könntet ihr nach Oslo und zurück fahren, aber dann wäre es ja weg. #Sauerteig #Hamburg"])
        .with(&[Loaves]),
    text("Öffnungszeiten am {wochentag}", &["Öffnungszeiten am {wochentag}: 6:30 bis 14 Uhr, auch in {viertel}. Barrierefreier Eingang über den Hof, die Klingel ist die grüne. https://harbour.example/hamburg"]),
    text("Donaudampfschifffahrtsbrötchen", &["Ein Gast hat das Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbrötchen bestellt. Wir haben es gebacken. Es ist ein Rundstück mit Käse und kostet {n} Cent mehr."])
        .with(&[Buns]),
    text("Frage des Tages: {sorte}", &["Frage des Tages: {sorte} mit Butter oder ohne? Die Backstube ist gespalten, {n} zu {n}. Bitte entscheidet ihr, wir müssen weiterarbeiten."]),
    text("Die Müllerin war da", &["Die Müllerin war da: {n} Säcke {mehl}, frisch aus der Wilstermarsch, und eine Katze, die eigentlich nicht mit sollte. Sie ist wieder zu Hause. 🐈"])
        .with(&[Field]),
    text("Fischmarkt am Sonntag", &["Sonntag, Fischmarkt, fünf Uhr. Wir stehen an der Ecke zur Großen Elbstraße, erkennbar am Dampf. Kommt vor den Möwen, die können lesen."])
        .with(&[Harbour]),
    text("Ausbildung bei uns", &["Ausbildung zur Bäckerin oder zum Bäcker, ab August. Übertariflich, vier Tage, kein Frühstart vor fünf. Fragen an Jürgen, der lacht laut, meint es aber ernst. https://harbour.example/ausbildung"])
        .mastodon(&["Ausbildung zur Bäckerin oder zum Bäcker, ab August, in {viertel}. Übertariflich bezahlt, vier Tage die Woche, kein Frühstart vor fünf Uhr. Fragen an Jürgen: Er lacht laut, meint es aber ernst. Schnuppertag jederzeit, Arbeitsschuhe haben wir von Größe 35 bis 49, Mut bitte selbst mitbringen. https://harbour.example/ausbildung #Ausbildung #Handwerk #Hamburg"]),
    text("Rezept: {mehl}brühstück", &[
        "Rezept der Woche: {mehl}brühstück. 100 Gramm Schrot, 200 Gramm kochendes Wasser, eine Prise Salz, zudecken, vergessen.",
        "Am nächsten Morgen in den Teig. Das Brot bleibt drei Tage länger saftig, und ihr dürft so tun, als wäre das Können.",
    ]),
    text("Gluten, kurz und ehrlich", &["Gluten, kurz und ehrlich: In unserer Backstube fliegt Mehl. Unser Buchweizenbrot ist ohne Weizen, aber nicht für Menschen mit Zöliakie. Fragt uns, bitte immer."])
        .behind("Essen, Zöliakie", &["Gluten, kurz und ehrlich: In unserer Backstube fliegt Mehl. Unser Buchweizenbrot ist ohne Weizen, aber nicht sicher für Menschen mit Zöliakie. Wir arbeiten an einem eigenen Raum in {viertel}; bis dahin empfehlen wir euch von Herzen die Konkurrenz zwei Straßen weiter. Fragt uns, bitte immer."]),
];

pub(in super::super) static REFUSED: Text = text("Franzbrötchen-Wettbewerb: die Bilder", &["Elf Bäckereien, ein Gebäck, null Einigkeit. Hier sind die Bilder vom Franzbrötchen-Wettbewerb, das dritte ist unseres. Wir wurden Vierte und reden nicht darüber."])
    .with(&[Buns, Coffee]);
