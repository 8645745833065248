from django.db import migrations

from search.grams import grams

KIND = "proposal"
TITLES_AT_ONCE = 500


def index_titles(apps, schema_editor):
    """Let what was public before there was an index be found by its title."""
    Gram = apps.get_model("search", "Gram")
    proposals = apps.get_model("public", "PublicProposal").objects.order_by("pk")
    after = 0
    while titles := list(
        proposals.filter(pk__gt=after).values_list("pk", "folded_title")[:TITLES_AT_ONCE]
    ):
        Gram.objects.bulk_create(
            Gram(kind=KIND, gram=gram, key=key) for key, title in titles for gram in grams(title)
        )
        after = titles[-1][0]


def forget_titles(apps, schema_editor):
    apps.get_model("search", "Gram").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("public", "0001_initial"),
        ("search", "0001_initial"),
    ]

    operations = [migrations.RunPython(index_titles, forget_titles)]
