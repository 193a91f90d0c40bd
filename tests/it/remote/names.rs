//! Device names: every string is either valid or a single-line error, and nothing is contacted to
//! find out.
use dafe::device::{DeviceName, Token, parse_device, parse_devices};
use proptest::prelude::*;

fn parse(name: &str) -> Result<DeviceName, String> {
    name.parse().map_err(|error: dafe::Error| error.to_string())
}

fn one_line(error: &str) -> bool {
    error.starts_with("device '") && !error.chars().any(char::is_control)
}

#[test]
fn remote_names_are_understood() {
    let remote = |host: &str, port, index| DeviceName::Remote { host: host.into(), port, index };
    for (name, meant) in [
        ("remote:gpu-1.example:3000", remote("gpu-1.example", 3000, 0)),
        ("remote:gpu_1:65535#12", remote("gpu_1", 65535, 12)),
        ("remote:127.0.0.1:1#0", remote("127.0.0.1", 1, 0)),
        ("remote:[::1]:3000#3", remote("::1", 3000, 3)),
        // Burn would treat two spellings of one host as two machines.
        ("remote:GPU1:3000", remote("gpu1", 3000, 0)),
        ("remote:[0:0:0:0:0:0:0:1]:3000", remote("::1", 3000, 0)),
    ] {
        assert_eq!(parse(name).unwrap(), meant);
    }
}

#[test]
fn what_is_wrong_with_a_remote_name_is_said() {
    for (name, wrong) in [
        ("remote:", "the port is missing: remote:HOST:PORT"),
        ("remote:host", "the port is missing: remote:HOST:PORT"),
        ("remote::3000", "the host is missing: remote:HOST:PORT"),
        ("remote:host:", "the port must be a number from 1 to 65535"),
        ("remote:host:0", "the port must be a number from 1 to 65535"),
        ("remote:host:65536", "the port must be a number from 1 to 65535"),
        ("remote:host:3000#", "# must be followed by a device number"),
        ("remote:host:3000#-1", "# must be followed by a device number"),
        // Burn would truncate it to device 0.
        ("remote:host:3000#4294967296", "# must be followed by a device number"),
        ("remote:::1:3000", "an IPv6 address must be in brackets"),
        ("remote:[::1:3000", "only an IPv6 address may be in brackets"),
        ("remote:[127.0.0.1]:3000", "only an IPv6 address may be in brackets"),
        ("remote:user@host:3000", "the host is neither a name nor an address"),
        ("remote:host/path:3000", "the host is neither a name nor an address"),
        ("remote", "unknown; there are flex, ndarray, cuda, vulkan, wgpu and remote:HOST:PORT"),
        ("remote:ho\nst:3000", "the host is neither a name nor an address"),
    ] {
        let error = parse(name).unwrap_err();
        assert_eq!(error, format!("device '{}': {wrong}", name.escape_debug()));
    }
}

#[test]
fn a_list_is_understood_before_anything_is_opened() {
    // Port 1 of this machine: contacting it would give another error.
    let error = parse_devices("remote:127.0.0.1:1,flex,tpu").unwrap_err().to_string();
    assert!(error.starts_with("device 'tpu': unknown"), "{error}");
}

#[test]
fn what_is_not_compiled_in_is_said() {
    let names = [
        ("cuda:3", "cuda", cfg!(feature = "cuda")),
        ("vulkan", "vulkan", cfg!(feature = "vulkan")),
        ("wgpu:0", "wgpu", cfg!(feature = "wgpu")),
    ];
    for (name, feature, _) in names.into_iter().filter(|(_, _, compiled_in)| !compiled_in) {
        let error = parse_device(name).unwrap_err().to_string();
        let want = format!("device '{name}': not compiled in; build with `--features {feature}`");
        assert_eq!(error, want);
    }
}

#[test]
fn a_token_shows_itself_nowhere() {
    let secret = "correct-horse-battery";
    assert_eq!(format!("{:?}", Token::new(secret).unwrap()), "Token(..)");
    let blank = "correct horse battery staple";
    let long = "x".repeat(1025);
    for wrong in ["", "too-short", blank, &long, "naïve-token-with-umlauts"] {
        let error = Token::new(wrong).unwrap_err().to_string();
        assert!(wrong.is_empty() || !error.contains(wrong), "{error}");
    }
}

#[test]
fn a_token_is_read_from_a_file_of_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    for (text, good) in [
        ("0123456789abcdef\n", true),
        ("0123456789abcdef\r\n", true),
        ("0123456789abcdef\n0123456789abcdef\n", false),
        ("0123456789abcde\n", false),
        (&"x".repeat(1 << 20), false),
    ] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(Token::read(&file).is_ok(), good);
    }
    let missing = Token::read(folder.path().join("none")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read "), "{missing}");
}

/// Arbitrary strings, and strings similar to names.
fn any_name() -> impl Strategy<Value = String> {
    let near = "(remote|cuda|flex|vulkan)?:?\\[?[a-z0-9:.]{0,12}\\]?:?[0-9]{0,6}#?[0-9]{0,11}";
    prop_oneof![any::<String>(), near]
}

proptest! {
    #[test]
    fn any_text_is_a_name_or_an_error_of_one_line(text in any_name()) {
        match parse(&text) {
            Ok(name) => {
                // The canonical spelling has the same meaning.
                prop_assert_eq!(parse(&name.to_string()).unwrap(), name);
            }
            Err(error) => prop_assert!(one_line(&error), "{}", error),
        }
    }

    #[test]
    fn a_list_with_an_unknown_name_opens_nothing(text in any_name()) {
        // A comma would make it several names, and `remote:` would be contacted.
        let error = parse_devices(&format!("{text},?")).unwrap_err().to_string();
        prop_assert!(one_line(&error), "{}", error);
    }

    #[test]
    fn remote_names_are_written_as_they_are_read(
        host in "[a-z0-9][a-z0-9.-]{0,20}",
        port in 1u16..,
        index: u32,
    ) {
        let name = format!("remote:{host}:{port}#{index}");
        prop_assert_eq!(parse(&name).unwrap().to_string(), name);
    }
}
