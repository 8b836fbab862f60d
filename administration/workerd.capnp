# The administration of the guide on one's own server, behind worker/workerd.capnp, which says how both
# are started. It alone writes KV, and has the secret and the ledger: `kv` and `ledger` (drafts,
# access keys, the audit trail, which version is live) are the whole state, so save both. One
# process at a time may use the folder `ledger`.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "administration", worker = .administration),
    (name = "kv", disk = (path = "kv", writable = true)),
    (name = "ledger", disk = (path = "ledger", writable = true)),
    (name = "assets", disk = (path = "target/spro/assets")),
  ],
  # Only the guide asks here: the port must not be reached from outside this machine.
  sockets = [
    (
      name = "administration",
      address = "127.0.0.1:8788",
      http = (forwardedProtoHeader = "X-Forwarded-Proto"),
      service = "administration",
    ),
  ],
);

const administration :Workerd.Worker = (
  # With node:zlib, for brotli at native speed.
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "administration.js", esModule = embed "../target/spro/administration/administration.js"),
    (name = "index_bg.wasm", wasm = embed "../target/spro/administration/index_bg.wasm"),
    (name = "shipped.bin", data = embed "../target/spro/administration/shipped.bin"),
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
    # No reports of errors, here and in the guide:
    # (name = "REPORTS", text = "off"),
    # The anonymous counters (docs/counters.md), here and in the guide:
    # (name = "COUNTERS", text = "on"),
  ],
);
