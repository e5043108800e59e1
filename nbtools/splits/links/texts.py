"""Near-duplicate texts, by the shingles they share."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

from nbtools.errors import MissingExtraError, SplitError
from nbtools.splits.hashing import mix
from nbtools.splits.links import Array, Links, make_links
from nbtools.splits.links.join import first_and_others, pairs_within

SHORT = 20
_SHINGLE = 5
_BANDS, _ROWS = 32, 4
_PORTION = 20_000
# A bucket with more texts than this is a form letter: each is compared with the first and the next.
_HOT = 64


def near_texts(
    texts: Sequence[str | None], *, jaccard: float = 0.6, short: bool = False, kind: str = "near text"
) -> Links:
    """Link texts that share most of their shingles, five characters each.

    Texts are compared without regard to case, compatibility forms and white space.
    Candidates are found by MinHash (Broder, 1997; 128 hashes in 32 bands), and each is
    verified: the measure is the exact Jaccard index of the sets of shingles.

    Parameters
    ----------
    texts : sequence of str
        One for each item, shape (n,); None where there is none.
    jaccard : float
        The least part of their shingles that two share, above 0 and up to 1.
    short : bool
        Whether texts under 20 characters are linked too. Else they are in `unlinked`:
        400 patients who wrote "ok" are not one.
    kind : str
        What it makes of two items, for reasons and reports.

    Raises
    ------
    MissingExtraError
        If the package rensa is not installed.
    SplitError
        If `jaccard` is no such number, or a text is none.
    """
    if isinstance(jaccard, bool) or not 0 < jaccard <= 1:
        raise SplitError(f"jaccard={jaccard!r}: the part of their shingles that two texts share, such as 0.6")
    plain = [_plain(text) for text in texts]
    brief = np.array([text is not None and len(text) < SHORT for text in plain], bool)
    kept = [text if text is not None and (short or not brief[row]) else None for row, text in enumerate(plain)]
    import pandas as pd

    codes, distinct = pd.factorize(np.array([*kept, None], object)[:-1])
    leaders, others = first_and_others(codes)
    first = np.full(len(distinct), len(codes))
    np.minimum.at(first, codes[codes >= 0], np.flatnonzero(codes >= 0))
    left, right, measure = _near([str(text) for text in distinct], jaccard)
    return make_links(
        kind,
        np.concatenate([leaders, first[left]]),
        np.concatenate([others, first[right]]),
        np.concatenate([np.ones(len(leaders)), measure]),
        "of shingles shared",
        np.flatnonzero(brief) if not short else None,
    )


def _plain(text: Any) -> str | None:
    if text is None or (isinstance(text, float) and math.isnan(text)):
        return None
    if not isinstance(text, str):
        raise SplitError(f"{text!r} is no text: hand over a str for each item, or None where there is none")
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _near(texts: list[str], jaccard: float) -> tuple[Array, Array, Array]:
    found = [np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)]
    if len(texts) < 2:
        return found[0], found[1], found[2]
    rows, tokens, offsets = _likely(texts)
    if len(rows) < 2:
        return found[0], found[1], found[2]
    left, right = _candidates(_signatures(tokens, offsets))
    sets = [
        np.unique(tokens[start:end]) for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]
    measure = np.array([_shared(sets[one], sets[other]) for one, other in zip(left, right, strict=True)])
    near = measure >= jaccard if len(measure) else np.empty(0, bool)
    return rows[left[near]], rows[right[near]], measure[near]


def _shared(one: Array, other: Array) -> float:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def _likely(texts: list[str]) -> tuple[Array, Array, Array]:
    """Return the texts that share a band with another, their shingles, and where those of each begin."""
    rensa = _rensa()
    flags = rensa.RMinHashLSH(0.5, _BANDS * _ROWS, _BANDS)
    tokens, offsets = shingles(texts)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets.astype(np.uint64), _BANDS * _ROWS, 0)
    rows = np.flatnonzero(np.array(flags.query_duplicate_flags_matrix_one_shot(matrix), bool))
    lengths = np.diff(offsets)[rows]
    ends = np.cumsum(lengths)
    at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(offsets[rows] - (ends - lengths), lengths)
    return rows, tokens[at], np.append(0, ends)


def _signatures(tokens: Array, offsets: Array) -> Array:
    matrix = _rensa().RMinHash.digest_matrix_from_flat_token_hashes(
        tokens, offsets.astype(np.uint64), _BANDS * _ROWS, 0
    )
    return np.array(matrix.to_rows(), np.uint64)


def _candidates(signatures: Array) -> tuple[Array, Array]:
    """Return the pairs that are equal in a band and, going by all hashes, not far from near."""
    count = len(signatures)
    keys: list[Array] = []
    for band in range(_BANDS):
        hashed = np.zeros(count, np.uint64)
        for column in signatures[:, band * _ROWS : (band + 1) * _ROWS].T:
            hashed = mix(hashed ^ column)
        order = np.argsort(hashed, kind="stable")
        for left, right in _buckets(hashed[order]):
            keys.append(np.minimum(order[left], order[right]) * count + np.maximum(order[left], order[right]))
    left, right = np.divmod(np.unique(np.concatenate([np.empty(0, np.int64), *keys])), count)
    alike = np.concatenate(
        [np.empty(0)]
        + [
            (signatures[left[at : at + _PORTION]] == signatures[right[at : at + _PORTION]]).mean(axis=1)
            for at in range(0, len(left), _PORTION)
        ]
    )
    # The estimate from 128 hashes is off by more than .17 once in ten thousand times.
    return left[alike > 0.4], right[alike > 0.4]


def _buckets(keys: Array) -> list[tuple[Array, Array]]:
    sizes = np.diff(np.append(np.flatnonzero(np.append(True, keys[1:] != keys[:-1])), len(keys)))
    hot = np.repeat(sizes > _HOT, sizes)
    start = np.repeat(np.cumsum(sizes) - sizes, sizes)
    cool = np.flatnonzero(~hot)
    pairs = [(cool[left], cool[right]) for left, right in pairs_within(keys[cool])] if len(cool) else []
    further = np.flatnonzero(hot & (np.arange(len(keys)) > start))
    return [*pairs, (start[further], further), (further - 1, further)] if len(further) else pairs


def shingles(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return hashes of every five characters in a row of each text, and where those of each begin.

    Parameters
    ----------
    texts : sequence of str
        A text of fewer characters has one shingle, itself.

    Returns
    -------
    tokens : ndarray of uint64, shape (m,)
    offsets : ndarray of int64, shape (n + 1,)
    """
    parts = [_shingles(texts[at : at + _PORTION]) for at in range(0, len(texts), _PORTION)]
    tokens = np.concatenate([np.empty(0, np.uint64), *(part[0] for part in parts)])
    lengths = np.concatenate([np.empty(0, np.int64), *(part[1] for part in parts)])
    return tokens, np.append(0, np.cumsum(lengths))


def _shingles(texts: Sequence[str]) -> tuple[Array, Array]:
    lengths = np.array([len(text) for text in texts], np.int64)
    padded = np.maximum(lengths, _SHINGLE)
    if (lengths < _SHINGLE).any():
        texts = [text.ljust(_SHINGLE, "\0") for text in texts]
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    hashed = np.zeros(max(len(points) - _SHINGLE + 1, 0), np.uint64)
    for place in range(_SHINGLE):
        hashed *= np.uint64(0x1F_FFFF + 2)
        hashed += points[place : place + len(hashed)]
    counts = padded - _SHINGLE + 1
    ends = np.cumsum(counts)
    at = np.arange(int(ends[-1])) + np.repeat(np.cumsum(padded) - padded - (ends - counts), counts)
    return mix(hashed[at]), counts


def _rensa() -> Any:
    try:
        import rensa
    except ImportError as error:
        raise MissingExtraError(
            'near-duplicate texts are found with the package rensa: pip install "nbtools-data[neardup]"'
        ) from error
    return rensa
