//! Starts the built worker in real workerd.

use crate::config::{Binding, Config, Worker};
use crate::faults::Switchboard;
use crate::paths::Form;
use crate::{Client, Failure, paths};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// How long workerd may take to open its sockets: a hundred times what it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// The configuration's name in the folder of a [`Workerd`].
const CONFIGURATION: &str = "config.capnp";
/// The host that the doctor may read although it is not public, and its network.
const THIS_MACHINE: &str = "127.0.0.1";
const LOOPBACK: &str = "127.0.0.0/8";
/// The variable that carries the secret to workerd.
const TOKEN_VARIABLE: &str = "SPRO_WORKERD_ADMIN_TOKEN";

/// Where the KV namespace is kept.
#[derive(Debug, Clone, Default)]
pub enum Kv {
    /// In a folder of its own, gone with the last [`Workerd`] that used it.
    #[default]
    Fresh,
    /// In this folder, made where it is missing; its ledger is the folder `ledger` beside it,
    /// which one workerd at a time may open.
    At(PathBuf),
}

/// Where what workerd prints goes.
#[derive(Debug, Clone, Default)]
pub enum Log {
    /// Into its own folder, gone with it.
    #[default]
    Own,
    /// Into this file, begun anew.
    File(PathBuf),
}

/// Whom the worker may ask. The doctor reads pages of others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Network {
    /// Nobody.
    #[default]
    Closed,
    /// This machine, which is no public place: the doctor is told so.
    ThisMachine,
    /// This machine and the public web.
    Open,
}

/// How to start workerd.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Where its KV is.
    pub kv: Kv,
    /// Puts a KV that can be broken in front of it.
    pub faulty: bool,
    /// The administrators' secret; none by default.
    pub token: Option<String>,
    /// Where it listens; any free port of this machine by default.
    pub address: Option<SocketAddr>,
    /// Where its log goes.
    pub log: Log,
    /// Whom the worker may ask: nobody by default.
    pub network: Network,
    /// Another worker to serve beside ours, from this module, with the same KV.
    pub rival: Option<PathBuf>,
    /// Which build it serves: the shipped one by default.
    pub form: Form,
    /// The files of the element, instead of those that were built.
    pub assets: Option<PathBuf>,
    /// The variables of the deployment, such as `COUNTERS`.
    pub variables: Vec<(&'static str, &'static str)>,
}

/// A running workerd. It ends when dropped.
#[derive(Debug)]
pub struct Workerd {
    child: Child,
    setup: Setup,
    kv: PathBuf,
    ports: Vec<(String, u16)>,
    /// Holds the configuration, and the KV where it is a fresh one.
    folder: TempDir,
}

impl Workerd {
    /// Starts workerd and waits until it listens.
    pub fn start(setup: Setup) -> Result<Self, Failure> {
        let folder = TempDir::with_prefix("spro-workerd-")
            .map_err(|error| Failure::new(format!("no temporary folder: {error}")))?;
        let kv = match &setup.kv {
            Kv::Fresh => folder.path().join("kv"),
            Kv::At(path) => path.clone(),
        };
        fs::create_dir_all(&kv)
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", kv.display())))?;
        // Beside the KV, so that whoever keeps one keeps the other.
        let ledger = kv.with_file_name("ledger");
        fs::create_dir_all(&ledger)
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", ledger.display())))?;
        write_configuration(folder.path(), &setup, &kv, &ledger)?;
        let (child, ports) = launch(folder.path(), &setup)?;
        Ok(Self { child, setup, kv, ports, folder })
    }

    /// Ends it and starts it again on the same KV. On another port, unless one was given.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.stop();
        (self.child, self.ports) = launch(self.folder.path(), &self.setup)?;
        Ok(())
    }

    /// Where the worker answers, such as `http://127.0.0.1:8787`.
    pub fn origin(&self) -> String {
        self.origin_of("http")
    }

    fn origin_of(&self, socket: &str) -> String {
        let port = self.ports.iter().find(|(name, _)| name == socket).map_or(0, |(_, port)| *port);
        let host = self.setup.address.filter(|_| socket == "http").map(|address| address.ip());
        host.map_or_else(
            || format!("http://127.0.0.1:{port}"),
            |ip| format!("http://{}", SocketAddr::new(ip, port)),
        )
    }

    /// A client of the worker.
    pub fn client(&self) -> Client {
        Client::new(self.origin())
    }

    /// A client of the worker that was started beside ours.
    pub fn rival(&self) -> Client {
        Client::new(self.origin_of("rival"))
    }

    /// What breaks the KV, where it was started as a faulty one.
    pub fn faults(&self) -> Switchboard {
        Switchboard::new(Client::new(self.origin_of("faults")))
    }

    /// The folder of the KV: a file per key.
    pub fn kv(&self) -> &Path {
        &self.kv
    }

    /// What it has printed since it was started.
    pub fn log(&self) -> String {
        fs::read_to_string(log_path(self.folder.path(), &self.setup)).unwrap_or_default()
    }

    /// The process, for whoever measures it.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    fn stop(&mut self) {
        // It may have ended by itself; there is nothing to do about either failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        self.stop();
    }
}

fn log_path(folder: &Path, setup: &Setup) -> PathBuf {
    match &setup.log {
        Log::Own => folder.join("log"),
        Log::File(path) => path.clone(),
    }
}

/// The sockets beside `http`.
fn extra_sockets(setup: &Setup) -> Vec<&'static str> {
    let mut sockets = Vec::new();
    if setup.faulty {
        sockets.push("faults");
    }
    if setup.rival.is_some() {
        sockets.push("rival");
    }
    sockets
}

