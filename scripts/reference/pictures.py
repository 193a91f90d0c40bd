#!/usr/bin/env python3
"""Writes the JPEG fixtures that the crate's own encoder cannot make.

    pip install pillow
    python3 scripts/reference/pictures.py

Each shows four flat quarters: red and green above, blue and white below, 24 x 16 pixels in all. The files go to
tests/fixtures/pictures; made with Pillow 13.0.
"""
from pathlib import Path

from PIL import Image

SIZE = (24, 16)
QUARTERS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
ORIENTATION = 0x0112
TURN_RIGHT = 6


def quarters() -> Image.Image:
    picture = Image.new("RGB", SIZE)
    width, height = SIZE[0] // 2, SIZE[1] // 2
    for at, color in enumerate(QUARTERS):
        left, top = at % 2 * width, at // 2 * height
        picture.paste(color, (left, top, left + width, top + height))
    return picture


def main() -> None:
    folder = Path(__file__).parents[2] / "tests" / "fixtures" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    rgb = quarters()
    options = {"quality": 95, "subsampling": 0}
    rgb.save(folder / "progressive.jpg", progressive=True, **options)
    rgb.convert("CMYK").save(folder / "cmyk.jpg", **options)
    rgb.convert("L").save(folder / "grey.jpg", **options)
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    rgb.save(folder / "turned_by_exif.jpg", exif=exif, **options)
    # A thumbnail inside the metadata, with an end-of-image marker of its own.
    thumbnail = folder / "thumbnail.tmp.jpg"
    rgb.resize((6, 4)).save(thumbnail)
    segment = b"JFXX\x00\x10" + thumbnail.read_bytes()
    thumbnail.unlink()
    marker = b"\xff\xe0" + (len(segment) + 2).to_bytes(2, "big") + segment
    plain = folder / "with_thumbnail.jpg"
    rgb.save(plain, **options)
    data = plain.read_bytes()
    # After the start of image and the JFIF segment (2 + 2 + 16 bytes).
    plain.write_bytes(data[:20] + marker + data[20:])


if __name__ == "__main__":
    main()
