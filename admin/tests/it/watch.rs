//! Watching partners' pages: a real browser on pages of this machine. Where no browser is
//! installed each test says so and ends.

use crate::desk::{Desk, TOKEN};
use serde_json::{Value, json};
use spro_tests::partner::Server;
use spro_tests::{Setup, Workerd, paths};
use std::env;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use tempfile::TempDir;

/// What every page has around its element.
const LOADER: &str = "<script type=\"module\" async src=\"__WORKER__/spro-guide.js\"></script>";

/// Seconds that `watch` may wait for a page. It goes on as soon as a page has decided: this is
/// only for machines with other work.
const PATIENCE: &str = "120";

/// A partner's site on this machine.
struct Site {
    server: Server,
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        // The loader of these pages is one of theirs: what it decides is what the test says.
        let server = Server::start(address, folder.path().to_owned(), "").unwrap();
        Self { server, folder }
    }

    /// A page, and its address.
    fn page(&self, name: &str, body: &str) -> String {
        let html =
            format!("<!doctype html><html lang=\"fr\"><title>{name}</title><body>{body}</body></html>");
        fs::write(self.folder.path().join(name), html).unwrap();
        format!("{}/{name}", self.server.origin())
    }

    /// What the loader does.
    fn loader(&self, script: &str) {
        fs::write(self.folder.path().join("spro-guide.js"), script).unwrap();
    }
}

/// The browser to look with.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
    let chosen = env::var_os("CHROME").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let installed = env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = chosen.into_iter().chain(installed).find(|path| path.is_file());
    if found.is_none() {
        println!("skipped: no Chromium or Chrome is installed here");
    }
    found
}

fn has_browser() -> bool {
    browser().is_some()
}

/// Decides when the element comes into view, as the real one does.
const IN_VIEW: &str = r#"
customElements.define("spro-guide", class extends HTMLElement {
  connectedCallback() {
    new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting || this.dataset.rung) return;
      const { rung = "element", why = "" } = JSON.parse(this.getAttribute("wanted") ?? "{}");
      if (why) this.setAttribute("data-rung-why", why);
      this.setAttribute("data-rung", rung);
      console[why ? "warn" : "info"](`spro-guide: ${rung}` + (why ? ` (${why})` : ""));
    }).observe(this);
  }
});
"#;

fn line<'a>(report: &'a Value, address: &str) -> &'a Value {
    let pages = report["pages"].as_array().unwrap();
    pages.iter().find(|page| page["address"] == address).unwrap_or_else(|| panic!("{address} in {report}"))
}

