"""The command line: ``python -m three_opt_three_protect COMMAND``.

Exit codes: 0 done and no rule failed, 1 done and a rule failed, 2 input or usage error,
3 fault of the program, 130 cancelled. What went wrong is one line on stderr.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Callable, ContextManager, Dict, NoReturn, Optional, Sequence, Union

from three_opt_three_protect.core.errors import Cancelled, InputError, MissingPackageError, PlanningError

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.plans.controls import ControlSources
    from three_opt_three_protect.plans.files import Options, Survey

DONE, RULE_FAILED, INPUT_ERROR, FAULT, CANCELLED = 0, 1, 2, 3, 130

PROGRAM = "three_opt_three_protect"

_TRACEBACK = "SYSB_TRACEBACK"
"""Environment variable: show where a fault of the program happened."""

Command = Callable[[argparse.Namespace], int]

_SOLD_AS = {"yaml": "PyYAML", "docx": "python-docx"}
"""Module → package, where the names differ."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line instead of argparse's several."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message} ({self.prog} --help)")
        raise SystemExit(INPUT_ERROR)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and give its exit code; ``arguments`` default to the process's own."""
    language = _system_language()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no large matrices here, and starting threads costs 0.3 s
    os.environ.setdefault("CPL_LOG", os.devnull)  # GDAL's own words come before the one line that says what to do
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console of another code page must not end the run
    try:
        chosen = _parser().parse_args(arguments)
        language = chosen.language or language
        run: Command = chosen.run
        with _notes_printed(language):
            return run(chosen)
    except SystemExit as stop:  # argparse: --help, or a usage error already said
        return int(stop.code or DONE)
    except (KeyboardInterrupt, Cancelled):
        return CANCELLED
    except PlanningError as error:
        _complain(_sentence(error, language))
        return INPUT_ERROR
    except Exception as error:  # the one place where everything ends: a fault must not print a page
        if os.environ.get(_TRACEBACK):
            raise
        return _give_up(error, language)


def _notes_printed(language: str) -> ContextManager[None]:
    """What readers found about a file's text stands among the findings."""
    from three_opt_three_protect.storage.told import heard

    return heard(lambda message_id, values: print(f"info\t{_sentence(PlanningError(message_id, **values), language)}"))


def _give_up(error: Exception, language: str) -> int:
    """Say in one line that a package is missing or that the program is at fault."""
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith(PROGRAM):
        module = error.name.partition(".")[0]
        _complain(_sentence(MissingPackageError("package_missing", package=_SOLD_AS.get(module, module)), language))
        return INPUT_ERROR
    what = f"{type(error).__name__}: {error}"
    _complain(_sentence(PlanningError("program_fault", what=what[:90], variable=_TRACEBACK), language))
    return FAULT


def _parser() -> _Parser:
    parser = _Parser(prog=PROGRAM, description="Special plans of township land (三优三保), without QGIS.")
    parser.add_argument("--language", choices=("en", "zh"), help="of messages; default: the system's")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_sample(commands)
    _add_overlay(commands)
    _add_plan(commands)
    _add_doctor(commands)
    return parser


