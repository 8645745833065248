"""Read reply letters (建议提案答复): text in, a Letter out. Imports no Django and nothing of ours."""

from letters.letter import Commitment, Figure, Letter, Measure, Proposal, Section, Span
from letters.reader import read

__all__ = ["Commitment", "Figure", "Letter", "Measure", "Proposal", "Section", "Span", "read"]
