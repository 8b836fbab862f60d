//! From a validated directory to a snapshot: whatever can be worked out once, at
//! publication, so that serving a piece is passing bytes through.

use crate::around::Centres;
use crate::asking;
use crate::bond::Bond;
use crate::commune_index::{CommuneIndex, CommuneName, MOST_DEPARTMENTS, Part};
use crate::condition::Condition;
use crate::decision::{
    GuideChoice, GuideNetwork, GuidePick, GuidePreference, GuidePreparation, GuideQuestion,
    GuideQuestionKind, GuideRule, GuideService, GuideTimesAsFar, GuideVariant, NetworkIx, TextSlot,
};
use crate::directory::{
    Choice, Contact, Directory, Edition, Language, MAIN_LANGUAGE, Network, Pick, Pictogram, Preference,
    Preparation, Question, QuestionKind, Reach, RemoteService, Rule, Structure, Territory, Text,
};
use crate::elsewhere::{self, Elsewhere};
use crate::geography::{Commune, Geography, Meters, Position};
use crate::snapshot::{
    About, AboutLevel, AboutPart, AboutResource, AboutTerritory, COMMUNES_PIECE, CommunePoint, Covers,
    DepartmentPiece, GUIDE_PIECE, Guide, GuideTexts, LocalizedGuide, Manifest, PIECE_FORMAT, Place,
    PlacesSource, Snapshot, TerritoryCard, UnreadablePiece, about_piece, communes_piece, department_piece,
    hash, read, texts_piece, write,
};
use crate::spelling::keep_together;
use crate::validate::Valid;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many of the nearest places of a network a piece keeps for each commune. One is
/// enough for the recommendation; the others serve those who want a choice.
const NEAREST_KEPT: usize = 3;

/// Compiles a directory. The same directory and the same communes always give the same
/// bytes, hence the same id.
///
/// ```
/// use shared::compile::compile;
/// use shared::snapshot::{Guide, department_piece, localized, read};
/// use shared::{directory::Directory, geography::Geography, validate::validate};
///
/// let geography = Geography::parse(include_str!("../examples/communes.tsv"), "", &|_| true).unwrap();
/// let directory = Directory::from_json(include_bytes!("../examples/two-places.json")).unwrap();
/// let valid = validate(directory, &geography, "2026-11-24").unwrap();
///
/// let snapshot = compile(&valid, &geography);
/// assert_eq!(snapshot.id, compile(&valid, &geography).id);
/// let names: Vec<&String> = snapshot.pieces.keys().collect();
/// assert_eq!(names, ["about.fr", "communes", "department.26", "guide", "texts.fr"]);
///
/// let guide = localized(&snapshot.pieces, "fr").unwrap();
/// assert_eq!(guide.text(guide.title), "Édition d’exemple");
/// // A piece is read as what it is, or not at all.
/// let piece = &snapshot.pieces[&department_piece("26")];
/// assert!(read::<Guide>(&piece[..piece.len() / 2]).is_err());
/// ```
pub fn compile(directory: &Valid, geography: &Geography) -> Snapshot {
    let directory = directory.directory();
    let (guide, slots) = decision(directory, &asking::conditions(directory));
    let mut pieces = BTreeMap::from([(GUIDE_PIECE.to_owned(), write(&guide))]);
    for language in &guide.languages {
        pieces
            .insert(texts_piece(&language.tag), write(&slots.in_language(&directory.edition, &language.tag)));
        pieces.insert(about_piece(&language.tag), write(&about(directory, &language.tag)));
    }
    let territories = territory_of_communes(directory);
    let all = located(directory, geography);
    for department in &directory.edition.region.departments {
        let piece = department_of(directory, geography, &department.code, &territories, &all);
        pieces.insert(department_piece(&department.code), write(&piece));
    }
    let mut index = commune_index(directory, geography);
    if directory.edition.region.departments.len() > MOST_DEPARTMENTS {
        cut(&mut index, geography, &mut pieces);
    }
    pieces.insert(COMMUNES_PIECE.to_owned(), write(&index));

    let document = directory.to_json();
    let manifest = Manifest {
        format: PIECE_FORMAT,
        title: directory.title.clone(),
        edition: directory.edition.id.clone(),
        structures: u32::try_from(directory.structures.len()).unwrap_or(u32::MAX),
        pieces: pieces.iter().map(|(name, bytes)| (name.clone(), hash(bytes))).collect(),
        document: Some(hash(document.as_bytes())),
    };
    Snapshot { id: manifest.id(), manifest, pieces, document }
}

