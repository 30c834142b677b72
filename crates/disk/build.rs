//! Compiles the shim, which is loaded into the server rather than linked with us.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=shim/disk.c");
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder")).join("disk.so");
    let compiler = cc::Build::new().opt_level(2).pic(true).warnings(true).extra_warnings(true).get_compiler();
    let mut compile = compiler.to_command();
    compile.args(["-std=gnu11", "-Werror", "-shared", "-o"]).arg(target).args([
        "shim/disk.c",
        "-ldl",
        "-lpthread",
    ]);
    let status = compile.status().expect("the C compiler that SQLite needs runs");
    assert!(status.success(), "the shim does not compile: {status}");
}
