//! Results on standard output.
use std::io::{self, BufWriter, Cursor, Stdout, Write};

use dafe::{
    detector::output::{CocoResults, CsvTable, JsonLines},
    prelude::*,
};
use image::ImageFormat;

use super::{Failure, document::Document, drawing::Style, record};
use crate::detect::{args::Format, inputs::Input, looking::Looked};

/// The writer of results; nothing else is written to standard output.
pub struct Stream<'a> {
    pub inputs: &'a [Input],
    pub made_by: String,
    form: Form<'a>,
}

enum Form<'a> {
    Document(Document<BufWriter<Stdout>>),
    Drawing(Style<'a>),
}

impl<'a> Stream<'a> {
    pub fn begin(
        inputs: &'a [Input],
        made_by: String,
        format: Format,
        schema: &LandmarkSchema,
        style: Style<'a>,
    ) -> io::Result<Self> {
        let out = BufWriter::new(io::stdout());
        let form = match format {
            Format::Json => Form::Document(Document::Lines(JsonLines::new(out))),
            Format::Csv => Form::Document(Document::Table(Box::new(CsvTable::new(out)?))),
            Format::Coco => Form::Document(Document::Coco(CocoResults::document(out, schema)?)),
            Format::Png => Form::Drawing(style),
        };
        Ok(Self { inputs, made_by, form })
    }

    /// Writes results in the images' order.
    pub fn write(&mut self, looked: &[Looked]) -> io::Result<Vec<Failure>> {
        let mut failures = Vec::new();
        for looked in looked {
            let found = match &looked.found {
                Ok(found) => found,
                Err(reason) => {
                    failures.push(Failure { index: looked.index, reason: reason.clone() });
                    continue;
                }
            };
            match &mut self.form {
                Form::Document(document) => {
                    let record = record(&self.inputs[looked.index], looked, found, &self.made_by);
                    document.add(looked.index as u64 + 1, &record)?;
                }
                Form::Drawing(style) => {
                    let mut png = Cursor::new(Vec::new());
                    let rendered = style.landmarks(found);
                    rendered.write_to(&mut png, ImageFormat::Png).map_err(io::Error::other)?;
                    io::stdout().write_all(png.get_ref())?;
                }
            }
        }
        if let Form::Document(document) = &mut self.form {
            document.flush()?;
        }
        Ok(failures)
    }

    pub fn finish(self) -> io::Result<()> {
        match self.form {
            Form::Document(document) => document.finish(),
            Form::Drawing(_) => io::stdout().flush(),
        }
    }
}
