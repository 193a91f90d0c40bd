#!/usr/bin/env python3
"""Writes the image files of the crate's tests, and the pixels that Pillow reads from them.

    pip install pillow numpy
    python3 tools/reference/images.py

The files go to tests/fixtures/images, and the pixels to expected.json: of each file as stored and as turned by
`ImageOps.exif_transpose`, 8-bit RGB in hexadecimal digits, transparent pixels on white. Made with Pillow 13.0.
"""
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FOLDER = Path(__file__).parents[2] / "tests" / "fixtures" / "images"
ORIENTATION = 0x0112
QUARTERS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
JPEG = {"quality": 95, "subsampling": 0}
NOT_READ = ["palette.tif", "ycbcr.tif", "reduced.tif"]
GREY, RGB, GREY_ALPHA, RGB_ALPHA = 0, 2, 4, 6


def quarters(width=24, height=16) -> Image.Image:
    """Red and green above, blue and white below."""
    image = Image.new("RGB", (width, height))
    width, height = width // 2, height // 2
    for at, color in enumerate(QUARTERS):
        left, top = at % 2 * width, at // 2 * height
        image.paste(color, (left, top, left + width, top + height))
    return image


def gradient(width: int, height: int, channels: int, top: int) -> np.ndarray:
    """Values from 0 to `top`, different in each channel; the last channel (alpha, if there is one) reaches both ends."""
    count = width * height * channels
    return (np.arange(count, dtype=np.int64) * top // (count - 1)).reshape(height, width, channels)


def exif(orientation: int) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    return data


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(samples: np.ndarray, depth: int, color: int, before=b"", behind=b"") -> bytes:
    """A PNG variant that Pillow does not write, with chunks before and after the pixels."""
    height, width = samples.shape[:2]
    rows = samples.astype(">u2" if depth == 16 else "u1").reshape(height, -1)
    filtered = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(filtered, 9))
            + behind + chunk(b"IEND", b""))


def jpegs() -> None:
    rgb = quarters()
    rgb.save(FOLDER / "progressive.jpg", progressive=True, **JPEG)
    rgb.convert("L").save(FOLDER / "gray.jpg", **JPEG)
    rgb.save(FOLDER / "turned_by_exif.jpg", exif=exif(6), **JPEG)
    # Chroma of half the size, blocks that cross the edge, and restart markers.
    shades = Image.fromarray(gradient(37, 21, 3, 255).astype(np.uint8), "RGB")
    for name, subsampling in [("subsampled", "4:2:0"), ("halved", "4:2:2")]:
        shades.save(FOLDER / f"{name}.jpg", quality=85, subsampling=subsampling)
    shades.save(FOLDER / "restarts.jpg", quality=85, subsampling="4:2:0", restart_marker_blocks=2)
    # Pillow, like Photoshop, stores CMYK inverted and marks this with Adobe's marker.
    rgb.convert("CMYK").save(FOLDER / "cmyk.jpg", **JPEG)
    # Luma and chroma of the complement, and black, in the four channels, with a marker for this: YCCK.
    inverted = [channel.point(lambda v: 255 - v) for channel in ImageOps.invert(rgb).convert("YCbCr").split()]
    Image.merge("CMYK", [*inverted, Image.new("L", rgb.size, 40)]).save(FOLDER / "ycck.jpg", **JPEG)
    data = bytearray((FOLDER / "ycck.jpg").read_bytes())
    transform = data.index(b"Adobe") + 11
    assert data[transform] == 0
    data[transform] = 2
    (FOLDER / "ycck.jpg").write_bytes(data)
    # A thumbnail inside the metadata, with an end-of-image marker of its own.
    thumbnail = FOLDER / "thumbnail.tmp.jpg"
    rgb.resize((6, 4)).save(thumbnail)
    segment = b"JFXX\x00\x10" + thumbnail.read_bytes()
    thumbnail.unlink()
    marker = b"\xff\xe0" + (len(segment) + 2).to_bytes(2, "big") + segment
    plain = FOLDER / "with_thumbnail.jpg"
    rgb.save(plain, **JPEG)
    data = plain.read_bytes()
    # After the start of image and the JFIF segment (2 + 2 + 16 bytes).
    plain.write_bytes(data[:20] + marker + data[20:])


