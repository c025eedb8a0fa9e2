"""What `make package` zips is what QGIS and its plugin repository accept."""

from __future__ import annotations

import configparser
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Dict, List

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

from three_opt_three_protect.storage.packages import SUPPORTED

ROOT = Path(__file__).resolve().parent.parent
NAME = "three_opt_three_protect"
ZIP = ROOT / "build" / f"{NAME}.zip"
MANDATORY = (
    ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")
    + ("icon", "hasProcessingProvider")
)  # fmt: skip


def run(script: str) -> None:
    """Run a script of the project."""
    subprocess.run([sys.executable, script], cwd=ROOT, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def names() -> List[str]:
    """Names in the zip, built afresh."""
    run("scripts/build.py")
    run("scripts/package.py")
    with zipfile.ZipFile(ZIP) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def unpacked(names: List[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as a user has it after installing."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(folder)
    return folder / NAME


def metadata() -> configparser.SectionProxy:
    """What QGIS reads about the plugin."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_has_every_mandatory_field() -> None:
    assert [field for field in MANDATORY if not metadata().get(field)] == []
    assert (metadata()["qgisMinimumVersion"], metadata()["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert metadata()["hasProcessingProvider"] == "yes"


def test_version_has_its_place_in_the_changelog() -> None:
    assert f"## {metadata()['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_zip_has_one_folder_with_everything(names: List[str]) -> None:
    assert {name.split("/")[0] for name in names} == {NAME}
    wanted = ("__init__.py", "metadata.txt", "LICENSE", "resources/messages/en.yaml", metadata()["icon"])
    assert [name for name in wanted if f"{NAME}/{name}" not in names] == []


def test_zip_has_nothing_the_repository_refuses(names: List[str]) -> None:
    assert [name for name in names if re.search(r"__pycache__|\.pyc$|/\.|\.(so|pyd|dll|exe)$", name)] == []
    assert ZIP.stat().st_size < 25 * 1024 * 1024


def test_same_files_give_the_same_zip(names: List[str]) -> None:
    first = ZIP.read_bytes()
    for path in (ROOT / "build" / "plugins" / NAME).glob("*.py"):
        path.touch()
    run("scripts/package.py")
    assert ZIP.read_bytes() == first


def test_resources_are_found_in_a_checkout_and_when_installed(unpacked: Path) -> None:
    code = f"from {NAME} import paths; print(paths.resource('messages', 'en.yaml').is_file(), paths.METADATA.is_file())"
    for home in (ROOT, unpacked.parent):
        done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, timeout=60)
        assert done.stdout.strip() == "True True", done.stderr


def test_no_security_finding(unpacked: Path) -> None:
    """Any finding blocks the upload, also those of low severity."""
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", "."],
        cwd=unpacked, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    report = json.loads(done.stdout)
    lines = [f"{found['filename']}:{found['line_number']}: {found['test_id']}" for found in report["results"]]
    assert lines == []


def test_no_secret_finding(unpacked: Path) -> None:
    """Long hexadecimal or base64 text is taken for a secret.

    Not by the command line, which needs shared memory that bare systems do not give.
    """
    assert secrets(unpacked) == []


def test_secrets_are_found(tmp_path: Path) -> None:
    (tmp_path / "key.py").write_text(f'KEY = "{hashlib.sha1(b"sysb").hexdigest()}"\n')
    assert secrets(tmp_path) == ["key.py:1"]


def secrets(folder: Path) -> List[str]:
    """File and line of everything that looks like a secret."""
    found = SecretsCollection()
    with default_settings():
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.scan_file(str(path))
    return [f"{Path(name).relative_to(folder)}:{entry.line_number}" for name, entry in found]


def pinned(path: str) -> Dict[str, str]:
    """Package → lowest version in a requirements file; the first line about a package counts."""
    text = (ROOT / path).read_text(encoding="utf-8")
    pairs = re.findall(r"^([\w-]+)[=>]=([\d.]+)", text, flags=re.MULTILINE)
    return {name.lower(): version for name, version in reversed(pairs)}


def test_lowest_versions_agree() -> None:
    """What is tested as lowest, what set-up asks for and what an algorithm asks for are the same."""
    lowest, asked = pinned("constraints-min.txt"), pinned("requirements.txt")
    assert set(lowest) == set(asked)
    promised = {name.lower(): spec for name, spec in SUPPORTED.items()}
    for table in (asked, {name: spec.lstrip(">=").split(",")[0] for name, spec in promised.items()}):
        assert {name for name, version in table.items() if not f"{lowest[name]}.".startswith(f"{version}.")} == set()
    assert set(promised) == set(lowest)
