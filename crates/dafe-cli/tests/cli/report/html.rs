//! As much of HTML as the report has, read strictly: what is opened is closed.

/// An element's opening tag, and the text of a script or a style.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements that have no end.
const VOID: [&str; 5] = ["meta", "link", "img", "br", "hr"];

/// All elements in order, or what is wrong.
pub fn parse(page: &str) -> Result<Vec<Element>, String> {
    let mut rest = page.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let (mut open, mut elements) = (Vec::<String>::new(), Vec::new());
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        if text.contains('>') {
            return Err(format!("a stray > in '{text}'"));
        }
        rest = &rest[start + 1..];
        if let Some(name) = rest.strip_prefix('/') {
            let (name, after) = name.split_once('>').ok_or("a tag without end")?;
            match open.pop() {
                Some(last) if last == name => rest = after,
                last => return Err(format!("</{name}> closes {last:?}")),
            }
            continue;
        }
        let (tag, after) = tag(rest)?;
        rest = after;
        let closed = tag.attributes.iter().any(|(name, _)| name == "/");
        let mut element = tag;
        if element.name == "script" || element.name == "style" {
            let end = format!("</{}>", element.name);
            let (text, after) = rest.split_once(&end).ok_or("a script without end")?;
            (element.text, rest) = (text.to_string(), after);
        } else if !closed && !VOID.contains(&element.name.as_str()) {
            open.push(element.name.clone());
        }
        elements.push(element);
    }
    match open.last() {
        None if rest.contains('>') => Err(format!("a stray > in '{rest}'")),
        Some(name) => Err(format!("<{name}> is not closed")),
        None => Ok(elements),
    }
}

/// A tag's name and attributes, and what comes after it. Values are in quotes or not there.
fn tag(text: &str) -> Result<(Element, &str), String> {
    let end =
        text.find(|c: char| c.is_whitespace() || "/>".contains(c)).ok_or("no end of a tag")?;
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("<{name}> is no element"));
    }
    let mut element = Element { name: name.into(), attributes: Vec::new(), text: String::new() };
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, after));
        }
        if let Some(after) = rest.strip_prefix('/') {
            element.attributes.push(("/".into(), String::new()));
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=/>".contains(c));
        let (name, after) = rest.split_at(end.ok_or("no end of an attribute")?);
        if name.is_empty() || name.contains(['"', '\'', '<']) {
            return Err(format!("'{name}' is no attribute of <{}>", element.name));
        }
        let mut value = "";
        rest = after;
        if let Some(quoted) = after.strip_prefix("=\"") {
            (value, rest) = quoted.split_once('"').ok_or("no end of a value")?;
        } else if after.starts_with('=') {
            return Err(format!("{name} of <{}> is not in quotes", element.name));
        }
        if value.contains('<') {
            return Err(format!("a < in {name}={value}"));
        }
        element.attributes.push((name.into(), value.into()));
    }
}

#[test]
fn what_is_wrong_is_found() {
    let wrong = [
        "<p>",
        "<p></b>",
        "<b><p></b></p>",
        "<p class=x></p>",
        "<p class=\"<\"></p>",
        "a > b",
        "<p \"></p>",
        "<script>",
    ];
    for body in wrong {
        assert!(parse(&format!("<!doctype html>{body}")).is_err(), "{body}");
    }
    let page =
        "<!doctype html><p a=\"b\" c>1 &lt; 2<img src=\"x\"><rect/></p><script>a < b</script>";
    let elements = parse(page).unwrap();
    let names: Vec<_> = elements.iter().map(|element| element.name.as_str()).collect();
    assert_eq!(names, ["p", "img", "rect", "script"]);
    assert_eq!((elements[0].attribute("a"), elements[0].attribute("c")), (Some("b"), Some("")));
}
