//! Two regions on one machine: each has its address, its state and its keys.

use serde_json::{Value, json};
use spro_tests::{Client, Setup, Workerd, documents};

const TOKENS: [&str; 2] =
    ["the-token-of-the-first-region-and-long-enough", "the-token-of-the-second-region-and-long-enough"];

fn snapshot(client: &Client) -> Value {
    client.get("/v1/guide").send().unwrap().json()["snapshot"].clone()
}

#[test]
fn a_region_is_published_with_its_own_key_and_changes_nothing_of_another() {
    let start =
        |token: &str| Workerd::start(Setup { token: Some(token.to_owned()), ..Setup::default() }).unwrap();
    let both = TOKENS.map(start);
    let clients = both.each_ref().map(Workerd::client);
    let before = clients.each_ref().map(snapshot);
    assert_eq!(before[0], before[1], "one build");

    let mut directory = documents::small("The second region").unwrap();
    directory["edition"]["region"]["guides"] =
        json!({"84": "https://ici.exemple.fr/", "53": "https://bretagne.exemple.fr/"});
    let publish = |client: &Client, token| {
        client.post("/admin/v1/publish").token(token).json(&directory).send().unwrap()
    };
    assert_eq!(publish(&clients[0], TOKENS[1]).status, 401, "a key of the other region opens nothing");
    assert_eq!(clients[0].get("/admin/v1/directory").token(TOKENS[1]).send().unwrap().status, 401);
    let reply = publish(&clients[1], TOKENS[1]);
    assert_eq!(reply.status, 200, "{}", reply.text());

    assert_eq!(snapshot(&clients[0]), before[0]);
    assert_ne!(snapshot(&clients[1]), before[1]);
    let pieces = |of: &Value| format!("/v1/{}/department.26.json", of.as_str().unwrap());
    assert_eq!(clients[0].get(&pieces(&snapshot(&clients[1]))).send().unwrap().status, 404);

    // Who asks the second for somebody of a region whose guide it knows is told where that is.
    let elsewhere = |client: &Client| {
        let asked = json!({"answers": {"situation": "pupil"}, "commune": "35238"});
        let reply = client.post("/v1/recommendations").json(&asked).send().unwrap();
        assert_eq!(reply.status, 422, "{}", reply.text());
        reply.json()
    };
    let [first, second] = clients.each_ref().map(elsewhere);
    assert_eq!((&first["region"], &first["guide"]), (&json!("Bretagne"), &Value::Null));
    assert_eq!(
        (&second["region"], &second["guide"]),
        (&json!("Bretagne"), &json!("https://bretagne.exemple.fr/"))
    );
    assert_eq!(second["service"], "https://ideo.bretagne.bzh");
}