def _add(commands: argparse._SubParsersAction[_Parser], name: str, run: Command, about: str) -> _Parser:
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def _add_sample(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(commands, "sample", _sample, "Draw the sample township and write its plan database.")
    parser.add_argument("output", metavar="OUT.gpkg")
    parser.add_argument("--seed", type=int, default=1, help="another number, another township (default 1)")
    parser.add_argument("--parcels", type=int, default=8000, help="about so many parcels (default 8000)")
    parser.add_argument("--years", type=int, choices=(1, 2), default=2, help="survey years (default 2)")
    parser.add_argument("--defects", type=int, choices=(0, 1), default=0, help="1 = plant the set of defects")


def _sample(chosen: argparse.Namespace) -> int:
    from three_opt_three_protect.core.sample import draw_township
    from three_opt_three_protect.storage.geopackage import require_target
    from three_opt_three_protect.storage.plandb import write_plan

    require_target(chosen.output)
    _require_number("--seed", chosen.seed, 0, 2**63 - 1)
    township = draw_township(seed=chosen.seed, parcels=chosen.parcels, years=chosen.years, defects=chosen.defects)
    made_with = {name: str(getattr(chosen, name)) for name in ("seed", "parcels", "years", "defects")}
    meta = {"created": _now(), "program": _version(), **{f"sample.{key}": value for key, value in made_with.items()}}
    write_plan(chosen.output, township, meta)
    for role, table in township.items():
        print(f"{role}\t{len(table)}")
    return DONE


_FIELD_OPTIONS = {
    "parcel_id": "--id-field",
    "class_code": "--class-field",
    "unit_code": "--unit-field",
    "area": "--area-field",
    "deduct_rate": "--deduct-field",
}
"""Role field of the parcels → option that names the source's field."""


def _add_overlay(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(commands, "overlay", _overlay, "Cut parcels along lines; pieces with official areas that close.")
    parser.add_argument("parcels", metavar="PARCELS", help="file, or file|layername=name")
    parser.add_argument("output", metavar="OUT.gpkg")
    for role in ("farmland", "boundary", "redline"):
        parser.add_argument(f"--{role}", metavar="LAYER")
    parser.add_argument("--zones", metavar="LAYER", action="append", default=[], help="may be given several times")
    about = "write only the table of sums, not the cut parcels; faster, and a small file"
    parser.add_argument("--no-pieces", action="store_true", help=about)
    about = "classification of the land codes: an id or a .csv table; default: found out from the codes"
    parser.add_argument("--class-system", metavar="SYSTEM", help=about)
    for role_field, option in _FIELD_OPTIONS.items():
        about = "default: class and village by standard names, the others not at all"
        parser.add_argument(option, dest=role_field, metavar="FIELD", help=about)
    _add_controls(parser)
    _add_measuring(parser)


def _add_controls(parser: _Parser) -> None:
    about = "layer or table of villages with control areas; parcels belong to them by their codes"
    parser.add_argument("--villages", metavar="LAYER", help=about)
    about = "village code, 12 digits count; default: by standard names"
    parser.add_argument("--village-code-field", metavar="FIELD", help=about)
    parser.add_argument("--village-area-field", metavar="FIELD", help="control area, m²; default: DCMJ, else KZMJ")
    about = "control area of all parcels together, m²"
    parser.add_argument("--township-area", type=float, metavar="M2", help=about)
    parser.add_argument("--line-features", metavar="LAYER", help="line features of the second survey (XZDW)")
    parser.add_argument("--point-features", metavar="LAYER", help="point features of the second survey (LXDW)")
    about = "ridges of the second survey are taken of what lines and points leave (net), or of the whole area (gross)"
    parser.add_argument("--tk-base", choices=("net", "gross"), default="net", help=about)


def _controls(chosen: argparse.Namespace) -> ControlSources:
    from three_opt_three_protect.plans.controls import ControlSources
    from three_opt_three_protect.plans.files import read_source
    from three_opt_three_protect.plans.inputs import Source

    fields = {"unit_code": chosen.village_code_field, "control_area": chosen.village_area_field}
    named = {name: value for name, value in fields.items() if value}

    def source(given: Optional[str], role: str, named: Dict[str, str]) -> Optional[Source]:
        return Source(read_source(given, role, named), named) if given else None

    return ControlSources(
        source(chosen.villages, "villages", named),
        chosen.township_area,
        source(chosen.line_features, "lines", {}),
        source(chosen.point_features, "points", {}),
        chosen.tk_base,
    )


def _add_measuring(parser: _Parser) -> None:
    parser.add_argument("--profile", default="suzhou-2014", help="id or file of a policy profile (suzhou-2014)")
    parser.add_argument(
        "--area-method", type=int, choices=(0, 1, 2), default=0, help="0 official strip formula, 1 geodesic, 2 planar"
    )
    parser.add_argument("--tolerance", type=float, default=0.001, help="snapping to parcels, m (0.001); 0 = off")
    about = "your own 4 or 7 parameters and the datums they lead from and to (YAML), for layers on another datum"
    parser.add_argument("--datum-shift", metavar="FILE", type=Path, help=about)


def _options(chosen: argparse.Namespace) -> Options:
    from three_opt_three_protect.core.measure import AreaMethod
    from three_opt_three_protect.plans.files import Options
    from three_opt_three_protect.storage.datumshift import read_shift
    from three_opt_three_protect.storage.profiles import load_profile

    _require_number("--tolerance", chosen.tolerance, 0, 1)
    shift = read_shift(chosen.datum_shift) if chosen.datum_shift else None
    return Options(load_profile(chosen.profile), AreaMethod(chosen.area_method), chosen.tolerance, shift)


def _require_number(option: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InputError("bad_number", option=option, value=str(value), least=least, most=most)


def _require_date(option: str, value: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(value or "2026-01-05")
    except ValueError:
        raise InputError("bad_date", option=option, value=value) from None


def _overlay(chosen: argparse.Namespace) -> int:
    from three_opt_three_protect.core.parcels import IMPOSSIBLE_M2, LEAST_M2
    from three_opt_three_protect.plans.controls import fields_wanted
    from three_opt_three_protect.plans.files import overlay_layers, read_source
    from three_opt_three_protect.plans.inputs import GUESSED
    from three_opt_three_protect.plans.outputs import control_table, piece_layer, piece_summary
    from three_opt_three_protect.storage.catalogue import load_class_system
    from three_opt_three_protect.storage.geopackage import write_layers

    lines = {role: getattr(chosen, role) for role in ("farmland", "boundary", "redline") if getattr(chosen, role)}
    features = [source for source in (chosen.line_features, chosen.point_features) if source]
    villages = [chosen.villages] if chosen.villages else []
    _require_output(chosen.output, [chosen.parcels, *lines.values(), *chosen.zones, *features, *villages])
    options = _options(chosen)
    if chosen.township_area is not None:
        _require_number("--township-area", chosen.township_area, LEAST_M2, IMPOSSIBLE_M2)
    system = load_class_system(chosen.class_system) if chosen.class_system else None
    others = [read_source(source, "zones") for source in chosen.zones]
    fields = {name: getattr(chosen, name) for name in _FIELD_OPTIONS if getattr(chosen, name)}
    # Quality grades count in a balance, not here.
    guess = GUESSED - {"grade"} | fields_wanted(bool(villages), bool(features))
    survey = overlay_layers(
        read_source(chosen.parcels, "parcels", fields, guess),
        {role: read_source(source, role) for role, source in lines.items()},
        others,
        fields,
        options,
        guess,
        system,
        controls=_controls(chosen),
    )
    fids = [table.fid for table in others]
    results = {} if chosen.no_pieces else {"pieces": piece_layer(survey.base, fids)}
    results["summary"] = piece_summary(survey.base, fids)
    if survey.base.report.closings:
        results["controls"] = control_table(survey.base.report)
    write_layers(chosen.output, results)
    _print_survey(survey, chosen)
    return DONE


def _print_survey(survey: Survey, chosen: argparse.Namespace) -> None:
    inputs, base = survey.inputs, survey.base
    for role_field in _FIELD_OPTIONS:
        print(f"field\t{role_field}\t{inputs.mapping.get(role_field, '–')}")
    _print_findings((*inputs.findings, *base.report.findings), chosen)
    print(f"PARCELS\t{base.parcel_count}")
    print(f"PIECES\t{len(base.area)}")
    print(f"TOTAL_M2\t{int(base.area.sum()) / 100:.2f}")
    square = base.spec.crs.metres_per_unit**2
    print(f"CLOSURE_M2\t{base.measured.pieces.closure * square:.6f}")
    print(f"OVERLAP_M2\t{max(float(base.measured.pieces.overlap.sum()) * square, 0.0):.2f}")
    print(f"PARCEL_OVERLAP_M2\t{inputs.parcel_overlap_m2:.2f}")
    print(f"ADJUSTED_M2\t{base.adjusted_m2:.2f}")
    if base.report.control_m2 is not None:
        print(f"CONTROL_M2\t{base.report.control_m2:.2f}")
    print(f"REPAIRED\t{inputs.repaired}")
    print(f"DROPPED\t{base.left_out}")
    print(f"UNKNOWN_CODES\t{'–' if inputs.parcels.unknown_codes is None else inputs.parcels.unknown_codes}")


def _print_findings(findings: Sequence[Finding], chosen: argparse.Namespace) -> None:
    words = _words(chosen)
    for finding in findings:
        print(f"{finding.severity}\t{words(finding.id, **finding.values)}")


def _require_output(output: Union[str, Path], inputs: Sequence[str]) -> None:
    """Refuse before the work what cannot be written or would replace an input."""
    from three_opt_three_protect.storage.geopackage import require_target
    from three_opt_three_protect.storage.vectorfile import split_source

    require_target(output)
    for source in inputs:
        if split_source(source)[0].resolve() == Path(output).resolve():
            file = split_source(source)[0].name
            raise InputError("output_is_input", output=Path(output).name, file=file, input=source)


def _add_plan(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(commands, "plan", _plan, "Balance a plan database; exit code 1 when a rule fails.")
    parser.add_argument("plan", metavar="PLAN.gpkg")
    about = "made when it is not there; gets plan.gpkg with accounts and verdicts, and accounts.xlsx"
    parser.add_argument("--output", metavar="FOLDER", required=True, help=about)
    parser.add_argument("--as-of", default="", metavar="DATE", help="ISO date; default: the whole plan")
    _add_measuring(parser)


def _plan(chosen: argparse.Namespace) -> int:
    from three_opt_three_protect.plans.files import balance_plan
    from three_opt_three_protect.plans.outputs import account_table, evidence_table, verdict_table
    from three_opt_three_protect.plans.workbook import Origin, write_accounts
    from three_opt_three_protect.storage.digest import digest
    from three_opt_three_protect.storage.plandb import hash_inputs, read_plan, write_plan

    _require_date("--as-of", chosen.as_of)
    options = _options(chosen)
    target = Path(chosen.output) / "plan.gpkg"
    layers, meta = read_plan(chosen.plan)
    _make_folder(target.parent)
    _require_output(target, [chosen.plan])
    _require_output(target.with_name("accounts.xlsx"), [chosen.plan])
    survey, held = balance_plan(layers, options, chosen.as_of)
    results = {"accounts": account_table(held), "verdicts": verdict_table(held, _words(chosen))}
    results["evidence"] = evidence_table(held)
    made_with = {"created": _now(), "program": _version(), "profile": chosen.profile, "as_of": chosen.as_of}
    measured = {"area_method": str(chosen.area_method), "tolerance": str(chosen.tolerance)}
    if options.shift is not None:
        measured["datum_shift"] = options.shift.written
    facts = {"time": made_with["created"], "plugin": made_with["program"], "profile": chosen.profile, **measured}
    origin = Origin(
        made_with["created"][:10], tuple(facts.items()), layers, {role: digest(table) for role, table in layers.items()}
    )
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=target.parent) as drafts:
        # The workbook waits until the plan stands: both appear or neither.
        workbook = Path(drafts) / "accounts.xlsx"
        write_accounts(workbook, held, survey.inputs, survey.inputs.profile, origin, _words(chosen))
        meta = {**meta, **made_with, **measured, **hash_inputs({"plan": chosen.plan})}
        write_plan(target, {**layers, **results}, meta)
        os.replace(workbook, target.with_name("accounts.xlsx"))
    _print_survey(survey, chosen)
    _print_findings(held.findings, chosen)
    for verdict in held.verdicts:
        margin = "" if verdict.margin is None else f"{verdict.margin:.2f}"
        print(f"{verdict.result}\t{verdict.rule}\t{verdict.unit_code}\t{margin}\t{verdict.unit}")
    print(f"BALANCED\t{int(held.balanced)}")
    return RULE_FAILED if held.count("fail") else DONE


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("cannot_write", path=str(folder)) from error


def _words(chosen: argparse.Namespace) -> Callable[..., str]:
    from three_opt_three_protect.storage.messages import Messages

    return Messages(chosen.language or _system_language()).text


def _add_doctor(commands: argparse._SubParsersAction[_Parser]) -> None:
    _add(commands, "doctor", _doctor, "Say what this computer has and what is missing.")


def _doctor(chosen: argparse.Namespace) -> int:
    import platform
    from importlib.util import find_spec

    from three_opt_three_protect.storage.packages import SUPPORTED, is_supported, requirement

    language = chosen.language or _system_language()
    print(f"{PROGRAM}\t{_version()}")
    print(f"Python\t{platform.python_version()}\t{sys.executable}")
    print(f"system\t{platform.platform()}")
    print(f"memory\t{_memory()}")
    print(f"QGIS\t{'–' if find_spec('qgis') is None else 'importable'}")
    versions = _package_versions()
    for name, version in versions.items():
        print(f"{name}\t{version or '–'}\t{SUPPORTED[name]}")
    lacking = [name for name, version in versions.items() if not is_supported(name, version)]
    for name in lacking:
        # in quotes, or a shell takes > for a redirection
        wanted = f'"{requirement(name)}"'
        print(_sentence(MissingPackageError("package_missing", package=wanted), language))
    return RULE_FAILED if lacking else DONE


def _package_versions() -> Dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    from three_opt_three_protect.storage.packages import SUPPORTED

    found = {}
    for name in SUPPORTED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return "–"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1024**3:.1f} GiB"


def _version() -> str:
    import configparser

    from three_opt_three_protect.paths import METADATA

    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(METADATA, encoding="utf-8")
    return metadata.get("general", "version", fallback="?")


def _now() -> str:
    from datetime import datetime, timezone

    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _system_language() -> str:
    stated = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return "zh" if stated.lower().startswith("zh") else "en"


def _sentence(error: PlanningError, language: str) -> str:
    try:
        from three_opt_three_protect.storage.messages import Messages

        return Messages(language).text(error)
    except (ModuleNotFoundError, PlanningError):  # no PyYAML or no message file: the error itself counts
        return str(error)


def _complain(line: str) -> None:
    print(f"{PROGRAM}: {' '.join(line.split())}", file=sys.stderr)


if __name__ == "__main__":
    gc.disable()  # the run ends soon: looking for cycles among a million rows would take a tenth of it
    sys.exit(main())
