"""Build the gallery: ``python -m docs.gallery [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

from docs.gallery.build import build

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery")
checked = build(folder)
print(f"{folder / 'index.html'}: {checked:,} lines and cells verified")
