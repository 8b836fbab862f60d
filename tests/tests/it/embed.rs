//! The pages for site owners in real workerd, without a browser: the generator, the doctor, which
//! reads a page of another server, and the guides for people.

use spro_tests::{Client, Network, Reply, Setup, Workerd, partner};
use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use tempfile::TempDir;

fn workerd(network: Network) -> Workerd {
    Workerd::start(Setup { network, ..Setup::default() }).unwrap()
}

/// A partner's pages: name, headers, content. `__WORKER__` stands for our origin.
fn site(worker: &Workerd, pages: &[(&str, &str, &str)]) -> (TempDir, partner::Server) {
    let folder = tempfile::tempdir().unwrap();
    for (name, headers, content) in pages {
        fs::write(folder.path().join(name), content).unwrap();
        fs::write(folder.path().join(format!("{name}.headers")), headers).unwrap();
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = partner::Server::start(address, folder.path().to_owned(), &worker.origin()).unwrap();
    (folder, server)
}

const SNIPPET: &str = "<script async crossorigin src=\"__WORKER__/spro-guide.js\"></script>\n\
                       <spro-guide><a href=\"__WORKER__/\">x</a></spro-guide>";

/// A page without its character references, once.
fn text(reply: &Reply) -> String {
    let text = reply.text();
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[track_caller]
fn page(client: &Client, path: &str) -> String {
    let reply = client.get(path).send().unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let policy = reply.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(reply.header("set-cookie"), None);
    text(&reply)
}

fn ask(client: &Client, fields: &[(&str, &str)]) -> Reply {
    client.post("/embed/doctor").form(fields).send().unwrap()
}

#[track_caller]
fn has(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn the_generator_gives_what_was_chosen() {
    let workerd = workerd(Network::Closed);
    let (client, origin) = (workerd.client(), workerd.origin());
    let bare = page(&client, "/embed");
    has(
        &bare,
        &[&format!(
            "<script async crossorigin src=\"{origin}/spro-guide.js\"></script>\n<spro-guide><a href=\"{origin}/\">"
        )],
    );
    let chosen = page(
        &client,
        "/embed?territory=26&commune=romans-sur-isere&lang=ar&theme=dark&look=dsfr&layout=compact",
    );
    has(
        &chosen,
        &[
            "<spro-guide lang=\"ar\" territory=\"26\" commune=\"26281\" theme=\"dark\" look=\"dsfr\" layout=\"compact\">",
            &format!("href=\"{origin}/?lang=ar&amp;territory=26&amp;commune=26281\""),
        ],
    );
    // The choices stay chosen, so that the address leads back to them.
    has(
        &chosen,
        &["value=\"romans-sur-isere\"", "<option value=\"26\" selected>", "<option value=\"dark\" selected>"],
    );
}

#[test]
fn a_commune_that_several_may_be_is_asked_for() {
    let workerd = workerd(Network::Closed);
    let client = workerd.client();
    let several = page(&client, "/embed?commune=26300");
    has(&several, &["communes correspondent", "name=\"pick\" value=\"26057\""]);
    assert!(!several.contains("<spro-guide commune"), "none is taken by chance");
    has(&page(&client, "/embed?commune=26300&pick=26057"), &["<spro-guide commune=\"26057\">"]);
    let unknown = page(&client, "/embed?commune=Nulle-Part-Les-Bains");
    has(&unknown, &["aria-invalid=\"true\"", "id=\"commune-error\""]);
}

#[test]
fn whatever_an_address_says_is_a_choice_or_nothing() {
    let workerd = workerd(Network::Closed);
    let client = workerd.client();
    let attack = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for name in [
        "site",
        "kind",
        "territory",
        "commune",
        "pick",
        "lang",
        "theme",
        "look",
        "layout",
        "version",
        "other",
    ] {
        for path in ["/embed", "/embed/preview"] {
            let reply = client.get(&format!("{path}?{name}={attack}")).send().unwrap();
            assert_eq!(reply.status, 200, "{path} {name}");
            assert!(!reply.text().contains("<script>alert"), "{path} {name}");
        }
    }
    assert_eq!(client.post("/embed").send().unwrap().status, 405);
    assert_eq!(client.get("/embed/other").send().unwrap().status, 404);
}

#[test]
fn the_preview_is_the_snippet() {
    let workerd = workerd(Network::Closed);
    let reply = workerd.client().get("/embed/preview?site=spip&lang=en").send().unwrap();
    has(&reply.text(), &["<spro-guide lang=\"en\"><a href=", "/spro-guide.js\"></script>"]);
    // The shipped directory's first service that is there for everybody.
    has(&reply.text(), &[" or <a href=\"https://www.auvergnerhonealpes-orientation.fr\" lang=\"fr\">"]);
    assert!(reply.header("content-security-policy").unwrap().contains("frame-ancestors 'self'"));
}

#[test]
fn the_doctor_reads_a_page_and_says_the_line() {
    let workerd = workerd(Network::ThisMachine);
    let pasted = format!("<!doctype html><title>x</title>{SNIPPET}");
    let (_folder, site) = site(
        &workerd,
        &[
            ("good.html", "", &pasted),
            ("closed.html", "Content-Security-Policy: script-src 'self'", &pasted),
            (
                "meta.html",
                "",
                &format!(
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'self'; sandbox\">{SNIPPET}"
                ),
            ),
            (
                "typo.html",
                "",
                &pasted
                    .replace("<spro-guide>", "<spro-guide comune=\"26281\">")
                    .replace("<script ", "<script type=\"text/plain\" "),
            ),
            (
                "map.html",
                "",
                &format!(
                    "{}<script type=\"importmap\">{{}}</script>",
                    pasted.replace("<script ", "<script type=\"module\" ")
                ),
            ),
            ("filtered.html", "", "<p><a href=\"__WORKER__/\">x</a></p>"),
            (
                "isolated.html",
                "Cross-Origin-Embedder-Policy: require-corp\nContent-Security-Policy: script-src __WORKER__",
                &pasted,
            ),
            ("notes.json", "", "{}"),
        ],
    );
    let (client, origin) = (workerd.client(), workerd.origin());
    let check = |name: &str, rung: Option<&str>, expected: &[&str]| {
        let reply = ask(&client, &[("address", &format!("{}/{name}", site.origin())), ("policy", "")]);
        assert_eq!(reply.status, 200, "{name}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{name}");
        let page = text(&reply);
        let told = page.split("data-rung=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(told, rung, "{name}: {page}");
        has(&page, expected);
    };
    check("good.html", Some("element"), &["Rien n’est à changer"]);
    check("closed.html", Some("link"), &[&format!("script-src 'self' {origin} 'wasm-unsafe-eval';")]);
    check("meta.html", Some("frame"), &[&format!("connect-src 'self' {origin};")]);
    check("typo.html", None, &["Vouliez-vous écrire « commune » ?", "sa balise porte type=\"text/plain\""]);
    let plain = format!("<script async crossorigin src=\"{origin}/spro-guide.js\">");
    check("map.html", Some("element"), &["« import map »", &plain]);
    check("filtered.html", None, &["Il ne reste que le lien"]);
    // Our page says of itself what such a page asks of its frames.
    check("isolated.html", Some("frame"), &["Cross-Origin-Embedder-Policy"]);
    check("notes.json", None, &["pas une page web"]);
    check("missing.html", None, &["l’erreur 404"]);
}

/// Every tool for which the generator writes a script or a frame, of this build or pinned, with all
/// attributes.
#[test]
fn what_the_generator_gives_is_what_the_doctor_calls_right() {
    let workerd = workerd(Network::ThisMachine);
    let (folder, site) = site(&workerd, &[]);
    let client = workerd.client();
    let form = page(&client, "/embed");
    let after = |text: &str, start: &str, end: &str| -> Vec<String> {
        let parts = text.split(start).skip(1).filter_map(|rest| rest.split_once(end));
        parts.map(|(part, _)| part.to_owned()).collect()
    };
    let tools = after(&form, "name=\"site\" value=\"", "\"");
    assert!(tools.len() > 5, "{form}");
    let chosen = "lang=ar&territory=26&commune=26281&theme=dark&look=dsfr&layout=compact";
    let mut shown = BTreeSet::new();
    for tool in &tools {
        for (kind, version) in [("element", ""), ("element", "pinned"), ("frame", "")] {
            let given = page(&client, &format!("/embed?site={tool}&kind={kind}&version={version}&{chosen}"));
            let snippet = after(&given, "<textarea id=\"snippet\"", "</textarea>").remove(0);
            let (_, snippet) = snippet.split_once('>').unwrap();
            let is_link = !snippet.contains("<iframe") && !snippet.contains("<spro-guide");
            if is_link {
                continue;
            }
            let content = format!("<!doctype html><html lang=\"fr\"><title>x</title>{snippet}");
            fs::write(folder.path().join("pasted.html"), content).unwrap();
            let address = format!("{}/pasted.html", site.origin());
            let found = text(&ask(&client, &[("address", &address), ("policy", "")]));
            let is_good = found.contains("<div class=\"message good\"")
                && !["error", "warn"].iter().any(|bad| found.contains(&format!("class=\"message {bad}\"")));
            assert!(
                is_good,
                "{tool} {kind} {version}: {snippet}
{found}"
            );
            shown.insert(if snippet.contains("<iframe") { "frame" } else { "element" });
        }
    }
    assert_eq!(shown, BTreeSet::from(["element", "frame"]));
}

#[test]
fn the_doctor_goes_to_public_places_only() {
    let closed = workerd(Network::Closed);
    let (_folder, site) = site(&closed, &[("index.html", "", SNIPPET)]);
    for address in [
        site.origin(),
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "intranet",
        "http://[::1]/",
        "http://0x7f000001/",
    ] {
        let reply = ask(&closed.client(), &[("address", address)]);
        assert_eq!(reply.status, 422, "{address}");
        has(&reply.text(), &["n’est pas publique"]);
    }
    for address in ["ftp://mairie.fr/", "javascript:alert(1)", "https://"] {
        let reply = ask(&closed.client(), &[("address", address)]);
        assert_eq!(reply.status, 422, "{address}");
    }
    // Where the network itself is closed, that is a sentence too.
    has(
        &ask(&closed.client(), &[("address", "https://www.mairie.example/")]).text(),
        &["Le site ne répond pas"],
    );
    assert!(!closed.log().contains("mairie.example"), "nothing of it is logged: {}", closed.log());
}

#[test]
fn a_redirection_is_followed_to_public_places_only() {
    let workerd = workerd(Network::ThisMachine);
    let redirecting = |to: &'static str| {
        let server = std::sync::Arc::new(tiny_http::Server::http("127.0.0.1:0").unwrap());
        let origin = format!("http://{}", server.server_addr());
        let listener = std::sync::Arc::clone(&server);
        std::thread::spawn(move || {
            for request in listener.incoming_requests() {
                let location = tiny_http::Header::from_bytes("Location", to).unwrap();
                let _ = request.respond(tiny_http::Response::empty(302).with_header(location));
            }
        });
        (server, origin)
    };
    for (to, expected) in [
        ("http://10.0.0.1/", "n’est pas publique"),
        ("/again", "sans s’arrêter"),
        ("ftp://x/", "ne répond pas"),
    ] {
        let (server, origin) = redirecting(to);
        has(&ask(&workerd.client(), &[("address", &origin)]).text(), &[expected]);
        server.unblock();
    }
}

#[test]
fn policies_are_read_as_people_paste_them() {
    let workerd = workerd(Network::Closed);
    let (client, origin) = (workerd.client(), workerd.origin());
    let policy = "add_header Content-Security-Policy \"default-src 'self'\" always;";
    let page = text(&ask(&client, &[("address", ""), ("policy", policy)]));
    has(
        &page,
        &[
            "data-rung=\"link\"",
            &format!("script-src 'self' {origin} 'wasm-unsafe-eval';"),
            &format!("connect-src 'self' {origin};"),
        ],
    );
    let nothing = ask(&client, &[("address", ""), ("policy", "  ")]);
    assert_eq!(nothing.status, 422);
    has(&nothing.text(), &["Donnez l’adresse de votre page"]);
    let foreign =
        client.post("/embed/doctor").form(&[("policy", "x")]).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(foreign.send().unwrap().status, 403);
    let large = client.post("/embed/doctor").form(&[("policy", &"x ".repeat(40_000))]);
    assert_eq!(large.send().unwrap().status, 413);
}

#[test]
fn the_guide_of_sites_is_a_page_whose_links_resolve() {
    let workerd = workerd(Network::Closed);
    let (client, origin) = (workerd.client(), workerd.origin());
    let reply = client.get("/embed/guide").send().unwrap();
    assert_eq!(reply.header("content-language"), Some("fr"));
    let neighbour = client.get("/embed").send().unwrap();
    for name in
        ["content-security-policy", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"]
    {
        assert!(reply.header(name).is_some() && reply.header(name) == neighbour.header(name), "{name}");
    }
    let guide = page(&client, "/embed/guide");
    has(
        &guide,
        &[
            "<html lang=\"fr\">",
            "<a href=\"/embed/guide\" aria-current=\"page\">",
            // The code can be copied as it is: it has the address of this server.
            &format!("<script async crossorigin src=\"{origin}/spro-guide.js\"></script>"),
            &format!("script-src 'self' {origin} 'wasm-unsafe-eval';"),
        ],
    );
    assert!(!guide.contains("HOST"), "no address is left to fill in");
    links_resolve(&client, &reply.text());
    has(&page(&client, "/embed"), &["href=\"/embed/guide\""]);
    let written = client.post("/embed/guide").send().unwrap();
    assert_eq!((written.status, written.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(client.get("/embed/guide/x").send().unwrap().status, 404);
}

#[test]
fn the_guide_of_the_administration_is_there_for_who_has_no_key() {
    let token = Some("a-token-of-this-test-and-long-enough".to_owned());
    let workerd = Workerd::start(Setup { token, ..Setup::default() }).unwrap();
    let client = workerd.client();
    let reply = client.get("/admin/guide").send().unwrap();
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-language"), Some("fr"));
    let neighbour = client.get("/admin").send().unwrap();
    assert_eq!(neighbour.status, 401);
    for name in ["content-security-policy", "referrer-policy", "x-frame-options", "cache-control"] {
        assert!(reply.header(name).is_some() && reply.header(name) == neighbour.header(name), "{name}");
    }
    let guide = reply.text();
    has(&guide, &["<html lang=\"fr\">", "<h1>Le guide de l’administration", "removes-many"]);
    assert!(!guide.contains("HOST") && !guide.contains("<script"), "no address is left, and no script");
    links_resolve(&client, &guide);
    // Who is asked for a key finds the way.
    has(&neighbour.text(), &["href=\"/admin/guide\""]);
    assert_ne!(client.post("/admin/guide").send().unwrap().status, 200);
}

/// Every link of a page leads somewhere: to a heading of it, or to an answer of this server. Those
/// to other servers are read by nobody here.
#[track_caller]
fn links_resolve(client: &Client, page: &str) {
    // The examples have links too, of which no tag is one.
    let tags = page.split('<').filter(|rest| rest.starts_with("a "));
    let targets: Vec<&str> = tags.filter_map(|tag| tag.split_once("href=\"")?.1.split('"').next()).collect();
    assert!(targets.len() > 10, "{targets:?}");
    for target in targets {
        if let Some(id) = target.strip_prefix('#') {
            assert!(page.contains(&format!("id=\"{}\"", decoded(id))), "{target}");
        } else if target.starts_with('/') {
            let status = client.get(target).send().unwrap().status;
            // The administration asks for a key.
            assert!(status == 200 || target == "/admin" && status == 401, "{target}: {status}");
        } else {
            assert!(target.starts_with("https://"), "{target}");
        }
    }
}

/// A fragment as people write it.
fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        match (first, others) {
            (b'%', [high, low, others @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = others;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}
