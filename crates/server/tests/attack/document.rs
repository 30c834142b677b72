//! The threat model names tests: each of them is there.

use std::fs;
use std::path::Path;

/// Whether `file` holds a function called `name`.
fn holds(file: &Path, name: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|source| source.contains(&format!("fn {name}(")))
}

#[test]
fn each_test_that_the_threat_model_names_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(here.join("../../docs/security.md")).unwrap();
    let named: Vec<&str> =
        document.split('`').skip(1).step_by(2).filter(|word| word.contains("::")).collect();
    for words in &named {
        let (file, name) = words.rsplit_once("::").unwrap();
        let (tests, source) = (here.join("tests").join(file.replace("::", "/")), here.join("src").join(file));
        let is_module = tests.join(name).with_extension("rs").exists();
        let is_there = is_module || holds(&tests.with_extension("rs"), name) || holds(&source, name);
        assert!(is_there, "{words}");
    }
    assert!(named.len() > 50, "{} are few", named.len());
}
