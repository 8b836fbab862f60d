//! The edition of 2016, Rhône-Alpes as the system was first described: one test for each
//! row of the list in its sources.

use crate::people::PAGE_2016 as PAGE;
use crate::people::{Published, THEN, region, valid};
use crate::shipped::{DIRECTORY_2016 as EDITION, DIRECTORY_2026, TODAY as NOW};
use shared::decision::GuideNetwork;
use shared::directory::{CepOperator, Level, Membership, ResourceKind, Service};
use shared::snapshot::AboutTerritory;

/// The eight bodies that advise the employees of one branch, with the choice that leads there.
const BRANCHES: [(&str, &str); 8] = [
    ("performing-arts", "afdas"),
    ("farm-bank", "agecif-cama"),
    ("farming", "fafsea"),
    ("temping", "faftt"),
    ("food", "opcalim"),
    ("public-companies", "unagecif"),
    ("care", "unifaf"),
    ("social-economy", "uniformation"),
];

fn network(id: &str) -> &'static GuideNetwork {
    PAGE.guide.network(id).unwrap_or_else(|| panic!("no network {id}"))
}

fn territory(id: &str) -> &'static AboutTerritory {
    PAGE.about
        .territories
        .iter()
        .find(|territory| territory.id == id)
        .unwrap_or_else(|| panic!("no territory {id}"))
}

fn codes(today: &str) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        valid(EDITION.clone(), today).warnings().iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

#[test]
fn it_holds_for_eight_departments_from_2015_to_2019() {
    let departments: Vec<_> =
        PAGE.guide.departments.iter().map(|department| department.code.as_str()).collect();
    assert_eq!(departments, ["01", "07", "26", "38", "42", "69", "73", "74"]);
    assert_eq!(
        (EDITION.edition.valid_from.as_str(), EDITION.edition.valid_until.as_deref()),
        ("2015-01-01", Some("2019-12-31"))
    );
    // Since then, it says so, and nothing else: the network without a site is known.
    assert_eq!(codes(THEN), ["no-contact"]);
    assert_eq!(codes(NOW), ["expired-edition", "no-contact", "expired-label"]);
}

#[test]
fn three_services_and_two_levels_are_on_every_network_place_and_result() {
    for network in &PAGE.guide.networks {
        assert!(!network.services.is_empty(), "{}", network.id);
        let is_associate = network.membership == Membership::Associate;
        assert!(!is_associate || !network.has_level(Level::Two), "{} is an associate", network.id);
    }
    let offered = |service| PAGE.guide.networks.iter().any(|network| network.services.contains(&service));
    assert!([Service::Reception, Service::Advice, Service::Support].into_iter().all(offered));
    assert_eq!(Service::Reception.level(), Level::One);
    assert_eq!([Service::Advice.level(), Service::Support.level()], [Level::Two, Level::Two]);

    for place in PAGE.departments.iter().flat_map(|piece| &piece.places) {
        assert_eq!(place.services, network(&place.network).services, "{}", place.id);
    }
    let mut results = 0;
    for given in PAGE.somebody_of_each_kind() {
        for piece in &PAGE.departments {
            let told = PAGE.decide(given, &piece.communes[0].code);
            assert!(told.found.cards().all(|card| !card.services.is_empty()), "{given:?}");
            assert!(told.found.has_level(Level::One, &PAGE.guide), "{given:?}");
            results += 1;
        }
    }
    assert!(results > 1_000, "{results}");
}

#[test]
fn the_networks_of_the_prao_are_there() {
    for id in [
        "cio",
        "scuio",
        "info-jeunes",
        "mission-locale",
        "mife",
        "pole-emploi",
        "cap-emploi",
        "apec",
        "cidff",
        "cma",
        "cci",
        "chambre-agriculture",
    ] {
        assert_eq!(network(id).membership, Membership::Network, "{id}");
        let written = EDITION.edition.networks.iter().find(|network| network.id == id).unwrap();
        assert!(!written.sources.is_empty(), "{id}");
    }
    let prao = PAGE.about.coordination.iter().find(|part| part.id == "prao").unwrap();
    assert!(prao.what.contains("dix-huit réseaux"), "{}", prao.what);
}

