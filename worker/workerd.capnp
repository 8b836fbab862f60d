# The guide on your own server: `SPRO_ADMIN_TOKEN=… npx workerd serve worker/workerd.capnp`
# from the top of the repository, after `cargo xtask build` and `mkdir -p kv`.
#
# KV is the folder `kv`, a file for each key: it is the whole state, save it. Put a server
# with TLS in front of the port.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "guide", worker = .guide),
    (name = "kv", disk = (path = "kv", writable = true)),
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
  bindings = [
    (name = "DIRECTORY", kvNamespace = "kv"),
    (name = "ASSETS", service = "assets"),
    (name = "ADMIN_TOKEN", fromEnvironment = "SPRO_ADMIN_TOKEN"),
  ],
);