/// The languages that a visitor may choose, French first.
fn languages(edition: &Edition) -> Vec<Language> {
    if edition.languages.is_empty() {
        vec![Language { tag: MAIN_LANGUAGE.to_owned(), name: "Français".to_owned(), right_to_left: false }]
    } else {
        edition.languages.clone()
    }
}

/// Says texts in one language, and remembers those that it had to say in French.
struct Speaker<'a> {
    language: &'a str,
    untranslated: RefCell<BTreeSet<String>>,
}

impl Speaker<'_> {
    /// The text in the language; the whole of it in French where there is none.
    fn say(&self, text: &Text) -> String {
        let (words, is_untranslated) = in_language(text, self.language);
        if is_untranslated {
            self.untranslated.borrow_mut().insert(words.clone());
        }
        words
    }

    fn untranslated(self) -> Vec<String> {
        self.untranslated.into_inner().into_iter().collect()
    }
}

/// A text in a language, the whole of it in French where there is none; and whether it is French for
/// want of a translation.
fn in_language(text: &Text, language: &str) -> (String, bool) {
    if language != MAIN_LANGUAGE
        && let Some(words) = text.get(language).filter(|words| !words.trim().is_empty())
    {
        // Easy-to-read French is French for the line breaks too.
        let words = if language.starts_with("fr-") { keep_together(words) } else { words.clone() };
        return (words, false);
    }
    let french = text.get(MAIN_LANGUAGE).map(|words| keep_together(words)).unwrap_or_default();
    let is_untranslated = language != MAIN_LANGUAGE && !french.is_empty();
    (french, is_untranslated)
}

/// The texts of an edition in the order in which its fields have them, whatever they say: no word
/// changes the number of another, and the same text in two fields is two. [`TextSlot`]s are numbers
/// here.
#[derive(Default)]
struct Slots<'a>(Vec<&'a Text>);

impl<'a> Slots<'a> {
    fn slot(&mut self, text: &'a Text) -> TextSlot {
        self.0.push(text);
        TextSlot { text: self.count() - 1 }
    }

    fn optional(&mut self, text: Option<&'a Text>) -> Option<TextSlot> {
        text.map(|text| self.slot(text))
    }

    fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// What they say in a language.
    fn in_language(&self, edition: &Edition, language: &str) -> GuideTexts {
        let said = self.0.iter().map(|text| in_language(text, language));
        let (texts, is_untranslated): (Vec<String>, Vec<bool>) = said.unzip();
        let numbered = (0..).zip(is_untranslated);
        GuideTexts {
            format: PIECE_FORMAT,
            language: language.to_owned(),
            untranslated: numbered
                .filter(|(_, is_untranslated)| *is_untranslated)
                .map(|(slot, _)| slot)
                .collect(),
            texts,
            say_in_french: if language.split('-').next() == Some(MAIN_LANGUAGE) {
                Vec::new()
            } else {
                let french = |one: &Preparation| one.say.get(MAIN_LANGUAGE).map(|words| keep_together(words));
                edition.preparations.iter().filter_map(french).collect()
            },
        }
    }
}

/// What decides, in no language. Nothing is asked in vain.
pub fn guide(directory: &Directory) -> Guide {
    decision(directory, &asking::conditions(directory)).0
}

/// The guide in one language, each missing text in French.
pub fn localized(directory: &Directory, language: &str) -> LocalizedGuide {
    let (guide, slots) = decision(directory, &asking::conditions(directory));
    LocalizedGuide { guide: Arc::new(guide), texts: slots.in_language(&directory.edition, language) }
}

