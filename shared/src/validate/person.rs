//! What looks like a person in the record of a place: nobody's own mail or name is published.

use crate::directory::Structure;
use crate::spelling::fold;
use std::ops::Range;

/// First names that mails of persons begin with: the most frequent ones of France since 1950
/// (Insee, *fichier des prénoms*), folded, without those that are words of places (France, Rose).
const FIRST_NAMES: &str = "\
    adrien agathe agnes alain albert alex alexandra alexandre alexis alice aline amandine amelie \
    andre andree angelique anissa anna anne annick annie anthony antoine arnaud arthur audrey \
    aurelie aurelien aurore baptiste beatrice benjamin benoit bernadette bernard brigitte bruno \
    camille carine carole caroline catherine cecile cedric celia celine chantal charles charlotte \
    chloe christelle christian christiane christine christophe claire clara claude claudine clement \
    clementine colette coralie corinne cyril damien daniel daniele danielle david delphine denis \
    denise didier dominique dorian edith elisabeth elise elodie emilie emma emmanuel emmanuelle eric \
    estelle etienne eva evelyne fabien fabienne fabrice fanny fatima florence florent florian franck \
    francis francois francoise frederic frederique gabriel gaelle genevieve georges gerald geraldine \
    gerard gilbert gilles gregory guillaume guy helene henri herve hugo huguette ines isabelle \
    jacqueline jacques jean jeanne jeremy jerome jessica joelle johan jonathan joseph josette \
    josiane julia julie julien juliette justine karim karine katia kevin laetitia laura laure \
    laurence laurent lea leila leo lionel loic louis louise luc lucas lucie lucien ludovic lydie \
    magali manon marc marcel margaux marguerite marianne marie marina marine marion marjorie martine \
    mathieu mathilde matthieu maud maurice maxime melanie melissa michael michel michele mickael \
    mireille mohamed monique morgane muriel myriam nadege nadia nadine natacha nathalie nicolas \
    nicole noemie odile olivier ophelie pascal pascale patrice patricia patrick paul pauline \
    philippe pierre quentin rachel raphael raymond regine regis remi remy rene richard robert roger \
    roland romain sabine sabrina samia samir samuel sandra sandrine sarah sebastien serge severine \
    simon simone sonia sophie stephane stephanie suzanne sylvain sylvie theo therese thierry thomas \
    valentin valerie vanessa veronique victor vincent virginie viviane william xavier yann yannick \
    yves yvette yvonne zoe";

/// Words that begin the name of a commune which is called after somebody.
const OF_COMMUNES: [&str; 4] = ["saint", "sainte", "st", "ste"];

/// Whether a mail is likely that of a person: a first name alone, or a first name or an initial and
/// another name, none of which is a word of the place.
///
/// ```
/// use shared::directory::Structure;
/// use shared::validate::is_mail_of_a_person;
/// let place = Structure { name: "CIO de Valence".to_owned(), ..Structure::default() };
/// assert!(is_mail_of_a_person("marie.dupont@exemple.fr", &place));
/// assert!(!is_mail_of_a_person("cio.valence@exemple.fr", &place));
/// ```
pub fn is_mail_of_a_person(mail: &str, place: &Structure) -> bool {
    let name = mail.split('@').next().unwrap_or_default().to_lowercase();
    let Some(parts) = words_of_a_name(&name).filter(|parts| parts.len() <= 4) else { return false };
    let known = words_of(place);
    let is_known = |part: &str| known.split(' ').any(|word| word == part);
    let is_first_name = |part: &str| among(FIRST_NAMES, part);
    // A street or a building has a first name too: it makes no other name the place's.
    if parts.iter().all(|part| is_known(part))
        || parts.iter().any(|part| part.len() > 1 && !is_first_name(part) && is_known(part))
    {
        return false;
    }
    // « marieclaire ».
    let are_two = |part: &str| {
        (3..part.len()).any(|at| is_first_name(&part[..at]) && is_first_name(&part[at..])) && !is_known(part)
    };
    let has_first_name = parts.iter().any(|part| is_first_name(part) || are_two(part));
    // « m.durand », « m-c.durand », « durand.m ».
    let is_initials = |part: &str| part.split(['-', '_']).all(|letter| letter.len() == 1);
    let has_initial = name.split_once('.').is_some_and(|(one, other)| {
        is_initials(one) && other.len() > 2 || is_initials(other) && one.len() > 2
    });
    has_first_name || has_initial
}

