# The guide on your own server: `SPRO_ADMIN_TOKEN=… npx workerd serve worker/workerd.capnp`
# from the top of the repository, after `cargo xtask build` and `mkdir -p kv ledger`.
#
# KV is the folder `kv`, a file for each key; the folder `ledger` holds drafts, access keys,
# the audit trail and which version is live. They are the whole state: save both. Put a
# server with TLS in front of the port.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "guide", worker = .guide),
    (name = "kv", disk = (path = "kv", writable = true)),
    (name = "ledger", disk = (path = "ledger", writable = true)),
    (name = "assets", disk = (path = "target/spro/assets")),
  ],
  sockets = [ (name = "http", address = "127.0.0.1:8787", http = (), service = "guide") ],
);

const guide :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  # node:zlib, for brotli at native speed.
  compatibilityFlags = ["nodejs_compat"],
  modules = [
    (name = "worker.js", esModule = embed "../target/spro/worker/worker.js"),
    (name = "index_bg.wasm", wasm = embed "../target/spro/worker/index_bg.wasm"),
  ],
  durableObjectNamespaces = [ (className = "Ledger", uniqueKey = "Ledger", enableSql = true) ],
  durableObjectStorage = (localDisk = "ledger"),
  bindings = [
    (name = "DIRECTORY", kvNamespace = "kv"),
    (name = "LEDGER", durableObjectNamespace = "Ledger"),
    (name = "ASSETS", service = "assets"),
    (name = "ADMIN_TOKEN", fromEnvironment = "SPRO_ADMIN_TOKEN"),
    # The doctor reads pages of the public web only; hosts of an intranet are named here.
    # (name = "DOCTOR_HOSTS", text = "intranet.example agents.example"),
    # The anonymous counters (docs/counters.md):
    # (name = "COUNTERS", text = "on"),
  ],
);
