//! Starts the built workers in real workerd.

use crate::config::{Binding, Config, Worker};
use crate::faults::Switchboard;
use crate::paths::Form;
use crate::{Client, Failure, paths};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// How long workerd may take to open its sockets: a hundred times what it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// The script behind the Cache API, in the folder of a [`Workerd`].
const CACHE: &str = "cache.js";
/// The name of the administration: a process, a socket and a service.
const ADMINISTRATION: &str = "administration";
/// Any free port of this machine.
const ANY_PORT: &str = "127.0.0.1:0";
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

/// The running guide: the public worker, the administration behind it, and where it was asked for
/// a KV that can be broken, each a workerd of its own. They end when dropped.
#[derive(Debug)]
pub struct Workerd {
    public: Process,
    administration: Process,
    faulty: Option<Process>,
    setup: Setup,
    kv: PathBuf,
    /// Holds the configurations, and the KV where it is a fresh one.
    folder: TempDir,
}

impl Workerd {
    /// Starts all of them and waits until they listen.
    pub fn start(setup: Setup) -> Result<Self, Failure> {
        let folder = TempDir::with_prefix("spro-workerd-")
            .map_err(|error| Failure::new(format!("no temporary folder: {error}")))?;
        let kv = match &setup.kv {
            Kv::Fresh => folder.path().join("kv"),
            Kv::At(path) => path.clone(),
        };
        // The ledger is beside the KV, so that whoever keeps one keeps the other.
        for path in [&kv, &kv.with_file_name("ledger")] {
            fs::create_dir_all(path)
                .map_err(|error| Failure::new(format!("{} cannot be made: {error}", path.display())))?;
        }
        write(&folder.path().join(CACHE), include_str!("services/cache.js"))?;
        let plan = Plan { folder: folder.path(), setup: &setup, kv: &kv };
        let faulty = setup.faulty.then(|| plan.faulty()).transpose()?;
        let store = faulty.as_ref().map(|faulty| faulty.address("kv"));
        let administration = plan.administration(store.as_deref(), None)?;
        let public = plan.public("public", store.as_deref(), &administration.address(ADMINISTRATION))?;
        Ok(Self { public, administration, faulty, setup, kv, folder })
    }

    fn plan(&self) -> Plan<'_> {
        Plan { folder: self.folder.path(), setup: &self.setup, kv: &self.kv }
    }

    fn store(&self) -> Option<String> {
        self.faulty.as_ref().map(|faulty| faulty.address("kv"))
    }

    /// Ends it and starts it again on the same KV. On another port, unless one was given.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.public.stop();
        self.administration.stop();
        if let Some(faulty) = &mut self.faulty {
            faulty.stop();
            self.faulty = Some(self.plan().faulty()?);
        }
        let store = self.store();
        self.administration = self.plan().administration(store.as_deref(), None)?;
        self.public =
            self.plan().public("public", store.as_deref(), &self.administration.address(ADMINISTRATION))?;
        Ok(())
    }

    /// Ends the administration. Visitors notice nothing.
    pub fn stop_administration(&mut self) {
        self.administration.stop();
    }

    /// Starts the administration again, where the public worker finds it.
    pub fn start_administration(&mut self) -> Result<(), Failure> {
        let (store, address) = (self.store(), self.administration.address(ADMINISTRATION));
        self.administration.stop();
        self.administration = self.plan().administration(store.as_deref(), Some(&address))?;
        Ok(())
    }

    /// Starts one more of the public worker, or of the rival, alone in its process on the same KV:
    /// for who measures what that takes.
    pub fn alone(&self, who: Alone) -> Result<Process, Failure> {
        let store = self.store();
        match who {
            Alone::Public => {
                let setup = Setup { rival: None, address: None, log: Log::Own, ..self.setup.clone() };
                let plan = Plan { setup: &setup, ..self.plan() };
                plan.public("alone", store.as_deref(), &self.administration.address(ADMINISTRATION))
            }
            Alone::Rival => self.plan().rival(store.as_deref()),
        }
    }

    /// Where the guide answers, such as `http://127.0.0.1:8787`.
    pub fn origin(&self) -> String {
        let port = self.public.port("http");
        let host = self.setup.address.map_or(Ipv4Addr::LOCALHOST.into(), |address| address.ip());
        format!("http://{}", SocketAddr::new(host, port))
    }

    /// A client of the guide.
    pub fn client(&self) -> Client {
        Client::new(self.origin())
    }

    /// A client of the administration itself, which the public worker asks.
    pub fn administration(&self) -> Client {
        Client::new(format!("http://{}", self.administration.address(ADMINISTRATION)))
    }

    /// A client of the worker that was started beside ours.
    pub fn rival(&self) -> Client {
        Client::new(format!("http://{}", self.public.address("rival")))
    }

    /// What breaks the KV, where it was started as a faulty one.
    pub fn faults(&self) -> Switchboard {
        let address = self.faulty.as_ref().map(|faulty| faulty.address("faults"));
        Switchboard::new(Client::new(format!("http://{}", address.unwrap_or_default())))
    }

    /// The folder of the KV: a file per key.
    pub fn kv(&self) -> &Path {
        &self.kv
    }

    /// What both workers have printed since they were started.
    pub fn log(&self) -> String {
        [&self.public, &self.administration]
            .map(|process| fs::read_to_string(&process.log).unwrap_or_default())
            .concat()
    }

    /// The process of the public worker, for whoever measures it.
    pub fn process(&self) -> u32 {
        self.public.child.id()
    }

    /// The process of the administration.
    pub fn administration_process(&self) -> u32 {
        self.administration.child.id()
    }

    /// How one of the workers ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        [&mut self.public, &mut self.administration]
            .into_iter()
            .find_map(|process| process.child.try_wait().ok().flatten())
    }
}

