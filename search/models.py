"""The one table: in which titles a pair of signs stands."""

from django.db import models


class Gram(models.Model):
    """A pair of signs in the title of one row of a kind (search/grams.py)."""

    pk = models.CompositePrimaryKey("kind", "gram", "key")
    kind = models.CharField(max_length=20)
    gram = models.CharField(max_length=50)
    key = models.BigIntegerField()

    class Meta:
        # The primary key finds the rows of a pair, this index the pairs of a row.
        indexes = [models.Index(fields=["kind", "key", "gram"], name="search_gram_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.gram}"
