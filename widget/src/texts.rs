//! What the element says of itself, one table a language. Everything else it says comes
//! from the edition.

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// `ltr` or `rtl`: the host page may go the other way.
    pub(crate) direction: &'static str,
    pub(crate) title: &'static str,
    pub(crate) privacy: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) back: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) choose_one: &'static str,
    pub(crate) commune_label: &'static str,
    pub(crate) commune_none_typed: &'static str,
    pub(crate) commune_several: &'static str,
    pub(crate) commune_outside: &'static str,
    pub(crate) communes: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) unavailable: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) go_first: &'static str,
    pub(crate) go_first_remote: &'static str,
    pub(crate) reception: &'static str,
    pub(crate) why: &'static str,
    pub(crate) covers: &'static str,
    pub(crate) nearest: &'static str,
    pub(crate) no_place_near: &'static str,
    pub(crate) source: &'static str,
    pub(crate) offers: &'static str,
    pub(crate) services: [&'static str; 3],
    pub(crate) level_one: &'static str,
    pub(crate) level_two: &'static str,
    pub(crate) levels_both: &'static str,
    pub(crate) address: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) email: &'static str,
    pub(crate) website: &'static str,
    pub(crate) new_tab: &'static str,
    pub(crate) itinerary: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) hours_unknown: &'static str,
    pub(crate) access: &'static str,
    pub(crate) days: [&'static str; 7],
    pub(crate) months: [&'static str; 12],
    pub(crate) never_checked: &'static str,
    pub(crate) old_record: &'static str,
    pub(crate) report: &'static str,
    pub(crate) report_subject: &'static str,
    pub(crate) complements: &'static str,
    pub(crate) remote_services: &'static str,
    pub(crate) undetermined: &'static str,
    pub(crate) answer_it: &'static str,
    pub(crate) your_answers: &'static str,
    pub(crate) change: &'static str,
    pub(crate) restart: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) unknown_commune: &'static str,
    pub(crate) step: fn(usize, usize) -> String,
    pub(crate) found: fn(usize, usize) -> String,
    pub(crate) no_commune: fn(&str, &str) -> String,
    pub(crate) site: fn(&str) -> String,
    pub(crate) former: fn(&str, &str) -> String,
    pub(crate) your_commune: &'static str,
    pub(crate) distance: fn(u32, &str, bool) -> String,
    pub(crate) checked_on: fn(&str) -> String,
    pub(crate) date: fn(u16, &str, u8) -> String,
}

/// The texts for a language, French where there are none.
pub(crate) fn texts(_language: &str) -> &'static Texts {
    &FRENCH
}

static FRENCH: Texts = Texts {
    direction: "ltr",
    title: "Guide de l’orientation",
    privacy: "C’est gratuit. Vos réponses restent sur cette page\u{a0}: elles ne sont ni envoyées ni gardées.",
    go_on: "Continuer",
    back: "Retour",
    optional: "Question facultative.",
    choose_one: "Choisissez une réponse pour continuer.",
    commune_label: "Nom ou code postal de la commune",
    commune_none_typed: "Tapez le nom ou le code postal de la commune.",
    commune_several: "Plusieurs communes correspondent. Choisissez dans la liste.",
    commune_outside: "La commune n’est pas dans la liste",
    communes: "Communes",
    loading: "Chargement…",
    unavailable: "La connexion est trop lente ou coupée. Vos réponses sont gardées.",
    try_again: "Essayer encore",
    go_first: "Le lieu où aller d’abord",
    go_first_remote: "Le service à contacter d’abord",
    reception: "Pour être reçu près de chez vous",
    why: "Pourquoi\u{a0}?",
    covers: "Ce lieu est là pour les habitants de votre commune",
    nearest: "C’est le plus proche que nous connaissons",
    no_place_near: "Nous ne connaissons pas de lieu de ce réseau près de votre commune. Le premier contact se fait par téléphone ou sur internet.",
    source: "d’où vient cette règle",
    offers: "Vous y trouvez\u{a0}: ",
    services: ["accueil et information", "conseil", "accompagnement"],
    level_one: "niveau 1",
    level_two: "niveau 2",
    levels_both: "niveaux 1 et 2",
    address: "Adresse",
    phone: "Téléphone",
    email: "Courriel",
    website: "Site internet",
    new_tab: "nouvel onglet",
    itinerary: "Voir le chemin sur une carte",
    hours: "Horaires",
    hours_unknown: "Nous ne connaissons pas les horaires\u{a0}: téléphonez avant de venir.",
    access: "Accès",
    days: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    never_checked: "Date de vérification inconnue. Téléphonez avant de venir.",
    old_record: "C’était il y a plus d’un an\u{a0}: téléphonez avant de venir.",
    report: "Signaler une erreur",
    report_subject: "Erreur dans la fiche\u{a0}: ",
    complements: "Aussi utile",
    remote_services: "Par téléphone ou sur internet",
    undetermined: "Une réponse de plus peut ouvrir d’autres portes",
    answer_it: "Répondre à la question",
    your_answers: "Vos réponses",
    change: "Modifier",
    restart: "Recommencer",
    outside: "Hors de la région, ou pas dans la liste",
    unknown_commune: "Cette commune n’est pas dans la région. Choisissez-en une autre, ou utilisez les services à distance.",
    // Most questions depend on answers to come: far from the end, the bound would frighten
    // for nothing.
    step: |number, remaining| match remaining {
        0 => format!("Question {number}, la dernière"),
        1 => format!("Question {number}, puis une au plus"),
        2..=4 => format!("Question {number}, puis {remaining} au plus"),
        _ => format!("Question {number}"),
    },
    found: |count, shown| match count {
        0 => "Aucune commune trouvée.".to_owned(),
        1 => "1 commune trouvée.".to_owned(),
        _ if count > shown => format!(
            "{count} communes trouvées. La liste montre les {shown} premières\u{a0}: tapez la suite du nom."
        ),
        _ => format!("{count} communes trouvées."),
    },
    no_commune: |typed, region| {
        format!(
            "Aucune commune de la région {region} ne correspond à «\u{a0}{typed}\u{a0}». Vérifiez l’orthographe, ou essayez le code postal."
        )
    },
    site: |host| format!("Site internet\u{a0}: {host}"),
    former: |former, today| format!("{former}, aujourd’hui {today}"),
    your_commune: "votre commune",
    distance: |meters, commune, approximate| {
        let about = if approximate { "environ " } else { "" };
        let of = of(commune);
        match meters {
            0..1_000 => format!("à moins de 1 km {of}, à vol d’oiseau"),
            1_000..10_000 => {
                format!("à {about}{},{} km {of}, à vol d’oiseau", meters / 1_000, meters % 1_000 / 100)
            }
            _ => format!("à {about}{} km {of}, à vol d’oiseau", (meters + 500) / 1_000),
        }
    },
    checked_on: |date| format!("Fiche vérifiée le {date}."),
    date: |year, month, day| {
        if day == 1 { format!("1er {month} {year}") } else { format!("{day} {month} {year}") }
    },
};

