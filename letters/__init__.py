"""Read reply letters (建议、提案答复): text in, a Letter out. Pure Python, no Django."""

from letters.letter import Commitment, Figure, Letter, Measure, Proposal, Section, Span
from letters.reader import read

__all__ = ["Commitment", "Figure", "Letter", "Measure", "Proposal", "Section", "Span", "read"]
