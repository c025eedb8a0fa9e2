"""Zip ``build/plugins/three_opt_three_protect``; the same files give the same bytes."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "three_opt_three_protect"
SOURCE = ROOT / "build" / "plugins" / NAME
TARGET = ROOT / "build" / f"{NAME}.zip"
EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest a zip can say.
LIMIT = 25 * 1024 * 1024  # The plugin repository takes no larger upload.


def main() -> int:
    """Write the zip; 1 when the plugin repository would refuse its size."""
    files = sorted(path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(SOURCE.parent).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    content = TARGET.read_bytes()
    print(f"package: {TARGET.relative_to(ROOT)}, {len(files)} files, {len(content) / 1e6:.2f} MB")
    print(f"package: sha256 {hashlib.sha256(content).hexdigest()}")
    if len(content) > LIMIT:
        print("package: larger than the plugin repository takes (25 MB)", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
