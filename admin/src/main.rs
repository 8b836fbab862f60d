//! `cargo spro`: the command line of the administrators.

fn main() -> std::process::ExitCode {
    admin::cli::run(std::env::args_os())
}