#[test]
fn the_law_names_four_operators_of_the_cep() {
    for id in ["apec", "cap-emploi", "mission-locale", "pole-emploi"] {
        let network = network(id);
        assert_eq!(network.cep_operator, CepOperator::ByLaw, "{id}");
        assert!(network.has_level(Level::One) && network.has_level(Level::Two), "{id}");
    }
    // Nobody else gives it, apart from the bodies of the branches.
    let others = PAGE.guide.networks.iter().filter(|network| network.cep_operator != CepOperator::No);
    assert_eq!(others.count(), 4 + BRANCHES.len() + 1);
}

#[test]
fn each_branch_has_its_own_body() {
    for (branch, body) in BRANCHES {
        assert_eq!(network(body).cep_operator, CepOperator::ByLaw, "{body}");
        assert_eq!(network(body).services, [Service::Advice, Service::Support], "{body}");
        let person = [
            ("goal", "change"),
            ("situation", "employed"),
            ("sector", "private"),
            ("executive", "no"),
            ("branch", branch),
            ("age", "30-plus"),
        ];
        for commune in ["01053", "07186", "26362", "38185", "42218", "69266", "73065", "74010"] {
            let told = PAGE.tell(&person, commune);
            assert_eq!(told.main.as_deref(), Some(body), "{branch} in {commune}");
            assert_eq!(told.rule, Some(format!("2016-opacif-{body}")));
            let other = |(_, id): &(&str, &str)| *id != body && told.networks().contains(id);
            assert!(!BRANCHES.iter().any(other), "{branch}: {:?}", told.networks());
        }
    }
}

#[test]
fn fongecif_is_for_the_rest_of_the_private_sector() {
    let employee = [("situation", "employed"), ("sector", "private"), ("executive", "no")];
    let with = |more: &[(&'static str, &'static str)]| PAGE.tell(&[&employee, more].concat(), "38185");
    assert_eq!(with(&[("branch", "other")]).main.as_deref(), Some("fongecif-rhone-alpes"));
    // Nobody is sent to one body of the nine by guessing the branch.
    let unsaid = with(&[("branch", "unsaid")]);
    assert!(!unsaid.networks().contains(&"fongecif-rhone-alpes"), "{:?}", unsaid.networks());
    assert_eq!(unsaid.main.as_deref(), Some("cio"));
    let asks: Vec<_> = unsaid.found.undetermined.iter().filter(|open| open.missing == ["branch"]).collect();
    assert_eq!(asks.len(), 9);
}