/// Cuts an edition into what decides and what is said. `asked` are the conditions under which its
/// questions are asked.
fn decision<'a>(directory: &'a Directory, asked: &[Condition]) -> (Guide, Slots<'a>) {
    let edition = &directory.edition;
    let mut slots = Slots::default();
    let ranks: BTreeMap<&str, NetworkIx> = edition
        .networks
        .iter()
        .enumerate()
        .map(|(rank, network)| (network.id.as_str(), NetworkIx::new(rank)))
        .collect();
    // First, so that their numbers depend on nothing else.
    let questions = edition.questions.iter().zip(asked);
    let questions = questions.map(|(question, ask_if)| slots.question(question, ask_if)).collect();
    let guide = Guide {
        format: PIECE_FORMAT,
        languages: languages(edition),
        edition: edition.id.clone(),
        title: slots.slot(&edition.title),
        region: slots.slot(&edition.region.name),
        departments: edition.region.departments.clone(),
        contact: edition.region.contact.clone(),
        reach_km: edition.reach_km,
        questions,
        networks: edition.networks.iter().map(|network| slots.network(network)).collect(),
        rules: edition.rules.iter().map(|rule| slots.rule(rule, &edition.preference, &ranks)).collect(),
        remote_services: edition.remote_services.iter().map(|service| slots.service(service)).collect(),
        territories: directory.territories.iter().map(territory_card).collect(),
        preparations: edition.preparations.iter().map(|one| slots.preparation(one, &ranks)).collect(),
        slots: 0,
    };
    (Guide { slots: slots.count(), ..guide }, slots)
}

/// What draws a pictogram.
fn drawn(pictogram: Option<Pictogram>) -> Option<String> {
    pictogram.map(|pictogram| pictogram.path().to_owned())
}

fn ranks_of(ids: &[String], ranks: &BTreeMap<&str, NetworkIx>) -> Vec<NetworkIx> {
    ids.iter().filter_map(|id| ranks.get(id.as_str()).copied()).collect()
}

/// The communes of a territory stay in the directory, but for their departments.
fn territory_card(territory: &Territory) -> TerritoryCard {
    let of_communes = territory.communes.iter().map(|code| crate::geography::department_of(code).to_owned());
    let departments: BTreeSet<String> = territory.departments.iter().cloned().chain(of_communes).collect();
    TerritoryCard {
        id: territory.id.clone(),
        name: territory.name.clone(),
        departments: departments.into_iter().collect(),
        contact: territory.contact.clone(),
        label: territory.label.clone(),
        guide: None,
    }
}

impl<'a> Slots<'a> {
    fn question(&mut self, question: &'a Question, ask_if: &Condition) -> GuideQuestion {
        GuideQuestion {
            id: question.id.clone(),
            text: self.slot(&question.text),
            variants: question
                .variants
                .iter()
                .map(|variant| GuideVariant { when: variant.when.clone(), text: self.slot(&variant.text) })
                .collect(),
            help: self.optional(question.help.as_ref()),
            ask_if: ask_if.clone(),
            optional: question.optional,
            kind: match &question.kind {
                QuestionKind::Commune => GuideQuestionKind::Commune,
                QuestionKind::Choices(choices) => {
                    GuideQuestionKind::Choices(choices.iter().map(|choice| self.choice(choice)).collect())
                }
            },
        }
    }

    fn choice(&mut self, choice: &'a Choice) -> GuideChoice {
        GuideChoice {
            id: choice.id.clone(),
            text: self.slot(&choice.text),
            help: self.optional(choice.help.as_ref()),
            unknown: choice.unknown,
            pictogram: drawn(choice.pictogram),
        }
    }

    /// Words by which an import recognises it, sources and what is not verified stay in the directory.
    fn network(&mut self, network: &'a Network) -> GuideNetwork {
        GuideNetwork {
            id: network.id.clone(),
            name: self.slot(&network.name),
            acronym: network.acronym.clone(),
            pictogram: drawn(network.pictogram),
            description: self.slot(&network.description),
            public: self.slot(&network.public),
            serves: network.serves.clone(),
            services: network.services.clone(),
            membership: network.membership,
            cep_operator: network.cep_operator,
            reach: network.reach,
            website: network.website.clone(),
            phone: network.phone.clone(),
            valid_from: network.valid_from.clone(),
            valid_until: network.valid_until.clone(),
        }
    }

