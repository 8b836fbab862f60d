//! Writes an archive of invented records in the form of the DILA's, for tests and for
//! measuring: `cargo run -p spro-admin --example dila_generate -- 63000 out.tar.bz2`.

mod records;

use std::fs::File;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, path] = &arguments[..] else {
        eprintln!("usage: dila_generate COUNT FILE.tar.bz2");
        return ExitCode::from(2);
    };
    match generate(count, path) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(count: &str, path: &str) -> Result<String, Box<dyn std::error::Error>> {
    let geography = admin::reference::geography()?;
    let mut document = tempfile::tempfile()?;
    let mut buffered = std::io::BufWriter::new(&mut document);
    let counts = records::write(count.parse()?, geography.communes(), &mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    records_archive(document, path)?;
    Ok(counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", "))
}

fn records_archive(mut document: File, path: &str) -> Result<(), Box<dyn std::error::Error>> {
    use std::io::{Seek, SeekFrom};
    let size = document.seek(SeekFrom::End(0))?;
    document.rewind()?;
    let encoder = bzip2::write::BzEncoder::new(File::create(path)?, bzip2::Compression::best());
    let mut archive = tar::Builder::new(encoder);
    let mut header = tar::Header::new_ustar();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, "2026-11-24-data.gouv_local.json", document)?;
    archive.into_inner()?.finish()?;
    Ok(())
}
