//! `cargo xtask deploy`: to Cloudflare, in the order of the README. It says first what it will
//! do; with `--dry-run` it does what needs neither account nor network.

mod upload;

use crate::setup::Found;
use crate::step::Step;
use crate::tool;
use serde_json::Value;
use spro_tests::paths::Worker;
use spro_tests::{Failure, paths};
use std::fs;
use std::io::{IsTerminal as _, Write as _, stdin};
use std::path::Path;
use std::process::{Command, Stdio};
use upload::Upload;

/// The secret that is the first access key.
const SECRET: &str = "ADMIN_TOKEN";
/// The administration first: the public worker is bound to it.
const IN_ORDER: [Worker; 2] = [Worker::Administration, Worker::Public];
/// The variables in which that key may be given here: ours, and the command line's.
const KEYS: [&str; 2] = ["SPRO_ADMIN_TOKEN", "SPRO_TOKEN"];

/// What is deployed: the first region, or another one as an environment of the configurations.
#[derive(Clone, Copy)]
struct To<'a> {
    region: Option<&'a str>,
}

/// Deploys what `build` has made in `target/spro`, or only says what that would do.
pub(crate) fn deploy(_: &Found, dry_run: bool, region: Option<&str>) -> Result<(), Failure> {
    let to = To { region };
    print!("{}", plan(&paths::build_id()?, dry_run, region));
    for worker in IN_ORDER {
        let file = configuration(worker);
        let text = String::from_utf8_lossy(&tool::read(&paths::root().join(&file))?).into_owned();
        if let Err(missing) = namespace(&file, &text, region) {
            if !dry_run {
                return Err(missing);
            }
            println!("{missing}");
        }
    }
    for worker in IN_ORDER {
        let upload = to.weigh(worker)?;
        println!("\n{}", upload.table());
        for sentence in upload.over().into_iter().chain(upload.once_over()) {
            println!("{sentence}");
        }
    }
    if dry_run {
        println!("Nothing was deployed.");
        return Ok(());
    }
    // The public worker is bound to the administration, which must be there by then.
    to.put_there(Worker::Administration)?;
    to.secret()?;
    let host = to.put_there(Worker::Public)?;
    keep(host.as_deref())?;
    let host = host.unwrap_or_else(|| "https://HOST".to_owned());
    println!("\nDeployed: {host}/ shows the guide, {host}/admin its administration.");
    println!("To publish: SPRO_TOKEN=… cargo spro publish directory.json --server {host}");
    Ok(())
}

/// What will be done.
fn plan(build: &str, dry_run: bool, region: Option<&str>) -> String {
    let region = region.map(|region| format!(", region {region}")).unwrap_or_default();
    let mut text = format!(
        "\nDeployment of build {build}{region} to Cloudflare:\n\
         \x20 1. look for the KV namespace in {public} and {administration}\n\
         \x20 2. weigh what would be uploaded: wrangler deploy --dry-run, with each of them\n\
         \x20 3. upload the administration: wrangler deploy --config {administration}\n\
         \x20 4. where there is none yet, ask for its secret: wrangler secret put {SECRET}\n\
         \x20 5. upload the public worker: wrangler deploy --config {public}\n\
         \x20 6. keep the files of this build for two years: cargo spro keep --server https://HOST\n",
        public = configuration(Worker::Public),
        administration = configuration(Worker::Administration),
    );
    if dry_run {
        text.push_str("Only 1 and 2, which need neither an account nor the network, are done now.\n");
    }
    text.push('\n');
    text
}

/// A deployment's configuration, from the top of the repository.
fn configuration(worker: Worker) -> String {
    format!("{}/wrangler.toml", worker.folder())
}

/// Whether the configuration names a KV namespace; if not, how to make one.
fn namespace(file: &str, configuration: &str, region: Option<&str>) -> Result<(), Failure> {
    let of_region = region.map(|region| format!("env.{region}.")).unwrap_or_default();
    let table = format!("[[{of_region}kv_namespaces]]");
    let lines = configuration.lines().map(str::trim).skip_while(|line| *line != table).skip(1);
    let id = lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == "id")
        .map_or("", |(_, id)| id.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    let is_one = id.len() == 32
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && id.bytes().any(|byte| byte != b'0');
    if is_one {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{file} names no KV namespace in {table} yet: run `npx wrangler kv namespace create DIRECTORY`, and write there the id that it prints"
    )))
}

