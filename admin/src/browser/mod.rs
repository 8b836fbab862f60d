//! A real browser, told what to do through its own protocol (Chrome `DevTools` Protocol,
//! <https://chromedevtools.github.io/devtools-protocol/>): an installed Chromium or Chrome,
//! started for us with a profile of its own, ended with us.

mod find;
mod protocol;

use crate::clock::Deadline;
use crate::failure::Failure;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use tungstenite::WebSocket;

/// How long a browser may take to start: ten times what it takes.
const TO_START: Duration = Duration::from_secs(30);
/// How long it may take to do what needs no network.
const TO_OBEY: Duration = Duration::from_secs(10);

/// What it is started with: no window, and nothing that it would do for itself.
const OPTIONS: [&str; 10] = [
    "--headless",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--mute-audio",
    "--window-size=1280,900",
];

/// What the browser writes on its standard error before its address.
const LISTENING: &str = "DevTools listening on ";

/// A browser that runs. It ends when dropped.
pub(crate) struct Browser {
    child: Child,
    /// What it says where it listens; closed once the browser is gone.
    addresses: mpsc::Receiver<String>,
    socket: WebSocket<TcpStream>,
    /// The number of the last thing that it was told.
    last: u64,
    /// Its profile, gone with it.
    _profile: TempDir,
}

/// Why a page could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The browser itself is gone, or says what nobody understands.
    Gone(String),
    /// It did not answer in time.
    Late,
    /// It refuses, with this reason.
    Refused(String),
}

impl Browser {
    /// Starts the browser that is installed.
    pub(crate) fn start() -> Result<Self, Failure> {
        let program = find::browser()?;
        let failed = |reason: &dyn std::fmt::Display| {
            Failure::unreachable(
                "browser-failed",
                format!("{} ne démarre pas : {reason}.", program.display()),
            )
            .advising("Essayez-le à la main, ou nommez-en un autre dans la variable CHROME.")
        };
        let profile = profile().map_err(|error| failed(&error))?;
        let mut command = Command::new(&program);
        command.args(OPTIONS).arg(format!("--user-data-dir={}", profile.path().display()));
        if find::is_root() {
            // Its sandbox refuses to run as root, on a server without another user.
            command.arg("--no-sandbox");
        }
        command.arg("about:blank").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed(&error))?;
        match connect(&mut child) {
            Ok((addresses, socket)) => Ok(Self { child, addresses, socket, last: 0, _profile: profile }),
            Err(reason) => {
                end(&mut child);
                Err(failed(&reason))
            }
        }
    }

    /// Opens an empty page that shares nothing with others, and returns it.
    pub(crate) fn page(&mut self) -> Result<Page<'_>, Trouble> {
        let deadline = Deadline::after(TO_OBEY);
        let context = self.tell(None, "Target.createBrowserContext", &json!({}), &deadline, &mut |_| {})?;
        let context = text(&context["browserContextId"]);
        let wanted = json!({ "url": "about:blank", "browserContextId": context });
        let target =
            text(&self.tell(None, "Target.createTarget", &wanted, &deadline, &mut |_| {})?["targetId"]);
        let wanted = json!({ "targetId": target, "flatten": true });
        let session = self.tell(None, "Target.attachToTarget", &wanted, &deadline, &mut |_| {})?;
        let session = text(&session["sessionId"]);
        let mut page = Page { browser: self, context, session, console: Vec::new(), document: None };
        for domain in ["Page.enable", "Runtime.enable", "Network.enable"] {
            page.tell(domain, &json!({}), &deadline)?;
        }
        Ok(page)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // What was started may be a script around the browser, which would go on without it; and
        // a browser that still writes into its profile keeps it from being removed.
        let _ = self.tell(None, "Browser.close", &json!({}), &Deadline::after(TO_OBEY), &mut |_| {});
        let _ = self.addresses.recv_timeout(TO_OBEY);
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    // It may have ended by itself; there is nothing to do about either failure.
    let _ = child.kill();
    let _ = child.wait();
}

/// A profile that asks not to be followed, in every frame: looking counts nothing.
fn profile() -> std::io::Result<TempDir> {
    let profile = TempDir::with_prefix("spro-watch-")?;
    write(profile.path(), "Default/Preferences", &json!({ "enable_do_not_track": true }).to_string())?;
    Ok(profile)
}

fn write(folder: &Path, name: &str, content: &str) -> std::io::Result<()> {
    let path = folder.join(name);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, content)
}

/// Waits until the browser says where it listens, and connects.
fn connect(child: &mut Child) -> Result<(mpsc::Receiver<String>, WebSocket<TcpStream>), String> {
    let stderr = child.stderr.take().ok_or("il n’a pas de sortie d’erreur")?;
    let (sender, addresses) = mpsc::channel();
    // Ends with the browser. It reads to the end: a full pipe would stop it.
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once(LISTENING) {
                // Nobody waits any more once it was said.
                let _ = sender.send(address.trim().to_owned());
            }
        }
    });
    let address = addresses.recv_timeout(TO_START).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => "rien en 30 secondes",
        mpsc::RecvTimeoutError::Disconnected => "il s’est arrêté aussitôt",
    })?;
    let host = address.strip_prefix("ws://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let stream = TcpStream::connect(host).map_err(|error| error.to_string())?;
    let (socket, _) = tungstenite::client(&address, stream).map_err(|error| error.to_string())?;
    Ok((addresses, socket))
}

/// A page, until it is dropped.
pub(crate) struct Page<'a> {
    browser: &'a mut Browser,
    context: String,
    session: String,
    /// The texts that it has written to its console.
    pub(crate) console: Vec<String>,
    /// The status of the document that was loaded last.
    pub(crate) document: Option<u16>,
}

impl Page<'_> {
    /// Goes to an address, and returns as soon as its document has begun to arrive.
    pub(crate) fn go_to(&mut self, address: &str, deadline: &Deadline) -> Result<(), Trouble> {
        let gone = self.tell("Page.navigate", &json!({ "url": address }), deadline)?;
        match gone["errorText"].as_str() {
            Some(reason) if !reason.is_empty() => Err(Trouble::Refused(reason.to_owned())),
            _ => Ok(()),
        }
    }

    /// Runs an expression, waits for what it promises, and returns it.
    pub(crate) fn evaluate(&mut self, expression: &str, deadline: &Deadline) -> Result<Value, Trouble> {
        let wanted = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let done = self.tell("Runtime.evaluate", &wanted, deadline)?;
        match done["exceptionDetails"]["text"].as_str() {
            Some(reason) => Err(Trouble::Refused(reason.to_owned())),
            None => Ok(done["result"]["value"].clone()),
        }
    }

    fn tell(&mut self, method: &str, wanted: &Value, deadline: &Deadline) -> Result<Value, Trouble> {
        let Self { browser, session, console, document, .. } = self;
        browser.tell(Some(session), method, wanted, deadline, &mut |event| {
            let about = &event["params"];
            match event["method"].as_str() {
                Some("Runtime.consoleAPICalled") => {
                    console.extend(about["args"][0]["value"].as_str().map(str::to_owned));
                }
                Some("Network.responseReceived") if about["type"] == "Document" && document.is_none() => {
                    *document =
                        about["response"]["status"].as_u64().and_then(|status| status.try_into().ok());
                }
                _ => {}
            }
        })
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let wanted = json!({ "browserContextId": self.context });
        // Where it does not obey any more, it ends with the browser.
        let _ = self.browser.tell(
            None,
            "Target.disposeBrowserContext",
            &wanted,
            &Deadline::after(TO_OBEY),
            &mut |_| {},
        );
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
