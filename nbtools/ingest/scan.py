"""What lies in raw/: one walk, which opens no file but a text beside an image of its name."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from nbtools.errors import SourceError
from nbtools.media.sniff import suffix_of

TABLE_SUFFIXES = ("csv", "tsv", "jsonl", "ndjson", "parquet")

# What systems and editors leave behind: nobody means it.
_PASSED_OVER = re.compile(
    r"(?i)[.~].*|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|__macosx|@eadir|\$recycle\.bin|.*\.aae"
)
_ABOUT = re.compile(
    r"(readme|licen[cs]e|copying|notice|citation|changelog|authors|contributing|contributors|acknowledge?ments?)"
    r"([._ -][^.]*)?(\.\w+)?"
)
_CHECKSUMS = re.compile(r"(md5|sha\d*|checksums?)[_-]?(sums?)?(\.\w+)?")
_WHY_ABOUT = "says something about the data"
_WHY_CHECKSUM = "a list of checksums"
_WHY_NOTES = "annotations, settings or code; to take such files as texts: ingest(include='*.{suffix}')"
_WHY_BESIDE = "only numbers, beside an image of its name: annotations; to take them as texts: ingest(include='*.txt')"
_WHY_ARCHIVE = "an archive: unpack it in raw/ first"
_IMAGES = frozenset(["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif"])
_NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_MOST_NUMBERS = 4 << 20
_ABOUT_SUFFIXES = ("", "md", "txt", "rst", "html", "htm", "pdf", "cff", "bib", "adoc")
_NOTES = (
    "json geojson xml yaml yml toml ini cfg conf names ipynb py pyc r rm rmd m jl sh bat ps1 js ts css c cpp h java "
    "log pkl pickle lock tex bib db sqlite prov dvc"
)
_ARCHIVES = "zip gz tgz tar bz2 tbz2 xz txz 7z rar zst"
_SIGNATURES = "md5 sha1 sha224 sha256 sha384 sha512 sfv md5sum md5sums sha1sum sha256sum sha512sum asc sig"
_WHY_BY_SUFFIX = {
    **{suffix: _WHY_NOTES.format(suffix=suffix) for suffix in _NOTES.split()},
    **dict.fromkeys(_ARCHIVES.split(), _WHY_ARCHIVE),
    **dict.fromkeys(_SIGNATURES.split(), _WHY_CHECKSUM),
}
_TELLING_SUFFIXES = frozenset((*TABLE_SUFFIXES, *_ABOUT_SUFFIXES, *_WHY_BY_SUFFIX))


class RawFile(NamedTuple):
    """A file as the walk saw it; `path` is relative to raw/, POSIX."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    ino: int
    mode: int


@dataclass(slots=True)
class Scan:
    """What a walk found.

    Attributes
    ----------
    files : list of RawFile
        What may be data points, sorted by path.
    tables : list of RawFile
        What has the suffix of a table, sorted by path.
    left : list of (str, str)
        Files that are no data points, each with the reason.
    failed : list of (str, str)
        What cannot be read, each with the reason.
    passed_over : int
        Files and folders that systems leave behind.
    elsewhere : set of str
        Files that exist and were not asked for (`include`, `exclude`).
    closed : list of str
        Folders that could not be read: nothing in them counts as missing.
    """

    files: list[RawFile] = field(default_factory=list)
    tables: list[RawFile] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    passed_over: int = 0
    elsewhere: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)


def walk(root: Path, include: str | Sequence[str] | None = None, exclude: str | Sequence[str] | None = None) -> Scan:
    """Walk a folder of raw data.

    Parameters
    ----------
    root : Path
        The folder.
    include, exclude : str or sequence of str, optional
        Patterns such as ``*.png`` or ``photos/*``, held against the path below the
        folder and against the file's name.

    Raises
    ------
    SourceError
        If the folder is missing, unreachable or holds nothing at all.
    """
    wanted, refused = _pattern(include), _pattern(exclude)
    named = _named_suffixes(include)
    scan = Scan()
    for path, name, found in _entries(root, scan):
        if (wanted and not _matches(wanted, path, name)) or (refused and _matches(refused, path, name)):
            scan.elsewhere.add(path)
        else:
            _sort_out(scan, name, found, named)
    if "txt" not in named:
        _leave_beside(root, scan)
    scan.files.sort()
    scan.tables.sort()
    scan.left.sort()
    scan.failed.sort()
    if not (scan.files or scan.tables or scan.left or scan.failed or scan.elsewhere):
        raise SourceError(
            f"nothing is in {root} yet, so there is nothing to ingest. Add files: ds.add('path/to/files')"
        )
    return scan


