//! The program and the real worker, in real workerd: what takes several requests.

use crate::desk::{Desk, TOKEN, text};
use serde_json::Value;
use spro_tests::{Setup, Workerd, documents, paths};

fn workerd() -> Workerd {
    // The token that the desk gives.
    Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

fn live(workerd: &Workerd) -> String {
    let guide = workerd.client().get("/v1/guide").send().unwrap().json();
    guide["snapshot"].as_str().unwrap().to_owned()
}

/// A command, with what every command here has.
fn with<'a>(common: &[&'a str], arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, common].concat()
}

const TABLE: &str = "Nom;Réseau;Adresse;Code postal;Commune;Téléphone\nCIO inventé;CIO;1 rue Inventée;26000;Valence;0400000001\n";

#[test]
fn a_draft_goes_from_a_table_to_a_publication_and_back() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    desk.write("small.json", documents::small("From the desk").unwrap().to_string());
    desk.write("table.csv", TABLE);
    desk.succeeds_with(0, &with(&common, &["publish", "small.json", "--accept-losses"]));
    let before = live(&workerd);

    // A key is made for somebody, and works.
    let output = desk.run(&with(&common, &["keys", "make", "--name", "Ada", "--role", "region"]));
    let key = text(&output.stdout);
    assert!(key.starts_with("spro_") && key.trim().lines().count() == 1, "{key}");
    assert!(text(&output.stderr).contains("que cette fois"));
    desk.write("key", &key);
    let common = ["--server", origin.as_str(), "--token-file", "key"];
    assert_eq!(desk.json(0, &with(&common, &["whoami"]))["name"], "Ada");

    let draft = desk.json(0, &with(&common, &["drafts", "begin", "--title", "Un CIO de plus"]));
    let id = draft["id"].as_str().unwrap();
    assert!(desk.succeeds_with(0, &with(&common, &["drafts"])).contains("Un CIO de plus · en cours · Ada"));
    let said = desk.succeeds_with(
        0,
        &with(&common, &["drafts", "import", id, "table.csv", "--refuse", "phone-spelling"]),
    );
    assert!(said.contains("Fiches lues : 1 = 1 ajoutées + 0 fusionnées + 0 refusées"), "{said}");
    let again = desk.json(0, &with(&common, &["drafts", "import", id]));
    assert_eq!(again["options"]["decisions"]["groups"]["phone-spelling"], "refuse", "{again}");
    assert_eq!(again["options"]["source"], "table");

    desk.succeeds_with(0, &with(&common, &["drafts", "check", id]));
    let difference = desk.json(0, &with(&common, &["drafts", "diff", id]));
    assert_eq!(difference["added"][0]["name"], "CIO inventé", "{difference}");
    let link = desk.succeeds_with(0, &with(&common, &["drafts", "preview", id]));
    let path = link.trim().strip_prefix(origin.as_str()).unwrap().to_owned();
    assert_eq!(workerd.client().get(&path).send().unwrap().status, 200);

    let published = desk.json(0, &with(&common, &["drafts", "publish", id, "--reason", "il manquait"]));
    assert_eq!(published["snapshot"], live(&workerd), "{published}");
    assert_ne!(before, live(&workerd));
    let versions = desk.succeeds_with(0, &with(&common, &["versions"]));
    assert!(versions.contains("il manquait") && versions.contains("par Ada · 1 lieu ajouté"), "{versions}");
    let err = desk.fails_with(1, &with(&common, &["drafts", "undo", id]));
    assert!(err.contains("terminé") && err.contains("drafts begin"), "{err}");

    desk.succeeds_with(0, &with(&common, &["rollback"]));
    assert_eq!(live(&workerd), before);
    let trail = desk.succeeds_with(0, &with(&common, &["audit"]));
    assert!(
        trail.contains("Ada · retour à une autre version") && trail.contains("Ada · publication"),
        "{trail}"
    );
    desk.succeeds_with(0, &with(&common, &["audit", "--csv", "journal.csv"]));
    let table = std::fs::read_to_string(desk.path("journal.csv")).unwrap();
    assert!(table.starts_with("\u{feff}Date;Qui;Clé;Action;Objet;Détail\r\n"), "{table}");
    // Everything but the table's own title is a line of the trail.
    let all = desk.json(0, &with(&common, &["audit", "--all"]));
    assert_eq!(table.lines().count(), all["entries"].as_array().unwrap().len() + 1);
}

