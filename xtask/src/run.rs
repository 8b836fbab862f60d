//! Serves the guide and a partner's page on this machine, until Ctrl-C.

use crate::options::Run;
use crate::setup::Found;
use crate::step::Step;
use crate::tool;
use crate::watch::Watch;
use serde_json::Value;
use spro_tests::paths::Form;
use spro_tests::{Client, Failure, Kv, Log, Network, Setup, Workerd, partner, paths};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How many findings of a refused directory are shown.
const SHOWN_FINDINGS: usize = 40;

/// What can be said before anything is built: whether the ports are free and the directory
/// is there.
pub(crate) fn check(options: &Run) -> Result<(), Failure> {
    free(local(options.port), "--port")?;
    free(local(options.partner_port), "--partner-port")?;
    options.directory.as_deref().map_or(Ok(()), |directory| readable(directory).map(drop))
}

/// Serves until told to stop.
pub(crate) fn run(options: &Run, found: &Found) -> Result<(), Failure> {
    // Before anything is started: nothing that follows survives a Ctrl-C.
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody waits any more when we are leaving already.
        let _ = stop.send(());
    })
    .map_err(|error| Failure::new(format!("Ctrl-C cannot be caught: {error}")))?;

    let (address, partner_address) = (local(options.port), local(options.partner_port));
    let home = paths::root().join(".spro");
    let token = token(&home.join("admin-token"))?;

    let serving = Step::begin("worker");
    let log = home.join("workerd.log");
    let mut workerd = Workerd::start(Setup {
        kv: Kv::At(home.join("kv")),
        token: Some(token.clone()),
        address: Some(address),
        log: Log::File(log.clone()),
        network: Network::Open,
        form: options.form,
        ..Setup::default()
    })?;
    let client = workerd.client();
    let health = client.get("/v1/health").send()?.json();
    serving.done_with(&source(&health));
    if let Some(directory) = &options.directory {
        publish(&client, &token, directory)?;
    }
    let serve = if options.watch { partner::Server::watched } else { partner::Server::start };
    let partner = serve(partner_address, paths::partner_pages(), client.origin())?;

    println!("\nbuild            {}", described(options.form));
    println!("guide            {}/", client.origin());
    println!("partner's page   {}/", partner.origin());
    println!("a second one     {}/deux.html", partner.origin());
    println!("log              {}", tool::shown(&log));
    if options.watch {
        println!("What changes is rebuilt, and the partner's page reloads. Ctrl-C stops both.");
    } else {
        println!("Ctrl-C stops both.");
    }
    if options.open {
        open(partner.origin());
    }
    let mut watch = options.watch.then(|| Watch::new(options.form));
    // What is published stands before what is shipped: an edition that changes is then published.
    let show = || match client.get("/v1/health").send()?.json()["source"].as_str() {
        Some("kv") => publish(&client, &token, &paths::shipped_directory()),
        _ => Ok(()),
    };
    while stopped.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
        if let Some(status) = workerd.ended() {
            return Err(Failure::new(format!(
                "workerd ended by itself ({status}): see {}, then run `cargo xtask run` again",
                tool::shown(&log)
            )));
        }
        if let Some(watch) = &mut watch {
            watch.follow(found, &mut workerd, &partner, &show);
        }
    }
    println!("\nstopped");
    Ok(())
}

/// A form of the build, in a word and what that means.
const fn described(form: Form) -> &'static str {
    match form {
        Form::Quick => "quick: unoptimised, no budget checked (`run --shipped` serves what is deployed)",
        Form::Shipped => "shipped: what is deployed",
    }
}

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Says it before workerd does, in words that help.
fn free(address: SocketAddr, option: &str) -> Result<(), Failure> {
    TcpListener::bind(address).map(drop).map_err(|error| {
        let other = address.port().checked_add(1000).unwrap_or(9000);
        Failure::new(format!(
            "port {} cannot be used ({error}): choose another one with `cargo xtask run {option} {other}`",
            address.port()
        ))
    })
}

/// The administrators' secret of this machine, made the first time.
fn token(path: &Path) -> Result<String, Failure> {
    if let Ok(token) = fs::read_to_string(path) {
        let token = token.trim();
        if !token.is_empty() {
            return Ok(token.to_owned());
        }
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Failure::new(format!("the system gives no random bytes: {error}")))?;
    let token = secret.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| private(path)?.write_all(token.as_bytes()))
        .map_err(tool::failed(&format!("{} cannot be written", tool::shown(path))))?;
    Ok(token)
}