/// What the mails of services are made of, folded: parts of words, so that « missionlocale » and
/// « jeunes » are known.
const OF_SERVICES: &str = "\
    accueil action agence agglo agri antenne appui apprenti artisan asso avenir bureau cad ccas centre cci \
    cidf cio clic commun conseil contact coordination crij cyber delegation departement direct emploi \
    entrepr enfance equipe espace etud famille finance formation foyer france gestion guichet hotel info \
    initiative insertion itineran jeun local maison mairie mediat metier mission mobil msap numerique \
    office orientation permanence pij pimms point pole poste prevention projet public recrut relais reseau \
    ressource rural saint scuio secretariat service siege social solid sport standard suio tourisme univ usager ville";

/// The fewest letters of a name that a mail is taken to hold.
const NAME: usize = 5;

/// Whether a mail may be that of a person, and nothing in it says that it is or that it is not: a word
/// or two that are none of the place, of its network, of the domain or of services (« jdupont »,
/// « dupont.martin »). `is_town` says which words are the names of towns.
///
/// ```
/// use shared::directory::Structure;
/// use shared::validate::may_be_mail_of_a_person;
/// let place = Structure { name: "CIO de Valence".to_owned(), ..Structure::default() };
/// let may_be = |mail| may_be_mail_of_a_person(mail, &place, |word| word == "crest");
/// assert!(may_be("jdupont@exemple.fr"));
/// assert!(!may_be("accueil@exemple.fr") && !may_be("crest@exemple.fr") && !may_be("valence2@exemple.fr"));
/// ```
pub fn may_be_mail_of_a_person(mail: &str, place: &Structure, is_town: impl Fn(&str) -> bool) -> bool {
    let Some((name, domain)) = mail.split_once('@') else { return false };
    let name = name.to_lowercase();
    let Some(parts) = words_of_a_name(&name).filter(|parts| parts.len() <= 2) else { return false };
    let known = format!("{} {}", words_of(place), fold(domain));
    let is_of_it = |word: &str| word.len() > 2 && name.contains(word);
    parts.iter().any(|part| part.len() >= NAME)
        && !parts.iter().any(|part| is_town(part))
        && !known.split(' ').any(is_of_it)
        && !OF_SERVICES.split_ascii_whitespace().any(is_of_it)
}

/// The words that a mail's name is made of, without a number behind them: nothing where one is none,
/// or where they may be a commune's that is called after a saint.
fn words_of_a_name(name: &str) -> Option<Vec<&str>> {
    let bare = |part: &'_ str| part.trim_end_matches(|sign: char| sign.is_ascii_digit()).len();
    let parts: Vec<&str> = name.split(['.', '-', '_']).map(|part| &part[..bare(part)]).collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    (parts.iter().all(is_word) && !parts.iter().any(|part| OF_COMMUNES.contains(part))).then_some(parts)
}

/// The words that a place is known by, folded.
fn words_of(place: &Structure) -> String {
    fold(&format!("{} {} {}", place.name, place.address.lines.join(" "), place.network))
}

/// What announces a name, folded.
const TITLES: &str = "m mm mme mmes mlle mlles mr monsieur madame mesdames mademoiselle messieurs";

/// Words before a name that make it that of a street or of a building, folded.
const OF_PLACES: &str = "\
    allee allees avenue av batiment boulevard bd bibliotheque boulodrome bourse carrefour centre chemin \
    cite clos college cour cours domaine ecole espace esplanade fondation foyer groupe gymnase hopital \
    hotel ilot immeuble impasse institut jardin lycee maison mediatheque montee parc passage place pl \
    pole pont promenade quai quartier residence rond route rue salle square stade tour \
    universite villa";

/// Words after which a first name and a name are those of somebody to ask for, folded.
const OF_ROLES: &str = "\
    animateur animatrice appeler attention aupres avec chargee charge conseiller conseillere contact \
    contacter coordinateur coordinatrice correspondant correspondante demander directeur directrice \
    interlocuteur interlocutrice joindre mediateur mediatrice psychologue referent referente responsable";

