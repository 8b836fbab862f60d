//! The program as people run it.

mod command_line;
mod desk;
mod dila;
mod links;
mod networks;
mod recommend;
mod regions;
mod schema;
mod sync;
mod texts;
mod watch;
mod with_a_server;
mod with_the_worker;