impl To<'_> {
    /// The pinned wrangler, which tells nobody and asks for no newer version.
    fn wrangler(self, worker: Worker, arguments: &[&str]) -> Command {
        let mut wrangler = tool::node_script("wrangler/bin/wrangler.js");
        wrangler.args(arguments).arg("--config").arg(configuration(worker));
        if let Some(region) = self.region {
            wrangler.args(["--env", region]);
        }
        for name in ["WRANGLER_SEND_METRICS", "WRANGLER_SEND_ERROR_REPORTS"] {
            wrangler.env(name, "false");
        }
        wrangler.env("WRANGLER_HIDE_BANNER", "true");
        wrangler.env("WRANGLER_LOG_PATH", paths::built().join("wrangler.log"));
        wrangler
    }

    /// Makes the upload without sending it.
    fn weigh(self, worker: Worker) -> Result<Upload, Failure> {
        let step = Step::begin(format!("{}, weighed", worker.folder()));
        let mut command = self.wrangler(worker, &["deploy", "--dry-run"]);
        command.env("NO_COLOR", "1").env("FORCE_COLOR", "0");
        let printed = tool::run(&step, command, &format!("mend {}", configuration(worker)))?;
        let (plain, compressed) = upload::worker_sizes(&printed).ok_or_else(|| {
            Failure::new(format!(
                "{printed}\nwrangler did not say how large the upload is: mend xtask/src/deploy/upload.rs"
            ))
        })?;
        let (files, largest) = files(&paths::assets())?;
        step.done();
        Ok(Upload { name: worker.folder(), worker: plain, compressed, files, largest })
    }

    /// Uploads a worker, and says where it is then.
    fn put_there(self, worker: Worker) -> Result<Option<String>, Failure> {
        let told = paths::built().join("deployed.ndjson");
        // wrangler adds to it.
        tool::write(&told, b"")?;
        let mut command = self.wrangler(worker, &["deploy"]);
        command.env("WRANGLER_OUTPUT_FILE_PATH", &told);
        speak(command, "the guide was not deployed")?;
        Ok(host(&String::from_utf8_lossy(&tool::read(&told)?)))
    }

    /// Puts the first access key there, where there is none.
    fn secret(self) -> Result<(), Failure> {
        let step = Step::begin("secret");
        let printed = tool::run(
            &step,
            self.wrangler(Worker::Administration, &["secret", "list"]),
            "the secrets cannot be listed",
        )?;
        if names_secret(&printed) {
            step.skip(&"there already");
            return Ok(());
        }
        let put = self.wrangler(Worker::Administration, &["secret", "put", SECRET]);
        if let Some(key) = std::env::var(KEYS[0]).ok().filter(|key| !key.is_empty()) {
            step.skip(&format_args!("from {}", KEYS[0]));
            return hand(put, &key);
        }
        if stdin().is_terminal() {
            step.skip(&"wanted: a long random text, the first access key");
            return speak(put, "the guide has no access key yet");
        }
        step.skip(&"none yet");
        println!(
            "Until there is one nobody publishes: npx wrangler secret put {SECRET} --config {}",
            configuration(Worker::Administration)
        );
        Ok(())
    }
}

/// How many files a folder has, and the largest of them: its name from there, and its bytes.
fn files(folder: &Path) -> Result<(usize, (String, u64)), Failure> {
    let unreadable = format!("{} cannot be read", tool::shown(folder));
    let (mut count, mut largest) = (0, (String::new(), 0));
    for entry in fs::read_dir(folder).map_err(tool::failed(&unreadable))? {
        let entry = entry.map_err(tool::failed(&unreadable))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (files, (inside, bytes)) = if entry.path().is_dir() {
            let (files, (inside, bytes)) = files(&entry.path())?;
            (files, (format!("{name}/{inside}"), bytes))
        } else {
            (1, (name, entry.metadata().map_err(tool::failed(&unreadable))?.len()))
        };
        count += files;
        if bytes >= largest.1 {
            largest = (inside, bytes);
        }
    }
    Ok((count, largest))
}

/// Where a worker was deployed to, from the lines of JSON that wrangler writes. Among its
/// addresses, a domain of one's own before that of the account.
fn host(told: &str) -> Option<String> {
    let deployed = told
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .rfind(|line| line["type"] == "deploy")?;
    let targets = || deployed["targets"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let domain = targets().find_map(|target| target.split_once(" (custom domain"));
    domain
        .map(|(domain, _)| format!("https://{domain}"))
        .or_else(|| targets().find(|target| target.starts_with("https://")).map(str::to_owned))
}

/// Whether the list of secrets, JSON among other lines, has ours.
fn names_secret(printed: &str) -> bool {
    let json = printed.find('[').map_or("", |begin| &printed[begin..]);
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
    let list = values.next().and_then(Result::ok).unwrap_or_default();
    list.as_array().is_some_and(|secrets| secrets.iter().any(|secret| secret["name"] == SECRET))
}

/// Keeps the files of this build: the next deployment replaces them, and partners may have
/// pinned it.
fn keep(host: Option<&str>) -> Result<(), Failure> {
    let key = KEYS.into_iter().find_map(|name| std::env::var(name).ok().filter(|key| !key.is_empty()));
    let (Some(host), Some(key)) = (host, key) else {
        let host = host.unwrap_or("https://HOST");
        println!(
            "\nTo keep the files of this build for two years: SPRO_TOKEN=… cargo spro keep --server {host}"
        );
        return Ok(());
    };
    let mut cargo = tool::cargo("spro");
    cargo.env("SPRO_TOKEN", key).args(["keep", "--server", host]);
    tool::hand_over(cargo, &format!("once {host} answers, run `cargo spro keep --server {host}`"))
}

/// Runs a program that may ask the person something.
fn speak(mut command: Command, sentence: &str) -> Result<(), Failure> {
    let status = command.status().map_err(tool::failed(sentence))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("wrangler failed ({status}): {sentence}")))
    }
}

