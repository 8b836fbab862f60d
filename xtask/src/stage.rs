//! What a script in a real browser plays on: the worker with an empty KV that can be
//! broken, and a partner's pages on another origin.

use crate::setup::Found;
use spro_tests::{Failure, Network, Setup, Workerd, partner, paths};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;

const TOKEN: &str = "the-secret-of-the-browser-tests-and-long-enough";

/// The servers; they end when dropped.
#[derive(Debug)]
pub(crate) struct Stage {
    workerd: Workerd,
    /// A deployment that counts its visits.
    counting: Workerd,
    partner: partner::Server,
    browser: std::path::PathBuf,
}

impl Stage {
    /// Starts them, on free ports.
    pub(crate) fn start(found: &Found) -> Result<Self, Failure> {
        let browser = found.browser.clone()?;
        let token = Some(TOKEN.to_owned());
        let workerd =
            Workerd::start(Setup { faulty: true, token, network: Network::ThisMachine, ..Setup::default() })?;
        let (token, variables) = (Some(TOKEN.to_owned()), vec![("COUNTERS", "on")]);
        let counting = Workerd::start(Setup { token, variables, ..Setup::default() })?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let partner = partner::Server::start(address, paths::partner_pages(), &workerd.origin())?;
        Ok(Self { workerd, counting, partner, browser })
    }

    /// A Node that is told where everything is.
    pub(crate) fn node(&self) -> Command {
        let mut node = Command::new("node");
        node.current_dir(paths::root())
            .env("SPRO_WORKER", self.workerd.origin())
            .env("SPRO_PARTNER", self.partner.origin())
            .env("SPRO_FAULTS", self.workerd.faults().origin())
            .env("SPRO_COUNTING", self.counting.origin())
            .env("SPRO_TOKEN", TOKEN)
            .env("CHROME", &self.browser);
        node
    }
}
