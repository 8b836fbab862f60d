# The guide on one's own server, with workerd: docs/self-hosting.md.
#
# Served from the folder in which the folders `kv` and `ledger` are: the top of the repository,
# after `cargo xtask build`, or the unpacked archive of `cargo xtask dist`, which has this file
# as `guide.capnp` with the paths of the archive.
#
#   mkdir -p kv ledger
#   SPRO_ADMIN_TOKEN=… npx workerd serve worker/workerd.capnp
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
  # The server in front says by `X-Forwarded-Proto` that people came over HTTPS: then sessions
  # are for HTTPS only, and addresses are shown with it.
  sockets = [
    (
      name = "http",
      address = "127.0.0.1:8787",
      http = (forwardedProtoHeader = "X-Forwarded-Proto"),
      service = "guide",
    ),
  ],
);

const guide :Workerd.Worker = (
  # With node:zlib, for brotli at native speed.
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker.js", esModule = embed "../target/spro/worker/worker.js"),
    (name = "index_bg.wasm", wasm = embed "../target/spro/worker/index_bg.wasm"),
    (name = "shipped.bin", data = embed "../target/spro/worker/shipped.bin"),
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
    # The field in which the server in front writes the client's address, whatever the client
    # has sent: wrong keys are then slowed down by network.
    # (name = "CLIENT_ADDRESS", text = "X-Real-IP"),
    # The anonymous counters (docs/counters.md):
    # (name = "COUNTERS", text = "on"),
  ],
);
