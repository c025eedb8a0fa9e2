"""T26 意见征求与采纳情况表: every opinion on the plan and what became of it."""

from __future__ import annotations

from typing import Sequence, Tuple

from three_opt_three_protect.core.registers import Opinion
from three_opt_three_protect.reports.table import Column, Kind, Rows, Table, Words

ANSWERS = ("yes", "partly", "no")


def opinion_table(opinions: Sequence[Opinion], words: Words) -> Table:
    """T26: in the order of the register, counted by what became of them."""
    rows = Rows(_columns(words))
    for place, each in enumerate(opinions, 1):
        rows.add(
            {
                "place": place,
                "stage": each.stage,
                "source": each.source,
                "date": each.date,
                "opinion": each.opinion,
                "adopted": words(f"adopted.{each.adopted or 'open'}"),
                "reply": each.reply,
            },
            alert=each.adopted is None,
        )
    counts = {answer: sum(each.adopted == answer for each in opinions) for answer in ANSWERS}
    open_ = len(opinions) - sum(counts.values())
    values = {f"count_{answer}": count for answer, count in counts.items()}
    notes = [words("note.T26.counts", count=len(opinions), count_open=open_, **values)]
    if any(each.adopted == "no" and each.reply is None for each in opinions):
        notes.append(words("note.T26.reason"))
    return Table("T26", words("table.T26"), words("unit.items"), rows.columns, tuple(rows.rows), tuple(notes))


def _columns(words: Words) -> Tuple[Column, ...]:
    return (
        Column("place", words("column.place"), Kind.NUMBER, width=6),
        Column("stage", words("column.stage"), width=14),
        Column("source", words("column.opinion_source"), width=18),
        Column("date", words("column.date"), width=12),
        Column("opinion", words("column.opinion"), width=44),
        Column("adopted", words("column.adopted"), width=10),
        Column("reply", words("column.reply"), width=38),
    )
