"""Exchanges WSQ streams between our codec (a program) and the package wsq, and compares pixels.

Usage: exchange.py PROGRAM EVERY
"""

import io
import json
import math
import os
import pathlib
import subprocess
import sys

import _wsq
import wsq  # noqa: F401  It teaches Pillow the format.
from PIL import Image

# The stranger's filters read beyond lines of less than six values, and a side is halved four times before they do so last.
SIDES = [(96, 96), (97, 101), (128, 160), (255, 256), (388, 374), (545, 622), (1000, 999)]


def ours(words, data):
    done = subprocess.run([sys.argv[1], *words], input=data, capture_output=True)
    if done.returncode:
        raise SystemExit(f"our codec: {done.stderr.decode().strip()}")
    return done.stdout


def pgm(image):
    return b"P5\n%d %d\n255\n" % image.size + image.tobytes()


def pixels(data):
    return Image.open(io.BytesIO(data)).convert("L").tobytes()


def ridges(width, height):
    """Ridges around the centre, nine pixels apart."""
    wave = [int(127 + 100 * math.sin(step * math.tau / 72)) for step in range(72)]
    distance = lambda x, y: int(8 * math.hypot(x - width / 2, 1.6 * (y - height / 2)))
    data = bytes(wave[distance(x, y) % 72] for y in range(height) for x in range(width))
    return Image.frombytes("L", (width, height), data)


def noise_ratio(a, b):
    squares = sum((p - q) ** 2 for p, q in zip(a, b))
    return 10 * math.log10(65025 * len(a) / max(squares, 1))


class Tally:
    """What was seen in one direction."""

    def __init__(self, name):
        self.name, self.images, self.bytes, self.most, self.differing, self.pixels = name, 0, 0, 0, 0, 0
        self.least = math.inf

    def add(self, original, size, a, b):
        if len(a) != len(b):
            raise SystemExit(f"{self.name}: another number of pixels")
        self.images += 1
        self.bytes += size
        self.pixels += len(a)
        self.least = min(self.least, noise_ratio(original, a))
        differences = [abs(p - q) for p, q in zip(a, b) if p != q]
        self.differing += len(differences)
        self.most = max([self.most, *differences])

    def line(self):
        return json.dumps({
            "direction": self.name, "images": self.images, "bytes": self.bytes, "psnr_least": round(self.least, 1),
            "pixels": self.pixels, "pixels_that_differ": self.differing, "difference_most": self.most,
        })


def main():
    images = [ridges(*sides) for sides in SIDES]
    shared = pathlib.Path(os.environ.get("VANDAN_SHARED", "../shared")) / "fingerprints/fvc2002"
    prints = sorted(shared.glob("*/*.tif"))[:: int(sys.argv[2])]
    if not prints:
        print("skipped: no ../shared")
    images += [Image.open(file).convert("L") for file in prints]
    tallies = {name: Tally(name) for name in ("ours-0.75-read-by-both", "ours-2.25-read-by-both", "theirs-read-by-both")}
    for image in images:
        original = image.tobytes()
        for rate in ("0.75", "2.25"):
            stream = ours(["encode", rate, "569"], pgm(image))
            if _wsq.decompress(stream)[1:] != (*image.size, 569):
                raise SystemExit("the stranger reads other sides or another resolution")
            read = pixels(ours(["decode"], stream))
            tallies[f"ours-{rate}-read-by-both"].add(original, len(stream), read, pixels(stream))
        file = io.BytesIO()
        image.save(file, "WSQ")
        read = pixels(ours(["decode"], file.getvalue()))
        tallies["theirs-read-by-both"].add(original, len(file.getvalue()), read, pixels(file.getvalue()))
    for tally in tallies.values():
        print(tally.line())
    if any(tally.most > 1 for tally in tallies.values()):
        raise SystemExit("FAILED: a pixel differs by more than one grey value")
    print("both codecs agree")


main()