#[test]
fn somebody_who_publishes_in_between_costs_a_draft_nothing() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    let small = documents::small("In between").unwrap();
    desk.write("small.json", small.to_string());
    desk.succeeds_with(0, &with(&common, &["publish", "small.json", "--accept-losses"]));
    let draft = desk.json(0, &with(&common, &["drafts", "begin", "--title", "Un lieu de moins"]));
    let id = draft["id"].as_str().unwrap();
    let place = small["structures"][0]["id"].as_str().unwrap();
    desk.succeeds_with(0, &with(&common, &["drafts", "place", id, "--remove", place]));

    desk.write("other.json", documents::small("Another title").unwrap().to_string());
    desk.succeeds_with(0, &with(&common, &["publish", "other.json"]));
    let err = desk.fails_with(1, &with(&common, &["drafts", "publish", id]));
    assert!(err.contains(&format!("cargo spro drafts rebase {id}")), "{err}");
    desk.succeeds_with(0, &with(&common, &["drafts", "rebase", id]));
    let difference = desk.json(0, &with(&common, &["drafts", "diff", id]));
    assert_eq!(difference["removed"][0]["id"], place, "{difference}");
    assert_eq!(difference["parts"].as_array().unwrap().len(), 0, "what the other published stays");
    assert_eq!(difference["behind"], false);
}

#[test]
fn what_was_compiled_here_is_sent_once() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    let here = with(&common, &["publish", "small.json", "--accept-losses", "--here", "--reason", "d’ici"]);
    desk.write("small.json", documents::small("Compiled here").unwrap().to_string());
    let published: Value = desk.json(0, &here);
    assert_eq!(published["snapshot"], live(&workerd), "{published}");
    let sent = &published["sent"];
    assert!(sent["values"].as_u64() > Some(4) && sent["bytes"].as_u64() > Some(1000), "{sent}");

    let again = desk.json(0, &here);
    assert_eq!((&again["unchanged"], &again["sent"]["values"]), (&true.into(), &0.into()), "{again}");
    // What the edge would have compiled of the same document is the same, and is readable.
    let other = desk.json(0, &with(&common, &["publish", "small.json", "--accept-losses"]));
    assert_eq!(other["unchanged"], true, "{other}");
    let piece = format!("/v1/{}/department.26.json", live(&workerd));
    assert_eq!(workerd.client().get(&piece).send().unwrap().status, 200);

    let versions = desk.json(0, &with(&common, &["versions"]));
    assert_eq!(versions["versions"][0]["reason"], "d’ici");
    assert!(versions["versions"][0]["changes"]["removed"].as_u64() > Some(0), "{versions}");
}

/// The files of the deployed build, kept under the address that partners have pinned.
#[test]
fn the_deployed_build_is_kept_and_listed() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    let folder = paths::assets().to_string_lossy().into_owned();
    let build = paths::build_id().unwrap();
    let none = desk.succeeds_with(0, &with(&common, &["keep", "--list"]));
    assert!(none.starts_with("Aucune version du guide n’est gardée"), "{none}");

    let kept = desk.json(0, &with(&common, &["keep", "--folder", &folder]));
    assert_eq!(kept["build"], build.as_str(), "{kept}");
    let files = kept["files"].as_array().unwrap().len();
    let again = desk.succeeds_with(0, &with(&common, &["keep", "--folder", &folder]));
    assert!(again.contains(&build) && again.contains(&format!("{files} fichiers")), "{again}");
    let listed = desk.json(0, &with(&common, &["keep", "--list"]));
    assert_eq!(listed["builds"][0]["files"].as_object().unwrap().len(), files, "{listed}");
    assert!(desk.succeeds_with(0, &with(&common, &["keep", "--list"])).contains(&build));
    let trail = desk.succeeds_with(0, &with(&common, &["audit", "--all"]));
    assert_eq!(trail.matches("version du guide gardée").count(), files, "the same day counts once: {trail}");

    // Another folder than the one that was deployed.
    desk.write("build.txt", "0123456789abcdef\n");
    std::fs::create_dir(desk.path("0123456789abcdef")).unwrap();
    let script = paths::assets().join(&build).join("element.js.br");
    std::fs::copy(script, desk.path("0123456789abcdef/element.js.br")).unwrap();
    let err = desk.fails_with(1, &with(&common, &["keep", "--folder", "."]));
    assert!(err.contains("n’est pas celle qui est déployée ici") && err.contains("element.js"), "{err}");
    let err = desk.fails_with(1, &with(&common, &["keep", "--folder", "nulle-part"]));
    assert!(err.contains("cargo xtask build"), "{err}");
}

