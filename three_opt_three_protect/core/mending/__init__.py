"""Repairs of the planner's own layers, on request: one operation one function, every change listed and reversible.

``changes`` is what an operation changed and how it is taken back; ``valid``, ``snapping``, ``slivers``, ``codes`` and
``areas`` are the operations; ``mend`` runs several and refuses statutory layers.
"""
