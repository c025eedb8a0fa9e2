"""What each indicator counts: by comparison in pairs (AHP), by entropy, or both.

Sources: 07-potential 7.4; T. L. Saaty, The Analytic Hierarchy Process (eigenvector, consistency ratio).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.rules import Profile

Floats = NDArray[np.float64]

AHP, ENTROPY, COMBINED, TOPSIS = "ahp", "entropy", "combined", "topsis"
METHODS = (AHP, ENTROPY, COMBINED, TOPSIS)
"""Ways to weigh and to add up; ``topsis`` weighs as ``ahp`` does."""

RECIPROCAL = 1e-6
"""How far a judgement times the opposite one may be from 1."""

SUMS_TO_ONE = 1e-9
"""Stated weights whose sum is nearer to 1 are taken as they are."""


@dataclass(frozen=True)
class Indicator:
    """One line of ``resources/potential/indicators.csv``.

    Attributes
    ----------
    rises
        The score rises with the value.
    weight
        Where nobody states another; all of them add up to 1.
    needs
        Role or fact without which it is unknown, ``""`` = parcels will do.
    title
        Language (``zh``, ``en``) → name.
    """

    id: str
    dimension: str
    rises: bool
    weight: float
    unit: str
    needs: str
    basis: str
    status: str
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """What people say the indicators count.

    Attributes
    ----------
    weight
        Indicator → weight, adding up to 1; an indicator that is not there counts nothing.
    ratio
        Consistency ratio (CR) of the comparisons behind them, None where nothing was compared.
    """

    weight: Mapping[str, float]
    ratio: Optional[float] = None
    findings: Tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Weights:
    """Weights of the indicators that are known, ``(k,)`` each.

    Attributes
    ----------
    weight
        Used for the score, adding up to 1.
    judged, entropy
        By people's judgement and by entropy, each adding up to 1.
    """

    ids: Tuple[str, ...]
    weight: Floats
    judged: Floats
    entropy: Floats
    findings: Tuple[Finding, ...] = ()


def default_judgement(indicators: Sequence[Indicator]) -> Judgement:
    """The weights of the indicator list."""
    total = sum(each.weight for each in indicators)
    said = Finding("potential_default_weights", INFO, "", {"count": len(indicators)})
    return Judgement({each.id: each.weight / total for each in indicators}, findings=(said,))


def stated_judgement(weights: Mapping[str, float], layer: str) -> Judgement:
    """Weights as stated, brought to the sum 1.

    Parameters
    ----------
    weights
        Indicator → weight ≥ 0, not all 0.
    layer
        Name of the table, for messages.

    Raises
    ------
    InputError
        ``weight_negative``, ``weights_all_zero``.
    """
    for name, weight in weights.items():
        if not (weight >= 0 and np.isfinite(weight)):
            raise InputError("weight_negative", layer=layer, indicator=name, value=_written(weight))
    largest = max(weights.values(), default=0.0)
    if largest <= 0:
        raise InputError("weights_all_zero", layer=layer)
    # A sum of huge numbers is no number.
    shares = {name: weight / largest for name, weight in weights.items()}
    total, parts = float(sum(weights.values())), sum(shares.values())
    found: List[Finding] = []
    if abs(total - 1) > SUMS_TO_ONE:
        found.append(Finding("weights_normalised", WARNING, layer, {"layer": layer, "sum": round(total, 6)}))
    return Judgement({name: share / parts for name, share in shares.items()}, findings=tuple(found))


def compared_judgement(ids: Sequence[str], matrix: Floats, profile: Profile, layer: str) -> Judgement:
    """Weights from comparisons in pairs: the principal eigenvector of the matrix.

    Parameters
    ----------
    ids
        ``(n,)`` indicators in the order of rows and columns.
    matrix
        ``(n, n)``: how many times as important the row is as the column, see :func:`reciprocal`.
    profile
        Has ``random_index`` (RI by n) and ``consistency_limit``.
    layer
        Name of the table, for messages.

    Raises
    ------
    InputError
        ``pairwise_…``: what is wrong with which entry; ``pairwise_inconsistent`` when CR reaches the limit.

    Examples
    --------
    With two indicators, the first three times as important: weights ¾ and ¼, CR 0.
    """
    full = reciprocal(ids, matrix, layer)
    count = len(ids)
    chance = profile.number_of("random_index")
    most = max((int(size) for size in chance), default=2)
    if count > most:
        raise InputError("pairwise_too_large", layer=layer, count=count, most=most)
    largest, weight = _principal(full)
    # One or two indicators cannot contradict each other.
    ratio = 0.0 if count < 3 else max(0.0, (largest - count) / (count - 1)) / chance[str(count)]
    limit = profile.number("consistency_limit")
    if ratio >= limit:
        row, column, fits = least_fitting(full)
        raise InputError(
            "pairwise_inconsistent",
            layer=layer,
            ratio=round(ratio, 3),
            limit=limit,
            first=ids[row],
            second=ids[column],
            value=_written(full[row, column]),
            fits=_written(fits),
        )
    return Judgement(dict(zip(ids, weight.tolist())), float(ratio))


def reciprocal(ids: Sequence[str], matrix: Floats, layer: str) -> Floats:
    """The whole matrix; what is missing on one side of the diagonal is 1 over the other side.

    Parameters
    ----------
    matrix
        ``(n, n)`` > 0, NaN = left empty.

    Raises
    ------
    InputError
        ``pairwise_not_square``, ``pairwise_missing``, ``pairwise_not_positive``, ``pairwise_not_reciprocal``.
    """
    if matrix.ndim != 2 or matrix.shape != (len(ids), len(ids)) or not len(ids):
        columns = matrix.shape[1] if matrix.ndim == 2 else 0
        raise InputError("pairwise_not_square", layer=layer, rows=len(matrix), columns=columns)
    full = np.asarray(matrix, dtype=np.float64).copy()
    full[np.isnan(full) & np.eye(len(ids), dtype=np.bool_)] = 1.0
    _require(~(full <= 0) & ~np.isinf(full), "pairwise_not_positive", ids, full, layer)
    full = np.where(np.isnan(full), 1.0 / full.T, full)
    _require(~np.isnan(full), "pairwise_missing", ids, full, layer)
    _require(np.abs(full * full.T - 1.0) <= RECIPROCAL, "pairwise_not_reciprocal", ids, full, layer)
    return full


def _require(right: NDArray[np.bool_], message_id: str, ids: Sequence[str], matrix: Floats, layer: str) -> None:
    """Raise for the first entry that is not right."""
    wrong = np.argwhere(~right)
    if not len(wrong):
        return
    row, column = (int(place) for place in wrong[0])
    values: Dict[str, Value] = {"layer": layer, "first": ids[row], "second": ids[column]}
    if message_id != "pairwise_missing":
        values["value"] = _written(matrix[row, column])
    if message_id == "pairwise_not_reciprocal":
        values["other"] = _written(matrix[column, row])
    raise InputError(message_id, **values)


def _principal(matrix: Floats) -> Tuple[float, Floats]:
    """Largest eigenvalue and its vector, adding up to 1: both real and positive for a positive matrix (Perron)."""
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    return float(values[largest].real), np.asarray(vector / vector.sum())


def least_fitting(matrix: Floats) -> Tuple[int, int, float]:
    """The comparison that disagrees most with all the others, and what would agree with them.

    What the others say of (i, j) is the geometric mean of a_ik · a_kj over every third k: the entry itself has
    no part in it, so that with three indicators it is exactly the consistent value.

    Returns
    -------
    tuple
        Row < column, and the value that fits.
    """
    count = len(matrix)
    logarithm = np.log(matrix)
    # Σ over all k of log a_ik + log a_kj; the terms k = i and k = j are log a_ij each.
    through = logarithm.sum(axis=1)[:, None] + logarithm.sum(axis=0)[None, :] - 2.0 * logarithm
    fits = through / max(count - 2, 1)
    off = np.where(np.triu(np.ones_like(matrix, dtype=np.bool_), 1), np.abs(logarithm - fits), -1.0)
    row, column = (int(place) for place in np.unravel_index(int(np.argmax(off)), off.shape))
    return row, column, float(np.exp(fits[row, column]))


def _written(value: float) -> str:
    """As the scale of comparisons writes it: 3 or 1/3."""
    if np.isnan(value):
        return "–"
    whole = value if value >= 1 or value <= 0 else 1.0 / value
    text = f"{whole:.2f}".rstrip("0").rstrip(".")
    return text if value >= 1 or value <= 0 else f"1/{text}"


def entropy_weights(normal: Floats) -> Tuple[Floats, bool]:
    """Weights by how much an indicator tells candidates apart.

    p = x/Σx, e = −Σ p ln p / ln n with 0 ln 0 = 0, w = (1 − e)/Σ(1 − e) (07-potential 7.4).

    Parameters
    ----------
    normal
        ``(n, k)`` values 0–1, none missing.

    Returns
    -------
    ndarray
        ``(k,)`` adding up to 1; a constant column has 0.
    bool
        False where no column tells anything apart: all weigh the same.
    """
    count, columns = normal.shape
    varies = np.zeros(columns, dtype=np.bool_) if count < 2 else normal.max(axis=0) > normal.min(axis=0)
    if not varies.any():
        return np.full(columns, 1.0 / max(columns, 1)), False
    part = normal[:, varies] / normal[:, varies].sum(axis=0)
    disorder = -(part * np.log(np.where(part > 0, part, 1.0))).sum(axis=0) / np.log(count)
    tells = np.zeros(columns)
    tells[varies] = np.maximum(1.0 - disorder, 0.0)
    if not tells.sum() > 0:
        return np.full(columns, 1.0 / columns), False
    return tells / tells.sum(), True


def weigh(ids: Sequence[str], normal: Floats, judgement: Judgement, method: str, blend: float) -> Weights:
    """Weights of the indicators ``ids`` by ``method``.

    Parameters
    ----------
    ids
        ``(k,)`` the indicators that are known; what others would have counted is dealt out in proportion.
    normal
        ``(n, k)`` values 0–1, none missing.
    blend
        Share of the judgement in ``combined``, 0–1; entropy has the rest.

    Raises
    ------
    InputError
        ``weights_on_nothing``: all weight lies on indicators whose data is missing.
    """
    judged = np.array([judgement.weight.get(each, 0.0) for each in ids], dtype=np.float64)
    if method != ENTROPY and not judged.sum() > 0:
        raise InputError("weights_on_nothing", names=", ".join(sorted(judgement.weight)))
    judged = judged / judged.sum() if judged.sum() > 0 else np.full(len(ids), np.nan)
    entropy, tells = entropy_weights(normal)
    found = _of_entropy(ids, entropy, tells) if method in (ENTROPY, COMBINED) else ()
    mixed = {ENTROPY: entropy, COMBINED: blend * judged + (1.0 - blend) * entropy}
    return Weights(tuple(ids), mixed.get(method, judged), judged, entropy, found)


def _of_entropy(ids: Sequence[str], entropy: Floats, tells: bool) -> Tuple[Finding, ...]:
    """Entropy that tells nothing apart, or rests on one indicator: a flag that few candidates have tells most."""
    if not tells:
        return (Finding("potential_entropy_equal", WARNING, "", {"count": len(ids)}),)
    most = int(np.argmax(entropy))
    if len(ids) < 3 or entropy[most] <= entropy.sum() / 2:
        return ()
    values: Dict[str, Value] = {"indicator": ids[most], "share": round(100 * float(entropy[most]))}
    return (Finding("potential_entropy_one", WARNING, "", values),)
