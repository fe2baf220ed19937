"""Quotation and attribution: whether the outlet says something itself or has somebody say it, and who."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from stance.actors import Found
from stance.records import Mention

Span = tuple[int, int]

_CLOSED_BY = {"“": "”", "„": "”“", "«": "»", '"': '"', "''": "''"}
_QUOTE_MARK = re.compile("[“”„«»\"]|''|\n")
# Single quotation marks, unless they are apostrophes: "'a puppet'", "‘a puppet’".
_SINGLE = re.compile(r"(?<![\w'’])[‘'](?=\w)([^‘\n]{2,400}?)(?<=[\w.,!?])['’](?!\w)")

# Verbs that put what follows, or what stands before, into somebody's mouth or mind.
_CUE = re.compile(
    r"\b(?P<verb>(?:sa(?:id|ys|y|ying)|t(?:old|ells)|add(?:ed|s|ing)|stat(?:ed|es|ing)|not(?:ed|es|ing)|announc(?:ed|es|ing)"
    r"|warn(?:ed|s|ing)?|claim(?:ed|s|ing)|argu(?:ed|es|ing)|insist(?:ed|s|ing)|stress(?:ed|es|ing)|emphasi[sz](?:ed|es|ing)"
    r"|accus(?:ed|es|ing)|urg(?:ed|es|ing)|vow(?:ed|s|ing)|condemn(?:ed|s|ing)|denounc(?:ed|es|ing)|prais(?:ed|es|ing)"
    r"|criti[cz]i[sz](?:ed|es|ing)|blam(?:ed|es|ing)|thank(?:ed|s|ing)|hail(?:ed|s|ing)|slam(?:med|s|ming)|blast(?:ed|s)"
    r"|den(?:ied|ies|ying)|dismiss(?:ed|es|ing)|believ(?:ed|es|e)|wrote|writes|tweeted|reported|reports|suggest(?:ed|s|ing)"
    r"|acknowledg(?:ed|es|ing)|admit(?:ted|s)|confirm(?:ed|s)|declar(?:ed|es|ing)|demand(?:ed|s)|describ(?:ed|es|ing)"
    r"|alleg(?:ed that|es|ing)|reiterat(?:ed|es|ing)|explain(?:ed|s)|conclud(?:ed|es)|asked|replied|maintain(?:ed|s)"
    r"|point(?:ed|s) out|call(?:ed|s|ing)(?: on| for)?|recommend(?:ed|s)|recalled|fear(?:ed|s)|hop(?:ed|es)|estimat(?:ed|es)"
    r"|predict(?:ed|s)|complain(?:ed|s)|applaud(?:ed|s)|deplor(?:ed|es)|reckon(?:ed|s)|expects?|found|thinks?|"
    r"boast(?:ed|s)|lament(?:ed|s)|conced(?:ed|es)|testif(?:ied|ies)|(?:is|are|was) (?:convinced|confident|positive|certain)))\b"
)
_ACCORDING = re.compile(
    r"\b[Aa]ccording to (?P<speaker>[^,;:.]{2,90})|\b[Ii]n the (?:words|view) of (?P<other>[^,;:.]{2,60})"
)
_COLON = re.compile(r"(?P<speaker>[^\s:][^:,.!?]{1,50}):\s+(?=\S)")
_DASH = re.compile(r"\s[-–—]\s?(?P<speaker>[^\W\d][^-–—:,.!?]{2,40})\.?$")
# Headlines that open with a topic and a colon do not name a speaker.
_TOPIC = re.compile(
    r"\b(?:war|crisis|conflict|invasion|update|live|latest|news|watch|video|analysis|opinion|explainer|explained|tensions?"
    r"|attack|sanctions|election|brexit|talks|summit|photos?|map|factbox|exclusive|breaking|territories|deal|grain)\b",
    re.IGNORECASE,
)
# What may follow a closing "X said": when, where, to whom.
_AFTERTHOUGHT = re.compile(
    r"\s*(?:$|[.,;]|(?:on|in|at|to|during|after|when|as|while|late|early|earlier|yesterday|today|this|last|via|by|of|with|"
    r"reporters|journalists|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
# Where a speaker's name cannot reach across.
_BORDER = re.compile(r"[,;:“”\"«»()]|\s[-–—]\s|\b(?:and|but|while|as|that|which|who|because|after|when|where|if)\b")
_AUXILIARY = re.compile(
    r"\s+(?:has|have|had|also|later|earlier|repeatedly|again|previously|reportedly|publicly|once|then|has been|was|is|"
    r"were|are|will|would|not|did|does|never|recently|personally|\w+ly"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s*$"
)
_LEADING = re.compile(r"^(?:\s|[-–—,]|(?:But|And|Yet|So|In a statement|On \w+day|Meanwhile|Earlier|Later|Also)\b)+")
# "…, Sullivan, the adviser, said on Thursday."
_INSERTED = re.compile(r"[,”\"]\s*(?P<speaker>[^,“”\"]{3,60}),[^,“”\"]{3,80},$")
# "…, said the minister on Monday."
_INVERTED = re.compile(
    r"\s+(?!that\b)(?P<speaker>(?:the |a |an |one |its |his |her |their )?[^\s,;.][^,;.“”\"]{1,70}?)"
    r"(?=\s*(?:[,;.“”\"]|$|\b(?:on|in|at|after|as|during|who)\b))"
)
# "was accused of", "is believed to": the subject is not who speaks.
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|be|being|get|gets|got)(?:\s+\w+ly)?\s*$")
# "his demands", "the reports": a noun.
_NOUN = re.compile(r"(?:\b(?:the|an?|his|her|its|their|our|my|these|those|such|any|no|some|new|of|for)|['’]s)\s*$")
_NEGATED = re.compile(r"\b(?:not|never|n['’]t|without)\s*$")
_REPORTEDLY = re.compile(r"\b(?:[Rr]eportedly|[Aa]llegedly|[Ii]t (?:is|was) (?:reported|noted|claimed|alleged))\b")
_LONGEST_SPEAKER = 90
_LONGEST_TAIL = 4


def quotations(text: str) -> list[Span]:
    """Find what stands in quotation marks.

    Returns
    -------
    list of (int, int)
        Spans without overlaps, in order, marks included. A mark that is never closed counts to the end of its
        paragraph where it opens one, as in quotations of several paragraphs; one that is never opened counts from
        the beginning of its paragraph where it ends one. Any other is stray and counts for nothing: it cannot take
        the rest of the text with it.
    """
    spans: list[Span] = []
    opened: tuple[int, str] | None = None
    # From here a closing mark without an opening one may reach back.
    free = 0
    for mark in _QUOTE_MARK.finditer(text):
        character = mark[0]
        if character == "\n":
            _leave_open(text, spans, opened, free, mark.start())
            opened = None
            free = mark.end()
        elif opened and character in opened[1]:
            spans.append((opened[0], mark.end()))
            opened = None
            free = mark.end()
        elif not opened and character in _CLOSED_BY:
            opened = (mark.start(), _CLOSED_BY[character])
        elif not opened and character in "”»":
            spans.append((free, mark.end()))
            free = mark.end()
    _leave_open(text, spans, opened, free, len(text))
    if "'" in text or "‘" in text:
        doubles = spans.copy()
        spans += [single.span() for single in _SINGLE.finditer(text) if not _overlapping(doubles, *single.span())]
        spans.sort()
    return spans


def _leave_open(text: str, spans: list[Span], opened: tuple[int, str] | None, free: int, end: int) -> None:
    """Decide at the end of a paragraph what a mark that was never closed means."""
    if not opened:
        return
    if not text[free : opened[0]].strip():
        spans.append((opened[0], end))
    elif not text[opened[0] + 1 : end].strip():
        # The closing mark of a quotation that was opened in an earlier paragraph or cut off.
        spans.append((free, end))


def attribute(
    text: str, sentence: Span, found: Sequence[Found], quoted: Sequence[Span], previous: str | None
) -> tuple[tuple[Mention, ...], str | None]:
    """Tell for each actor named in a sentence who says it.

    Parameters
    ----------
    text : str
        The whole text.
    sentence : (int, int)
        The sentence's span in it.
    found : sequence of Found
        The actors named, offsets in `text`.
    quoted : sequence of (int, int)
        From `quotations`.
    previous : str or None
        The last speaker named before this sentence, for quotations that run on.

    Returns
    -------
    mentions : tuple of Mention
        In order.
    speaker : str or None
        The last speaker named, for the next sentence.
    """
    start, end = sentence
    said = _reported(text[start:end], [(a - start, b - start) for a, b in _overlapping(quoted, start, end)])
    speaker_here = next((speaker for _, speaker in said if speaker), None)
    mentions = []
    for a, b, actor in found:
        inside = next((speaker for span, speaker in said if span[0] <= a - start < span[1]), "")
        if _holds(quoted, a):
            mentions.append(Mention(actor, a, b, text[a:b], "attributed", speaker_here or previous))
        elif inside != "":
            mentions.append(Mention(actor, a, b, text[a:b], "attributed", inside))
        else:
            mentions.append(Mention(actor, a, b, text[a:b]))
    return tuple(mentions), speaker_here or previous


def _holds(spans: Sequence[Span], position: int) -> bool:
    index = bisect_right(spans, (position, 1 << 62)) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


def _overlapping(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of the ordered, disjoint `spans` that share a character with another."""
    first = max(0, bisect_right(spans, (start, 1 << 62)) - 1)
    if first < len(spans) and spans[first][1] <= start:
        first += 1
    last = first
    while last < len(spans) and spans[last][0] < end:
        last += 1
    return spans[first:last]