/// Starts the process and waits until its sockets are open.
fn launch(folder: &Path, setup: &Setup) -> Result<(Child, Vec<(String, u16)>), Failure> {
    let mut command = Command::new(paths::workerd()?);
    let main = setup.address.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
    command.arg("serve").arg("--import-path=/").arg(format!("--socket-addr=http={main}"));
    for socket in extra_sockets(setup) {
        command.arg(format!("--socket-addr={socket}=127.0.0.1:0"));
    }
    // workerd says on this descriptor which ports it got. It is its standard input because
    // that is the one that can be passed on without any unsafe code.
    let (reader, writer) = std::io::pipe().map_err(|error| Failure::new(format!("no pipe: {error}")))?;
    command.arg("--control-fd=0").stdin(Stdio::from(writer)).arg(folder.join(CONFIGURATION));
    if let Some(token) = &setup.token {
        command.env(TOKEN_VARIABLE, token);
    }
    let path = log_path(folder, setup);
    let log = File::create(&path)
        .and_then(|log| Ok((log.try_clone()?, log)))
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    command.stdout(log.0).stderr(log.1);
    let mut child =
        command.spawn().map_err(|error| Failure::new(format!("workerd does not start: {error}")))?;
    // The command holds the writing end; with it gone, the end of workerd is the end of
    // what can be read.
    drop(command);
    match listen(reader, 1 + extra_sockets(setup).len()) {
        Ok(ports) => Ok((child, ports)),
        Err(reason) => {
            let _ = child.kill();
            let _ = child.wait();
            let log = fs::read_to_string(&path).unwrap_or_default();
            Err(Failure::new(format!("workerd {reason}\n{log}").trim_end()))
        }
    }
}

/// Writes the configuration and the small services that it names.
fn write_configuration(folder: &Path, setup: &Setup, kv: &Path, ledger: &Path) -> Result<(), Failure> {
    let write = |path: &Path, text: &str| {
        fs::write(path, text)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
    };
    let worker = setup.form.worker();
    let [entry, wasm, data] = paths::WORKER.map(|file| worker.join(file));
    if ![&entry, &wasm, &data].iter().all(|file| file.is_file()) {
        return Err(Failure::new("the worker is not built: run `cargo xtask build`"));
    }
    let cache = folder.join("cache.js");
    write(&cache, include_str!("services/cache.js"))?;

    let store = if setup.faulty { "faulty-kv" } else { "kv" };
    let mut bindings = vec![
        ("DIRECTORY", Binding::Kv(store)),
        ("ASSETS", Binding::Service("assets")),
        ("LEDGER", Binding::Object("Ledger")),
    ];
    if setup.token.is_some() {
        bindings.push(("ADMIN_TOKEN", Binding::Secret(TOKEN_VARIABLE)));
    }
    if setup.network != Network::Closed {
        bindings.push(("DOCTOR_HOSTS", Binding::Text(THIS_MACHINE)));
    }
    bindings.extend(setup.variables.iter().map(|(name, value)| (*name, Binding::Text(value))));
    let assets = setup.assets.clone().unwrap_or_else(|| setup.form.assets());
    let main = Worker {
        entry: &entry,
        wasm: Some(&wasm),
        data: Some(&data),
        bindings: &bindings,
        cache: Some("cache"),
        object: Some(("Ledger", "ledger")),
    };
    let mut text = Config::default()
        .worker("main", &main)
        .worker("cache", &Worker::script(&cache, &[]))
        .folder("kv", kv, true)
        .folder("ledger", ledger, true)
        .folder("assets", &assets, false)
        .socket("http", "main", None);
    let allowed: &[&str] = match setup.network {
        Network::Closed => &[],
        Network::ThisMachine => &[LOOPBACK],
        Network::Open => &[LOOPBACK, "public"],
    };
    text = text.network("internet", allowed);
    if setup.faulty {
        let faulty = folder.join("faulty_kv.js");
        write(&faulty, include_str!("services/faulty_kv.js"))?;
        let bindings = [("DISK", Binding::Service("kv"))];
        text = text.worker("faulty-kv", &Worker::script(&faulty, &bindings)).socket(
            "faults",
            "faulty-kv",
            Some("control"),
        );
    }
    if let Some(rival) = &setup.rival {
        // It only reads.
        let readable: Vec<_> = bindings.iter().filter(|(name, _)| *name != "LEDGER").copied().collect();
        let rival = Worker { cache: Some("cache"), ..Worker::script(rival, &readable) };
        text = text.worker("rival", &rival).socket("rival", "rival", None);
    }
    write(&folder.join(CONFIGURATION), &text.text())
}

/// Waits until every socket is open, and tells their ports.
fn listen(reader: std::io::PipeReader, expected: usize) -> Result<Vec<(String, u16)>, &'static str> {
    let (sender, events) = mpsc::channel();
    // Ends with workerd, whose exit closes the pipe.
    thread::spawn(move || {
        for line in BufReader::new(reader).lines().map_while(Result::ok) {
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            let port = event["port"].as_u64().and_then(|port| u16::try_from(port).ok());
            if let (Some(socket), Some(port)) = (event["socket"].as_str(), port) {
                // Nobody listens any more once all sockets are open.
                let _ = sender.send((socket.to_owned(), port));
            }
        }
    });
    (0..expected)
        .map(|_| {
            events.recv_timeout(PATIENCE).map_err(|error| match error {
                mpsc::RecvTimeoutError::Timeout => "does not listen after 30 seconds",
                mpsc::RecvTimeoutError::Disconnected => "ended before it listened",
            })
        })
        .collect()
}