#[test]
fn each_page_says_its_rung_and_why() {
    if !has_browser() {
        return;
    }
    let (site, desk) = (Site::new(), Desk::with_the_runs_browser());
    site.loader(IN_VIEW);
    let element = |wanted: &str| {
        format!("{LOADER}<spro-guide wanted='{wanted}'><a href=\"/\">Trouver</a></spro-guide>")
    };
    let far = "<div style=\"height: 9000px\">loin</div>";
    let good = site.page("good.html", &format!("{far}{}", element("{}")));
    let frame = site.page("frame.html", &element(r#"{"rung":"frame","why":"wasm-forbidden"}"#));
    let link = site.page("link.html", &element(r#"{"rung":"link","why":"wasm-forbidden, frame-failed"}"#));
    let two = site
        .page("two.html", &format!("{}{far}{}", element("{}"), element(r#"{"rung":"link","why":"slow"}"#)));
    let late = site.page(
        "late.html",
        &format!("{LOADER}<script>addEventListener('load', () => setTimeout(() => document.body.append(document.createElement('spro-guide')), 200))</script>"),
    );
    let alert = site.page("alert.html", &format!("<script>alert('Bonjour')</script>{}", element("{}")));
    let moved =
        site.page("moved.html", "<script>setTimeout(() => { location = 'good.html'; }, 100)</script>");
    let pushed = site.page(
        "pushed.html",
        &format!("<style>html {{ overflow-anchor: none }}</style>{far}<div id=\"ad\"></div><script>addEventListener('scroll', () => {{ ad.style.height = '9000px' }}, {{ once: true }})</script>{}", element("{}")),
    );
    let list = format!("{good}\n{frame};Une école\n# un commentaire\n{link}\n{two}\n");
    desk.write("pages.txt", list);
    let report = desk.json(0, &["watch", "pages.txt", &late, &alert, &moved, &pushed, "--timeout", PATIENCE]);
    let told = |address: &str| {
        let page = line(&report, address);
        (page["rung"].as_str().unwrap().to_owned(), page["why"].clone())
    };
    assert_eq!(told(&good), ("element".into(), json!([])), "it was brought into view");
    assert_eq!(told(&late), ("element".into(), json!([])));
    assert_eq!(told(&alert), ("element".into(), json!([])), "an alert stops nothing");
    assert_eq!(told(&moved), ("element".into(), json!([])), "it is looked at where it leads");
    assert_eq!(told(&pushed), ("element".into(), json!([])), "what pushed it away stops nothing");
    assert_eq!(told(&frame), ("frame".into(), json!(["wasm-forbidden"])));
    assert_eq!(told(&link), ("link".into(), json!(["wasm-forbidden", "frame-failed"])));
    assert_eq!(told(&two), ("link".into(), json!(["slow"])), "of two, the worst");
    assert_eq!(line(&report, &two)["elements"], 2);
    assert_eq!(line(&report, &frame)["console"], json!(["spro-guide: frame (wasm-forbidden)"]));
    assert_eq!(line(&report, &good)["status"], 200);
    let text = desk.succeeds_with(0, &["watch", &frame, "--timeout", PATIENCE]);
    assert!(text.contains("1 page regardée : élément 0 · cadre 1 · lien 0 · RIEN 0"), "{text}");
    assert!(text.contains("interdit WebAssembly") && text.contains("(wasm-forbidden)"), "{text}");
}

#[test]
fn a_page_without_the_guide_is_told_apart_from_one_that_cannot_be_opened() {
    if !has_browser() {
        return;
    }
    let (site, desk) = (Site::new(), Desk::with_the_runs_browser());
    // A loader that decides nothing.
    site.loader("");
    let tag = "<spro-guide><a href=\"/\">Trouver</a></spro-guide>";
    let without = site.page("without.html", LOADER);
    let no_loader = site.page("no-loader.html", tag);
    let undecided = site.page("undecided.html", &format!("{LOADER}{tag}"));
    let missing = format!("{}/nulle-part.html", site.server.origin());
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let unreachable = format!("http://127.0.0.1:{port}/");
    let all = [&without, &no_loader, &undecided, &missing, &unreachable];
    let mut arguments = vec!["watch", "--timeout", "1"];
    arguments.extend(all.map(String::as_str));
    let report = desk.json(1, &arguments);
    for (address, why) in all.into_iter().zip([
        json!(["no-element"]),
        json!(["no-loader"]),
        json!(["undecided"]),
        json!(["http-error", "no-element"]),
        json!(["no-page"]),
    ]) {
        let page = line(&report, address);
        assert_eq!((&page["rung"], &page["why"]), (&json!("none"), &why), "{page}");
    }
}

#[test]
fn a_page_that_got_worse_ends_with_another_code() {
    if !has_browser() {
        return;
    }
    let (site, desk) = (Site::new(), Desk::with_the_runs_browser());
    site.loader(IN_VIEW);
    let element = |wanted: &str| format!("{LOADER}<spro-guide wanted='{wanted}'></spro-guide>");
    let (one, other) = (
        site.page("one.html", &element("{}")),
        site.page("other.html", &element(r#"{"rung":"link","why":"slow"}"#)),
    );
    let watch = |code: i32, more: &[&str]| {
        let mut arguments = vec!["watch", &one, &other, "--timeout", PATIENCE];
        arguments.extend(more);
        desk.succeeds_with(code, &arguments)
    };
    watch(0, &["--out", "hier.json"]);
    let same = watch(0, &["--since", "hier.json"]);
    assert!(!same.contains("la dernière fois"), "{same}");
    // One falls, the other rises.
    site.page("one.html", &element(r#"{"rung":"frame","why":"wasm-forbidden"}"#));
    site.page("other.html", &element("{}"));
    let changed = watch(1, &["--since", "hier.json", "--out", "hier.json", "--force"]);
    assert!(changed.contains("MOINS BIEN que la dernière fois : élément"), "{changed}");
    assert!(changed.contains("mieux que la dernière fois : lien"), "{changed}");
    assert!(changed.find(&one) < changed.find(&other), "what has to be looked at comes first: {changed}");
    watch(0, &["--since", "hier.json"]);
    let err = desk.write("x.json", "{}").fails_with(1, &["watch", &one, "--since", "x.json"]);
    assert!(err.contains("n’est pas le résultat d’une autre fois"), "{err}");
}

#[test]
fn a_browser_that_looks_asks_not_to_be_followed_and_presses_nothing() {
    if !has_browser() {
        return;
    }
    let (site, desk) = (Site::new(), Desk::new());
    site.loader(IN_VIEW);
    // The page tells by its rung what it has seen of its visitor.
    let spy = "<script>
        let touched = 0;
        for (const name of ['pointerdown', 'keydown', 'click', 'focusin']) addEventListener(name, () => touched++, true);
        addEventListener('load', () => setTimeout(() => {
          const element = document.querySelector('spro-guide');
          element.setAttribute('data-rung-why', `dnt-${navigator.doNotTrack} touched-${touched}`);
          element.setAttribute('data-rung', 'frame');
        }, 300));
      </script>";
    let page = site.page(
        "spy.html",
        &format!("{spy}{LOADER}<div style=\"height: 9000px\"></div><spro-guide hidden></spro-guide>"),
    );
    let report = desk.json(0, &["watch", &page, "--timeout", PATIENCE]);
    assert_eq!(line(&report, &page)["why"], json!(["dnt-1", "touched-0"]));
}

/// Distributions put a script around it: ending that would leave the browser at work.
#[cfg(target_os = "linux")]
#[test]
fn nothing_of_the_browser_stays_behind() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(browser) = browser() else { return };
    let (site, desk) = (Site::new(), Desk::new());
    site.loader(IN_VIEW);
    let page = site.page("page.html", &format!("{LOADER}<spro-guide></spro-guide>"));
    let script = desk.path("browser");
    fs::write(&script, format!("#!/bin/sh\n'{}' \"$@\"\n", browser.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let folder = desk.path("temporary");
    fs::create_dir(&folder).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_spro"))
        .args(["watch", &page, "--timeout", PATIENCE])
        .current_dir(desk.folder.path())
        .envs([("CHROME", &script), ("TMPDIR", &folder)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", crate::desk::text(&output.stderr));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).collect();
    assert!(left.is_empty(), "{left:?}");
    let profile = folder.to_string_lossy();
    let lines = fs::read_dir("/proc").unwrap().flatten();
    let lines = lines.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let at_work = lines.filter(|line| String::from_utf8_lossy(line).contains(&*profile)).count();
    assert_eq!(at_work, 0, "processes of the browser that go on");
}

#[test]
fn a_browser_that_is_not_there_is_said() {
    let desk = Desk::new();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_spro"))
        .args(["watch", "https://mairie.exemple.fr"])
        .current_dir(desk.folder.path())
        .env("CHROME", desk.path("no-browser"))
        .output()
        .unwrap();
    let err = crate::desk::text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("La variable CHROME nomme") && err.contains("Installez Chromium"), "{err}");
}

/// The real element on a partner's real page, on a deployment that counts its visits.
#[test]
fn the_real_guide_is_seen_and_looking_counts_nothing() {
    if !has_browser() {
        return;
    }
    let token = Some(TOKEN.to_owned());
    let workerd =
        Workerd::start(Setup { token, variables: vec![("COUNTERS", "on")], ..Setup::default() }).unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let partner = Server::start(address, paths::partner_pages(), &workerd.origin()).unwrap();
    let desk = Desk::new();
    let page = format!("{}/tests-plain.html", partner.origin());
    let bare = format!("{}/tests-bare.html", partner.origin());
    let report = desk.json(1, &["watch", &page, &bare]);
    assert_eq!(line(&report, &page)["rung"], "element", "{report}");
    assert_eq!(line(&report, &page)["loader"], format!("{}/spro-guide.js", workerd.origin()));
    assert_eq!(
        (&line(&report, &bare)["rung"], &line(&report, &bare)["why"]),
        (&json!("none"), &json!(["no-element"]))
    );
    let counted = workerd.client().get("/admin/v1/counters").token(TOKEN).send().unwrap().json();
    assert_eq!((&counted["on"], &counted["counters"]), (&json!(true), &json!([])));
}
