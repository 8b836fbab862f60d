//! A directory that another version of the program has published: its pieces are in a form that this
//! one does not read.

use serde_json::{Value, json};
use shared::snapshot::Manifest;
use spro_tests::{Client, Kv, Setup, Workerd, documents, eventually};
use std::fs;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

fn workerd(kv: Kv) -> Workerd {
    Workerd::start(Setup { kv, token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap()
}

fn live(client: &Client) -> Value {
    client.get("/v1/guide").send().unwrap().json()["snapshot"].clone()
}

#[test]
fn what_another_version_has_published_is_compiled_again_by_itself() {
    let before = workerd(Kv::Fresh);
    let reply = before
        .client()
        .post("/admin/v1/publish")
        .token(TOKEN)
        .json(&documents::small("D’avant").unwrap())
        .send()
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    let snapshot = reply.json()["snapshot"].as_str().unwrap().to_owned();

    // What an earlier version leaves behind: a pointer, a manifest of its format, and the document.
    let folder = tempfile::tempdir().unwrap();
    let kv = folder.path().join("kv");
    fs::create_dir(&kv).unwrap();
    let stored = |name: &str| before.kv().join(format!("spro1.{snapshot}.{name}"));
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(stored("manifest")).unwrap()).unwrap();
    manifest.format -= 1;
    let id = manifest.id();
    fs::write(kv.join(format!("spro1.{id}.manifest")), manifest.to_bytes()).unwrap();
    fs::copy(stored("directory"), kv.join(format!("spro1.{id}.directory"))).unwrap();
    let pointer = json!({ "snapshot": id, "version": 7 }).to_string();
    fs::write(kv.join("spro1.current"), pointer).unwrap();

    let after = workerd(Kv::At(kv));
    let client = after.client();
    // Visitors have the shipped directory meanwhile, and wait for nothing.
    assert_eq!(client.get("/v1/guide").send().unwrap().status, 200);
    eventually(|| Ok(live(&client)), |seen| *seen == snapshot.as_str()).unwrap();
    let reply = client.get("/admin/v1/versions").token(TOKEN).send().unwrap().json();
    let versions = reply["versions"].as_array().unwrap();
    let told: Vec<_> =
        versions.iter().map(|one| (&one["version"], &one["action"], &one["by"]["name"])).collect();
    assert_eq!(
        told,
        [(&json!(8), &json!("renewed"), &json!("le programme")), (&json!(7), &json!("found"), &json!(""))]
    );
}
