//! The command and the real worker, in real workerd: drafts, and publications without a person.

use super::{TABLE, one};
use crate::desk::{Desk, TOKEN};
use serde_json::Value;
use spro_tests::{Setup, Workerd, documents};

struct Served {
    workerd: Workerd,
    desk: Desk,
}

impl Served {
    /// A worker with the first fifty places that are in another town than those of the list, which
    /// is followed.
    fn new(more: &str) -> Self {
        let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
        let served = Self { workerd, desk: Desk::new() };
        let mut small = documents::small("Followed").unwrap();
        let places = small["structures"].as_array_mut().unwrap();
        places.retain(|place| place["commune"] != "26362");
        places.truncate(50);
        served.desk.write("small.json", small.to_string());
        served.desk.write("liste.csv", TABLE).write("sources.toml", one("liste.csv", "") + more);
        served.does(0, &["publish", "small.json", "--accept-losses"]);
        served
    }

    fn does(&self, code: i32, arguments: &[&str]) -> Value {
        let origin = self.workerd.origin();
        self.desk.json(code, &[arguments, &["--server", origin.as_str()]].concat())
    }

    fn live(&self) -> Value {
        self.does(0, &["versions"])["live"].clone()
    }

    fn state(&self, draft: &Value) -> String {
        self.does(0, &["drafts", "show", draft.as_str().unwrap()])["state"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_run_makes_a_draft_and_replaces_it_until_a_person_takes_it_over() {
    let served = Served::new("");
    let live = served.live();
    let first = served.does(0, &["sync", "--on", "2026-11-01"]);
    let draft = &first["draft"];
    let difference = served.does(0, &["drafts", "diff", draft.as_str().unwrap()]);
    assert_eq!(difference["added"].as_array().unwrap().len(), 2, "{difference}");
    assert_eq!(served.live(), live);

    // Nobody looked at it: what the next run finds is in one draft.
    served.desk.write("liste.csv", TABLE.replace("04 75 00 00 01", "04 75 00 00 11"));
    let second = served.does(0, &["sync", "--on", "2026-11-02"]);
    assert_eq!((served.state(draft), served.state(&second["draft"])), ("abandoned".into(), "open".into()));
    let difference = served.does(0, &["drafts", "diff", second["draft"].as_str().unwrap()]);
    let added = difference["added"].as_array().unwrap();
    assert_eq!(added.len(), 2, "{difference}");

    // Somebody works on it: it stays, and what was removed there does not come back.
    let id = second["draft"].as_str().unwrap();
    let removed = added[0]["id"].as_str().unwrap();
    served.does(0, &["drafts", "place", id, "--remove", removed]);
    let third = served.does(0, &["sync", "--on", "2026-11-03"]);
    assert_eq!(served.state(&second["draft"]), "open");
    served.does(0, &["drafts", "abandon", third["draft"].as_str().unwrap()]);
    served.does(0, &["drafts", "publish", id]);
    let fourth = served.does(0, &["sync", "--on", "2026-11-04"]);
    assert_eq!((&fourth["draft"], &fourth["added"]), (&Value::Null, &0.into()), "{fourth}");
    assert_eq!(fourth["sources"][0]["report"]["removed_here"][0]["id"], removed, "{fourth}");
}

/// What the administration pages show of the sources.
#[test]
fn the_server_knows_when_each_source_was_read_what_came_what_waits_and_what_failed() {
    let served = Served::new("");
    let client = served.workerd.client();
    let runs = || client.get("/admin/v1/sources").token(TOKEN).send().unwrap().json()["runs"].clone();
    let signed = client.post("/admin/sign-in").form(&[("key", TOKEN)]).send().unwrap();
    let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let page = |path: &str| {
        let page = client.get(path).header("Cookie", &cookie).send().unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        page.text()
    };
    assert_eq!(runs(), serde_json::json!([]));
    assert!(page("/admin/sources").contains("Aucune source n’est suivie"));
    let first = served.does(0, &["sync", "--on", "2026-11-01"]);
    let run = runs()[0]["run"].clone();
    assert_eq!(
        (&run["on"], &run["draft"], &run["version"]),
        (&"2026-11-01".into(), &first["draft"], &Value::Null)
    );
    let source = &run["sources"][0];
    assert_eq!((&source["name"], &source["contact"]), (&"Liste".into(), &"new".into()));
    assert_eq!((&source["counts"]["read"], &source["counts"]["added"]), (&2.into(), &2.into()), "{source}");
    let shown = page("/admin/sources");
    for said in ["Liste", "2 fiches lues", "2 lieux ajoutés", "Un brouillon attend", "nouveau contenu"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(page("/admin").contains("1 source suivie"));

    // What failed is told, with when it was last read; its last reading still serves.
    let read_at = runs()[0]["read_at"]["Liste"].clone();
    assert!(read_at.is_string());
    served.desk.write("liste.csv", "<html>Erreur</html>");
    served.does(1, &["sync", "--on", "2026-11-02"]);
    let told = runs();
    assert_eq!(told.as_array().unwrap().len(), 1, "in the place of the last one: {told}");
    assert_eq!(
        (&told[0]["run"]["sources"][0]["contact"], &told[0]["read_at"]["Liste"]),
        (&"failed".into(), &read_at)
    );
    assert!(told[0]["run"]["sources"][0]["failure"].is_string(), "{told}");
    let shown = page("/admin/sources");
    assert!(shown.contains("échec") && page("/admin").contains("1 en échec"), "{shown}");
}

#[test]
fn within_its_limits_a_run_publishes_by_itself_and_says_who_when_and_why() {
    let served = Served::new("[publish]\nchanged = 10\n");
    let before = served.live();
    let first = served.does(0, &["sync", "--publish", "--on", "2026-11-01"]);
    assert_eq!(first["published"]["snapshot"], served.live(), "{first}");
    assert_ne!(served.live(), before);
    let last = served.does(0, &["versions"])["versions"][0].clone();
    let reason = last["reason"].as_str().unwrap();
    assert!(
        reason.contains("Sources du 2026-11-01 : 2 lieux ajoutés") && reason.contains("publié seul"),
        "{reason}"
    );
    assert!(last["by"]["name"].is_string() && last["published_at"].is_string(), "{last}");

    // More than a tenth of the places: a person looks.
    let live = served.live();
    let first_two: String = TABLE.split_inclusive('\n').take(2).collect();
    let many: String = (0..10).fold(first_two, |rows, number| {
        rows + &format!("CIO {number};{number} rue des Saules;26000;Valence;04 75 01 00 {number:02}\n")
    });
    served.desk.write("liste.csv", many);
    let second = served.does(1, &["sync", "--publish", "--on", "2026-11-02"]);
    let why = second["waits"].as_array().unwrap();
    for said in ["c’est plus de 10 sur cent", "10 nouveaux lieux peut-être déjà dans l’annuaire"] {
        assert!(why.iter().any(|reason| reason.as_str().unwrap().contains(said)), "{said}: {why:?}");
    }
    assert_eq!((served.live(), served.state(&second["draft"])), (live, "open".into()));
}

#[test]
fn nothing_is_published_without_a_person_where_no_limit_says_so() {
    let served = Served::new("");
    let refusal = served.does(2, &["sync", "--publish"]);
    assert_eq!(refusal["error"]["code"], "no-limits");
}

#[test]
fn a_source_that_takes_the_last_place_of_a_network_waits_for_a_person() {
    let served = Served::new("key = \"ID\"\n[publish]\nchanged = 100\n");
    let list = "ID;RESEAU;NOM;ADRESSE;CP;COMMUNE;TEL\n\
        a1;apec;Apec des Aulnes;3 rue des Aulnes;26000;Valence;04 75 00 00 03\n";
    served.desk.write("liste.csv", list);
    served.does(0, &["sync", "--publish", "--on", "2026-11-01"]);
    let live = served.live();
    served.desk.write("liste.csv", list.replace("apec;Apec", "cio;CIO"));
    let second = served.does(1, &["sync", "--publish", "--on", "2026-11-02"]);
    let why = second["waits"].to_string();
    assert!(
        why.contains("il faudrait au moins un lieu") && why.contains("le lieu principal disparaît"),
        "{why}"
    );
    assert_eq!(served.live(), live);
}
