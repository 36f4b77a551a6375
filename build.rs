//! Tells cargo that the web map is part of the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A folder that is not there yet is looked for at every build, so that a map built later gets in.
    println!("cargo:rerun-if-changed=web/dist");
    if !std::path::Path::new("web/dist/index.html").exists() {
        println!(
            "cargo:warning=web/dist/index.html is missing, so the program is built without its web \
             map: run `npm ci && npm run build` in web/ first"
        );
    }
}
