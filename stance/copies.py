"""Finding exact and near copies over a corpus, so that a report which many outlets print can be counted once.

A wire report is cut, gets a dateline, a byline and a paragraph of its own, or is rewritten word by word; it stays the same report. Two
daily reports of one template with other figures are two, and so are two articles that quote the same statement.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from stance.errors import InputError
from stance.records import Article

# "1,480", "03.05.2022" and "6:00 p.m" are one figure each.
WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:\s?[ap]\.?m\b)?|\w+")
# Numbers that are spelled out tell reports apart as figures do.
SPELLED = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    " twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen first second third fourth fifth sixth seventh"
    " eighth ninth tenth eleventh twelfth twentieth thirtieth".split()
)

# `make copies` measures what these are worth. Runs of three words: of two, articles on one subject share too many by chance.
SHINGLE = 3
PERMUTATIONS = 128
# Runs of words in common, of all of both, below which texts are not compared word by word.
LEAST_RUNS = 0.1
# Texts that begin or end with the same words of a page by the thousand are compared with so many of them only.
NEIGHBOURS = 32
# A copy has this share of all words of both in common with its origin, which a report keeps with every third word exchanged (0.54
# to 0.67), or itself this share, as when it is cut. Of 500 articles on foreign affairs no two come nearer than 0.49 and 0.77.
RESEMBLES = 0.52
CONTAINED = 0.85
# Of the figures of a copy so many are its origin's; in the next of a series of reports only the date of an event or the like are the same.
FIGURES = 0.5
# Shorter texts, by distinct words, have room for little else than a template: a copy must have this share of its words and all its figures
# from its origin, and not be of another day, or of the next in another outlet: what an outlet writes in nearly the same words on the
# next day is the next of a series. With fewer than `FEW` words only equal ones count.
SHORT = 80
CONTAINED_SHORT = 0.8
FEW = 12
# Pairs whose signatures are compared at a time.
_CHUNK = 1 << 15

# Sorted hashes of distinct words.
Words = NDArray[np.uint32]
# Day, infinite if unknown, and outlet.
Issue = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """What an article is within a group of copies.

    Attributes
    ----------
    group : str
        Id of the origin: the earliest article of the group.
    origin : bool
        Whether it is the origin itself.
    similarity : float
        Share of the article's distinct words that the origin has too, 0 to 1 (exact, not estimated): 1 for the origin, for texts that
        are equal but for case, punctuation and white space, and for a part cut from the origin.
    """

    group: str
    origin: bool
    similarity: float


def find_copies(articles: Iterable[Article]) -> dict[str, Copy]:
    """Find the articles that are copies of others in a corpus, exact or near.

    Title and text are read together. Candidates are found by MinHash signatures of runs of three words [1]_ and verified with the exact
    sets of words. Going by date, each article joins the origin that it is most similar to, or else is an origin itself, so that a chain of
    likenesses joins nothing. An article with a report in it that is for the most part its own is not a copy of that report.

    Parameters
    ----------
    articles : iterable of Article
        Read once, one at a time; some 2 kB are kept of an article of average length.

    Returns
    -------
    dict of str to Copy
        By article id, in the order of the corpus; only articles of groups of two or more. The origin is the earliest by date;
        articles without date come after all others, and of the same date the first in the corpus.

    Raises
    ------
    InputError
        If two articles have the same id.

    References
    ----------
    .. [1] Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of Compression and Complexity of
       Sequences, 21-29.
    """
    corpus = _Corpus()
    for article in articles:
        corpus.add(article)
    return corpus.groups()


def _hash(word: str) -> int:
    """32 bits, the lowest of which tells figures from other words."""
    return zlib.crc32(word.encode("utf-8", "replace")) & ~1 | (word in SPELLED or any(map(str.isdigit, word)))


class _Corpus:
    """What is kept of a corpus: id, day, outlet and text number of each article; signature and words of each different text."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.issues: list[Issue] = []
        self.numbers: dict[bytes, int] = {}
        self.signatures = array("I")
        self.words = array("I")
        self.starts = array("Q", [0])

    def add(self, article: Article) -> None:
        """Take in an article, and its text if it is a new one."""
        if article.id in self.texts:
            raise InputError(f"two articles have the id {article.id!r}; ids must be unique within a corpus")
        words = WORD.findall(unicodedata.normalize("NFKC", f"{article.title}\n{article.text}").casefold())
        if not words:
            return
        digest = blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
        self.texts[article.id] = self.numbers.setdefault(digest, len(self.numbers))
        self.issues.append((article.date.toordinal() if article.date else math.inf, article.outlet))
        if len(self.numbers) == len(self.starts):
            signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
            signature.update([" ".join(run) for run in zip(*(words[k:] for k in range(SHINGLE)), strict=False)])
            self.signatures.extend(signature.digest())
            self.words.extend(sorted({_hash(word) for word in words}))
            self.starts.append(len(self.words))

    def groups(self) -> dict[str, Copy]:
        """Put the articles into groups."""
        firsts: dict[int, str] = {}
        issues: dict[int, Issue] = {}
        # Sorting leaves articles of the same day in the order of the corpus.
        for (identifier, text), issue in sorted(zip(self.texts.items(), self.issues, strict=True), key=_day):
            firsts.setdefault(text, identifier)
            issues.setdefault(text, issue)
        origins = self._origins(np.array(list(firsts), dtype=np.intp), list(issues.values()))
        sizes = Counter(origins[text][0] for text in self.texts.values())
        result = {}
        for identifier, text in self.texts.items():
            origin, similarity = origins[text]
            if sizes[origin] > 1:
                result[identifier] = Copy(firsts[origin], firsts[origin] == identifier, similarity)
        return result

    def _origins(self, order: NDArray[np.intp], issues: list[Issue]) -> dict[int, tuple[int, float]]:
        """Origin and similarity to it by text, from the texts in order of date, and where they stood."""
        signatures = np.frombuffer(self.signatures, dtype=np.uint32).reshape(-1, PERMUTATIONS)[order]
        words = np.frombuffer(self.words, dtype=np.uint32)
        sets = [words[self.starts[text] : self.starts[text + 1]] for text in order]
        # By rank in `order`.
        origins = [(rank, 1.0) for rank in range(len(order))]
        # An article comes after all that can be its origin, so that what they belong to is settled when its turn comes.
        for later, pairs in groupby(_candidates(signatures), key=itemgetter(0)):
            best = (later, 0.0)
            for origin in sorted({origins[earlier][0] for _, earlier in pairs}):
                similarity = _similarity(sets[later], sets[origin], _series(issues[later], issues[origin]))
                if similarity > best[1]:
                    best = (origin, similarity)
            if best[1]:
                origins[later] = best
        return {int(order[rank]): (int(order[origin]), similarity) for rank, (origin, similarity) in enumerate(origins)}


