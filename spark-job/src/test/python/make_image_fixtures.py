"""Writes the small images of the decoder's and the resampler's tests, with the pixels Pillow gives.

usage: make_image_fixtures.py RESOURCES [IMAGENET_SAMPLE]

RESOURCES is spark-job/src/test/resources/io/pare/io. For every image NAME it writes the raw red,
green, blue bytes of Image.open(NAME).convert("RGB") to NAME.rgb. IMAGENET_SAMPLE is a folder
val/SYNSET/*.JPEG; for its images the hashes of what torchvision feeds a network are listed.

Needs Pillow below 13, which resizes along the rows first, always.
"""

import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy
import PIL
from PIL import Image, ImageCms

assert int(PIL.__version__.split(".")[0]) < 13, PIL.__version__

WIDTH, HEIGHT = 21, 15
RANDOM = numpy.random.default_rng(20180710)


def picture(width=WIDTH, height=HEIGHT):
    """Gradients with a patch of noise, so that edges, smooth parts and clipping all occur."""
    y, x = numpy.mgrid[0:height, 0:width]
    pixels = numpy.stack(
        [x * 255 // (width - 1), y * 255 // (height - 1), (x * 7 + y * 13) % 256], axis=-1
    ).astype(numpy.uint8)
    rows, columns = slice(height // 3, 2 * height // 3), slice(width // 4, width // 2)
    pixels[rows, columns] = RANDOM.integers(0, 256, pixels[rows, columns].shape)
    return Image.fromarray(pixels)


def jpegs(folder):
    image = picture()
    image.save(folder / "rgb-420.jpg", quality=80)
    image.save(folder / "rgb-422.jpg", quality=80, subsampling=1)
    image.save(folder / "rgb-444.jpg", quality=90, subsampling=0)
    image.save(folder / "rgb-not-converted.jpg", quality=90, keep_rgb=True)
    image.save(folder / "progressive.jpg", quality=70, progressive=True)
    image.convert("L").save(folder / "gray.jpg")
    image.convert("CMYK").save(folder / "cmyk.jpg")
    exif = Image.Exif()
    exif[0x112] = 6
    image.save(folder / "exif-rotated.jpg", exif=exif)
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the date of its creation
    image.save(folder / "icc.jpg", icc_profile=bytes(profile))

    adobe = bytearray((folder / "cmyk.jpg").read_bytes())
    adobe[adobe.index(b"Adobe") + 11] = 2
    (folder / "ycck.jpg").write_bytes(adobe)
    jfif = (folder / "rgb-444.jpg").read_bytes()
    length = struct.unpack(">H", jfif[4:6])[0]
    (folder / "no-jfif.jpg").write_bytes(jfif[:2] + jfif[4 + length :])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(path, bits, color, samples, before=b""):
    """A PNG of noise, for the kinds that Pillow does not write."""
    row = (WIDTH * samples * bits + 7) // 8
    rows = b"".join(b"\0" + RANDOM.integers(0, 256, row, numpy.uint8).tobytes() for _ in range(9))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, 9, bits, color, 0, 0, 0))
        + before
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def pngs(folder):
    image = picture()
    image.save(folder / "rgb.png")
    image.convert("L").save(folder / "gray.png")
    image.convert("1").save(folder / "black-white.png")
    image.convert("LA").save(folder / "gray-alpha.png")
    transparent = image.convert("RGBA")
    transparent.putalpha(image.getchannel(0))
    transparent.save(folder / "rgb-alpha.png")
    image.quantize(16).save(folder / "palette-4-bits.png", bits=4)
    image.quantize(90).save(folder / "palette-alpha.png", transparency=bytes(range(90)))
    png(folder / "gray-2-bits.png", 2, 0, 1)
    png(folder / "gray-16-bits.png", 16, 0, 1)
    png(folder / "gray-alpha-16-bits.png", 16, 4, 2)
    png(folder / "rgb-16-bits.png", 16, 2, 3)
    png(folder / "rgb-alpha-16-bits.png", 16, 6, 4)
    png(folder / "gray-gamma.png", 8, 0, 1, chunk(b"gAMA", struct.pack(">I", 100000)))
    png(folder / "rgb-transparent.png", 8, 2, 3, chunk(b"tRNS", b"\0\1\0\2\0\3"))