def pngs() -> None:
    for name, channels, color in [
        ("gray", 1, GREY), ("rgb", 3, RGB), ("gray_alpha", 2, GREY_ALPHA), ("rgb_alpha", 4, RGB_ALPHA),
    ]:
        (FOLDER / f"{name}_16.png").write_bytes(png(gradient(5, 3, channels, 65_535), 16, color))
    quarters(6, 4).convert("1").save(FOLDER / "one_bit.png")
    palette = quarters(6, 4).quantize(4)
    palette.save(FOLDER / "palette.png", transparency=bytes([0, 100, 200, 255]))
    # Before or after the pixels, with or without JPEG's prefix.
    content = exif(6).tobytes()
    pixels = np.array(quarters(6, 4))
    tiff = content.removeprefix(b"Exif\0\0")
    (FOLDER / "exif_behind.png").write_bytes(png(pixels, 8, RGB, behind=chunk(b"eXIf", tiff)))
    (FOLDER / "exif_prefixed.png").write_bytes(png(pixels, 8, RGB, before=chunk(b"eXIf", b"Exif\0\0" + tiff)))


def webps() -> None:
    rgb = quarters()
    rgb.save(FOLDER / "lossy.webp", quality=95)
    rgb.save(FOLDER / "lossless.webp", lossless=True)
    shades = Image.fromarray(gradient(8, 6, 4, 255).astype(np.uint8), "RGBA")
    shades.save(FOLDER / "alpha.webp", lossless=True, exact=True)
    shades.save(FOLDER / "lossy_alpha.webp", quality=95)


def animations() -> None:
    frames = [quarters(6, 4), quarters(6, 4).rotate(180), Image.new("RGB", (6, 4), (9, 9, 9))]
    options = {"save_all": True, "append_images": frames[1:], "duration": 50}
    frames[0].save(FOLDER / "animated.png", **options)
    # The image for programs without animation support, which is not a frame.
    Image.new("RGB", (6, 4), (1, 2, 3)).save(
        FOLDER / "animated_with_default.png", default_image=True, **(options | {"append_images": frames}))
    frames[0].save(FOLDER / "animated.webp", lossless=True, **options)
    frames[0].save(FOLDER / "animated.gif", **options)


def bmps() -> None:
    # Five columns, so that rows have padding.
    rgb = Image.fromarray(gradient(5, 3, 3, 255).astype(np.uint8), "RGB")
    rgb.save(FOLDER / "rgb.bmp")
    rgb.convert("L").save(FOLDER / "gray.bmp")
    quarters(6, 4).quantize(4).save(FOLDER / "palette.bmp")
    quarters(6, 4).convert("1").save(FOLDER / "one_bit.bmp")
    Image.fromarray(gradient(5, 3, 4, 255).astype(np.uint8), "RGBA").save(FOLDER / "alpha.bmp")
    # 5, 6 and 5 bits, and the first row first.
    samples = gradient(5, 3, 1, 65_535).astype("<u2")[:, :, 0]
    rows = b"".join(row.tobytes().ljust(12, b"\0") for row in samples)
    header = struct.pack("<IiiHHIIiiII", 40, 5, -3, 1, 16, 3, len(rows), 0, 0, 0, 0)
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    start = 14 + len(header) + len(masks)
    file = struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start)
    (FOLDER / "top_down_565.bmp").write_bytes(file + header + masks + rows)


def gifs() -> None:
    palette = quarters(6, 4).quantize(4)
    palette.save(FOLDER / "palette.gif", interlace=False)
    quarters(24, 16).quantize(4).save(FOLDER / "interlaced.gif", interlace=True)
    palette.save(FOLDER / "alpha.gif", transparency=palette.getpixel((5, 3)))


def tiff(samples: np.ndarray, order: str, tags: dict[int, int]) -> bytes:
    """A TIFF variant that Pillow does not write, in one strip; `order` is "<" or ">"."""
    height, width, channels = samples.shape
    bits = samples.dtype.itemsize * 8
    pixels = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    entries = {256: (width, 4), 257: (height, 4), 259: (1, 3), 273: (8, 4), 277: (channels, 3), 278: (height, 4),
               279: (len(pixels), 4)} | {tag: (value, 3) for tag, value in tags.items()}
    directory = 8 + len(pixels)
    directory += directory % 2
    behind = directory + 2 + 12 * (len(entries) + 1) + 4
    depths = struct.pack(f"{order}{channels}H", *[bits] * channels)
    where = depths.ljust(4, b"\0") if channels <= 2 else struct.pack(order + "I", behind)
    rows = {258: struct.pack(order + "HHI", 258, 3, channels) + where}
    for tag, (value, kind) in entries.items():
        packed = struct.pack(order + "HH", value, 0) if kind == 3 else struct.pack(order + "I", value)
        rows[tag] = struct.pack(order + "HHI", tag, kind, 1) + packed
    magic = b"II*\0" if order == "<" else b"MM\0*"
    header = magic + struct.pack(order + "I", directory) + pixels
    return (header.ljust(directory, b"\0") + struct.pack(order + "H", len(rows))
            + b"".join(rows[tag] for tag in sorted(rows)) + bytes(4) + (depths if channels > 2 else b""))