/// How far before a name its role may be, in words.
const ROLE_BEFORE: usize = 4;

/// A text without its parts that name a person: what is left, and what was taken out. `None` where
/// it names nobody.
///
/// A part goes from one comma, semicolon, dash, bracket, line or sentence to the next. A name is a
/// word with a capital after « Mme », « M. » and the like, a first name and a name after a role
/// (« Contact : Marie Durand »), or a part that is nothing else (« Marie DURAND »); not that of a
/// street or a building (« rue Madame Roland », « espace Simone Veil »).
///
/// ```
/// use shared::validate::without_persons;
/// let text = "Sur rendez-vous, demander Mme Durand. Fermé en août.";
/// let (left, out) = without_persons(text).unwrap();
/// assert_eq!((left.as_str(), out.as_str()), ("Sur rendez-vous. Fermé en août.", "demander Mme Durand"));
/// assert_eq!(without_persons("12 rue Madame Roland"), None);
/// ```
pub fn without_persons(text: &str) -> Option<(String, String)> {
    let parts = parts(text);
    let persons: Vec<bool> = parts.iter().map(|part| names_a_person(&text[part.clone()])).collect();
    if !persons.contains(&true) {
        return None;
    }
    let mut left = String::new();
    let mut out: Vec<&str> = Vec::new();
    let mut is_out = false;
    for (index, (part, is_person)) in parts.iter().zip(persons).enumerate() {
        if is_person {
            out.push(&text[part.clone()]);
            is_out = true;
            continue;
        }
        if !left.is_empty() {
            let before = &text[parts[index - 1].end..part.start];
            left.push_str(if is_out { before.trim_start_matches(')') } else { before });
        }
        left.push_str(&text[part.clone()]);
        is_out = false;
    }
    if !left.is_empty() {
        let end = &text[parts.last().map_or(0, |part| part.end)..];
        left.push_str(if is_out { end.trim_start_matches([',', ';', ')']) } else { end });
    }
    Some((left.trim().to_owned(), out.join(", ")))
}

/// The parts of a text, without what parts them.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut signs = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, sign)) = signs.next() {
        let is_followed_by_space = signs.peek().is_none_or(|(_, next)| next.is_whitespace());
        let parts_here = match sign {
            ',' | ';' | '\n' | '(' | ')' | '|' | '/' => true,
            '-' | '–' | '—' => before.is_whitespace() && is_followed_by_space,
            '.' | '!' | '?' => is_followed_by_space && !is_title(&text[start..at]),
            _ => false,
        };
        if parts_here {
            parts.push(start..at);
            start = at + sign.len_utf8();
        }
        before = sign;
    }
    parts.push(start..text.len());
    // The blanks around a part belong to what parts it from the next.
    let trimmed = |part: Range<usize>| {
        let words = &text[part.clone()];
        let start = part.start + words.len() - words.trim_start().len();
        start..start + words.trim().len()
    };
    parts.into_iter().map(trimmed).filter(|part| !part.is_empty()).collect()
}

/// Whether a text ends in a title, whose dot ends no sentence.
fn is_title(text: &str) -> bool {
    let last = text.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    !last.is_empty() && among(TITLES, &fold(last))
}

/// Whether a word is one of a list, which is parted by blanks.
fn among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

/// Words that end no name, though they may begin with a capital behind one, folded.
const AFTER_A_NAME: &str = "\
    lundi mardi mercredi jeudi vendredi samedi dimanche matin midi lu ma me je ve sa di lun mar mer jeu ven \
    sam dim ferme fermee ouvert ouverte sur sans avec le la les de du au aux et ou puis rdv rendez";

/// Words that stand between a role and a name, or before one that no role announces, folded.
const BEFORE_A_NAME: &str = "\
    assuree assurees assure avec chez d de elle est l la le les notre par permanence permanences sera une \
    votre";

/// Particles within a name, folded.
const PARTICLES: &str = "d da de del der di du el la le van von";

/// A longer text, in bytes, is none of hours: each name in it would be looked for from the beginning.
const LONGEST_HOURS: usize = 1_000;

