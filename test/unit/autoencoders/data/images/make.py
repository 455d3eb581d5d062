"""Makes the images of this folder and, in expected.json, the pixels that Pillow 13 reads from them.

python3 -m venv venv && venv/bin/pip install pillow==13.0.0 numpy pypng && venv/bin/python make.py
"""
import json

import numpy as np
import png
from PIL import Image, ImageOps

y, x = np.mgrid[0:12, 0:16]
colour = np.stack([128 + 100 * np.sin(x / 3 + c) * np.cos(y / 2) for c in range(3)], -1).clip(0, 255).astype("uint8")
grey = colour[..., 0]
picture = Image.fromarray(colour)
expected = {}


def keep(name, read=lambda image: image.convert("RGB"), full=255):
    """What Pillow reads, as it is to be seen."""
    image = read(ImageOps.exif_transpose(Image.open(name)))
    pixels = np.asarray(image)
    expected[name] = {"shape": list(pixels.shape), "full": full, "pixels": pixels.ravel().tolist()}


picture.save("plain.jpg", quality=95, subsampling=0)
picture.save("halved-colour.jpg", quality=90, subsampling=2)
picture.save("progressive.jpg", quality=90, progressive=True)
picture.convert("CMYK").save("cmyk.jpg", quality=95)
for name in ["plain.jpg", "halved-colour.jpg", "progressive.jpg", "cmyk.jpg"]:
    keep(name)
Image.fromarray(grey).save("grey.jpg", quality=90)
keep("grey.jpg", lambda image: image.convert("L"))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(f"turned-{orientation}.jpg", quality=95, subsampling=0, exif=exif)
    keep(f"turned-{orientation}.jpg")
picture.save("turned.png", exif=exif)
keep("turned.png")

picture.save("filtered.png", optimize=True)
keep("filtered.png")
picture.quantize(16).save("palette-4.png", bits=4)
picture.quantize(200).save("palette-8.png")
picture.convert("RGBA").save("alpha.png")
Image.fromarray(grey).convert("LA").save("grey-alpha.png")
for name in ["palette-4.png", "palette-8.png", "alpha.png"]:
    keep(name)
keep("grey-alpha.png", lambda image: image.convert("L"))
Image.fromarray(grey > 128).save("bits.png")
keep("bits.png", lambda image: image.convert("L"))
deep = (x * 4000 + y * 17).astype("uint16")
Image.fromarray(deep).save("deep.png")
keep("deep.png", lambda image: image, full=65535)


def interlaced(name, depth, mode, values, planes):
    writer = png.Writer(16, 12, greyscale=mode == "grey", bitdepth=depth, interlace=True)
    with open(name, "wb") as file:
        writer.write_array(file, values.ravel().tolist())


interlaced("interlaced.png", 8, "colour", colour, 3)
keep("interlaced.png")
interlaced("interlaced-2.png", 2, "grey", grey >> 6, 1)
keep("interlaced-2.png", lambda image: image.convert("L"))
interlaced("interlaced-16.png", 16, "grey", deep, 1)
keep("interlaced-16.png", lambda image: image, full=65535)

with open("expected.json", "w") as file:
    json.dump(expected, file, separators=(",", ":"))