/// Runs a program that reads this.
fn hand(mut command: Command, text: &str) -> Result<(), Failure> {
    let sentence = "the secret was not put there";
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(tool::failed(sentence))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(tool::failed(sentence))?;
    }
    let status = child.wait().map_err(tool::failed(sentence))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("wrangler failed ({status}): {sentence}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_an_id_that_cloudflare_gave() {
        let with =
            |id: &str| format!("name = \"x\"\n[[kv_namespaces]]\nbinding = \"D\"\n# id\n{id}\n[[other]]\n");
        assert!(namespace("f", &with("id = \"0f2ac74b498b48028cb68387c421e279\" # ours"), None).is_ok());
        for none in [
            "",
            "id = \"00000000000000000000000000000000\"",
            "id = \"\"",
            "id = \"zz2ac74b498b48028cb68387c421e279\"",
        ] {
            let told = namespace("f", &with(none), None).unwrap_err().to_string();
            assert!(told.contains("npx wrangler kv namespace create DIRECTORY"), "{none}: {told}");
        }
        assert!(
            namespace("f", "id = \"0f2ac74b498b48028cb68387c421e279\"", None).is_err(),
            "of something else"
        );
        let another = with("id = \"0f2ac74b498b48028cb68387c421e279\"").replace("kv_n", "env.bretagne.kv_n");
        assert!(
            namespace("f", &another, Some("bretagne")).is_ok() && namespace("f", &another, None).is_err()
        );
        let told = namespace("f", &another, Some("corse")).unwrap_err().to_string();
        assert!(told.contains("[[env.corse.kv_namespaces]]"), "{told}");
    }

    #[test]
    fn the_plan_comes_first_and_says_what_a_dry_run_leaves_out() {
        let told = plan("310ac59f4de0a28c", true, None);
        for number in 1..=6 {
            assert!(told.contains(&format!("\n  {number}. ")), "{number}: {told}");
        }
        assert!(told.contains("Only 1 and 2"), "{told}");
        assert!(!plan("310ac59f4de0a28c", false, None).contains("Only"));
    }

    #[test]
    fn the_guides_address_is_its_own_domain_or_the_accounts() {
        let line = |targets: &str| {
            format!("{{\"type\":\"wrangler-session\"}}\n{{\"type\":\"deploy\",\"targets\":[{targets}]}}\n")
        };
        let account = "\"https://spro-guide.region.workers.dev\"";
        assert_eq!(host(&line(account)).as_deref(), Some("https://spro-guide.region.workers.dev"));
        let both = format!("{account},\"guide.example.fr (custom domain)\",\"schedule: 0 6 1 * *\"");
        assert_eq!(host(&line(&both)).as_deref(), Some("https://guide.example.fr"));
        assert_eq!(host(&line("\"schedule: 0 6 1 * *\"")), None);
        assert_eq!(host("not JSON"), None);
    }

    #[test]
    fn a_secret_that_is_there_is_not_asked_for_again() {
        assert!(names_secret(
            "▲ a warning\n[\n  {\"name\": \"ADMIN_TOKEN\", \"type\": \"secret_text\"}\n]\n"
        ));
        assert!(!names_secret("[{\"name\": \"OTHER\", \"type\": \"secret_text\"}]"));
        for nothing in ["[]", "", "no list"] {
            assert!(!names_secret(nothing), "{nothing}");
        }
    }

    #[test]
    fn the_largest_file_is_found_in_any_folder() {
        let folder = std::env::temp_dir().join(format!("spro-upload-{}", std::process::id()));
        tool::write(&folder.join("a.js"), b"12").unwrap();
        tool::write(&folder.join("build/b.wasm"), b"123").unwrap();
        tool::write(&folder.join("c.js"), b"1").unwrap();
        let found = files(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.unwrap(), (3, ("build/b.wasm".to_owned(), 3)));
    }
}
