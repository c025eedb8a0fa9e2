"""Render the guide to ``build/docs`` and fail when a link or a picture leads nowhere."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Iterator

import markdown
import rules_page

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "docs"
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;font-family:"Noto Sans CJK SC",sans-serif;line-height:1.6}}
img{{max-width:100%}} table{{border-collapse:collapse}} td,th{{border:1px solid #bbb;padding:.2rem .5rem}}
pre{{overflow:auto;background:#f4f4f4;padding:.6rem}}</style></head><body>
{body}
</body></html>
"""
LINK = re.compile(r"(?<!`)\]\(([^)#\s]+)[^)]*\)")


def main() -> int:
    """Write every page; 1 when a link is broken."""
    shutil.rmtree(TARGET, ignore_errors=True)
    rules_page.PAGE.write_text(rules_page.page(), encoding="utf-8")
    sources = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    broken = [line for source in sources for line in broken_links(source)]
    for source in sources:
        render(source)
    if (ROOT / "docs" / "images").is_dir():
        shutil.copytree(ROOT / "docs" / "images", TARGET / "docs" / "images", dirs_exist_ok=True)
    print("\n".join(broken) or f"docs: {len(sources)} pages in {TARGET.relative_to(ROOT)}, every link leads somewhere")
    return 1 if broken else 0


def broken_links(source: Path) -> Iterator[str]:
    """Links of a page to files that are not there."""
    for target in LINK.findall(source.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")) and not (source.parent / target).exists():
            yield f"docs: {source.relative_to(ROOT)}: no such file: {target}"


def render(source: Path) -> None:
    """One page; links between pages lead to the rendered ones."""
    text = re.sub(r"(\]\([^):\s]+)\.md([#)])", r"\1.html\2", source.read_text(encoding="utf-8"))
    title = next((line.lstrip("# ") for line in text.splitlines() if line.startswith("#")), source.stem)
    target = TARGET / source.relative_to(ROOT).with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    body = markdown.markdown(text, extensions=["tables", "fenced_code", "toc"])
    language = "zh-Hans" if ".zh" in source.suffixes else "en"
    target.write_text(PAGE.format(language=language, title=title, body=body), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