def gifs(folder):
    frames = [picture().quantize(30), picture().rotate(180).quantize(30)]
    frames[0].save(folder / "palette.gif")
    frames[0].save(folder / "interlaced.gif", interlace=1)
    frames[0].save(
        folder / "animated.gif", save_all=True, append_images=frames[1:], transparency=3
    )
    moved = bytearray((folder / "palette.gif").read_bytes())
    moved[6:10] = struct.pack("<HH", WIDTH + 9, HEIGHT + 7)
    frame = moved.index(b",", 13 + 3 * (2 << (moved[10] & 7)))
    moved[frame + 1 : frame + 5] = struct.pack("<HH", 5, 4)
    (folder / "frame-inside-screen.gif").write_bytes(moved)


def bmp(path, bits, compression, height, masks=b""):
    rows = RANDOM.integers(0, 256, (WIDTH * bits + 31) // 32 * 4 * 9, numpy.uint8).tobytes()
    offset = 54 + len(masks)
    path.write_bytes(
        b"BM"
        + struct.pack("<IHHI", offset + len(rows), 0, 0, offset)
        + struct.pack(
            "<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(rows), 0, 0, 0, 0
        )
        + masks
        + rows
    )


def bmps(folder):
    image = picture()
    image.save(folder / "rgb.bmp")
    image.convert("L").save(folder / "gray.bmp")
    image.quantize(16).save(folder / "palette.bmp")
    bmp(folder / "rows-from-the-top.bmp", 24, 0, -9)
    bmp(folder / "16-bits-555.bmp", 16, 0, 9)
    bmp(folder / "16-bits-565.bmp", 16, 3, 9, struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    bmp(folder / "32-bits.bmp", 32, 0, 9)


def resized(folder):
    """Sizes and hashes of resize-source.png resized."""
    source = picture(61, 47)
    source.save(folder / "resize-source.png")
    with open(folder / "resized.tsv", "w") as listing:
        for filter in (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC):
            for size in [
                (61, 47), (30, 23), (20, 47), (61, 20), (7, 5), (1, 1),
                (60, 46), (62, 48), (122, 94), (150, 40), (25, 90), (199, 151),
            ]:  # fmt: skip
                digest = hashlib.sha256(source.resize(size, filter).tobytes()).hexdigest()
                print(*size, filter.name, digest, sep="\t", file=listing)


def torchvision(image, side, crop):
    """torchvision's Resize(side) and CenterCrop(crop), on images at least as large as the crop."""
    short, long = sorted(image.size)
    other = int(side * long / short)
    width, height = (side, other) if image.width <= image.height else (other, side)
    left, top = round((width - crop) / 2), round((height - crop) / 2)
    resized = image.resize((width, height), Image.BILINEAR)
    return resized.crop((left, top, left + crop, top + crop))


def sample(folder, imagenet):
    with open(folder / "imagenet-sample-val.tsv", "w") as listing:
        for path in sorted((imagenet / "val").glob("*/*.JPEG")):
            pixels = torchvision(Image.open(path).convert("RGB"), 256, 227).tobytes()
            digest = hashlib.sha256(pixels).hexdigest()[:16]
            print(path.relative_to(imagenet).as_posix(), digest, sep="\t", file=listing)


def main():
    folder = Path(sys.argv[1])
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for write in (jpegs, pngs, gifs, bmps):
        write(images)
    for path in sorted(images.iterdir()):
        if path.suffix != ".rgb":
            pixels = Image.open(path)
            header = struct.pack(">II", *pixels.size)
            path.with_name(path.name + ".rgb").write_bytes(header + pixels.convert("RGB").tobytes())
    resized(folder)
    if len(sys.argv) > 2:
        sample(folder, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
