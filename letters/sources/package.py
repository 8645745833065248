"""Zip packages: checked before unpacking, then handed to the reader of docx or OFD.

Parts are looked up by name and read into memory; nothing is written to disk, and an archive
inside the archive is never opened.
"""

import io
import posixpath
import zipfile
import zlib
from xml.etree.ElementTree import Element

from letters.sources import docx, markup, ofd, worker
from letters.sources.limits import XML_PART_BYTES, Refused, check_zip
from letters.sources.worker import Parsed


class Package:
    """The parts of a zip that has passed `check_zip`."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise Refused("damaged") from error
        check_zip(self._zip.infolist())
        # Some writers use backslashes or a leading slash; some readers ignore case. Keep the first.
        self._names: dict[str, str] = {}
        for name in self._zip.namelist():
            self._names.setdefault(normal(name), name)

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return normal(name) in self._names

    def has_folder(self, folder: str) -> bool:
        """Whether any part lies in the folder."""
        return any(name.startswith(normal(folder) + "/") for name in self._names)

    def xml(self, name: str) -> Element | None:
        """The parsed part, None where there is none."""
        found = self._names.get(normal(name))
        return None if found is None else markup.parse(self._bytes(found))

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                data = part.read(XML_PART_BYTES + 1)
        except RuntimeError as error:  # zipfile's word for a password
            raise Refused("encrypted") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise Refused("damaged") from error
        if len(data) > XML_PART_BYTES:
            raise Refused("bomb")
        return data


def normal(name: str) -> str:
    """One spelling for a part's name."""
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def read(data: bytes) -> Parsed:
    """The text of a docx or OFD; other packages are named and refused."""
    package = Package(data)
    if package.has("OFD.xml"):
        return ofd.read(package.xml)
    if package.has("xl/workbook.xml") or package.has_folder("xl"):
        raise Refused("spreadsheet")
    if package.has_folder("ppt"):
        raise Refused("slides")
    if package.has_folder("word"):
        return docx.read(package.xml, has_pictures=package.has_folder("word/media"))
    if package.has("[Content_Types].xml"):
        raise Refused("damaged")
    if package.has("mimetype") and package.has("content.xml"):
        raise Refused("odt")
    raise Refused("archive")


if __name__ == "__main__":
    worker.serve(read)
