//! The hand-written sources that a generated crate contains.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::MARK;
use crate::generate::Files;

/// The module of the api crate that uses types of our own document. Other crates do not get it.
const OURS_ONLY: &str = "webhook";

/// The api crate's hand-written sources and its dependencies. Generated code calls them, so that each generated
/// crate gets a copy.
pub struct Runtime {
    /// The files of `src/` by name.
    sources: Files,
    edition: String,
    features: String,
    dependencies: String,
}

impl Runtime {
    /// Reads the sources of `api`, a crate of `workspace`, and the versions that the workspace has of its
    /// dependencies.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn read(workspace: &Path, api: &Path) -> Result<Self> {
        let versions = read(&workspace.join("Cargo.toml"))?;
        let manifest = read(&api.join("Cargo.toml"))?;
        let dependencies = section(&manifest, "dependencies").filter_map(|line| {
            let (name, options) = line.split_once([' ', '.'])?;
            let named = |line: &&str| line.split([' ', '=']).next() == Some(name);
            let version = section(&versions, "workspace.dependencies").find(named)?;
            Some(if options.contains("optional = true") {
                version.replacen(" }", ", optional = true }", 1)
            } else {
                version.to_owned()
            })
        });
        let edition = section(&versions, "workspace.package")
            .filter(|line| line.starts_with("edition") || line.starts_with("rust-version"));

        let folder = api.join("src");
        let mut sources = Files::new();
        for entry in
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_file() && name.ends_with(".rs") && name != format!("{OURS_ONLY}.rs") {
                sources.insert(name, read(&path)?);
            }
        }
        Ok(Self {
            sources,
            edition: edition.collect::<Vec<_>>().join("\n"),
            features: section(&manifest, "features").collect::<Vec<_>>().join("\n"),
            dependencies: dependencies.collect::<Vec<_>>().join("\n"),
        })
    }

    /// The manifest of a crate with the runtime's dependencies.
    pub(super) fn manifest(&self, name: &str, source: &str) -> String {
        format!(
            "{MARK} from {source}. Do not edit.\n\n\
             [package]\nname = \"{name}\"\nversion = \"0.1.0\"\n{}\npublish = false\n\n\
             [features]\n{}\n\n\
             [dependencies]\n{}\n",
            self.edition, self.features, self.dependencies,
        )
    }

    /// The sources, with the name of this document's paging in `Page`.
    pub(super) fn sources(&self, paging: &str) -> Result<Files> {
        self.sources
            .iter()
            .map(|(name, text)| Ok((format!("src/{name}"), adapted(name, text, paging)?)))
            .collect()
    }
}

fn adapted(name: &str, text: &str, paging: &str) -> Result<String> {
    let (from, to) = match name {
        "page.rs" if paging == "Paging" => return Ok(text.to_owned()),
        "page.rs" => {
            ("use crate::types::Paging;", format!("use crate::types::{paging} as Paging;"))
        }
        "lib.rs" => (&*format!("pub mod {OURS_ONLY};\n"), String::new()),
        _ => return Ok(text.to_owned()),
    };
    ensure!(text.contains(from), "{name} does not have the line `{}`", from.trim_end());
    Ok(text.replacen(from, &to, 1))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The lines of a section of a manifest.
fn section<'a>(manifest: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let head = format!("[{name}]");
    let lines = manifest.lines().skip_while(move |line| *line != head).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty())
}