    /// The preference of the edition becomes that of each of its rules, where it limits something.
    fn rule(
        &mut self,
        rule: &'a Rule,
        of_edition: &Preference,
        ranks: &BTreeMap<&str, NetworkIx>,
    ) -> GuideRule {
        let ranks_of = |ids: &[String]| ranks_of(ids, ranks);
        let preference = rule.limit(of_edition).map(|preference| GuidePreference {
            farther_km: preference.farther_km,
            times_as_far: preference
                .times_as_far
                .iter()
                .filter_map(|limit| {
                    let network = *ranks.get(limit.network.as_str())?;
                    Some(GuideTimesAsFar { network, times: limit.times })
                })
                .collect(),
            next_door_km: preference.next_door_km,
        });
        GuideRule {
            id: rule.id.clone(),
            when: rule.when.clone(),
            role: rule.role,
            pick: match &rule.pick {
                Pick::InOrder(networks) => GuidePick::InOrder(ranks_of(networks)),
                Pick::NearestOf(networks) => GuidePick::NearestOf(ranks_of(networks)),
            },
            preference,
            complements: ranks_of(&rule.complements),
            reason: self.slot(&rule.reason),
            source: rule.source.clone(),
            verified: rule.verified,
            valid_from: rule.valid_from.clone(),
            valid_until: rule.valid_until.clone(),
        }
    }

    fn preparation(&mut self, one: &'a Preparation, ranks: &BTreeMap<&str, NetworkIx>) -> GuidePreparation {
        GuidePreparation {
            id: one.id.clone(),
            networks: ranks_of(&one.networks, ranks),
            say: self.slot(&one.say),
            bring: self.slot(&one.bring),
        }
    }

    fn service(&mut self, service: &'a RemoteService) -> GuideService {
        GuideService {
            id: service.id.clone(),
            name: self.slot(&service.name),
            description: self.slot(&service.description),
            website: service.website.clone(),
            phone: service.phone.clone(),
            hours: self.optional(service.hours.as_ref()),
            serves: service.serves.clone(),
            services: service.services.clone(),
            checked_on: service.checked_on.clone(),
            valid_from: service.valid_from.clone(),
            valid_until: service.valid_until.clone(),
        }
    }
}

/// What surrounds the guide in one language, each missing text in French.
pub fn about(directory: &Directory, language: &str) -> About {
    let speaker = Speaker { language, untranslated: RefCell::default() };
    let say = |text: &Text| speaker.say(text);
    let mut about = About {
        format: PIECE_FORMAT,
        language: language.to_owned(),
        untranslated: Vec::new(),
        valid_from: directory.edition.valid_from.clone(),
        valid_until: directory.edition.valid_until.clone(),
        cep_levels: directory
            .edition
            .cep_levels
            .iter()
            .map(|level| AboutLevel {
                number: level.number,
                name: say(&level.name),
                description: say(&level.description),
                level: level.level,
                source: level.source.clone(),
            })
            .collect(),
        coordination: directory
            .edition
            .coordination
            .iter()
            .map(|part| AboutPart {
                id: part.id.clone(),
                who: say(&part.who),
                what: say(&part.what),
                source: part.source.clone(),
            })
            .collect(),
        territories: directory
            .territories
            .iter()
            .map(|territory| AboutTerritory {
                id: territory.id.clone(),
                name: territory.name.clone(),
                description: territory.description.as_ref().map(say),
                departments: territory.departments.clone(),
                contact: territory.contact.clone(),
                label: territory.label.clone(),
                level_one: territory.level_one.clone(),
                level_two: territory.level_two.clone(),
                sources: territory.sources.clone(),
            })
            .collect(),
        resources: directory
            .resources
            .iter()
            .map(|resource| AboutResource {
                id: resource.id.clone(),
                kind: resource.kind,
                title: say(&resource.title),
                description: resource.description.as_ref().map(say),
                website: resource.website.clone(),
                territory: resource.territory.clone(),
                published_on: resource.published_on.clone(),
                valid_until: resource.valid_until.clone(),
                source: resource.source.clone(),
            })
            .collect(),
        sources: sources(directory),
    };
    about.untranslated = speaker.untranslated();
    about
}

/// Where the places come from, those of most places first.
fn sources(directory: &Directory) -> Vec<PlacesSource> {
    let mut places: BTreeMap<(&String, &Option<String>), u16> = BTreeMap::new();
    for structure in &directory.structures {
        if let Some(source) = &structure.source {
            let count = places.entry((source, &structure.licence)).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mut sources: Vec<PlacesSource> = places
        .into_iter()
        .map(|((source, licence), places)| PlacesSource {
            source: source.clone(),
            licence: licence.clone(),
            places,
        })
        .collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.places));
    sources
}

/// Commune code → index of its territory, and department code → the same.
fn territory_of_communes(directory: &Directory) -> BTreeMap<&str, u16> {
    let mut territories = BTreeMap::new();
    for (index, territory) in (0_u16..).zip(&directory.territories) {
        for code in territory.communes.iter().chain(&territory.departments) {
            territories.entry(code.as_str()).or_insert(index);
        }
    }
    territories
}