/// Which worker is started alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alone {
    /// The public one.
    Public,
    /// The one that was named beside ours.
    Rival,
}

/// A workerd process. It ends when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    ports: Vec<(String, u16)>,
    log: PathBuf,
}

impl Process {
    /// A client of its socket `http`.
    pub fn client(&self) -> Client {
        Client::new(format!("http://{}", self.address("http")))
    }

    /// Its number, for whoever measures it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn port(&self, socket: &str) -> u16 {
        self.ports.iter().find(|(name, _)| name == socket).map_or(0, |(_, port)| *port)
    }

    /// Where one of its sockets listens.
    fn address(&self, socket: &str) -> String {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port(socket))).to_string()
    }

    fn stop(&mut self) {
        // It may have ended by itself; there is nothing to do about either failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the processes are configured from.
struct Plan<'a> {
    folder: &'a Path,
    setup: &'a Setup,
    kv: &'a Path,
}

impl Plan<'_> {
    /// The KV that can be broken, in front of the folder.
    fn faulty(&self) -> Result<Process, Failure> {
        let script = self.folder.join("faulty_kv.js");
        write(&script, include_str!("services/faulty_kv.js"))?;
        let bindings = [("DISK", Binding::Service("disk"))];
        let config = Config::default()
            .worker("kv", &Worker::script(&script, &bindings))
            .folder("disk", self.kv, true)
            .socket("kv", "kv", None)
            .socket("faults", "kv", Some("control"));
        self.launch("faulty-kv", &config, &[("kv", ANY_PORT), ("faults", ANY_PORT)])
    }

    /// The administration: it alone writes KV, and has the secret and the ledger.
    fn administration(&self, store: Option<&str>, address: Option<&str>) -> Result<Process, Failure> {
        let [entry, wasm, data] = self.files(paths::Worker::Administration)?;
        let mut bindings = self.bindings();
        bindings.push(("LEDGER", Binding::Object("Ledger")));
        if self.setup.token.is_some() {
            bindings.push(("ADMIN_TOKEN", Binding::Secret(TOKEN_VARIABLE)));
        }
        if self.setup.network != Network::Closed {
            bindings.push(("DOCTOR_HOSTS", Binding::Text(THIS_MACHINE)));
        }
        let cache = self.folder.join(CACHE);
        let worker = Worker {
            entry: &entry,
            wasm: Some(&wasm),
            data: Some(&data),
            bindings: &bindings,
            cache: Some("cache"),
            object: Some(("Ledger", "ledger")),
        };
        let allowed: &[&str] = match self.setup.network {
            Network::Closed => &[],
            Network::ThisMachine => &[LOOPBACK],
            Network::Open => &[LOOPBACK, "public"],
        };
        let config = Config::default()
            .worker(ADMINISTRATION, &worker)
            .worker("cache", &Worker::script(&cache, &[]))
            .folder("ledger", &self.kv.with_file_name("ledger"), true)
            .folder("assets", &self.assets(), false)
            .network("internet", allowed)
            .socket(ADMINISTRATION, ADMINISTRATION, None);
        let config = self.with_store(config, store, true);
        self.launch(ADMINISTRATION, &config, &[(ADMINISTRATION, address.unwrap_or(ANY_PORT))])
    }

    /// The public worker. It only reads KV, and may ask nobody but the administration.
    fn public(&self, name: &str, store: Option<&str>, administration: &str) -> Result<Process, Failure> {
        let [entry, wasm, data] = self.files(paths::Worker::Public)?;
        let mut bindings = self.bindings();
        bindings.push(("ADMINISTRATION", Binding::Service(ADMINISTRATION)));
        let cache = self.folder.join(CACHE);
        let worker = Worker {
            entry: &entry,
            wasm: Some(&wasm),
            data: Some(&data),
            bindings: &bindings,
            cache: Some("cache"),
            object: None,
        };
        let mut config = Config::default()
            .worker("public", &worker)
            .worker("cache", &Worker::script(&cache, &[]))
            .folder("assets", &self.assets(), false)
            .external(ADMINISTRATION, administration)
            .network("internet", &[])
            .socket("http", "public", None);
        let main = self.setup.address.map_or_else(|| ANY_PORT.to_owned(), |address| address.to_string());
        let mut sockets = vec![("http", main.as_str())];
        if let Some(rival) = &self.setup.rival {
            let rival = Worker { cache: Some("cache"), ..Worker::script(rival, &bindings) };
            config = config.worker("rival", &rival).socket("rival", "rival", None);
            sockets.push(("rival", ANY_PORT));
        }
        self.launch(name, &self.with_store(config, store, false), &sockets)
    }

    /// The rival by itself.
    fn rival(&self, store: Option<&str>) -> Result<Process, Failure> {
        let rival = self.setup.rival.as_ref().ok_or_else(|| Failure::new("no rival was named"))?;
        let cache = self.folder.join(CACHE);
        let bindings = self.bindings();
        let worker = Worker { cache: Some("cache"), ..Worker::script(rival, &bindings) };
        let config = Config::default()
            .worker("rival", &worker)
            .worker("cache", &Worker::script(&cache, &[]))
            .folder("assets", &self.assets(), false)
            .network("internet", &[])
            .socket("http", "rival", None);
        self.launch("rival", &self.with_store(config, store, false), &[("http", ANY_PORT)])
    }

    /// What both workers see.
    fn bindings(&self) -> Vec<(&str, Binding<'_>)> {
        let mut bindings = vec![("DIRECTORY", Binding::Kv("kv")), ("ASSETS", Binding::Service("assets"))];
        bindings.extend(self.setup.variables.iter().map(|(name, value)| (*name, Binding::Text(value))));
        bindings
    }

    /// KV as a folder, or as the process that stands in front of it.
    fn with_store(&self, config: Config, store: Option<&str>, writable: bool) -> Config {
        match store {
            Some(address) => config.external("kv", address),
            None => config.folder("kv", self.kv, writable),
        }
    }

    fn assets(&self) -> PathBuf {
        self.setup.assets.clone().unwrap_or_else(|| self.setup.form.assets())
    }

    /// The built files of a worker.
    fn files(&self, worker: paths::Worker) -> Result<[PathBuf; 3], Failure> {
        let files = worker.files().map(|file| self.setup.form.worker(worker).join(file));
        if files.iter().all(|file| file.is_file()) {
            Ok(files)
        } else {
            Err(Failure::new("the workers are not built: run `cargo xtask build`"))
        }
    }

    /// Where what a process prints goes.
    fn log(&self, name: &str) -> PathBuf {
        match &self.setup.log {
            Log::File(path) if name == "public" => path.clone(),
            Log::File(path) => {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                path.with_file_name(format!("{name}-{file}"))
            }
            Log::Own => self.folder.join(format!("{name}.log")),
        }
    }

    /// Starts a process and waits until its sockets are open.
    fn launch(&self, name: &str, config: &Config, sockets: &[(&str, &str)]) -> Result<Process, Failure> {
        let configuration = self.folder.join(format!("{name}.capnp"));
        write(&configuration, &config.text())?;
        let mut command = Command::new(paths::workerd()?);
        command.arg("serve").arg("--import-path=/");
        for (socket, address) in sockets {
            command.arg(format!("--socket-addr={socket}={address}"));
        }
        // workerd says on this descriptor which ports it got. It is its standard input because
        // that is the one that can be passed on without any unsafe code.
        let (reader, writer) = std::io::pipe().map_err(|error| Failure::new(format!("no pipe: {error}")))?;
        command.arg("--control-fd=0").stdin(Stdio::from(writer)).arg(configuration);
        if let Some(token) = self.setup.token.as_ref().filter(|_| name == ADMINISTRATION) {
            command.env(TOKEN_VARIABLE, token);
        }
        let path = self.log(name);
        let log = File::create(&path)
            .and_then(|log| Ok((log.try_clone()?, log)))
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
        command.stdout(log.0).stderr(log.1);
        let mut child =
            command.spawn().map_err(|error| Failure::new(format!("workerd does not start: {error}")))?;
        // The command holds the writing end; with it gone, the end of workerd is the end of
        // what can be read.
        drop(command);
        match listen(reader, sockets.len()) {
            Ok(ports) => Ok(Process { child, ports, log: path }),
            Err(reason) => {
                let _ = child.kill();
                let _ = child.wait();
                let log = fs::read_to_string(&path).unwrap_or_default();
                Err(Failure::new(format!("workerd {reason}\n{log}").trim_end()))
            }
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
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
