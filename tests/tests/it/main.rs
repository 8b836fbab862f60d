//! The built workers in workerd, over HTTP.

mod administration;
mod apart;
mod broken_kv;
mod counters;
mod doors;
mod embed;
mod guide_pages;
mod kept_builds;
mod killed;
mod malformed_requests;
mod pages;
mod place_links;
mod public_api;
mod publishing;
mod recommendations;
mod regions;
mod reports;
mod seen;
mod territories;
mod texts;
mod upgrades;
mod values;
