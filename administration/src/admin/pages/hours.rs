//! Opening hours as people write them, a line a day: « 9:00-12:00, 14:00-17:00 ».

use shared::directory::{OpeningHours, Weekday};
use shared::opening::WEEKDAYS;

/// The days in order, as the form calls them and as people do.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("monday", "Lundi"),
    ("tuesday", "Mardi"),
    ("wednesday", "Mercredi"),
    ("thursday", "Jeudi"),
    ("friday", "Vendredi"),
    ("saturday", "Samedi"),
    ("sunday", "Dimanche"),
];

/// What the form calls the days, in order.
pub(super) const NAMES: [&str; 7] = {
    let mut names = [""; 7];
    let mut day = 0;
    while day < names.len() {
        names[day] = DAYS[day].0;
        day += 1;
    }
    names
};

/// The line of each day.
pub(super) fn lines(hours: &[OpeningHours]) -> [String; 7] {
    WEEKDAYS.map(|day| line(hours, day))
}

/// The line of a day.
fn line(hours: &[OpeningHours], day: Weekday) -> String {
    let mut spans: Vec<(&str, &str)> = hours
        .iter()
        .filter(|opening| opening.days.contains(&day))
        .map(|opening| (opening.from.as_str(), opening.to.as_str()))
        .collect();
    spans.sort_unstable();
    let short = |time: &str| time.strip_prefix('0').filter(|rest| rest.len() == 4).unwrap_or(time).to_owned();
    let spans: Vec<String> =
        spans.iter().map(|(from, to)| format!("{}-{}", short(from), short(to))).collect();
    spans.join(", ")
}

/// The days on which something is open, on one line.
pub(super) fn week(hours: &[OpeningHours]) -> String {
    let days: Vec<String> = DAYS
        .iter()
        .zip(lines(hours))
        .filter(|(_, line)| !line.is_empty())
        .map(|((_, name), line)| format!("{} : {line}", name.to_lowercase()))
        .collect();
    days.join(" ; ")
}

/// Reads the line of each day. Days with the same hours share them.
///
/// # Errors
/// The days that cannot be read, each with a sentence.
pub(super) fn read(lines: &[String; 7]) -> Result<Vec<OpeningHours>, Vec<(usize, String)>> {
    let mut hours: Vec<OpeningHours> = Vec::new();
    let mut wrong = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match read_day(line) {
            Ok(spans) => {
                for (from, to) in spans {
                    let (from, to) = (written(from), written(to));
                    match hours.iter_mut().find(|known| known.from == from && known.to == to) {
                        Some(known) => known.days.push(WEEKDAYS[index]),
                        None => hours.push(OpeningHours { days: vec![WEEKDAYS[index]], from, to }),
                    }
                }
            }
            Err(sentence) => wrong.push((index, sentence)),
        }
    }
    if wrong.is_empty() { Ok(hours) } else { Err(wrong) }
}

fn written(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Opening and closing, in minutes since midnight, of one day.
fn read_day(line: &str) -> Result<Vec<(u16, u16)>, String> {
    let line = line.to_lowercase().replace(['–', '—', '−'], "-").replace(" à ", "-").replace(" et ", ",");
    if matches!(line.trim(), "" | "-" | "fermé" | "ferme" | "fermée") {
        return Ok(Vec::new());
    }
    let mut spans = Vec::new();
    for part in line.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let times = part.strip_prefix("de ").unwrap_or(part).split_once('-');
        let times = times.and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        let Some((from, to)) = times else {
            return Err(format!(
                "« {part} » n’est pas un horaire. Écrivez par exemple : 9:00-12:00, 14:00-17:00."
            ));
        };
        if to <= from {
            return Err(format!("« {part} » : l’heure de fermeture doit venir après l’heure d’ouverture."));
        }
        spans.push((from, to));
    }
    spans.sort_unstable();
    if spans.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err("Deux plages se chevauchent ce jour-là.".to_owned());
    }
    Ok(spans)
}

/// « 9:30 », « 09h30 », « 9 h » or « 9 » in minutes since midnight; 24:00 is the end of the day.
fn minutes(time: &str) -> Option<u16> {
    let time: String = time.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (hour, minute) = time.split_once([':', 'h', '.']).unwrap_or((&time, ""));
    let is_number = |text: &str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if hour.is_empty() || !is_number(hour) || !is_number(minute) || minute.len() == 1 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().unwrap_or_default());
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(line: &str) -> Result<String, String> {
        let mut lines: [String; 7] = Default::default();
        line.clone_into(&mut lines[0]);
        read(&lines).map(|hours| super::lines(&hours)[0].clone()).map_err(|mut wrong| wrong.remove(0).1)
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (typed, expect) in [
            ("", ""),
            ("Fermé", ""),
            ("9:00-12:00, 14:00-17:00", "9:00-12:00, 14:00-17:00"),
            ("9h-12h et 14h à 17h30", "9:00-12:00, 14:00-17:30"),
            ("14 h 00 – 17 h 30 ; 09h00–12h", "9:00-12:00, 14:00-17:30"),
            ("de 9 à 12", "9:00-12:00"),
            ("0:00-24:00", "0:00-24:00"),
            ("9.30-10.15", "9:30-10:15"),
        ] {
            assert_eq!(day(typed).as_deref(), Ok(expect), "{typed}");
        }
    }

    #[test]
    fn what_is_no_hour_is_told_and_never_guessed() {
        for (typed, part) in [
            ("sur rendez-vous", "n’est pas un horaire"),
            ("9:00", "n’est pas un horaire"),
            ("9:00-25:00", "n’est pas un horaire"),
            ("9:00-12:60", "n’est pas un horaire"),
            ("9:5-12:00", "n’est pas un horaire"),
            ("9:00-12:00 14:00-17:00", "n’est pas un horaire"),
            ("12:00-9:00", "après l’heure d’ouverture"),
            ("9:00-9:00", "après l’heure d’ouverture"),
            ("9:00-12:00, 11:00-13:00", "se chevauchent"),
        ] {
            assert!(day(typed).unwrap_err().contains(part), "{typed}: {:?}", day(typed));
        }
    }

    #[test]
    fn days_with_the_same_hours_share_them() {
        let week = ["9-12, 14-17", "9-12", "", "9-12", "", "", ""].map(str::to_owned);
        let hours = read(&week).unwrap();
        assert_eq!(hours.len(), 2);
        assert_eq!(hours[0].days, [Weekday::Monday, Weekday::Tuesday, Weekday::Thursday]);
    }

    proptest! {
        /// Whatever hours a week has, its lines say the same hours.
        #[test]
        fn lines_and_hours_say_the_same(week in prop::collection::vec(prop::collection::btree_set(0_u16..=96, 0..5), 7)) {
            let typed: Vec<String> = week
                .iter()
                .map(|quarters| {
                    let quarters: Vec<u16> = quarters.iter().copied().collect();
                    let spans: Vec<String> = quarters
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|[from, to]| format!("{}-{}", written(from * 15), written(to * 15)))
                        .collect();
                    spans.join(",")
                })
                .collect();
            let typed: [String; 7] = typed.try_into().unwrap();
            let hours = read(&typed).unwrap();
            let again = read(&lines(&hours)).unwrap();
            prop_assert_eq!(shared::opening::week(&hours), shared::opening::week(&again));
            prop_assert_eq!(lines(&hours), lines(&again));
            let spans = typed.iter().map(|line| line.matches('-').count()).sum::<usize>();
            prop_assert_eq!(hours.iter().map(|one| one.days.len()).sum::<usize>(), spans);
        }
    }
}