fn in_region<'a>(directory: &'a Directory, geography: &'a Geography) -> impl Iterator<Item = &'a Commune> {
    geography.communes().iter().filter(|commune| {
        directory.edition.region.departments.iter().any(|department| department.code == commune.department())
    })
}

/// The names of the region's communes, and where they are. Sorted by code, they are sorted by
/// department.
fn commune_index(directory: &Directory, geography: &Geography) -> CommuneIndex {
    let with_arrondissements: BTreeSet<&str> =
        geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    let mut former: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, today) in geography.former().chain(known_names()) {
        former.entry(today).or_default().push(name.to_owned());
    }
    let communes = in_region(directory, geography)
        .map(|commune| {
            let mut former = former.remove(commune.code.as_str()).unwrap_or_default();
            former.retain(|name| *name != commune.name);
            former.sort();
            former.dedup();
            let whole_city = with_arrondissements.contains(commune.code.as_str());
            CommuneName {
                code: commune.code.clone(),
                name: commune.name.clone(),
                postcodes: if whole_city { Vec::new() } else { commune.postcodes.clone() },
                size: commune.population.checked_ilog2().map_or(0, |size| u8::try_from(size).unwrap_or(0)),
                former,
            }
        })
        .collect();
    let centres = centres(in_region(directory, geography));
    CommuneIndex {
        format: PIECE_FORMAT,
        communes,
        centres,
        elsewhere: elsewhere(directory),
        parts: Vec::new(),
    }
}

/// The names of all communes of a snapshot, of a wide directory too, for who has all its pieces. Where they
/// are is in the pieces alone.
///
/// # Errors
/// A piece is missing or unreadable: those of a snapshot are not.
pub fn all_communes(pieces: &BTreeMap<String, Vec<u8>>) -> Result<CommuneIndex, UnreadablePiece> {
    let piece = |name: &str| -> Result<CommuneIndex, UnreadablePiece> {
        read(pieces.get(name).ok_or(UnreadablePiece::Malformed)?)
    };
    let mut all = piece(COMMUNES_PIECE)?;
    for part in std::mem::take(&mut all.parts) {
        all.communes.extend(piece(&communes_piece(&part.department))?.communes);
        all.centres = Centres::default();
    }
    all.communes.sort_by(|one, other| one.code.cmp(&other.code));
    all.communes.dedup_by(|one, other| one.code == other.code);
    Ok(all)
}

/// Where communes are, which are sorted by code.
fn centres<'a>(communes: impl Iterator<Item = &'a Commune>) -> Centres {
    let mut centres: BTreeMap<&str, Vec<Position>> = BTreeMap::new();
    for commune in communes {
        centres.entry(commune.department()).or_default().push(commune.position);
    }
    Centres::of(&centres.into_values().collect::<Vec<_>>())
}

/// Of a wide directory, how many communes everybody reads the names of, the largest: as many bytes as a
/// region's, with the hashes of the others' pieces.
const LARGEST: usize = 2_600;

/// Cuts the names of a wide directory into those of the largest communes and, each in a piece, those of
/// all communes of a department.
fn cut(index: &mut CommuneIndex, geography: &Geography, pieces: &mut BTreeMap<String, Vec<u8>>) {
    let population =
        |name: &CommuneName| geography.commune(&name.code).map_or(0, |commune| commune.population);
    let mut sizes: Vec<u32> = index.communes.iter().map(population).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(LARGEST).copied().unwrap_or_default();
    let centres_of =
        |names: &[CommuneName]| centres(names.iter().filter_map(|name| geography.commune(&name.code)));
    let mut largest = Vec::new();
    for names in index.communes.chunk_by(|one, other| one.department() == other.department()) {
        let department = names[0].department().to_owned();
        let postcodes = elsewhere::postcodes(&department);
        let is_of = |name: &&CommuneName| {
            let of_post =
                |code: &String| postcodes.iter().any(|beginning| code.starts_with(beginning.as_str()));
            // The post of a department serves some communes of the next.
            name.department() == department || name.postcodes.iter().any(of_post)
        };
        let communes: Vec<CommuneName> = index.communes.iter().filter(is_of).cloned().collect();
        let places = pieces.get(&department_piece(&department)).map(|bytes| hash(bytes)).unwrap_or_default();
        let part = |hash| Part { department: department.clone(), postcodes: postcodes.clone(), hash };
        let whole = write(&CommuneIndex {
            format: PIECE_FORMAT,
            centres: centres_of(&communes),
            communes,
            elsewhere: Elsewhere::default(),
            parts: vec![part(places)],
        });
        index.parts.push(part(hash(&whole)));
        pieces.insert(communes_piece(&department), whole);
        let top = names.iter().map(population).max();
        let is_large = |name: &&CommuneName| population(name) > least || Some(population(name)) == top;
        largest.extend(names.iter().filter(is_large).cloned());
    }
    index.centres = centres_of(&largest);
    index.communes = largest;
}