/// « de » before the name of a commune: « d’Annecy », « du Puy-en-Velay », « des Vans ».
fn of(commune: &str) -> String {
    const VOWELS: &str = "AEIOUYÀÂÉÈÊËÎÏÔÙÛÜŒÆ";
    if let Some(rest) = commune.strip_prefix("Le ") {
        format!("du {rest}")
    } else if let Some(rest) = commune.strip_prefix("Les ") {
        format!("des {rest}")
    } else if commune.chars().next().is_some_and(|first| VOWELS.chars().any(|vowel| vowel == first)) {
        format!("d’{commune}")
    } else {
        format!("de {commune}")
    }
}

impl Texts {
    /// An ISO date in words, or as it is when it is not one.
    pub(crate) fn day(&self, iso: &str) -> String {
        let mut parts = iso.split('-');
        let mut next = || parts.next();
        let read = || -> Option<String> {
            let (year, month, day) =
                (next()?.parse().ok()?, next()?.parse::<usize>().ok()?, next()?.parse().ok()?);
            Some((self.date)(year, self.months.get(month.checked_sub(1)?)?, day))
        };
        let mut read = read;
        read().unwrap_or_else(|| iso.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_distances_are_said_in_words() {
        assert_eq!(FRENCH.day("2026-11-24"), "24 novembre 2026");
        assert_eq!(FRENCH.day("2015-01-01"), "1er janvier 2015");
        assert_eq!(FRENCH.day("2015"), "2015");
        assert_eq!(FRENCH.day("2015-13-01"), "2015-13-01");
        assert_eq!((FRENCH.distance)(420, "Privas", false), "à moins de 1 km de Privas, à vol d’oiseau");
        assert_eq!((FRENCH.distance)(4_260, "Privas", false), "à 4,2 km de Privas, à vol d’oiseau");
        assert_eq!((FRENCH.distance)(12_600, "Privas", true), "à environ 13 km de Privas, à vol d’oiseau");
        assert_eq!((FRENCH.step)(1, 0), "Question 1, la dernière");
        assert_eq!((FRENCH.found)(1, 1), "1 commune trouvée.");
        assert_eq!((FRENCH.found)(13, 13), "13 communes trouvées.");
        assert!((FRENCH.found)(60, 20).contains("les 20 premières"));
    }

    #[test]
    fn communes_are_named_as_people_say_them() {
        for (commune, said) in [
            ("Privas", "de Privas"),
            ("Annecy", "d’Annecy"),
            ("Évian-les-Bains", "d’Évian-les-Bains"),
            ("Le Puy-en-Velay", "du Puy-en-Velay"),
            ("Les Vans", "des Vans"),
            ("La Tronche", "de La Tronche"),
            ("votre commune", "de votre commune"),
        ] {
            assert_eq!(of(commune), said);
        }
    }
}
