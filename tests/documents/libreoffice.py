"""LibreOffice, where it is installed, with the fonts that our PDF was set in: else it counts the pages of another face."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from transforms.documents.docx_base import FACES, LATIN
from transforms.documents.fonts import SERIF, WHEEL, WHEEL_FAMILY

CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{aliases}</fontconfig>"""
ALIAS = """<match target="pattern"><test name="family"><string>{face}</string></test>
<edit name="family" mode="assign" binding="same"><string>{family}</string></edit></match>"""


def convert_to_pdf(files: Iterable[Path], folder: Path) -> Path:
    """Let LibreOffice write each file as PDF; return the folder they are in. Skips the test where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui)")
    faces = {face: WHEEL_FAMILY.get(role, SERIF) for role, face in FACES.items()} | {LATIN: SERIF}
    config = folder / "fonts.conf"
    config.write_text(CONFIG.format(fonts=WHEEL, cache=folder / "fonts", aliases="".join(
        ALIAS.format(face=face, family=family) for face, family in faces.items())), encoding="utf-8")  # fmt: skip
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir",
               str(folder / "out"), *map(str, files)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "FONTCONFIG_FILE": str(config)})
    return folder / "out"
