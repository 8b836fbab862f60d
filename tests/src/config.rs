//! Writes workerd's configuration (Cap'n Proto text), for the tests, `run` and `bench`.

use std::fmt::Write as _;
use std::path::Path;

/// The runtime's behaviour that the worker was written for. From this date on, Node's
/// modules (`node:zlib`) need no flag of their own.
pub const COMPATIBILITY_DATE: &str = "2026-11-01";

/// The header that carries the protocol of the first connection, quoted.
const PROTOCOL: &str = "\"X-Forwarded-Proto\"";

/// The services and sockets of one workerd.
#[derive(Debug, Clone, Default)]
pub struct Config {
    services: String,
    sockets: String,
}

/// What a worker sees under a name in `env`.
#[derive(Debug, Clone, Copy)]
pub enum Binding<'a> {
    /// A KV namespace, stored by this service.
    Kv(&'a str),
    /// Another service, with its `fetch`.
    Service(&'a str),
    /// A text from an environment variable of workerd, so that no secret is written in
    /// the configuration.
    Secret(&'a str),
    /// A plain text.
    Text(&'a str),
    /// The worker's own Durable Object of this class.
    Object(&'a str),
}

/// A worker.
#[derive(Debug, Clone, Copy)]
pub struct Worker<'a> {
    /// Its entry, an ES module; absolute.
    pub entry: &'a Path,
    /// A WebAssembly module that the entry imports as `./NAME`; absolute.
    pub wasm: Option<&'a Path>,
    /// Bytes that the entry imports as `./NAME`; absolute.
    pub data: Option<&'a Path>,
    /// Its bindings: name, what.
    pub bindings: &'a [(&'a str, Binding<'a>)],
    /// The service behind its Cache API.
    pub cache: Option<&'a str>,
    /// Its Durable Object: the class, and the service that keeps it.
    pub object: Option<(&'a str, &'a str)>,
}

impl<'a> Worker<'a> {
    /// A script that needs nothing but these bindings.
    pub const fn script(entry: &'a Path, bindings: &'a [(&'a str, Binding<'a>)]) -> Self {
        Self { entry, wasm: None, data: None, bindings, cache: None, object: None }
    }
}

impl Config {
    /// Adds a worker.
    #[must_use]
    pub fn worker(mut self, name: &str, worker: &Worker<'_>) -> Self {
        let file_name = |path: &Path| quote(&path.file_name().unwrap_or_default().to_string_lossy());
        let mut modules =
            format!("(name = {}, esModule = embed {})", file_name(worker.entry), quote_path(worker.entry));
        if let Some(wasm) = worker.wasm {
            let _ = write!(modules, ", (name = {}, wasm = embed {})", file_name(wasm), quote_path(wasm));
        }
        if let Some(data) = worker.data {
            let _ = write!(modules, ", (name = {}, data = embed {})", file_name(data), quote_path(data));
        }
        let bindings: Vec<String> = worker.bindings.iter().map(|(name, to)| binding(name, *to)).collect();
        let cache = worker.cache.map(|cache| format!(", cacheApiOutbound = {}", quote(cache)));
        let object = worker.object.map(|(class, service)| {
            format!(
                ", durableObjectNamespaces = [(className = {0}, uniqueKey = {0}, enableSql = true)], durableObjectStorage = (localDisk = {1})",
                quote(class),
                quote(service)
            )
        });
        let _ = writeln!(
            self.services,
            "    (name = {}, worker = (modules = [{modules}], compatibilityDate = {}, bindings = [{}]{}{})),",
            quote(name),
            quote(COMPATIBILITY_DATE),
            bindings.join(", "),
            cache.unwrap_or_default(),
            object.unwrap_or_default(),
        );
        self
    }

    /// Adds a folder, served by path.
    #[must_use]
    pub fn folder(mut self, name: &str, path: &Path, writable: bool) -> Self {
        let _ = writeln!(
            self.services,
            "    (name = {}, disk = (path = {}, writable = {writable})),",
            quote(name),
            quote_path(path)
        );
        self
    }

    /// Adds the network, under a name: these addresses and no others. The runtime's own way
    /// out has the name `internet`.
    #[must_use]
    pub fn network(mut self, name: &str, allowed: &[&str]) -> Self {
        let allowed: Vec<String> = allowed.iter().map(|address| quote(address)).collect();
        let _ = writeln!(
            self.services,
            "    (name = {}, network = (allow = [{}], tlsOptions = (trustBrowserCas = true))),",
            quote(name),
            allowed.join(", ")
        );
        self
    }

    /// Adds a service that another process answers, at an address of this machine. It learns by
    /// `X-Forwarded-Proto` how people came.
    #[must_use]
    pub fn external(mut self, name: &str, address: &str) -> Self {
        let _ = writeln!(
            self.services,
            "    (name = {}, external = (address = {}, http = (forwardedProtoHeader = {PROTOCOL}))),",
            quote(name),
            quote(address)
        );
        self
    }

    /// Adds a socket of this name onto a service, or onto one of its named entry points.
    /// Its address is given when workerd is started.
    #[must_use]
    pub fn socket(mut self, name: &str, service: &str, entry_point: Option<&str>) -> Self {
        let service = match entry_point {
            None => quote(service),
            Some(entry) => format!("(name = {}, entrypoint = {})", quote(service), quote(entry)),
        };
        let _ = writeln!(
            self.sockets,
            "    (name = {}, http = (forwardedProtoHeader = {PROTOCOL}), service = {service}),",
            quote(name)
        );
        self
    }

    /// The configuration's text.
    pub fn text(&self) -> String {
        format!(
            "using Workerd = import \"/workerd/workerd.capnp\";\n\n\
             const config :Workerd.Config = (\n  services = [\n{}  ],\n  sockets = [\n{}  ],\n);\n",
            self.services, self.sockets
        )
    }
}

fn binding(name: &str, to: Binding<'_>) -> String {
    let value = match to {
        Binding::Kv(service) => format!("kvNamespace = {}", quote(service)),
        Binding::Service(service) => format!("service = {}", quote(service)),
        Binding::Secret(variable) => format!("fromEnvironment = {}", quote(variable)),
        Binding::Text(text) => format!("text = {}", quote(text)),
        Binding::Object(class) => format!("durableObjectNamespace = {}", quote(class)),
    };
    format!("(name = {}, {value})", quote(name))
}

fn quote_path(path: &Path) -> String {
    quote(&path.to_string_lossy())
}

/// A Cap'n Proto text literal.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_names_its_parts() {
        let text = Config::default()
            .worker(
                "main",
                &Worker {
                    entry: Path::new("/somewhere/worker.js"),
                    wasm: Some(Path::new("/somewhere/index_bg.wasm")),
                    data: Some(Path::new("/somewhere/shipped.bin")),
                    bindings: &[("DIRECTORY", Binding::Kv("kv")), ("ADMIN_TOKEN", Binding::Secret("TOKEN"))],
                    cache: Some("cache"),
                    object: Some(("Ledger", "ledger")),
                },
            )
            .folder("kv", Path::new("/a \"quoted\" folder"), true)
            .network("internet", &["127.0.0.0/8"])
            .external("administration", "127.0.0.1:1")
            .socket("http", "main", None)
            .socket("faults", "kv", Some("control"))
            .text();
        for expected in [
            r#"(name = "worker.js", esModule = embed "/somewhere/worker.js")"#,
            r#"(name = "index_bg.wasm", wasm = embed "/somewhere/index_bg.wasm")"#,
            r#"(name = "shipped.bin", data = embed "/somewhere/shipped.bin")"#,
            r#"(name = "DIRECTORY", kvNamespace = "kv"), (name = "ADMIN_TOKEN", fromEnvironment = "TOKEN")"#,
            r#"cacheApiOutbound = "cache""#,
            r#"(className = "Ledger", uniqueKey = "Ledger", enableSql = true)"#,
            r#"durableObjectStorage = (localDisk = "ledger")"#,
            r#"disk = (path = "/a \"quoted\" folder", writable = true)"#,
            r#"(name = "internet", network = (allow = ["127.0.0.0/8"], tlsOptions = (trustBrowserCas = true)))"#,
            r#"(name = "http", http = (forwardedProtoHeader = "X-Forwarded-Proto"), service = "main")"#,
            r#"external = (address = "127.0.0.1:1", http = (forwardedProtoHeader = "X-Forwarded-Proto"))"#,
            r#"service = (name = "kv", entrypoint = "control")"#,
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}