def _reported(sentence: str, quoted: Sequence[Span]) -> list[tuple[Span, str | None]]:
    """The stretches of a sentence that are somebody's words or view, each with its speaker."""
    said: list[tuple[Span, str | None]] = []
    for source in _ACCORDING.finditer(sentence):
        group = "speaker" if source["speaker"] else "other"
        said += _around(sentence, source.span(), _name(source[group]))
    if not said:
        for cue in _CUE.finditer(sentence):
            if _holds(quoted, cue.start()):
                continue
            said += _governed(sentence, cue)
            if said:
                break
    if not said:
        headline = _COLON.match(sentence)
        if headline and not _TOPIC.search(headline["speaker"]) and headline["speaker"][0].isupper():
            said.append(((headline.end(), len(sentence)), _name(headline["speaker"])))
        elif (tail := _DASH.search(sentence)) and len(tail["speaker"].split()) <= _LONGEST_TAIL:
            said.append(((0, tail.start()), _name(tail["speaker"])))
        elif hedge := _REPORTEDLY.search(sentence):
            said.append(((hedge.start(), len(sentence)), None))
    return said


def _governed(sentence: str, cue: re.Match[str]) -> list[tuple[Span, str | None]]:
    """What a verb of saying governs: the clause after it, or the one before it where it closes the sentence."""
    before = sentence[: cue.start()]
    subject = before
    if _NEGATED.search(subject) or _NOUN.search(subject):
        return []
    while auxiliary := _AUXILIARY.search(subject):
        if _PASSIVE.search(subject) and cue["verb"].endswith(("ed", "told")):
            return []
        subject = subject[: auxiliary.start()]
    borders = list(_BORDER.finditer(subject))
    name_start = borders[-1].end() if borders else 0
    name = subject[name_start:]
    clause = before[:name_start].rstrip()
    after = sentence[cue.end() :]
    closing = clause.endswith((",", "”", '"', "'", "’", "—", "–")) and len(clause.split()) > 2
    if name.strip():
        if closing and _AFTERTHOUGHT.match(after) and " that " not in after:
            return [((0, name_start), _name(name))]
        return [((cue.end(), len(sentence)), _name(name))]
    if closing and _AFTERTHOUGHT.match(after) and (inserted := _INSERTED.search(clause)):
        return [((0, inserted.start()), _name(inserted["speaker"]))]
    if closing and not cue["verb"].endswith("ing") and (inverted := _INVERTED.match(after)):
        return [((0, name_start), _name(inverted["speaker"]))]
    # "Orban, the prime minister, said …": the speaker stands before the insertion.
    first = _BORDER.split(_LEADING.sub("", before), maxsplit=1)[0]
    return [((cue.end(), len(sentence)), _name(first))]


def _around(sentence: str, span: Span, speaker: str | None) -> list[tuple[Span, str | None]]:
    return [((0, span[0]), speaker), ((span[1], len(sentence)), speaker)]


def _name(words: str) -> str | None:
    """The speaker as written, or None where the words can hardly be a name."""
    name = _LEADING.sub("", words).strip(" \t-–—'’")
    return name if name and len(name) <= _LONGEST_SPEAKER and any(map(str.isalpha, name)) else None


def overall(mentions: Iterable[Mention]) -> Mention:
    """The mention that stands for all of one actor's in a sentence: the first attributed one, else the first."""
    every = list(mentions)
    return next((mention for mention in every if mention.voice == "attributed"), every[0])
