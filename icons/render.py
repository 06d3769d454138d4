#!/usr/bin/env python3
"""Draws every icon file from the SVG sources beside this script. Needs rsvg-convert and ImageMagick's convert.

The files are committed, so that a build needs neither; run this after changing an SVG.
"""

import struct
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# what Windows asks for, and what an .icns holds: type code and edge in pixels
ICO_SIZES = [16, 24, 32, 48, 64, 256]
ICNS_TYPES = [("icp4", 16), ("ic11", 32), ("ic12", 64), ("ic07", 128), ("ic13", 256), ("ic08", 256), ("ic09", 512)]


def png(source: Path, edge: int, target: Path) -> Path:
    subprocess.run(
        ["rsvg-convert", "--width", str(edge), "--height", str(edge), str(source), "--output", str(target)], check=True
    )
    return target


def main() -> None:
    icon = HERE / "icon.svg"
    for name, edge in [("32x32.png", 32), ("128x128.png", 128), ("128x128@2x.png", 256), ("icon.png", 512)]:
        png(icon, edge, HERE / name)
    for tray in ["tray", "tray-paused", "tray-attention"]:
        png(HERE / f"{tray}.svg", 32, HERE / f"{tray}.png")
    with tempfile.TemporaryDirectory() as folder:
        layers = [str(png(icon, edge, Path(folder) / f"{edge}.png")) for edge in ICO_SIZES]
        subprocess.run(["convert", *layers, str(HERE / "icon.ico")], check=True)
        body = b""
        for code, edge in ICNS_TYPES:
            data = png(icon, edge, Path(folder) / f"icns-{edge}.png").read_bytes()
            body += code.encode() + struct.pack(">I", len(data) + 8) + data
        (HERE / "icon.icns").write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)


if __name__ == "__main__":
    main()