/// The departments and regions that are not the directory's.
fn elsewhere(directory: &Directory) -> Elsewhere {
    let region = &directory.edition.region;
    let mut departments = Vec::new();
    let mut of_region: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for [code, name, its_region, towns] in elsewhere::fields(include_str!("../data/departments.tsv")) {
        if region.departments.iter().any(|department| department.code == code) {
            continue;
        }
        of_region.entry(its_region).or_default().push(code.to_owned());
        departments.push(CommuneName {
            code: code.to_owned(),
            name: name.to_owned(),
            postcodes: elsewhere::postcodes(code),
            size: 0,
            former: towns.split(',').filter(|town| *town != name).map(str::to_owned).collect(),
        });
    }
    let regions = elsewhere::regions().filter_map(|[code, name, service, website]| {
        let service = Contact {
            name: Some(service.to_owned()),
            website: Some(website.to_owned()),
            ..Contact::default()
        };
        Some(TerritoryCard {
            id: code.to_owned(),
            name: name.to_owned(),
            departments: of_region.remove(code)?,
            contact: Some(service).filter(|_| !website.is_empty()),
            label: None,
            guide: region.guides.get(code).cloned(),
        })
    });
    Elsewhere { departments, regions: regions.collect(), own: region.own.clone() }
}

/// Names of resorts, quarters and hamlets, each with the code of its commune.
fn known_names<'a>() -> impl Iterator<Item = (&'a str, &'a str)> {
    elsewhere::fields(include_str!("../data/known-names.tsv")).map(|[name, code]| (name, code))
}

/// A structure with where it is, its own position or its commune's, and what it declares.
struct Located<'a> {
    structure: &'a Structure,
    position: Position,
    commune: &'a Commune,
    declared: Option<Declared<'a>>,
}

/// Every structure of a directory.
fn located<'a>(directory: &'a Directory, geography: &'a Geography) -> Vec<Located<'a>> {
    let locate = |structure: &'a Structure| {
        let commune = geography.current(&structure.commune)?;
        let position = structure.position.unwrap_or(Position { approximate: true, ..commune.position });
        let declared = Declared::of(directory, geography, structure);
        Some(Located { structure, position, commune, declared })
    };
    directory.structures.iter().filter_map(locate).collect()
}

/// The rectangle that holds some communes.
struct Around {
    south_west: Position,
    north_east: Position,
}

impl Around {
    fn of(communes: &[&Commune]) -> Option<Self> {
        let first = communes.first()?.position;
        let mut around = Self { south_west: first, north_east: first };
        for Position { latitude, longitude, .. } in communes.iter().map(|commune| commune.position) {
            let (low, high) = (&mut around.south_west, &mut around.north_east);
            (low.latitude, low.longitude) = (low.latitude.min(latitude), low.longitude.min(longitude));
            (high.latitude, high.longitude) = (high.latitude.max(latitude), high.longitude.max(longitude));
        }
        Some(around)
    }

    /// Whether a position is certainly farther from each of them than this: by a tenth more.
    fn is_beyond(&self, there: Position, reach: Meters) -> bool {
        let (low, high) = (self.south_west, self.north_east);
        let nearest = Position {
            latitude: there.latitude.clamp(low.latitude, high.latitude),
            longitude: there.longitude.clamp(low.longitude, high.longitude),
            approximate: true,
        };
        nearest.distance(there) > Meters(reach.0 + reach.0 / 10)
    }
}