/// A text of hours without the names of persons, and without what announces these; the hours around
/// them stay. `None` where it names nobody.
///
/// In hours, a first name before another name is a person, whatever stands around them: there is no
/// street or building that they would be the name of.
///
/// ```
/// use shared::validate::hours_without_persons;
/// let (left, out) = hours_without_persons("Lundi 9h-12h avec Mme Durand, mardi 14h-17h").unwrap();
/// assert_eq!((left.as_str(), out.as_str()), ("Lundi 9h-12h, mardi 14h-17h", "avec Mme Durand"));
/// assert_eq!(hours_without_persons("Lundi 9h-12h, mardi 14h-17h"), None);
/// ```
pub fn hours_without_persons(text: &str) -> Option<(String, String)> {
    if text.len() > LONGEST_HOURS {
        return None;
    }
    let (mut left, mut out) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(named) = parts(rest).into_iter().find_map(|part| {
        let inside = person(&rest[part.clone()], false)?;
        Some(part.start + inside.start..part.start + inside.end)
    }) {
        let named = named.start..named.end + phone(&rest[named.end..]);
        let before = rest[..named.start].trim_end();
        let is_bracketed = before.ends_with('(') && rest[named.end..].starts_with(')');
        let (before, after) = if is_bracketed {
            (before[..before.len() - 1].trim_end(), &rest[named.end + 1..])
        } else {
            (before, &rest[named.end..])
        };
        left.push_str(before.trim_end_matches([':', '–', '—', ',', ';', '-', ' ']));
        out.push(&rest[named]);
        // A function behind the name is the person's too.
        let next = parts(after).into_iter().next();
        let function = next
            .filter(|part| words(&after[part.clone()]).iter().all(|(_, word)| among(OF_ROLES, &fold(word))));
        rest = function.map_or(after, |part| after[part.end..].trim_start_matches(')'));
        if left.is_empty() {
            rest = rest.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        } else if rest.starts_with(char::is_alphanumeric) {
            left.push(' ');
        }
    }
    if out.is_empty() {
        return None;
    }
    left.push_str(rest);
    Some((left.trim().trim_end_matches([',', ';', ':']).to_owned(), out.join(", ")))
}

/// How much of a text is the phone number that it begins with: none where it does not.
fn phone(text: &str) -> usize {
    let is_of_it = |sign: char| sign.is_ascii_digit() || matches!(sign, ' ' | '.' | '-' | ':' | '\u{a0}');
    let end = text.find(|sign| !is_of_it(sign)).unwrap_or(text.len());
    let digits = text[..end].bytes().filter(u8::is_ascii_digit).count();
    // Hours behind it would be read as more of it.
    if digits == 10 { text[..end].trim_end_matches(|sign: char| !sign.is_ascii_digit()).len() } else { 0 }
}

/// The words of a part, and where each begins.
fn words(part: &str) -> Vec<(usize, &str)> {
    let is_between = |sign: char| sign.is_whitespace() || matches!(sign, ':' | '’' | '\'' | '«' | '»');
    let is_edge = |sign: char| !sign.is_alphanumeric();
    let mut end = 0;
    let pieces = part.split_inclusive(is_between).map(|piece| {
        end += piece.len();
        let word = piece.trim_start_matches(is_edge);
        (end - word.len(), word.trim_end_matches(is_edge))
    });
    pieces.filter(|(_, word)| !word.is_empty()).collect()
}

/// Whether a part of a text names a person.
fn names_a_person(part: &str) -> bool {
    person(part, true).is_some()
}

