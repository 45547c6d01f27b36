//! What a command needs of the machine, and the line that installs it.

use std::process::{Command, Stdio};

/// Whether a program answers.
fn answers(program: &str, argument: &str) -> bool {
    let tried = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// A C compiler, for the bundled SQLite.
pub(crate) fn compiler() -> Result<(), String> {
    if ["cc", "gcc", "clang"].iter().any(|compiler| answers(compiler, "--version")) {
        return Ok(());
    }
    Err("a C compiler is needed: apt-get install -y build-essential".into())
}

/// Node, for the console's script and fonts.
pub(crate) fn node() -> Result<(), String> {
    if answers("node", "--version") && answers("npm", "--version") {
        return Ok(());
    }
    Err("the console's script and fonts need Node: apt-get install -y nodejs npm".into())
}

/// What the browser's walk needs.
pub(crate) fn browser() -> Result<(), String> {
    compiler()?;
    node()?;
    if answers("chromium", "--version") {
        return Ok(());
    }
    Err("the browser's walk needs: apt-get install -y chromium".into())
}

/// What asks the API: Python, and a way to install into a folder of its own.
pub(crate) fn python() -> Result<(), String> {
    compiler()?;
    let ready = Command::new("python3").args(["-c", "import ensurepip, venv"]).stderr(Stdio::null()).status();
    if ready.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err("asking the API needs: apt-get install -y python3-venv".into())
}

/// What judges reports, and what fetches the map's shapes and the font: a report without them is another than officers get.
pub(crate) fn judges() -> Result<(), String> {
    compiler()?;
    node()?;
    let java = if answers("javac", "-version") { None } else { Some("default-jdk-headless") };
    let maven = if answers("mvn", "--version") { None } else { Some("maven") };
    let poppler = if answers("pdftotext", "-v") && answers("pdfinfo", "-v") { None } else { Some("poppler-utils") };
    let missing: Vec<&str> = [java, maven, poppler].into_iter().flatten().collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("judging reports needs: apt-get install -y {}", missing.join(" ")))
    }
}

/// What the foreign readers need.
pub(crate) fn interop() -> Result<(), String> {
    compiler()?;
    let mut missing = Vec::new();
    if !answers("mvn", "--version") {
        missing.push("maven default-jdk-headless");
    }
    if !answers("pkg-config", "--version") {
        missing.push("pkg-config");
    }
    for (library, package) in [("libpcsclite", "libpcsclite-dev"), ("libeac", "libeac-dev"), ("libssl", "libssl-dev")] {
        let known =
            Command::new("pkg-config").arg("--exists").arg(library).status().is_ok_and(|status| status.success());
        if !known {
            missing.push(package);
        }
    }
    if !std::path::Path::new("/usr/sbin/pcscd").exists() {
        missing.push("pcscd");
    }
    let driver = ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib/x86_64-linux-gnu/libifdvpcd.so"];
    if !std::path::Path::new("/etc/reader.conf.d/vpcd").exists()
        && !driver.iter().any(|path| std::path::Path::new(path).exists())
    {
        missing.push("vsmartcard-vpcd");
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("the foreign readers need: apt-get install -y {}", missing.join(" ")))
}