/// A file that nobody else can read, from its first byte.
fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn source(health: &Value) -> String {
    match (health["status"].as_str(), health["source"].as_str(), &health["version"]) {
        (Some("ok"), Some("kv"), Value::Number(version)) => {
            format!("serving version {version} of the directory")
        }
        (Some(_), Some("shipped"), _) => "serving the directory shipped with the build".to_owned(),
        _ => format!("health: {health}"),
    }
}

/// Publishes a directory as an administrator would: over HTTP, with the secret.
fn publish(client: &Client, token: &str, path: &Path) -> Result<(), Failure> {
    let step = Step::begin(format!("publish {}", path.display()));
    let document = fs::read(path).map_err(|error| {
        Failure::new(format!(
            "{} cannot be read ({error}): give --directory the path of a directory",
            path.display()
        ))
    })?;
    let request = client.post("/admin/v1/publish?reason=cargo%20xtask%20run").token(token);
    let reply = request.header("Content-Type", "application/json").body(document).send()?;
    let answer = reply.json();
    let findings = findings(&answer);
    if reply.status != 200 {
        let detail = answer["detail"].as_str().or(answer["title"].as_str()).unwrap_or("no detail");
        let status = reply.status;
        return Err(Failure::new(format!(
            "{findings}{} was refused ({status}: {detail}): run `cargo spro validate {}`",
            path.display(),
            path.display()
        )));
    }
    if answer["unchanged"] == true {
        step.skip(&"already live");
    } else {
        step.done_with(&format_args!("version {}", answer["version"]));
    }
    print!("{findings}");
    Ok(())
}

fn readable(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::new(format!("{} cannot be read ({error}): give --directory a file that can", path.display()))
    })
}

/// What validation had to say, one finding a line.
fn findings(answer: &Value) -> String {
    let mut all: Vec<&Value> = answer["findings"].as_array().into_iter().flatten().collect();
    // What forbids publication first: no number of warnings may hide it.
    all.sort_by_key(|finding| finding["severity"] != "error");
    let mut text = String::new();
    for finding in all.iter().take(SHOWN_FINDINGS) {
        let field = |name: &str| finding[name].as_str().unwrap_or_default();
        let kind = if field("severity") == "error" { "erreur" } else { "attention" };
        let _ =
            writeln!(text, "  {kind} · {} · « {} » : {}", field("path"), field("value"), field("expected"));
    }
    if all.len() > SHOWN_FINDINGS {
        let _ = writeln!(text, "  and {} more", all.len() - SHOWN_FINDINGS);
    }
    text
}

/// Opens a page in the person's browser, where there is one to open it in.
fn open(address: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some()) {
        Command::new("xdg-open")
    } else {
        // No screen here: the addresses are printed.
        return;
    };
    // The addresses are printed: a browser that does not open is no failure of ours.
    let _ = command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_secret_is_made_once_and_private() {
        let folder = std::env::temp_dir().join(format!("spro-token-{}", std::process::id()));
        let path = folder.join("admin-token");
        let first = token(&path).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(token(&path).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_port_in_use_names_the_option() {
        let taken = TcpListener::bind(local(0)).unwrap();
        let failure = free(taken.local_addr().unwrap(), "--port").unwrap_err().to_string();
        assert!(failure.contains("cargo xtask run --port "), "{failure}");
    }

    #[test]
    fn findings_are_one_a_line_and_counted() {
        let warning = json!({"severity": "warning", "path": "w", "value": "", "expected": "x"});
        let error = json!({"severity": "error", "path": "a", "value": "b", "expected": "c"});
        let mut all = vec![warning; SHOWN_FINDINGS + 1];
        all.push(error);
        let answer = json!({"findings": all});
        let text = findings(&answer);
        assert_eq!(text.lines().count(), SHOWN_FINDINGS + 1);
        assert!(text.starts_with("  erreur · a · « b » : c\n") && text.ends_with("and 2 more\n"), "{text}");
        assert_eq!(findings(&json!({})), "");
    }
}
