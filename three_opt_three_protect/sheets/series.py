"""A set of sheets from a plan database; on the main thread only, because layouts live there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Dict, List

from qgis.PyQt.QtCore import QCoreApplication

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.sheets.export import export_page
from three_opt_three_protect.sheets.plan import Plan, open_plan, township_name
from three_opt_three_protect.sheets.plotsheet import draw_plot_sheet, has_plots
from three_opt_three_protect.sheets.request import SheetRequest, SheetsDrawn
from three_opt_three_protect.sheets.settings import SheetSettings, load_settings

NOT_DRAWN = "sheet_not_in_this_version"
NO_PLOTS = "sheet_no_plots"
_PUBLIC = "_公示版"


def draw_sheets(plan: Path, folder: Path, request: SheetRequest, progress: Progress = SILENT) -> SheetsDrawn:
    """Draw the sheets of ``request`` from the plan database ``plan`` into ``folder``.

    The files appear when all sheets are finished; on error or cancel none does.  Qt is let breathe
    and cancel is asked for between sheets.

    Raises
    ------
    InputError, SchemaError, CrsError
        What is wrong with the plan, the request or the folder.
    Cancelled
        The user asked to stop.
    """
    settings = load_settings()
    done = SheetsDrawn()
    wanted = _by_title(request, settings, done)
    progress.step("drawing_sheets", 1.0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open_plan(plan, settings) as opened, tempfile.TemporaryDirectory(dir=folder, prefix=".sheets-") as draft:
            written: List[Path] = []
            for number, numbers in enumerate(wanted.values()):
                progress.check(number / len(wanted))
                written += _draw(opened, Path(draft), numbers, request, settings, done)
                QCoreApplication.processEvents()
            progress.check(1.0)
            done.files = [_put_in_place(path, folder) for path in written]
            done.warnings = [(message, dict(values)) for message, values in opened.warnings]
    except OSError as error:
        raise InputError("cannot_write", path=str(folder)) from error
    return done


def _by_title(request: SheetRequest, settings: SheetSettings, done: SheetsDrawn) -> Dict[str, List[int]]:
    """Title → numbers, for what can be drawn; the rest is skipped with the reason."""
    wanted: Dict[str, List[int]] = {}
    for number in request.numbers:
        if number in settings.sheets:
            wanted.setdefault(settings.sheets[number], []).append(number)
        else:
            done.skipped.append((number, NOT_DRAWN))
    # Asked for by one of its numbers, a combined sheet still bears all of them.
    return {title: [n for n, named in settings.sheets.items() if named == title] for title in wanted}


def _draw(
    plan: Plan, folder: Path, numbers: List[int], request: SheetRequest, settings: SheetSettings, done: SheetsDrawn
) -> List[Path]:
    if not has_plots(plan):
        done.skipped += [(number, NO_PLOTS) for number in numbers if number in request.numbers]
        return []
    page = draw_plot_sheet(plan, request, settings)
    done.count += 1
    name = file_name(plan, numbers, request, settings)
    return export_page(page.layout, folder, name, list(request.formats), request.internal)


def file_name(plan: Plan, numbers: List[int], request: SheetRequest, settings: SheetSettings) -> str:
    """×镇_09-10拆旧建新布局图, with _公示版 behind it in the public edition."""
    numbered = "-".join(f"{number:02d}" for number in numbers)
    name = f"{township_name(plan)}_{numbered}{settings.sheets[numbers[0]]}"
    return name + ("" if request.internal else _PUBLIC)


def _put_in_place(draft: Path, folder: Path) -> Path:
    target = folder / draft.name
    os.replace(draft, target)
    return target