/// Where a part of a text names a person, with what announces the name. A first name and a name are
/// a person's where a role announces them or they are the whole part; anywhere, where no street and
/// no building may be meant.
fn person(part: &str, may_be_a_place: bool) -> Option<Range<usize>> {
    let words = words(part);
    let folded: Vec<String> = words.iter().map(|(_, word)| fold(word)).collect();
    let is_name = |at: usize| words.get(at).is_some_and(|(_, word)| is_a_name(word));
    let is_of_a_place =
        |at: usize| folded[at.saturating_sub(3)..at].iter().any(|word| among(OF_PLACES, word));
    let goes_on = |at: usize| is_name(at) && !among(AFTER_A_NAME, &folded[at]);
    // How many words of a name begin here: « Durand », « Le Goff ».
    let of_a_name = |at: usize| match folded.get(at) {
        Some(_) if goes_on(at) => 1,
        Some(word) if among(PARTICLES, word) && goes_on(at + 1) => 2,
        _ => 0,
    };
    let is_title = |at: usize| is_name(at + 1) && among(TITLES, &folded[at]);
    let is_person = |at: &usize| {
        let at = *at;
        let first = folded[at].split(['-', ' ']).next().unwrap_or_default();
        // Capitals first: they are rare, and the lists long.
        if !is_name(at) || !among(FIRST_NAMES, first) || among(TITLES, &folded[at]) || is_of_a_place(at) {
            return is_title(at) && !is_of_a_place(at);
        }
        let has_role = folded[at.saturating_sub(ROLE_BEFORE)..at].iter().any(|word| among(OF_ROLES, word));
        let is_all = words.len() == 2 && words[1].1.chars().all(|sign| !sign.is_lowercase());
        is_name(at + 1) && (has_role || is_all) || !may_be_a_place && of_a_name(at + 1) > 0
    };
    let at = (0..words.len()).find(is_person)?;
    let mut last = at + usize::from(is_title(at));
    while of_a_name(last + 1) > 0 {
        last += of_a_name(last + 1);
    }
    let announces = |word: &str| among(OF_ROLES, word) || among(BEFORE_A_NAME, word);
    let before = folded[..at].iter().rev().take_while(|word| announces(word)).count();
    let (end, word) = words[last];
    Some(words[at - before].0..end + word.len())
}

