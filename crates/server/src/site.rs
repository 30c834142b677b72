//! The web client, as it is served: its files, each as compressed as the browser takes it.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::read::GzDecoder;

/// The file that is shown at every place of the client.
const INDEX: &str = "index.html";

/// The files of the web client. Found by their names, so no path leads to anything else.
#[derive(Debug, Default)]
pub(crate) struct Site(HashMap<String, Forms>);

/// A file in the forms in which it is there.
#[derive(Debug, Default)]
struct Forms {
    plain: Option<Bytes>,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// A file, as it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) bytes: Bytes,
    /// How it is compressed, if it is.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) kind: &'static str,
    /// Whether its name changes with what is in it, so that it may be kept for good.
    pub(crate) is_immutable: bool,
}

impl Site {
    /// The web client in `folder`, or else the one within the program.
    pub(crate) fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut site = Self::default();
        match folder {
            Some(folder) => site
                .read(folder, "")
                .with_context(|| format!("the web client in {} cannot be read", folder.display()))?,
            None => {
                for (path, bytes) in decentra_web::FILES {
                    site.add(path, Bytes::from_static(bytes));
                }
            }
        }
        Ok(site)
    }

    /// The page of the client, if there is one.
    pub(crate) fn index(&self, headers: &HeaderMap) -> Option<Sent> {
        self.file(INDEX, headers)
    }

    /// The file at `path`, in a form that who sent `headers` takes.
    pub(crate) fn file(&self, path: &str, headers: &HeaderMap) -> Option<Sent> {
        let forms = self.0.get(path)?;
        let takes = |encoding: &str| takes(headers, encoding);
        let (bytes, encoding) = match forms {
            Forms { brotli: Some(bytes), .. } if takes("br") => (bytes.clone(), Some("br")),
            Forms { gzip: Some(bytes), .. } if takes("gzip") => (bytes.clone(), Some("gzip")),
            Forms { plain: Some(bytes), .. } => (bytes.clone(), None),
            Forms { gzip, .. } => (unpacked(gzip.as_ref()?)?, None),
        };
        Some(Sent { bytes, encoding, kind: kind(path), is_immutable: path.starts_with("assets/") })
    }

    fn read(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read(&entry.path(), &format!("{name}/"))?;
            } else {
                self.add(&name, std::fs::read(entry.path())?.into());
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: Bytes) {
        if let Some(path) = path.strip_suffix(".br") {
            self.forms(path).brotli = Some(bytes);
        } else if let Some(path) = path.strip_suffix(".gz") {
            self.forms(path).gzip = Some(bytes);
        } else {
            self.forms(path).plain = Some(bytes);
        }
    }

    fn forms(&mut self, path: &str) -> &mut Forms {
        self.0.entry(path.to_owned()).or_default()
    }
}

/// Whether who sent `headers` takes `encoding`. Source: RFC 9110, section 12.5.3, as far as browsers use it.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|choice| {
        let (name, weight) = choice.split_once(';').unwrap_or((choice, ""));
        let is_refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !is_refused
    })
}

fn unpacked(gzip: &Bytes) -> Option<Bytes> {
    let mut plain = Vec::new();
    GzDecoder::new(gzip.as_ref()).read_to_end(&mut plain).ok()?;
    Some(plain.into())
}

/// The media type of a file, by the end of its name.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn site() -> Site {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"plain").unwrap();
        let mut site = Site::default();
        site.add("assets/a.js.br", Bytes::from_static(b"brotli"));
        site.add("assets/a.js.gz", gzip.finish().unwrap().into());
        site.add("assets/a.woff2", Bytes::from_static(b"font"));
        site
    }

    fn check(path: &str, accept: &str, expected: Option<(&[u8], Option<&str>)>) {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accept.parse().unwrap())]);
        let sent = site().file(path, &headers);
        let bytes = sent.as_ref().map(|sent| (sent.bytes.as_ref(), sent.encoding));
        assert_eq!(bytes, expected, "{path} {accept}");
    }

    #[test]
    fn a_file_comes_in_the_best_form_that_is_taken() {
        check("assets/a.js", "gzip, deflate, br, zstd", Some((b"brotli", Some("br"))));
        check("assets/a.js", "", Some((b"plain", None)));
        check("assets/a.js", "br;q=0, identity", Some((b"plain", None)));
        check("assets/a.woff2", "gzip, br", Some((b"font", None)));
        check("assets/a.js.br", "br", None);
        check("../assets/a.js", "br", None);
        let gzip = HeaderMap::from_iter([(header::ACCEPT_ENCODING, "gzip".parse().unwrap())]);
        assert_eq!(site().file("assets/a.js", &gzip).unwrap().encoding, Some("gzip"));
    }
}
