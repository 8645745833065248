"""Measures (已做工作), commitments (承诺事项), their figures and what became of them.

Each has `start` and `end`: offsets of its sentence, in characters, in the reply's text.
"""

from measures.models.anchored import Anchored, Measure
from measures.models.commitment import Commitment, CommitmentUpdate
from measures.models.figure import Figure
from measures.models.verdict import CommitmentFeedback

__all__ = [
    "Anchored",
    "Commitment",
    "CommitmentFeedback",
    "CommitmentUpdate",
    "Figure",
    "Measure",
]
