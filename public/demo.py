"""Whether a page must say that what it shows is invented."""

from collections.abc import Collection

from .models import PublicAssembly


def is_demo(shown: Collection[PublicAssembly]) -> bool:
    """Whether a page that shows these assemblies shows invented data; one that shows none says it
    where nothing but invented data is published.
    """
    if shown:
        return any(assembly.is_demo for assembly in shown)
    return set(PublicAssembly.objects.order_by().values_list("is_demo", flat=True)) == {True}
