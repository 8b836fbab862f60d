//! The coverage as a table for spreadsheets: a line for each network and department, and one for
//! the whole of each network.

use super::{Coverage, Places};
use crate::report::diagnosis::Line;

const TITLES: [&str; 19] = [
    "Réseau",
    "Nom du réseau",
    "Règles",
    "Site ou téléphone national",
    "Département",
    "Nom du département",
    "Lieux",
    "Lieux attendus",
    "Il en manque",
    "Habitants à {km} km ou moins",
    "Part des habitants (%)",
    "Plus ancienne date",
    "Date médiane",
    "Plus récente date",
    "Sans date",
    "Vérifiés par quelqu’un",
    "Publiés par le réseau même",
    "Redits par une liste plus récente",
    "À confirmer par téléphone",
];

impl Coverage {
    /// All of it. What is only known of a whole network has empty cells in its departments.
    pub fn csv(&self) -> String {
        let mut csv = String::from("\u{feff}");
        let mut titles = Line::default();
        for title in TITLES {
            titles.cell(&title.replace("{km}", &self.near_km.to_string()));
        }
        titles.end(&mut csv);
        let yes = |is: bool| if is { "oui" } else { "non" }.to_owned();
        for network in &self.networks {
            let named = |line: &mut Line| {
                for cell in
                    [network.id.as_str(), &network.name, network.named.french(), &yes(network.has_contact)]
                {
                    line.cell(cell);
                }
            };
            let expected: Option<Vec<u16>> = network.departments.iter().map(|one| one.expected).collect();
            let expected = expected.map(|counts| counts.into_iter().map(u32::from).sum::<u32>());
            let mut line = Line::default();
            named(&mut line);
            for cell in [
                String::new(),
                "Toute la région".to_owned(),
                network.places.count.to_string(),
                expected.map(|count| count.to_string()).unwrap_or_default(),
                yes(network.departments.iter().any(|one| one.lacks)),
                network.reached.to_string(),
                self.percent(network).to_string(),
            ] {
                line.cell(&cell);
            }
            records(&mut line, &network.places);
            line.end(&mut csv);
            for (here, department) in network.departments.iter().zip(&self.departments) {
                let mut line = Line::default();
                named(&mut line);
                for cell in [
                    department.code.clone(),
                    department.name.clone(),
                    here.places.to_string(),
                    here.expected.map(|count| count.to_string()).unwrap_or_default(),
                    yes(here.lacks),
                ] {
                    line.cell(&cell);
                }
                for _ in 9..TITLES.len() {
                    line.cell("");
                }
                line.end(&mut csv);
            }
        }
        csv
    }
}

fn records(line: &mut Line, places: &Places) {
    let Places { dates, confirmed, .. } = places;
    for date in [&dates.oldest, &dates.median, &dates.newest] {
        line.cell(date.as_deref().unwrap_or_default());
    }
    for count in [
        dates.undated,
        confirmed.by_a_person,
        confirmed.by_its_keeper,
        confirmed.by_a_later_list,
        places.to_confirm,
    ] {
        line.cell(&count.to_string());
    }
}