#[test]
fn an_import_completes_what_is_live_and_a_publication_empties_nothing_by_itself() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    let mut small = documents::small("From the desk").unwrap();
    small["structures"].as_array_mut().unwrap().truncate(20);
    desk.write("small.json", small.to_string());
    desk.write("table.csv", TABLE);
    desk.succeeds_with(0, &with(&common, &["publish", "small.json", "--accept-losses"]));

    desk.succeeds_with(0, &with(&common, &["import", "table.csv", "--out", "more.json"]));
    let difference = desk.json(0, &with(&common, &["diff", "more.json"]));
    assert_eq!(difference["added"].as_array().map(Vec::len), Some(1), "{difference}");
    assert_eq!(difference["removed"].as_array().map(Vec::len), Some(0), "{difference}");
    desk.succeeds_with(0, &with(&common, &["publish", "more.json"]));

    small["structures"].as_array_mut().unwrap().truncate(10);
    desk.write("less.json", small.to_string());
    let before = live(&workerd);
    for here in [&[][..], &["--here"]] {
        let err = desk
            .fails_with(1, &with(&common, &[&["publish", "less.json", "--accept-losses"], here].concat()));
        assert!(err.contains("retire 11 lieux sur 21") && err.contains("--removing 11"), "{err}");
        assert_eq!(live(&workerd), before);
    }
    desk.succeeds_with(0, &with(&common, &["publish", "less.json", "--accept-losses", "--removing", "11"]));
    assert_ne!(live(&workerd), before);

    // Nobody answers there: what an import would complete is not known.
    let err = desk.fails_with(3, &["import", "table.csv", "--server", "http://127.0.0.1:9"]);
    assert!(err.contains("--shipped"), "{err}");
}

#[test]
fn places_are_written_to_with_their_private_links() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    let mut directory = documents::small("Links").unwrap();
    let places = directory["structures"].as_array_mut().unwrap();
    places.truncate(20);
    for (rank, place) in places.iter_mut().enumerate() {
        place["checked_on"] = "2024-01-02".into();
        place["as_of"] = "2024-01-02".into();
        place["emails"] = if rank < 2 { vec!["accueil@exemple.fr"].into() } else { Value::Array(Vec::new()) };
    }
    let (one, other) = (places[0]["id"].clone(), places[1]["id"].clone());
    let (one, other) = (one.as_str().unwrap(), other.as_str().unwrap());
    desk.write("small.json", directory.to_string());
    desk.succeeds_with(0, &with(&common, &["publish", "small.json", "--accept-losses"]));
    assert!(desk.succeeds_with(0, &with(&common, &["place-links"])).contains("Aucun lien privé"));

    // Without the option nothing is made.
    desk.succeeds_with(0, &with(&common, &["remind", "--out", "plain"]));
    assert_eq!(desk.json(0, &with(&common, &["place-links"]))["links"], Value::Array(Vec::new()));
    let made = desk.json(0, &with(&common, &["remind", "--places", "--out", "rappels"]));
    assert_eq!(made["places"].as_array().unwrap().len(), 3, "{made}");
    let letter = text(&std::fs::read(desk.path(&format!("rappels/lieu-{one}.txt"))).unwrap());
    assert!(letter.starts_with("À : accueil@exemple.fr\nObjet : "), "{letter}");
    let link = letter.lines().find(|line| line.starts_with(&origin)).unwrap().to_owned();
    let page = workerd.client().get(link.strip_prefix(&origin).unwrap()).send().unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let table = text(&std::fs::read(desk.path("rappels/sans-courriel.csv")).unwrap());
    assert!(table.lines().filter(|line| line.contains("2024-01-02")).count() >= 18, "{table}");
    assert!(!table.contains(one) && !table.contains(other));
    // Messages that are there are not overwritten, and no link is made in vain.
    let links = desk.json(0, &with(&common, &["place-links"]));
    desk.fails_with(1, &with(&common, &["remind", "--places", "--out", "rappels"]));
    assert_eq!(desk.json(0, &with(&common, &["place-links"])), links);
    assert!(
        desk.fails_with(2, &["remind", "--places", "small.json", "--out", "x"])
            .contains("ne vont pas ensemble")
    );

    let told = desk.succeeds_with(0, &with(&common, &["place-links", "revoke", one]));
    assert!(told.contains("n’ouvre plus rien"), "{told}");
    assert_eq!(workerd.client().get(link.strip_prefix(&origin).unwrap()).send().unwrap().status, 404);
    let told = desk.succeeds_with(0, &with(&common, &["place-links", "make", one]));
    assert!(told.contains(&format!("{one} · jusqu’au ")) && told.contains(&origin), "{told}");
    let listed = desk.succeeds_with(0, &with(&common, &["place-links"]));
    assert_eq!(listed.lines().filter(|line| line.contains("ouvert jusqu’au")).count(), 2, "{listed}");
    assert!(desk.fails_with(1, &with(&common, &["place-links", "revoke", "nulle-part"])).contains("liste"));
}