def tiffs() -> None:
    rgb = quarters(6, 4)
    for compression in ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"]:
        rgb.save(FOLDER / f"{compression}.tif", compression=compression)
    rgb.convert("L").save(FOLDER / "gray.tif")
    rgb.convert("1").save(FOLDER / "one_bit.tif")
    rgb.convert("1").save(FOLDER / "fax.tif", compression="group4")
    rgb.convert("CMYK").save(FOLDER / "cmyk.tif")
    Image.fromarray(gradient(5, 3, 4, 255).astype(np.uint8), "RGBA").save(FOLDER / "alpha.tif")
    rgb.save(FOLDER / "pages.tif", save_all=True, append_images=[rgb.rotate(180), Image.new("RGB", (9, 9))])
    deep = {channels: gradient(5, 3, channels, 65_535).astype(np.uint16) for channels in [1, 3]}
    black, color = {262: 1}, {262: 2}
    (FOLDER / "gray_16.tif").write_bytes(tiff(deep[1], "<", black))
    (FOLDER / "big_endian_16.tif").write_bytes(tiff(deep[3], ">", color))
    (FOLDER / "white_is_zero.tif").write_bytes(tiff(gradient(5, 3, 1, 255).astype(np.uint8), ">", {262: 0}))
    shades = gradient(5, 3, 4, 255)
    shades[:, :, :3] = shades[:, :, :3] * shades[:, :, 3:] // 255
    (FOLDER / "premultiplied_alpha.tif").write_bytes(tiff(shades.astype(np.uint8), "<", color | {338: 1}))
    # A fourth sample that is not alpha.
    (FOLDER / "extra_sample.tif").write_bytes(tiff(gradient(5, 3, 4, 255).astype(np.uint8), "<", color | {338: 0}))
    # Not supported by the reader.
    rgb.quantize(4).save(FOLDER / "palette.tif")
    rgb.convert("YCbCr").save(FOLDER / "ycbcr.tif", compression="jpeg")
    (FOLDER / "reduced.tif").write_bytes(tiff(gradient(5, 3, 3, 255).astype(np.uint8), "<", color | {254: 1}))


def orientations() -> None:
    """All eight orientations, in each format's metadata."""
    rgb = quarters(6, 4)
    for orientation in range(1, 9):
        options = {"exif": exif(orientation)}
        rgb.save(FOLDER / f"orientation_{orientation}.jpg", **JPEG, **options)
        rgb.save(FOLDER / f"orientation_{orientation}.png", **options)
        rgb.save(FOLDER / f"orientation_{orientation}.webp", lossless=True, **options)
        rgb.save(FOLDER / f"orientation_{orientation}.tif", tiffinfo={ORIENTATION: orientation})
    # Not one of the eight: read as stored.
    rgb.save(FOLDER / "orientation_9.jpg", exif=exif(9), **JPEG)


def pixels(image: Image.Image) -> dict:
    """8-bit RGB on white."""
    size = image.size
    if image.mode.startswith("I"):
        # Pillow keeps 16-bit gray as it is.
        gray = np.rint(np.array(image, dtype=np.float64) / 257).astype(np.uint8)
        image = Image.fromarray(gray)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", size, (255, 255, 255, 255)), image)
    return {"size": size, "rgb": image.convert("RGB").tobytes().hex()}


def expected(path: Path) -> dict:
    data = path.read_bytes()
    if path.suffix == ".tif":
        # Pillow applies the orientation of these itself.
        entries = [struct.pack("<HHIH", ORIENTATION, 3, 1, number) for number in range(9)]
        for entry in entries:
            data = data.replace(entry, entries[1])
    with Image.open(io.BytesIO(data)) as image:
        stored = pixels(image)
    with Image.open(path) as image:
        upright = pixels(ImageOps.exif_transpose(image))
    return {"stored": stored} | ({} if upright == stored else {"upright": upright})


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    jpegs()
    pngs()
    webps()
    bmps()
    gifs()
    tiffs()
    animations()
    orientations()
    files = sorted(path for path in FOLDER.iterdir() if path.name not in NOT_READ)
    rows = [f"{json.dumps(path.name)}: {json.dumps(expected(path))}" for path in files]
    (FOLDER / "expected.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
