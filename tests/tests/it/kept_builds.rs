//! Builds of the element that were deployed before: partners have pinned their files, and a
//! deployment replaces all files at once.

use serde_json::json;
use spro_tests::{Client, Reply, Setup, Workerd, paths};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const TOKEN: &str = "a-token-of-this-test-and-long-enough";

/// A deployment whose files can be replaced, and the build that it has.
struct Deployment {
    assets: TempDir,
    build: String,
    workerd: Workerd,
}

impl Deployment {
    fn new() -> Self {
        let build = paths::build_id().unwrap();
        let assets = tempfile::tempdir().unwrap();
        copy(&paths::assets(), assets.path());
        let setup = Setup {
            token: Some(TOKEN.to_owned()),
            assets: Some(assets.path().to_owned()),
            ..Setup::default()
        };
        Self { assets, build, workerd: Workerd::start(setup).unwrap() }
    }

    fn folder(&self) -> PathBuf {
        self.assets.path().join(&self.build)
    }

    /// The files of the build, without their compressed siblings.
    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder()).unwrap().flatten();
        let mut names: Vec<String> =
            names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| Path::new(name).extension().is_none_or(|extension| extension != "br"));
        names.sort();
        names
    }

    fn compressed(&self, file: &str) -> Vec<u8> {
        fs::read(self.folder().join(format!("{file}.br"))).unwrap()
    }

    fn keep(&self, client: &Client, file: &str, bytes: Vec<u8>) -> Reply {
        let path = format!("/admin/v1/builds/{}/{file}", self.build);
        client.request("PUT", &path).token(TOKEN).body(bytes).send().unwrap()
    }

    /// What a later deployment does.
    fn replace(&self) {
        fs::remove_dir_all(self.folder()).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Everything that a browser sees of an answer.
fn seen(reply: &Reply) -> (u16, Vec<u8>, Vec<Option<String>>) {
    let headers = [
        "content-type",
        "content-encoding",
        "cache-control",
        "etag",
        "vary",
        "access-control-allow-origin",
        "cross-origin-resource-policy",
        "x-content-type-options",
    ];
    (reply.status, reply.body.clone(), headers.map(|name| reply.header(name).map(str::to_owned)).to_vec())
}

#[test]
fn a_kept_build_answers_as_before_once_its_files_are_gone() {
    let deployment = Deployment::new();
    let client = deployment.workerd.client();
    let files = deployment.files();
    assert!(files.len() >= 2, "{files:?}");
    let ask = |file: &str, encoding: &str| {
        let path = format!("/{}/{file}", deployment.build);
        seen(&client.get(&path).header("Accept-Encoding", encoding).send().unwrap())
    };
    let all = || -> Vec<_> {
        files.iter().flat_map(|file| [ask(file, "br, gzip"), ask(file, "identity")]).collect()
    };
    let before = all();
    assert!(before.iter().all(|(status, body, _)| *status == 200 && !body.is_empty()));
    for file in &files {
        let kept = deployment.keep(&client, file, deployment.compressed(file));
        assert_eq!(kept.status, 200, "{file}: {}", kept.text());
        let integrity = kept.json()["kept"]["integrity"].as_str().unwrap().to_owned();
        assert!(integrity.starts_with("sha256-") && integrity.len() == 51, "{integrity}");
    }
    deployment.replace();
    assert_eq!(all(), before);

    // What a browser has is not sent again.
    let etag = before[0].2[3].clone().unwrap();
    let path = format!("/{}/{}", deployment.build, files[0]);
    let again =
        client.get(&path).header("Accept-Encoding", "br").header("If-None-Match", &etag).send().unwrap();
    assert_eq!((again.status, again.body.len()), (304, 0));

    let listed = client.get("/admin/v1/builds").token(TOKEN).send().unwrap().json();
    let build = &listed["builds"][0];
    assert_eq!(
        (build["build"].as_str(), build["files"].as_object().unwrap().len()),
        (Some(&*deployment.build), files.len())
    );
    assert_eq!(build["until"].as_str().map(str::len), Some(10));
    let trail = client.get("/admin/v1/audit").token(TOKEN).send().unwrap().json();
    let lines = trail["entries"].as_array().unwrap();
    assert_eq!(lines.iter().filter(|line| line["done"] == "build-kept").count(), files.len());
}

#[test]
fn no_other_byte_is_ever_taken() {
    let deployment = Deployment::new();
    let client = deployment.workerd.client();
    let code = |reply: &Reply| (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned());
    let refused = |status: u16, code: &str| (status, code.to_owned());
    let (good, other) = (deployment.compressed("element.js"), deployment.compressed("element_bg.wasm"));

    // Before it was kept: what is deployed decides.
    assert_eq!(code(&deployment.keep(&client, "element.js", other.clone())), refused(409, "other-bytes"));
    assert_eq!(
        code(&deployment.keep(&client, "element.js", good[1..].to_vec())),
        refused(422, "damaged-value")
    );
    assert_eq!(code(&deployment.keep(&client, "element.js", Vec::new())), refused(422, "damaged-value"));
    assert_eq!(code(&deployment.keep(&client, "evil.js", good.clone())), refused(409, "not-deployed"));
    assert_eq!(code(&deployment.keep(&client, "notes.md", good.clone())), refused(422, "unknown-file"));
    let elsewhere = format!("/admin/v1/builds/{}/element.js", "f".repeat(16));
    let elsewhere = client.request("PUT", &elsewhere).token(TOKEN).body(good.clone()).send().unwrap();
    assert_eq!(code(&elsewhere), refused(409, "not-deployed"));
    for path in
        ["builds/x/element.js", "builds/0123456789abcdef/element.js.br", "builds/0123456789abcdef/../x.js"]
    {
        let reply = client
            .request("PUT", &format!("/admin/v1/{path}"))
            .token(TOKEN)
            .body(good.clone())
            .send()
            .unwrap();
        assert_eq!(reply.status, 404, "{path}");
    }
    assert_eq!(client.get("/admin/v1/builds").token(TOKEN).send().unwrap().json(), json!({ "builds": [] }));

    // After: what was kept decides, whatever is deployed.
    assert_eq!(deployment.keep(&client, "element.js", good.clone()).status, 200);
    deployment.replace();
    assert_eq!(code(&deployment.keep(&client, "element.js", other)), refused(409, "other-bytes"));
    assert_eq!(deployment.keep(&client, "element.js", good.clone()).status, 200, "the same renews it");
    // A file that was not kept in time cannot be brought in any more.
    let wasm = fs::read(paths::assets().join(&deployment.build).join("element_bg.wasm.br")).unwrap();
    assert_eq!(code(&deployment.keep(&client, "element_bg.wasm", wasm)), refused(409, "not-deployed"));
    let path = format!("/{}/element.js", deployment.build);
    let served = client.get(&path).header("Accept-Encoding", "br").send().unwrap();
    assert_eq!((served.status, served.body), (200, good));
}

/// A value that somebody has changed in KV, or that was cut short, is no file.
#[test]
fn a_damaged_value_is_not_served() {
    let deployment = Deployment::new();
    let client = deployment.workerd.client();
    assert_eq!(deployment.keep(&client, "element.js", deployment.compressed("element.js")).status, 200);
    deployment.replace();
    let value = deployment.workerd.kv().join(format!("spro1.build.{}.element.js", deployment.build));
    let mut bytes = fs::read(&value).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&value, bytes).unwrap();
    let path = format!("/{}/element.js", deployment.build);
    let reply = client.get(&path).send().unwrap();
    assert_eq!((reply.status, reply.json()["code"].as_str()), (404, Some("unknown-file")));
}