fn department_of(
    directory: &Directory,
    geography: &Geography,
    code: &str,
    territories: &BTreeMap<&str, u16>,
    all: &[Located],
) -> DepartmentPiece {
    let communes: Vec<&Commune> =
        geography.communes().iter().filter(|commune| commune.department() == code).collect();
    let index_of = |code: &str| {
        let found = communes.binary_search_by(|commune| commune.code.as_str().cmp(code)).ok()?;
        u16::try_from(found).ok()
    };
    let groups: BTreeSet<&str> = communes
        .iter()
        .map(|commune| commune.intercommunality.as_str())
        .filter(|intercommunality| !intercommunality.is_empty())
        .collect();
    let groups: BTreeMap<&str, u16> = groups.into_iter().zip(0..).collect();
    let points: Vec<CommunePoint> = communes
        .iter()
        .map(|commune| CommunePoint {
            code: commune.code.clone(),
            position: commune.position,
            city: commune.parent.as_deref().and_then(index_of),
            intercommunality: groups.get(commune.intercommunality.as_str()).copied(),
            territory: territories.get(commune.code.as_str()).or_else(|| territories.get(code)).copied(),
        })
        .collect();
    let reach = Meters(u32::from(directory.edition.reach_km) * 1000);
    let around = Around::of(&communes);
    let located: Vec<(&Located, Covers)> = all
        .iter()
        .filter_map(|located| {
            let covers = covers_of(located.declared.as_ref(), code, &communes);
            let may_serve = match &covers {
                // Of a country's places, most are too far for every commune of a department.
                Covers::Undeclared => {
                    located.commune.department() == code
                        || around.as_ref().is_some_and(|around| !around.is_beyond(located.position, reach))
                }
                Covers::Communes(declared) => !declared.is_empty() || located.commune.department() == code,
                Covers::Department => true,
            };
            may_serve.then_some((located, covers))
        })
        .collect();

    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for (index, (located, covers)) in located.iter().enumerate() {
        let here = crate::geography::department_of(&located.structure.commune) == code;
        let competent = matches!(covers, Covers::Department)
            || matches!(covers, Covers::Communes(communes) if !communes.is_empty());
        if here || competent {
            kept.insert(index);
        }
    }
    keep_nearest(directory, &communes, &located, &mut kept);

    let mut places: Vec<Place> = located
        .into_iter()
        .enumerate()
        .filter(|(index, _)| kept.contains(index))
        .map(|(_, (located, covers))| Place {
            intercommunality: groups.get(located.commune.intercommunality.as_str()).copied(),
            ..place(directory, &communes, located, covers)
        })
        .collect();
    places.sort_by(|a, b| a.id.cmp(&b.id));
    let partial = partial(directory, geography, code);
    DepartmentPiece { format: PIECE_FORMAT, code: code.to_owned(), partial, communes: points, places }
}

/// The networks that have more places in a department than the directory knows.
pub fn partial(directory: &Directory, geography: &Geography, department: &str) -> Vec<String> {
    let known = |network: &str| {
        let here = |structure: &&Structure| {
            geography.current(&structure.commune).is_some_and(|commune| commune.department() == department)
        };
        let of_network = directory.structures.iter().filter(|structure| structure.network == network);
        of_network.filter(here).count()
    };
    let is_partial = |network: &&Network| {
        let expected = network.expected.iter().find(|expected| expected.department == department);
        expected.is_some_and(|expected| {
            expected.places.is_none_or(|places| known(&network.id) < usize::from(places))
        })
    };
    directory.edition.networks.iter().filter(is_partial).map(|network| network.id.clone()).collect()
}

/// For every commune and every network, keeps the best places that declare no
/// competence: whatever the visitor answers, the best one that serves them is among
/// those, or narrower than its network and better than them.
fn keep_nearest(
    directory: &Directory,
    communes: &[&Commune],
    located: &[(&Located, Covers)],
    kept: &mut BTreeSet<usize>,
) {
    let reach = Meters(u32::from(directory.edition.reach_km) * 1000);
    for network in directory.edition.networks.iter().filter(|network| network.reach != Reach::DeclaredOnly) {
        let candidates: Vec<usize> = (0..located.len())
            .filter(|index| {
                let (located, covers) = &located[*index];
                located.structure.network == network.id && *covers == Covers::Undeclared
            })
            .collect();
        let mut ranked: Vec<(Bond, Meters, usize)> = Vec::with_capacity(candidates.len());
        for commune in communes {
            ranked.clear();
            ranked.extend(candidates.iter().filter_map(|index| {
                let place = &located[*index].0;
                let bond = match network.reach {
                    Reach::Territory => Bond::between(commune, place.commune),
                    Reach::AnyPlace | Reach::DeclaredOnly => Bond::Distance,
                };
                if bond == Bond::Distance && commune.position.is_beyond(place.position, reach) {
                    return None;
                }
                let distance = commune.position.distance(place.position);
                (bond != Bond::Distance || distance <= reach).then_some((bond, distance, *index))
            }));
            ranked.sort_unstable();
            let mut unconditional = 0;
            for (.., index) in &ranked {
                kept.insert(*index);
                unconditional += usize::from(located[*index].0.structure.serves.is_none());
                if unconditional == NEAREST_KEPT {
                    break;
                }
            }
        }
    }
}