/// Whether a word may be a name: letters, the first of which is a capital.
fn is_a_name(word: &str) -> bool {
    let is_letter = |sign: char| sign.is_alphabetic() || sign == '-';
    word.chars().count() > 1
        && word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;

    #[test]
    fn a_person_is_told_from_a_place() {
        let mut place = Structure { name: "Espace Simone-Veil de Crest".to_owned(), ..Structure::default() };
        place.address.lines = vec!["3 rue Pierre-Curie".to_owned()];
        for (mail, expect) in [
            ("jean.dupont@exemple.fr", true),
            ("dupont-marie@exemple.fr", true),
            ("Marie_Anne.Durand@exemple.fr", true),
            ("j.dupont@exemple.fr", true),
            ("m-c.dupont@exemple.fr", true),
            ("dupont.j@exemple.fr", true),
            ("sophie@exemple.fr", true),
            ("anne-sophie.dupont-petit@exemple.fr", true),
            ("marie-claire@exemple.fr", true),
            ("marieclaire@exemple.fr", true),
            ("jean.dupont26@exemple.fr", true),
            ("pierre.dupont@exemple.fr", true),
            ("simone@exemple.fr", false),
            ("jdupont@exemple.fr", false),
            ("dupont.martin@exemple.fr", false),
            ("accueil@exemple.fr", false),
            ("mission.locale@exemple.fr", false),
            ("simone.veil@exemple.fr", false),
            ("saint-julien-chapteuil@exemple.fr", false),
            ("b-bus@exemple.fr", false),
            ("ce.0260079x@exemple.fr", false),
            ("", false),
        ] {
            assert_eq!(is_mail_of_a_person(mail, &place), expect, "{mail}");
        }
    }

    #[test]
    fn what_may_be_a_person_is_asked_about() {
        let mut place = Structure { name: "Espace Simone-Veil de Crest".to_owned(), ..Structure::default() };
        place.address.lines = vec!["3 rue Pierre-Curie".to_owned()];
        for (mail, expect) in [
            ("jdupont@exemple.fr", true),
            ("JDUPONT42@exemple.fr", true),
            ("dupont@exemple.fr", true),
            ("dupont-martin@exemple.fr", true),
            ("dupont.martin@dupont.fr", false),
            ("crest@exemple.fr", false),
            ("simoneveil@exemple.fr", false),
            ("missionlocale@exemple.fr", false),
            ("espacejeunes@exemple.fr", false),
            ("aouste@exemple.fr", false),
            ("mjc@exemple.fr", false),
            ("ce.0260079x@exemple.fr", false),
            ("jdupont", false),
        ] {
            let may_be = may_be_mail_of_a_person(mail, &place, |word| word == "aouste");
            assert_eq!(may_be, expect, "{mail}");
        }
    }

    #[test]
    fn a_text_loses_the_parts_that_name_somebody() {
        for (text, left, out) in [
            ("Contact : Marie Durand", "", "Contact : Marie Durand"),
            ("Accueil (Mme Durand), 2e étage", "Accueil, 2e étage", "Mme Durand"),
            ("À l’attention de M. DURAND\nBâtiment B", "Bâtiment B", "À l’attention de M. DURAND"),
            (
                "Référente : Anne-Marie Le Goff ; sur rendez-vous",
                "sur rendez-vous",
                "Référente : Anne-Marie Le Goff",
            ),
            ("Mission locale - Mme Petit", "Mission locale", "Mme Petit"),
            ("Marie DURAND", "", "Marie DURAND"),
            (
                "Lundi 9h-12h. Demander M. Petit. Sonnette B.",
                "Lundi 9h-12h. Sonnette B.",
                "Demander M. Petit",
            ),
        ] {
            assert_eq!(without_persons(text), Some((left.to_owned(), out.to_owned())), "{text}");
        }
    }

    #[test]
    fn hours_lose_the_names_in_them_and_keep_the_hours() {
        for (text, left, out) in [
            ("Lundi 9h-12h (Mme Durand)", "Lundi 9h-12h", "Mme Durand"),
            ("Mme Durand : lundi 9h-12h et mardi 14h-17h", "lundi 9h-12h et mardi 14h-17h", "Mme Durand"),
            ("Permanence de Marie Le Goff lundi 9h-12h", "lundi 9h-12h", "Permanence de Marie Le Goff"),
            ("Lundi 9h-12h Marie DURAND Mardi 9h-12h", "Lundi 9h-12h Mardi 9h-12h", "Marie DURAND"),
            (
                "Lundi 9h-12h : Mme Anne Durand, conseillère ; jeudi 9h-12h",
                "Lundi 9h-12h ; jeudi 9h-12h",
                "Mme Anne Durand",
            ),
            (
                "lundi 9h-12h avec M. Petit\nmardi 9h-12h avec Mme Roche",
                "lundi 9h-12h\nmardi 9h-12h",
                "avec M. Petit, avec Mme Roche",
            ),
            ("Sur RDV avec la conseillère Mme Durand", "Sur RDV", "avec la conseillère Mme Durand"),
            ("lundi 9h-12h Mme Durand 06 10 00 00 02", "lundi 9h-12h", "Mme Durand 06 10 00 00 02"),
        ] {
            assert_eq!(hours_without_persons(text), Some((left.to_owned(), out.to_owned())), "{text}");
        }
        for text in ["Lundi à Saint-Pierre 9h-12h", "Lundi 9h-12h, place Marie Curie", "M. et J. 9h-12h", ""]
        {
            assert_eq!(hours_without_persons(text), None, "{text}");
        }
    }

    #[test]
    fn streets_buildings_and_functions_are_nobody() {
        for text in [
            "12 rue Madame Roland",
            "avenue du 8 Mai 1945, espace Simone Veil",
            "Centre social Pierre Coton",
            "138 rue Lucien Chiron le mercredi de 13h30 à 17h00",
            "Écrire à Madame la Directrice",
            "Contacter le Pôle Social de Tignes",
            "Valloire - tous les 3e lundis du mois",
            "9h-12h M. et J.",
            "Saint-Jean-de-Maurienne, contact par mail",
            "",
        ] {
            assert_eq!(without_persons(text), None, "{text}");
        }
    }

    #[test]
    fn no_place_that_ships_names_a_person() {
        let directory = Directory::from_json(include_bytes!("../../editions/2026.json")).unwrap();
        for place in &directory.structures {
            let notes = place.hours_note.iter().chain(&place.access);
            for text in place.address.lines.iter().chain([&place.name]).chain(notes) {
                assert_eq!(without_persons(text), None, "{}", place.id);
            }
        }
    }

    #[test]
    fn no_place_that_ships_has_the_mail_of_a_person() {
        let directory = Directory::from_json(include_bytes!("../../editions/2026.json")).unwrap();
        let mails =
            directory.structures.iter().flat_map(|one| one.emails.iter().map(move |mail| (mail, one)));
        let persons: Vec<_> = mails.filter(|(mail, one)| is_mail_of_a_person(mail, one)).collect();
        assert!(persons.is_empty(), "{persons:?}");
    }
}
