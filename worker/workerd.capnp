# The guide on one's own server, with workerd: docs/self-hosting.md.
#
# Two processes, so that nothing an administrator does keeps a visitor waiting: this one, which
# visitors reach, and the administration behind it (administration/workerd.capnp). Both are served
# from the folder in which the folders `kv` and `ledger` are: the top of the repository, after
# `cargo xtask build`, or the unpacked archive of `cargo xtask dist`, which has these files as
# `guide.capnp` and `administration.capnp` with the paths of the archive.
#
#   mkdir -p kv ledger
#   SPRO_ADMIN_TOKEN=… npx workerd serve administration/workerd.capnp &
#   npx workerd serve worker/workerd.capnp
#
# KV is the folder `kv`, a file for each key, which this process only reads. Put a server with TLS
# in front of the port.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "guide", worker = .guide),
    (name = "kv", disk = (path = "kv")),
    (name = "assets", disk = (path = "target/spro/assets")),
    # The administration, on this machine: nobody else reaches that port. It learns by
    # `X-Forwarded-Proto` how people came.
    (
      name = "administration",
      external = (address = "127.0.0.1:8788", http = (forwardedProtoHeader = "X-Forwarded-Proto")),
    ),
    # Visitors' questions are answered from here: this process asks nobody else.
    (name = "internet", network = (allow = [])),
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
  bindings = [
    (name = "DIRECTORY", kvNamespace = "kv"),
    (name = "ASSETS", service = "assets"),
    (name = "ADMINISTRATION", service = "administration"),
    # The field in which the server in front writes the client's address, whatever the client
    # has sent: reports of errors are then limited by network.
    # (name = "CLIENT_ADDRESS", text = "X-Real-IP"),
    # No reports of errors, here and in the administration:
    # (name = "REPORTS", text = "off"),
    # The anonymous counters (docs/counters.md), here and in the administration:
    # (name = "COUNTERS", text = "on"),
  ],
);