def _entries(root: Path, scan: Scan) -> Iterator[tuple[str, str, RawFile]]:
    """Yield every file below the root; what is no file goes into the scan at once."""
    real_root = os.path.realpath(root)
    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            listing = os.scandir(f"{root}/{prefix}")
        except OSError as error:
            if not prefix:
                raise SourceError(f"{root} cannot be read: {error.strerror}. Is the disk there?") from error
            scan.failed.append((shown(prefix), f"the folder cannot be read: {error.strerror}"))
            scan.closed.append(prefix)
            continue
        with listing:
            for entry in listing:
                name = entry.name
                path = prefix + name
                if _PASSED_OVER.fullmatch(name):
                    scan.passed_over += 1
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path + "/")
                elif found := _file(entry, path, real_root, scan):
                    yield path, name, found


def _file(entry: os.DirEntry[str], path: str, real_root: str, scan: Scan) -> RawFile | None:
    """Return an entry as a file, or note why it is none."""
    try:
        if not path.isascii():
            path.encode()
        found: os.stat_result | None = entry.stat(follow_symlinks=False)
        if entry.is_symlink():
            target = os.path.realpath(entry.path, strict=True)
            found = entry.stat() if os.path.commonpath((real_root, target)) == real_root else None
    except UnicodeEncodeError:
        scan.failed.append((shown(path), "the name is not UTF-8, so that nothing could refer to it: rename the file"))
        return None
    except OSError as error:
        link = "a symbolic link that cannot be followed: " if entry.is_symlink() else ""
        scan.failed.append((shown(path), f"{link}{error.strerror or error}"))
        return None
    if found is None:
        scan.failed.append((path, "a symbolic link that leads out of the folder is not followed: ds.add() its target"))
    elif stat.S_ISREG(found.st_mode):
        return RawFile(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode)
    elif stat.S_ISDIR(found.st_mode):
        scan.left.append((path, "a link to a folder of raw/, whose files are taken where they lie"))
    else:
        scan.failed.append((path, "not a regular file but a socket, pipe or device"))
    return None


def _sort_out(scan: Scan, name: str, found: RawFile, named: frozenset[str]) -> None:
    suffix = suffix_of(name)
    if suffix not in _TELLING_SUFFIXES:
        scan.files.append(found)
        return
    lowered = name.lower()
    if suffix in TABLE_SUFFIXES:
        scan.tables.append(found)
    elif suffix in _ABOUT_SUFFIXES and _ABOUT.fullmatch(lowered):
        scan.left.append((found.path, _WHY_ABOUT))
    elif suffix in _ABOUT_SUFFIXES and _CHECKSUMS.fullmatch(lowered):
        scan.left.append((found.path, _WHY_CHECKSUM))
    elif suffix in _WHY_BY_SUFFIX and suffix not in named:
        scan.left.append((found.path, _WHY_BY_SUFFIX[suffix]))
    else:
        scan.files.append(found)


def _leave_beside(root: Path, scan: Scan) -> None:
    """Leave the texts that hold nothing but numbers and lie beside an image of the same name, as YOLO's boxes do."""
    texts = {file.path[:-4]: file for file in scan.files if file.path[-4:].lower() == ".txt"}
    names = (file.path.rpartition(".") for file in scan.files) if texts else ()
    beside = {stem for stem, _, suffix in names if suffix.lower() in _IMAGES} & texts.keys()
    notes = {texts[stem] for stem in beside if _only_numbers(root, texts[stem])}
    if notes:
        scan.files = [file for file in scan.files if file not in notes]
        scan.left += [(file.path, _WHY_BESIDE) for file in notes]


def _only_numbers(root: Path, text: RawFile) -> bool:
    if text.size > _MOST_NUMBERS:
        return False
    try:
        # What has become a pipe since must not keep the walk waiting.
        with os.fdopen(os.open(f"{root}/{text.path}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            words = file.read(_MOST_NUMBERS).replace(b",", b" ").split()
    except OSError:
        return False  # whoever reads it next says why
    return all(map(_NUMBER.fullmatch, words))


def shown(path: str) -> str:
    """Return a path as text that can be written anywhere, whatever bytes are in it."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _patterns(given: str | Sequence[str] | None) -> Iterable[str]:
    return () if given is None else (given,) if isinstance(given, str) else given


def _pattern(given: str | Sequence[str] | None) -> re.Pattern[str] | None:
    translated = [fnmatch.translate(one) for one in _patterns(given)]
    return re.compile("|".join(translated)) if translated else None


def _matches(pattern: re.Pattern[str], path: str, name: str) -> bool:
    return bool(pattern.match(path) or pattern.match(name))


def _named_suffixes(include: str | Sequence[str] | None) -> frozenset[str]:
    """Return the suffixes that the patterns name outright: who types ``*.json`` wants JSON files."""
    return frozenset(suffix for one in _patterns(include) if (suffix := suffix_of(one.lower())))