#[test]
fn an_operator_accredited_by_the_region_is_a_kind_of_its_own() {
    // Rhône-Alpes began with the national operators only; another region would write this.
    assert!(!PAGE.guide.networks.iter().any(|network| network.cep_operator == CepOperator::ByRegion));
    let said = PAGE.about.coordination.iter().find(|part| part.id == "region-operators").unwrap();
    assert!(said.what.contains("aucun"), "{}", said.what);
    let mut directory = EDITION.clone();
    directory.edition.networks.iter_mut().find(|network| network.id == "mife").unwrap().cep_operator =
        CepOperator::ByRegion;
    let page = Published::new(directory.clone(), THEN);
    assert_eq!(page.guide.network("mife").unwrap().cep_operator, CepOperator::ByRegion);
    assert!(directory.to_json().contains(r#""cep_operator": "by_region""#));
}

#[test]
fn associates_receive_and_inform_where_a_territory_took_them_in() {
    let associates: Vec<_> = PAGE
        .guide
        .networks
        .iter()
        .filter(|network| network.membership == Membership::Associate)
        .map(|network| network.id.as_str())
        .collect();
    assert_eq!(associates, ["maison-emploi", "relais-services-publics", "paif", "cite-des-metiers"]);
    assert!(associates.iter().all(|id| network(id).services == [Service::Reception]));
    let added = |id: &str| -> Vec<&str> {
        territory(id).level_one.iter().map(String::as_str).filter(|id| associates.contains(id)).collect()
    };
    assert_eq!(added("ztef-drome-des-collines-royans-vercors"), ["maison-emploi"]);
    // Savoie added points of its own; the Ain and the Haute-Savoie, the Cité des métiers.
    assert_eq!(added("ztef-metropole-savoie-avant-pays-savoyard-chartreuse"), ["paif"]);
    assert_eq!(added("ztef-genevois-haut-savoyard"), ["cite-des-metiers"]);
    assert!(added("ztef-roannais").is_empty());
}

#[test]
fn the_cep_of_2014_has_three_levels_and_its_reception_is_in_the_spro() {
    let levels: Vec<_> = PAGE.about.cep_levels.iter().map(|level| (level.number, level.level)).collect();
    assert_eq!(levels, [(1, Level::One), (2, Level::Two), (3, Level::Two)]);
    assert!(PAGE.about.cep_levels[0].description.contains("tous les réseaux du service public régional"));
    // Since 2020 there are two.
    let levels: Vec<_> =
        DIRECTORY_2026.edition.cep_levels.iter().map(|level| (level.number, level.level)).collect();
    assert_eq!(levels, [(1, Level::One), (2, Level::Two)]);
}

#[test]
fn territories_have_two_levels_a_contact_a_diagnosis_and_actions() {
    assert_eq!(PAGE.about.territories.len(), 19);
    for territory in &PAGE.about.territories {
        assert!(!territory.level_one.is_empty() && !territory.level_two.is_empty(), "{}", territory.id);
        assert!(territory.level_one.iter().all(|id| network(id).has_level(Level::One)), "{}", territory.id);
        assert!(territory.level_two.iter().all(|id| network(id).has_level(Level::Two)), "{}", territory.id);
        assert!(!territory.sources.is_empty() && territory.description.is_some(), "{}", territory.id);
    }
    let lyon = territory("ztef-grand-lyon-centre-nord").contact.as_ref().unwrap();
    assert_eq!(lyon.name.as_deref(), Some("Maison de l’emploi et de la formation de Lyon"));
    let papers = |kind| -> Vec<_> {
        let papers = PAGE.about.resources.iter().filter(|resource| resource.kind == kind);
        papers.map(|paper| paper.territory.as_deref().unwrap()).collect()
    };
    assert_eq!((papers(ResourceKind::Diagnosis).len(), papers(ResourceKind::ActionPlan).len()), (8, 5));
    assert!(papers(ResourceKind::Diagnosis).contains(&"ztef-chablais"));
    assert!(papers(ResourceKind::ActionPlan).contains(&"ztef-est-lyonnais"));
    // A commune that a source names leads to its territory.
    let chablais = PAGE.guide.territories.iter().position(|card| card.id == "ztef-chablais");
    let haute_savoie = PAGE.departments.iter().find(|piece| piece.code == "74").unwrap();
    let thonon = &haute_savoie.communes[haute_savoie.commune("74281").unwrap()];
    assert_eq!(thonon.territory.map(usize::from), chablais);
}

#[test]
fn four_territories_had_the_label_for_five_years() {
    let labelled: Vec<_> = PAGE
        .guide
        .territories
        .iter()
        .filter_map(|card| Some((card.id.as_str(), card.label.as_ref()?)))
        .collect();
    assert_eq!(labelled.len(), 4);
    for (id, label) in &labelled {
        assert!(!label.counts_on("2011-01-01"), "{id} before the label existed");
        assert!(label.counts_on("2015-06-01"), "{id} while it counts");
        assert!(!label.counts_on(NOW), "{id} today");
        // No source gives the day: between the two dates nobody can say that it counts.
        assert!(!label.counts_on("2017-01-01"), "{id} in doubt");
        assert_eq!(label.may_expire_on().as_deref(), Some("2016-05-04"), "{id}");
        assert!(label.expires_on().as_deref() > Some("2017-01-01"), "{id}: not expired for certain");
        let written = EDITION.territories.iter().find(|territory| territory.id == *id).unwrap();
        let unverified = &written.unverified;
        assert!(unverified.iter().any(|what| what.starts_with("jour du label")), "{id}: {unverified:?}");
    }
    let expiry = |id: &str| territory(id).label.as_ref().and_then(shared::directory::Label::expires_on);
    let savoie = "ztef-metropole-savoie-avant-pays-savoyard-chartreuse";
    assert_eq!(expiry(savoie).as_deref(), Some("2018-04-12"));
    assert_eq!(expiry("ztef-drome-des-collines-royans-vercors").as_deref(), Some("2019-12-31"));
    let warnings = valid(EDITION.clone(), NOW);
    assert_eq!(warnings.warnings().iter().filter(|finding| finding.code == "expired-label").count(), 4);
}

#[test]
fn a_label_cannot_have_been_granted_before_it_may_have_been() {
    let mut directory = EDITION.clone();
    let labelled = directory.territories.iter_mut().find(|territory| territory.label.is_some());
    labelled.unwrap().label.as_mut().unwrap().not_before = Some("2015-01-01".to_owned());
    let geography = region(&directory);
    let findings = shared::validate::validate(directory, geography, THEN).unwrap_err();
    assert!(
        findings.iter().any(|finding| finding.code == "period" && finding.path.ends_with("label.not_before"))
    );
}

#[test]
fn the_national_site_and_phone_are_open_to_everybody() {
    for given in PAGE.somebody_of_each_kind() {
        let told = PAGE.decide(given, "07186");
        let service = told.found.remote_services.iter().map(|index| &PAGE.guide.remote_services[*index]);
        let national = service.into_iter().find(|service| service.id == "orientation-pour-tous");
        let national = national.unwrap_or_else(|| panic!("not for {given:?}"));
        assert_eq!(national.phone.as_deref(), Some("0811 70 39 39"));
        assert_eq!(national.services, [Service::Reception]);
    }
    // It opened on the 6th of December 2011.
    let opening = EDITION.edition.remote_services[0].valid_from.as_deref();
    assert_eq!(opening, Some("2011-12-06"));
}

#[test]
fn guides_news_and_sites_are_in_the_information_piece() {
    let count = |kind| PAGE.about.resources.iter().filter(|resource| resource.kind == kind).count();
    for kind in [
        ResourceKind::Guide,
        ResourceKind::Framework,
        ResourceKind::Collection,
        ResourceKind::News,
        ResourceKind::Site,
    ] {
        assert!(count(kind) > 0, "{kind:?}");
    }
    for resource in &PAGE.about.resources {
        assert!(resource.website.is_some() || resource.source.is_some(), "{} has no page", resource.id);
    }
    let news = PAGE.about.resources.iter().find(|resource| resource.id == "news-savoie").unwrap();
    assert_eq!(news.published_on.as_deref(), Some("2013-05-01"));
}

#[test]
fn region_state_and_partners_each_coordinate_their_part() {
    let what = |id: &str| {
        let part =
            PAGE.about.coordination.iter().find(|part| part.id == id).unwrap_or_else(|| panic!("no {id}"));
        assert!(part.source.starts_with("http"), "{id}");
        part.what.as_str()
    };
    assert!(what("region").contains("coordonne les organismes"));
    assert!(what("state").contains("des élèves et des étudiants"));
    assert!(what("together").contains("ensemble"));
    assert!(what("label").contains("cinq ans"));
}
