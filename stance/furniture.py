"""Page furniture: the lines of a web page that are not its article.

Each rule below drops whole lines, and each line dropped is told with the rule's name. A rule sees a line and, where it says
so, its neighbours; none looks at what an article is about. A text of one line is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.records import Dropped

_FLAGS = re.IGNORECASE | re.VERBOSE

# What a whole line is, by how it reads. Tried in order; a pattern must match from the beginning to the end of the line.
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # "___", "//–>"
    ("rule", re.compile(r"[\W_]+", _FLAGS)),
    ("address", re.compile(r"(?:https?://|www\.)\S+", _FLAGS)),
    (
        "advertisement",
        re.compile(
            r"(?:advertisement|sponsored(?:\ content)?|(?:story|article)\ continues?d?\ below.*|loading\W*|\[pullquote\]"
            r"|(?:advertisement\ )?continue\ reading(?:\ (?:the\ main\ story|below))?)\W*",
            _FLAGS,
        ),
    ),
    # Nothing but the names of networks and what one does there; "Split" is what machine translation makes of a share button.
    (
        "share",
        re.compile(
            r"(?:(?:listen\ to\ (?:this\ )?article|share|save|split|tweet|post|print|e-?mail|copy\ link|facebook|twitter|pinterest"
            r"|whatsapp|telegram|reddit|linkedin|instagram|bookmark|follow|and|on|this|article|story|via|link|now|\d+:\d+)\W*)+"
            r"|read\ or\ share\ this.*",
            _FLAGS,
        ),
    ),
    (
        "follow",
        re.compile(
            r"(?:please\ )?follow\ (?:us|@\w+|.{2,60}\ on\ (?:twitter|facebook|instagram|telegram|x|linkedin|youtube)\b|ap[’']s\ full).*"
            r"|(?:send\ a\ tip|contact\ us|email\ the\ author)\b.*",
            _FLAGS,
        ),
    ),
    (
        "subscription",
        re.compile(
            r"(?:please\ )?(?:sign\ up|subscribe|register|log\ in|sign\ in|stay\ up\ to\ date|never\ miss|do\ you\ want\ to\ bookmark"
            r"|already\ a\ (?:subscriber|member)|become\ a\ (?:subscriber|member|supporter)|start\ your\b.*\bsubscription"
            r"|support\ (?:our|independent|quality)\ journalism|get\ (?:the|our|your|breaking)\b.*\b(?:inbox|newsletters?|alerts?|app))\b.*"
            r"|(?:\w+\ ){1,3}premium|manage\ newsletters?"
            r"|.*\b(?:by\ signing\ up,\ you\ agree|this\ (?:article|content)\ is\ for\ (?:subscribers|members)|subscription\ today)\b.*",
            _FLAGS,
        ),
    ),
    (
        "comments",
        re.compile(
            r"(?:leave|post|write|add)\ a\ (?:comment|reply).*|your\ email\ address\ will\ not\ be\ published.*"
            r"|required\ fields\ are\ marked.*|join\ (?:the|our|thought-provoking)\ (?:conversations?|discussion|debate).*"
            r"|(?:please\ )?refresh\ (?:the|this|your)\ (?:page|browser).*"
            r"|(?:(?:view|show|read|load|see)\ (?:all\ |more\ )?)?(?:\d+\ )?comments?(?:\ \(?\d*\)?)?|vote\ now:?",
            _FLAGS,
        ),
    ),
    (
        "navigation",
        re.compile(
            r"(?:\d+\.\s*)?skip\ (?:to|next)\ .*|(?:go|back|return)\ to\ (?:the\ )?(?:top|home\ ?page|main\ page|start)"
            r"|home(?:\ ?page)?(?:\ [\w|>/]+){0,3}|live\ tv|latest\ (?:audio|videos?|news)\w*(?:\ videos?)?|in\ focus|menu|search"
            r"|most\ (?:read|viewed|popular|shared|watched)|trending(?:\ now)?|editor[’']?s[’']?\ (?:picks?|choice)"
            r"|top\ stor(?:y|ies)|page\ \d+\ of\ \d+|(?:next|previous)\ (?:article|story|page|section)|table\ of\ contents"
            r"|(?:photo|image|video|picture|youtube|graphic|slideshow|gallery)s?(?:\ \(\d+\ \w+\))?|(?:view\ )?(?:photo|picture)\ gallery"
            r"|more\ (?:from|stories|news)\b(?:\ [\w’'-]+){0,4}|more\ on\ (?:this|that|the\ topic)\W*|online:|(?:and|urgent):",
            _FLAGS,
        ),
    ),
    (
        "other story",
        re.compile(
            r"(?:read|see|hear|watch|listen|also\ read)(?:\ (?:also|more|next|now|here))?\ ?:.*|more\ ?:\ .*|also\ read\b.*"
            r"|full\ coverage:.*|related\ (?:coverage|topics?|articles?|stor(?:y|ies)|content|links?|news|posts?)\b.*"
            r"|just\ watched\b.*|story\ highlights\b.*|(?:click|tap)\ (?:here|for\ more|the|on)\b.*"
            r"|(?:watch|listen\ to|see|read)\ the\ (?:latest|full|whole|video)\b.*|don[’']t\ see\ the\ (?:graphic|video)\b.*"
            r"|read\ more\b.{0,80}[^.!?]|read\ more\.?|you\ (?:may|might)\ (?:also|like)\b.*|recommended(?:\ (?:for\ you|stories|reading))?"
            r"|.{10,160}[^.\s]\ (?:read\ more|view\ (?:photo|picture)\ gallery)|\(graphic:.*\)|slideshow\b.{0,40}",
            _FLAGS,
        ),
    ),
    (
        "time",
        re.compile(
            r"(?:last\ |first\ )?(?:updated?|published|posted|modified|issued)(?:\ at|\ on|,|:|\ -)*\ (?:[^\W\d]{3,9},?\ ){0,2}\d[^!?]{0,80}"
            r"|(?:[^\W\d]+(?:\ [^\W\d]+)?\ ?)?\d{1,3}\ (?:sec(?:ond)?|min(?:ute)?|hour|day|week|month|year)s?\ ago.{0,20}"
            r"|this\ article\ is\ more\ than\ .{1,20}\ old|\d+\ min(?:ute)?s?(?:\ read)?"
            r"|date:?\ \d{4}-\d\d-\d\d\b[^.!?]*|date:?\ \d{4}-\d\d-\d\d\b\s*\d\.\ .*"
            r"|(?:[^\W\d]+?\ ?)??(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\ )?(?:\d{1,2}\.?\ )?"
            r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\ (?:\d{1,2}(?:st|nd|rd|th)?,?\ )?\d{4}(?:[\s,|·–-]*\d{1,4}:\d\d.{0,16})?"
            r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?:[\s,]*\d{1,2}:\d\d.{0,16})?",
            _FLAGS,
        ),
    ),
    # "14:32 CET", "LIVE", and quotations of the markets: names and figures, and nothing said.
    (
        "ticker",
        re.compile(
            r"\d{1,2}[:.]\d\d(?:\ ?[ap]\.?m\.?)?(?:\ [a-z]{2,4})?|(?:breaking(?:\ news)?|live(?:\ (?:updates?|blog|ticker|coverage))?|just\ in)\W*"
            r"|(?:[\w&./-]+\ ){1,4}[▲▼]?\ ?[$€£¥]?[\d.,]+\ ?[▲▼(+−-]+\ ?[\d.,]+\ ?%?\)?(?:\ ?\(?[+−-]?[\d.,]+\ ?%\)?)?",
            _FLAGS,
        ),
    ),
    (
        "byline",
        re.compile(
            r"(?:[•—–-]\ ?)?(?:with\ (?:assistance|reporting|contributions?|files)\ (?:by|from)|(?:additional\ |further\ )?reporting\ by"
            r"|(?:written|edited|editing|compiled|translated)\ by|contribut(?:ing|ions):)\b.*"
            r"|(?:[•—–-]\ ?)?.{3,80}\bcontributed(?:\ (?:to\ this\ (?:report|story|article)|reporting).{0,30})?\.?"
            r"|\(?this\ (?:story|article|post)\ (?:was|has\ been)\ (?:refiled|corrected|updated)\b.*|\(\ ?updates\ with\b.*"
            r"|analysis/opinion:?|opinion\ contributor|\(?(?:as\ )?with\ \w+(?:\ and\ \w+)?\ material\)?",
            _FLAGS,
        ),
    ),
    # "By Ann Reed and Tom Fox", "Of: Jan Maler", and signs of authors: "fb/sms (AFP, Reuters)".
    ("byline", re.compile(r"(?:By|BY|Of:|By:|From:|Von|Text:|Author:)(?:\ (?:[A-Z][\w.’'-]*|and|AND|for|in|of|the|,|\|))+,?")),
    ("byline", re.compile(r"[a-z]{2,4}(?:/[a-z]{2,4})+(?:,?\ ?\([A-Z][\w, /]+\))?")),
    ("caption", re.compile(r"(?:FILE\ ?(?:PHOTO|IMAGE)?\ ?[:–—-]|file\ (?:photo|picture)\b|enlarge\ this\ image|toggle\ caption).*", _FLAGS)),
)  # fmt: skip

# Picture credits, anywhere in the last part of a line: "© Jan Maler/imago", "Image: REUTERS", "(AP Photo/Ann Reed)".
_CREDIT = re.compile(
    r"©|(?:Image|Photo|Photograph|Picture|Credit|Composite|Illustration|Foto)(?:s|\ [Cc]redit)?\ ?:\ ?[^\s.][^.!?]{1,80}$"
    r"|(?:Photograph|Photo)\ by\ [A-Z][^.!?]{1,60}$"
    r"|\b(?:REUTERS|AFP|AP|AP\ Photo|EPA|EPA-EFE|dpa|imago|Sputnik|Getty|Xinhua)/[A-Z][^.!?]{1,60}$"
    r"|/(?:Getty\ Images|AFP|AP|Reuters|REUTERS|EPA|imago|dpa|TASS|Sputnik|Pool)\)?\.?$|\bGetty\ Images\)?\.?$"
    r"|\((?:AP|AFP|Reuters|EPA)\ Photo[^)]*\)\.?$",
    re.VERBOSE,
)
# Headings of what follows the article: when no more of it comes, all from here on is dropped.
_TAIL = re.compile(
    r"(?:skip\ next\ section\b.*|related(?:\ (?:topics?|articles?|stor(?:y|ies)|content|links?|news|posts?|coverage))?:?"
    r"|more\ (?:stories|news)(?:\ from\b.*)?|more\ from\b.{2,40}|leave\ a\ (?:comment|reply)|comments?(?:\ \(?\d+\)?)?"
    r"|join\ (?:the|thought-provoking)\ conversations?.*|you\ (?:may|might)\ (?:also|like)\b.*|recommended(?:\ .{2,30})?"
    r"|most\ (?:read|viewed|popular)|read\ (?:next|more|also):?|trending(?:\ now)?|top\ stor(?:y|ies))",
    _FLAGS,
)
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*$")
_INNER_STOP = re.compile(r"[.!?][\"'”’»)\]]*\s+[\"'“‘«(]*[A-Z]")
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"\b(?:the|a|an)\b")
# "Politics" and "Russian Federation" without the space that the page had between them.
_RUN_TOGETHER = re.compile(r"[a-z]{4}[A-Z][a-z]{4}")
# Two names with a comma for "and" are the title of another story: no sentence and no subheading is written so.
_TITLE_COMMA = re.compile(
    r"[A-Z][\w’'.-]+(?:\ [A-Z][\w’'.-]+)?,\ [A-Z][\w’'.-]+(?:\ [A-Z][\w’'.-]+)?\ [a-z]\w+\b.*[^\s.!?:…]", re.VERBOSE
)
# A menu's lines have few words, and no stop; a title has more.
_LONGEST_ITEM = 4
_LONGEST_TITLE = 16
# Longer than this is no line of furniture but captions.
_LONGEST_LINE = 300
# So many paragraphs of running text make a page an article whose last lines can be told from it.
_PROSE = 3


def furniture(text: str) -> list[Dropped]:
    """Find the lines of a text that belong to the page and not to the article.

    Parameters
    ----------
    text : str
        Of two or more lines; in a text of one line nothing is found.

    Returns
    -------
    list of Dropped
        In order; each a whole line without the white space around it.
    """
    if "\n" not in text.strip():
        return []
    spans = []
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            first = start + line.index(stripped[0])
            spans.append((first, first + len(stripped)))
        start += len(line) + 1
    lines = [text[first:last] for first, last in spans]
    rules = [_alone(line) for line in lines]
    joined = [not text[spans[i - 1][1] : spans[i][0]].count("\n") > 1 for i in range(1, len(spans))]
    _menus(lines, joined, rules)
    _captions(lines, rules)
    _titles(lines, rules)
    _repeats(lines, rules)
    _tail(lines, rules)
    return [Dropped(*span, rule) for span, rule in zip(spans, rules, strict=True) if rule]


def _alone(line: str) -> str:
    """The rule by which a line is furniture whatever stands around it, or nothing."""
    if len(line) <= _LONGEST_LINE:
        for rule, pattern in _LINES:
            if pattern.fullmatch(line):
                return rule
    if _CREDIT.search(line, max(0, len(line) - 120)):
        return "caption"
    if _STOP.search(line):
        return ""
    return "navigation" if _RUN_TOGETHER.search(line) and len(line.split()) <= _LONGEST_ITEM else ""


def _menus(lines: Sequence[str], joined: Sequence[bool], rules: list[str]) -> None:
    """Short lines directly under a line of navigation, without an empty line between, go with it."""
    for i in range(1, len(lines)):
        short = len(lines[i].split()) <= _LONGEST_ITEM and not _STOP.search(lines[i])
        if not rules[i] and joined[i - 1] and rules[i - 1] == "navigation" and short:
            rules[i] = "navigation"


def _captions(lines: Sequence[str], rules: list[str]) -> None:
    """A line that says what the caption under it says is the picture's alternative text."""
    for i in range(len(lines) - 1):
        if not rules[i] and rules[i + 1] == "caption":
            here, below = (set(_WORD.findall(line.lower())) for line in lines[i : i + 2])
            if len(here) > _LONGEST_ITEM and len(here & below) > 0.7 * len(here):
                rules[i] = "caption"


