//! The `config.yaml` of a new project.
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use super::writer::{DeepLabCutImage, Project, individual};
use crate::Error;

impl Project<'_> {
    /// `config.yaml`. Strings are quoted as JSON, which is valid YAML.
    pub(super) fn config(
        &self,
        root: &Path,
        videos: &BTreeMap<&str, Vec<&DeepLabCutImage>>,
    ) -> Result<String, Error> {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let list = |names: &mut dyn Iterator<Item = String>| {
            let names: Vec<_> = names.map(|name| quoted(&name)).collect();
            format!("[{}]", names.join(", "))
        };
        let project = std::path::absolute(root).map_err(Error::io("write", root))?;
        let is_multi = self.individuals > 1;
        let mut names = self.schema.names().iter().cloned();
        let parts = list(&mut names);
        let mut text = String::from("# A project of DeepLabCut.\n");
        let mut line = |key: &str, value: &str| {
            let space = if value.is_empty() { "" } else { " " };
            let _ = writeln!(text, "{key}:{space}{value}");
        };
        line("Task", "dafe");
        line("scorer", &quoted(self.scorer));
        line("date", "Jan1");
        line("multianimalproject", if is_multi { "true" } else { "false" });
        line("identity", "false");
        line("project_path", &quoted(&project.to_string_lossy()));
        line("video_sets", "");
        for (video, images) in videos {
            let path = project.join("videos").join(format!("{video}.avi"));
            let [width, height] = images.first().map_or([0, 0], |image| image.size);
            line(&format!("  {}", quoted(&path.to_string_lossy())), "");
            line("    crop", &format!("0, {width}, 0, {height}"));
        }
        if is_multi {
            line("individuals", &list(&mut (0..self.individuals).map(individual)));
            line("uniquebodyparts", "[]");
            line("multianimalbodyparts", &parts);
            line("bodyparts", "MULTI!");
        } else {
            line("bodyparts", &parts);
        }
        line("start", "0");
        line("stop", "1");
        line("numframes2pick", "20");
        let lines =
            self.schema.skeleton().iter().map(|pair| {
                list(&mut pair.iter().map(|&place| self.schema.names()[place].clone()))
            });
        let lines: Vec<_> = lines.collect();
        line("skeleton", &format!("[{}]", lines.join(", ")));
        for (key, value) in DEFAULTS {
            line(key, value);
        }
        Ok(text)
    }
}

/// DeepLabCut's defaults for a new project.
const DEFAULTS: [(&str, &str); 20] = [
    ("skeleton_color", "black"),
    ("pcutoff", "0.6"),
    ("dotsize", "12"),
    ("alphavalue", "0.7"),
    ("colormap", "rainbow"),
    ("TrainingFraction", "[0.95]"),
    ("iteration", "0"),
    ("default_net_type", "resnet_50"),
    ("default_augmenter", "default"),
    ("snapshotindex", "-1"),
    ("batch_size", "8"),
    ("cropping", "false"),
    ("croppedtraining", "false"),
    ("x1", "0"),
    ("x2", "640"),
    ("y1", "277"),
    ("y2", "624"),
    ("corner2move2", "[50, 50]"),
    ("move2corner", "true"),
    ("engine", "pytorch"),
];