def _day(entry: tuple[object, Issue]) -> float:
    return entry[1][0]


def _series(later: Issue, earlier: Issue) -> bool:
    """Whether short texts, if nearly alike, are of a series: of the same outlet on two days, or more than a day apart."""
    days = later[0] - earlier[0]
    # Of what has no date, infinite or not a number, nothing is known.
    return days < math.inf and days > (0 if later[1] == earlier[1] else 1)


def _similarity(copy: Words, origin: Words, series: bool) -> float:
    """Share of the words of a copy that its origin has; 0 if it is no copy."""
    shared = _shared(copy, origin)
    contained = shared / len(copy)
    figures = copy[copy & 1 == 1]
    same = _shared(figures, origin)
    if min(len(copy), len(origin)) < FEW:
        return 0.0
    if len(copy) < SHORT:
        alike = contained >= CONTAINED_SHORT and same == len(figures) and not series
    else:
        resembles = shared >= RESEMBLES * (len(copy) + len(origin) - shared)
        alike = (resembles or contained >= CONTAINED) and same >= FIGURES * len(figures)
    return contained if alike else 0.0


def _shared(one: Words, other: Words) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _candidates(signatures: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that agree in a band and by `LEAST_RUNS` in all, as (later, earlier), in order."""
    count = len(signatures)
    found = np.empty(0, dtype=np.int64)
    # Two values of 32 bits side by side are one of 64.
    for band in signatures.view(np.uint64).T:
        rows = np.argsort(band, kind="stable")
        keys = band[rows]
        for distance in range(1, NEIGHBOURS + 1):
            same = np.flatnonzero(keys[distance:] == keys[:-distance])
            if not len(same):
                break
            found = np.append(found, rows[same + distance] * count + rows[same])
        found = np.unique(found)
    for start in range(0, len(found), _CHUNK):
        later, earlier = np.divmod(found[start : start + _CHUNK], count)
        alike = (signatures[later] == signatures[earlier]).mean(axis=1) >= LEAST_RUNS
        yield from zip(later[alike].tolist(), earlier[alike].tolist(), strict=True)