def _titles(lines: Sequence[str], rules: list[str]) -> None:
    """Behind running text a line that joins two names by a comma is the title of another story; before it, of this one."""
    begun = False
    for i, line in enumerate(lines):
        stopped = bool(_STOP.search(line))
        if begun and not rules[i] and not stopped and _TITLE_COMMA.fullmatch(line):
            rules[i] = "other story"
        begun = begun or (stopped and not rules[i])


def _repeats(lines: Sequence[str], rules: list[str]) -> None:
    """A line without a stop that stood on the page before is a teaser or the headline once more."""
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if line in seen and not rules[i]:
            rules[i] = "repeated line"
        if not line.endswith((".", "!", "”", '"')):
            seen.add(line)


def _tail(lines: Sequence[str], rules: list[str]) -> None:
    """Drop everything after a heading of the page's end, and links that stand last."""
    body = [bool(_STOP.search(line)) and line[-1] != "?" and not rule for line, rule in zip(lines, rules, strict=True)]
    # From the end back to the last line that is running text: of several sentences, or the second of two with a stop.
    inner = [_INNER_STOP.search(line) for line in lines]
    end = next((i for i in range(len(lines) - 1, 0, -1) if not rules[i] and (inner[i] or (body[i] and body[i - 1]))), 0)
    heading = next((i for i in range(end + 1, len(lines)) if _TAIL.fullmatch(lines[i])), len(lines))
    for i in range(heading, len(lines)):
        rules[i] = rules[i] or "after the article"
    # The title of another story stands last before the end of the page or, a question among them, before a byline.
    last = next((i for i in range(heading - 1, 0, -1) if not rules[i]), 0)
    asks = lines[last][-1] == "?" and "byline" in rules[last + 1 : last + 2]
    # A title does without articles; a last sentence that was cut off has some.
    short = _LONGEST_ITEM < len(lines[last].split()) <= _LONGEST_TITLE and not _ARTICLE.search(lines[last])
    if sum(body) >= _PROSE and short and not inner[last] and (asks or lines[last][-1].isalnum()):
        rules[last] = "other story"