#[test]
fn a_territory_is_made_and_taken_away_by_command() {
    let (workerd, desk) = (workerd(), Desk::new());
    let origin = workerd.origin();
    let common = ["--server", origin.as_str()];
    desk.write("small.json", documents::small("Territories").unwrap().to_string());
    desk.succeeds_with(0, &with(&common, &["publish", "small.json", "--accept-losses"]));
    assert!(desk.succeeds_with(0, &with(&common, &["territories"])).contains("Aucun territoire"));
    let draft = desk.json(0, &with(&common, &["drafts", "begin", "--title", "Territoires"]));
    let id = draft["id"].as_str().unwrap();
    let first = ["territories", "set", id, "valence"];
    for (wrong, said) in [
        (&["--name", "Valence"][..], "au moins une commune"),
        (&["--commune", "26000 Valence"], "donnez-lui un nom"),
        (&["--name", "Valence", "--commune", "26000 Nulle-part"], "26000 Nulle-part"),
        (&["--name", "Valence", "--intercommunality", "123"], "SIREN"),
        (&["--name", "Valence", "--department", "26", "--contact-email", "accueil"], "accueil@exemple.fr"),
    ] {
        let err = desk.fails_with(2, &[&first[..], wrong, &common].concat());
        assert!(err.contains(said), "{said}: {err}");
    }
    let all = [
        "--name",
        "Valence",
        "--commune",
        "26000 Valence",
        "--contact-phone",
        "0475000001",
        "--granted-on",
        "02/01/2026",
    ];
    assert!(desk.succeeds_with(0, &[&first[..], &all, &common].concat()).contains("« Valence » ajouté"));
    // What is not said stays.
    let more = ["--organisation", "Une charte.", "--intercommunality", "26000 Valence"];
    desk.succeeds_with(0, &[&first[..], &more, &common].concat());
    let document =
        workerd.client().get(&format!("/admin/v1/drafts/{id}/directory")).token(TOKEN).send().unwrap();
    let territory = document.json()["territories"][0].clone();
    assert_eq!(territory["contact"]["phone"], "04 75 00 00 01", "{territory}");
    assert_eq!(territory["label"]["granted_on"], "2026-01-02", "{territory}");
    assert!(territory["communes"].as_array().unwrap().len() > 40, "{territory}");
    desk.succeeds_with(0, &with(&common, &["drafts", "publish", id, "--accept-losses"]));
    let listed = desk.succeeds_with(0, &with(&common, &["territories"]));
    assert!(listed.contains("valence · Valence · ") && listed.contains("04 75 00 00 01"), "{listed}");
    let next = desk.json(0, &with(&common, &["drafts", "begin", "--title", "Sans"]));
    let next = next["id"].as_str().unwrap();
    desk.succeeds_with(0, &with(&common, &["territories", "remove", next, "valence"]));
    let err = desk.fails_with(1, &with(&common, &["territories", "remove", next, "valence"]));
    assert!(err.contains("n’est pas dans ce brouillon"), "{err}");
}