/// The communes of one department that a structure is competent for.
pub fn covers(
    directory: &Directory,
    geography: &Geography,
    structure: &Structure,
    code: &str,
    communes: &[&Commune],
) -> Covers {
    covers_of(Declared::of(directory, geography, structure).as_ref(), code, communes)
}

/// What a structure says that it is there for.
struct Declared<'a> {
    departments: BTreeSet<&'a str>,
    /// As they are today: a declared commune may have become part of another.
    communes: BTreeSet<&'a str>,
}

impl<'a> Declared<'a> {
    fn of(directory: &'a Directory, geography: &'a Geography, structure: &'a Structure) -> Option<Self> {
        let competence = structure.competence.as_ref()?;
        let territories = competence
            .territories
            .iter()
            .filter_map(|id| directory.territories.iter().find(|territory| territory.id == *id));
        let departments = territories.clone().flat_map(|territory| &territory.departments);
        let communes = territories.flat_map(|territory| &territory.communes);
        Some(Self {
            departments: competence.departments.iter().chain(departments).map(String::as_str).collect(),
            communes: competence
                .communes
                .iter()
                .chain(communes)
                .filter_map(|declared| geography.current(declared))
                .map(|commune| commune.code.as_str())
                .collect(),
        })
    }
}

fn covers_of(declared: Option<&Declared>, code: &str, communes: &[&Commune]) -> Covers {
    let Some(declared) = declared else { return Covers::Undeclared };
    if declared.departments.contains(code) {
        return Covers::Department;
    }
    let is_declared = |commune: &Commune| {
        // It may stand for its arrondissements, which are in its department.
        declared.communes.contains(commune.code.as_str())
            || commune.parent.as_deref().is_some_and(|parent| declared.communes.contains(parent))
    };
    let is_here = |declared: &&str| crate::geography::department_of(declared) == code;
    if !declared.communes.iter().any(is_here) {
        return Covers::Communes(Vec::new());
    }
    let communes = (0_u16..).zip(communes).filter(|(_, commune)| is_declared(commune));
    Covers::Communes(communes.map(|(index, _)| index).collect())
}

fn place(directory: &Directory, communes: &[&Commune], located: &Located, covers: Covers) -> Place {
    let structure = located.structure;
    let network = directory.edition.networks.iter().find(|network| network.id == structure.network);
    let lies_in = |commune: &Commune| {
        commune.code == located.commune.code
            || commune.parent.as_ref() == Some(&located.commune.code)
            || located.commune.parent.as_ref() == Some(&commune.code)
    };
    Place {
        id: structure.id.clone(),
        network: structure.network.clone(),
        name: structure.name.clone(),
        address: structure.address.clone(),
        commune: located.commune.name.clone(),
        department: located.commune.department().to_owned(),
        intercommunality: None,
        within: (0..).zip(communes).filter(|(_, commune)| lies_in(commune)).map(|(index, _)| index).collect(),
        position: located.position,
        phones: structure.phones.clone(),
        emails: structure.emails.clone(),
        website: structure.website.clone(),
        hours: structure.hours.clone(),
        hours_note: structure.hours_note.clone(),
        closed: structure.closed.clone(),
        languages: structure.languages.clone(),
        covers,
        serves: structure.serves.clone().unwrap_or(Condition::Always),
        services: structure
            .services
            .clone()
            .or_else(|| network.map(|network| network.services.clone()))
            .unwrap_or_default(),
        access: structure.access.clone(),
        checked_on: structure.checked_on.clone(),
        to_confirm: structure.is_to_confirm(),
        source: structure.source.clone(),
        as_of: structure.as_of.clone(),
        licence: structure.licence.clone(),
    }
}
