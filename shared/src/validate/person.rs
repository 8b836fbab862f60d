//! What looks like a person in the contacts of a place: nobody's own mail is published.

use crate::directory::Structure;
use crate::spelling::fold;

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

/// Whether a mail is likely that of a person: a first name or an initial, and another name, neither
/// of which is a word of the place.
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
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(2..=3).contains(&parts.len())
        || !parts.iter().all(is_word)
        || parts.iter().any(|part| OF_COMMUNES.contains(part))
    {
        return false;
    }
    let known = fold(&format!("{} {} {}", place.name, place.address.lines.join(" "), place.network));
    if parts.iter().any(|part| known.split(' ').any(|word| word == *part)) {
        return false;
    }
    let has_first_name = parts.iter().any(|part| FIRST_NAMES.split(' ').any(|name| name == *part));
    let has_initial = name.as_bytes().get(1) == Some(&b'.') && parts.len() == 2 && parts[1].len() > 2;
    has_first_name || has_initial
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
    fn no_place_that_ships_has_the_mail_of_a_person() {
        let directory = Directory::from_json(include_bytes!("../../editions/2026.json")).unwrap();
        let mails =
            directory.structures.iter().flat_map(|one| one.emails.iter().map(move |mail| (mail, one)));
        let persons: Vec<_> = mails.filter(|(mail, one)| is_mail_of_a_person(mail, one)).collect();
        assert!(persons.is_empty(), "{persons:?}");
    }
}
