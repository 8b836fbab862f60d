//! Opening hours as people write them, a line a day: « 9:00-12:00, 14:00-17:00 ».

pub(super) use exchange::hours::typed as read;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::opening::clock;

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
            ("9h − midi ; l’après-midi 14 : 00 - 17 : 00", "9:00-12:00, 14:00-17:00"),
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
            ("?", "n’est pas un horaire"),
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
                        .map(|[from, to]| format!("{}-{}", clock(from * 15), clock(to * 15)))
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
