//! A server in a separate process, which can be killed.
use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

/// Ends with the test.
pub struct Server {
    process: Child,
    /// Kept open, because the process may print more.
    _stdout: BufReader<ChildStdout>,
    /// The line about its devices.
    pub line: String,
}

impl Server {
    /// Waits until it has printed its devices.
    pub fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("remote:") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "it ended");
        }
        Self { process, _stdout: stdout, line }
    }

    /// The names of its devices.
    pub fn names(&self) -> &str {
        self.line.trim().rsplit_once(": ").unwrap().1
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
