"""Quotation and attribution: whether the outlet says something itself or has somebody say it, and who."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from stance.actors import Found, default_aliases, default_list
from stance.records import Mention

Span = tuple[int, int]

# ---- Marks -----------------------------------------------------------------------------------------------------------

_MARK = re.compile("[“”„«»\"]|''|\n")
# Single quotation marks, unless they are apostrophes: "'a puppet'", "‘a puppet’", but not "the '90s".
_SINGLE = re.compile(r"(?<![\w'’])[‘'](?=\w)(?!\d0s)([^‘\n]{2,400}?)(?<=[\w.,!?…])['’](?!\w)")
_PARTNERS = {"”": "“„", "“": "„“", "»": "«", '"': '"', "''": ("''",)}
# What stands before a quotation that goes on to the end of its paragraph, or of a sentence cut off there.
_ANNOUNCED = re.compile(r"(?:[:,]|\bthat)\s*$")
# So far a quotation is followed to where its speaker is named.
_MOST_PARAGRAPHS = 20
# Nobody nests quotations deeper.
_DEEPEST = 4
# As many words in quotation marks can be the outlet's own, at arm's length.
_LONGEST_SCARE = 3
_SENTENCE_END = re.compile(r"[.!?…][”\"’')]*\s+")

# ---- Words -----------------------------------------------------------------------------------------------------------

_SAYING = (
    "acknowledge add address admit advise agree allege announce argue ask assert assure believe boast caution claim"
    " clarify communicate complain concede conclude confirm consider contend convey credit declare deem demand deny"
    " describe emphasise emphasize estimate expect explain express fear find gripe gush hint hope indicate inform insist"
    " joke judge lament maintain mention note observe opine plead point predict proclaim protest quip reaffirm recall"
    " reckon recommend regret reiterate remark remind repeat reply report reveal rule say show state stress suggest tell"
    " testify think threaten tweet underline vow warn write"
).split()
# These have the one who is judged as their object and are never turned round: not "…, praised the minister".
_JUDGING = (
    "accuse applaud blame blast brand call castigate chastise chide commend condemn congratulate criticise criticize"
    " decry defend denounce deplore deride dismiss fault hail lambast laud liken mock praise press rebuke regard"
    " reproach salute scold slam taunt thank tout urge welcome"
).split()
# With such a noun these make a verb of saying: "placed the blame on", "backs the view that", "voiced concern".
_LIGHT = {
    **dict.fromkeys(("give", "lay", "pin", "place", "put"), re.compile(r"(?!\s(?:\w+ )?(?:blame|credit|praise)\b)")),
    "back": re.compile(r"(?!\sthe (?:claims?|idea|position|view)\b)"),
    "make": re.compile(r"(?!\s(?:it )?(?:\w+ly )?(?:clear|plain)\b)"),
    "voice": re.compile(r"(?!\s(?:\w+ )?(?:alarm|concerns?|doubts?|hope|regret|support)\b)"),
}
_TELLING = ("remind", "tell")
# Where something surer tells whose words they are, it wins over these.
_OPINIONS = frozenset("believe deem expect fear hope think".split())
# To deny one of these is a view as well: "does not believe".
_HOLDING = frozenset("believe deem expect think".split())
_IRREGULAR = {
    "say": "says said saying", "tell": "tells told telling", "write": "writes wrote writing",
    "think": "thinks thought thinking", "admit": "admits admitted admitting", "slam": "slams slammed slamming",
    "find": "finds found finding", "give": "gives gave giving", "lay": "lays laid laying",
    "make": "makes made making", "pin": "pins pinned pinning", "put": "puts put putting",
}  # fmt: skip
# In the plural these are hardly nouns; all others need a plural before them: "officials claim".
_NEVER_NOUNS = frozenset(
    "accuse acknowledge admit allege argue believe complain condemn criticise criticize denounce deny describe insist"
    " predict say suggest tell thank think urge warn write".split()
)
# These forms are nouns as often: "the visa rules", "shelling renews blame game". They count where a clause follows.
_NOUNLIKE = frozenset(
    "blame boast caution estimate express fear feared fears find hope hopes judge judges mention mock note notes"
    " point praise protest protests report reports rule rules show shows state states thanks think".split()
)
_ALWAYS_NOUNS = frozenset("blast joke jokes remark remarks".split())
# What makes a view of "is sure".
_VIEW = re.compile(r"\s(?:that|of|it|the)\b|\s*(?:[.,]|$)")
_CLAUSE = re.compile(r"\s(?:that|the|it|he|she|they|[A-Z“‘\"'#])|\s*(?:[,.:]|$)")
# What makes something else of a verb: "asked about", "wrote a book", "pleaded guilty", "thanks to".
_EXCEPTIONS = {
    **dict.fromkeys(
        "accuse applaud blame condemn criticise criticize denounce praise".split(),
        re.compile(r"\s(?:of|for|by|over)\b"),
    ),
    **dict.fromkeys(("brand", "deride", "hail", "tout"), re.compile(r"\s(?:by|as)\b")),
    **_LIGHT,
    "add": re.compile(r"\s(?:an?|\d+|[a-z]+teen|twelve|ten|two|three|four|five|its|his|more|another|new)\b"),
    "address": re.compile(r"(?!.*\s(?:regarding|with (?:a|the) (?:request|demand|appeal))\b)"),
    "advise": re.compile(r"(?!.*\sto\b)"),
    "agree": re.compile(r"(?!\sthat\b)"),
    "announce": re.compile(
        r"\s(?!that\b|plans\b|(?:a |the )?decision\b|on\b|in\b|at\b|he\b|she\b|it\b|they\b|\w+day\b)[\w$€£]"
    ),
    # To ask for something is an act, not a view.
    "ask": re.compile(r"(?!\s*[.,]|\s*$)"),
    "call": re.compile(r"\s(?:at|with|between)\b"),
    "defend": re.compile(r"\s(?:against|itself|themselves|himself)\b"),
    "deny": re.compile(r"\s(?:\w+ing|any|reports)\b"),
    "estimate": re.compile(r"\sof\b"),
    "expect": re.compile(r"\s(?:as|to)\b"),
    "find": re.compile(r"(?!\s(?:that|no|out)\b|\s*[.,]|\s*$)"),
    "inform": re.compile(r"(?!.*\sthat\b|\s*[.,]|\s*$)"),
    "judge": re.compile(r"(?!\sthat\b)"),
    "plead": re.compile(r"\s(?:not )?guilty"),
    "point": re.compile(r"(?!\sout\b)"),
    "press": re.compile(r"(?!.*\sto\s)"),
    "protest": re.compile(r"\s(?:in|at|outside|near)\b"),
    "recall": re.compile(r"\s(?:its|his|her|their|the|an?)\b"),
    "report": re.compile(r"\s(?:from|on|for)\b"),
    "reveal": re.compile(r"(?!\s(?:that|claims|on)\b|\s*[.,]|\s*$)"),
    "rule": re.compile(r"\s(?:in|out)\b"),
    "show": re.compile(r"(?!\s(?:that\b|[A-Z])|\s*[.,]|\s*$| on)"),
    "testify": re.compile(r"\s(?:before|in|at|to|about)\b"),
    "thank": re.compile(r"\sto\b"),
    "write": re.compile(r"\s(?:an?|his|her|its|their|off)\b"),
}


def _forms(verb: str) -> tuple[str, str, str]:
    """The forms of a verb in -s, of the past, and in -ing."""
    if verb in _IRREGULAR:
        third, past, present = _IRREGULAR[verb].split()
        return third, past, present
    if verb[-1] == "e":
        return verb + "s", verb + "d", verb[:-1] + "ing"
    if verb[-1] == "y" and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    return verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s"), verb + "ed", verb + "ing"


def _cues() -> dict[str, tuple[str, str]]:
    """Each form of a verb of saying with the verb and the form: "s", "past", "ing", or "plain" after a plural."""
    cues = {}
    for verb in [*_SAYING, *_JUDGING, *_LIGHT]:
        for form, word in zip(("s", "past", "ing", "plain"), (*_forms(verb), verb), strict=True):
            if word not in _ALWAYS_NOUNS:
                cues[word] = verb, form
    cues |= {word: (word, "state") for word in ("adamant", "certain", "confident", "convinced", "positive", "sure")}
    cues |= {word: (word.lower(), "hearsay") for word in ("reportedly", "allegedly", "Reportedly", "Allegedly")}
    cues |= dict.fromkeys(("according", "According"), ("according", "source"))
    cues |= dict.fromkeys(("words", "view", "opinion", "eyes"), ("words", "source"))
    return cues


_CUES = _cues()
_CUE_AT = tuple(_CUES.values())
# All cues are searched for at once: a look at each word of a sentence takes five times as long.
_FINDER = AhoCorasick(list(_CUES))
# Offices and bodies that speak for their state.
_OFFICES = frozenset(
    "administration admiral adviser advisor agencies agency aide aides ambassador ambassadors army auditors"
    " authorities authority board broadcaster cabinet captain chair chairman chancellor chief chiefs colonel command"
    " commander commanders commission coastguard commissioner consul coordinator council counterpart court courts customs"
    " defence defense delegate delegates delegation department deputy diplomat diplomats director embassy envoy"
    " envoys figures force forces foreign general generals government governments governor guard head headquarters"
    " inspector inspectors intelligence investigators judge judges king leader leaders leadership mediator"
    " military minister ministers ministry mission monitors navy negotiator negotiators observers office officer"
    " officers official officials ombudsman panel parliament pm police premier president prosecutor prosecutors"
    " rapporteur regime regulator report representative representatives secretary service services side spokesman"
    " spokesmen spokesperson spokeswoman spox staff state statement television troops tv".split()
)
# Those that every state has one of: without more, the one of the state that the sentence is about.
_HOME_OFFICES = frozenset(
    "army cabinet chancellor command embassy government headquarters military minister ministry navy police premier"
    " president prosecutor prosecutors service staff".split()
)
# They speak for whom the sentence opens with; an aide does where that is a government: "Rome hopes for more, an aide said".
_SPOKESMAN = re.compile(r"\bspokes(?:man|woman|person)$", re.IGNORECASE)
_AIDE = re.compile(r"(?:[Aa]n? )?(?:\w+ ){0,2}(?:aide|official)$")
# They speak for the first in the sentence that is no state.
_BLOC = re.compile(r"\b(?:alliance|bloc)\b", re.IGNORECASE)
# Others who speak in headlines.
_ROLES = _OFFICES | frozenset(
    "analyst analysts author authors bank coach colonel columnist columnists commentator critics daily data doctor"
    " doctors document driver drivers economist economists editor engineer engineers entrepreneur executive"
    " executives expert experts farmer farmers father fishermen group groups historian journalist journalists"
    " lawmaker lawmakers lawyer lawyers mayor media mother mp mps neighbours newspaper nurse nurses operator"
    " organiser organizer paper patriarch pilot pilots poll pope priest professor rebels reporter reports"
    " researchers residents scholar scholars scientist scientists senator senators sergeant skipper soldier soldiers"
    " source sources student students study survey teacher teachers team think-tank thinktank trader traders union"
    " veteran veterans victims villagers volunteer volunteers watchdog witnesses worker workers".split()
)
# Small words inside names and titles.
_PARTICLES = frozenset("of the and de von der van al &".split())
_IN_OFFICES = frozenset("a an deputy economy energy finance for interior of prime senior the top trade vice".split())
# Who speaks for himself, a party or a home town, and not for the state that is named beside; experts do only for the UN and its like.
_UNOFFICIAL = re.compile(
    r"\b(?:[Ff]ormer|[Ee]x|[Rr]etired|[Oo]pposition|[Cc]ritics?|[Dd]issidents?|[Aa]ctivists?|[Aa]nalysts?|(?<!\bUN )(?<!\bEU )(?<!IAEA )[Ee]xperts?"
    r"|[Pp]rofessor|[Hh]istorian|[Ll]awmakers?|[Cc]ongress(?:man|woman|men)|Sen|Rep|MPs?|MEPs?|[Mm]ayor"
    r"|[Pp]arty|[Cc]andidate"
    r"|[Jj]ournalist|[Cc]orrespondent|[Ii]nstitute|[Ff]ar-right|[Rr]ebel|[Ee]xiled|Democrats?|Republicans?|Democratic"
    r"|Republican)\b"
)
# "Madrid-based" names a place, not whom somebody speaks for; so does "in Spain".
_ATTACHED = re.compile(r"-(?:based|backed|born|led|installed|occupied|controlled|held|made|linked|language)\b")
_PLACE = re.compile(r"\b(?:in|from|at|on|near|outside)\s(?:the\s)?\Z")
_PRONOUN = re.compile(r"(?:he|she|it|they|He|She|It|They|his|her|its|their)\Z")
_HIS = re.compile(r"(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\b")
# "we thank", "one thinks": the outlet itself, or nobody in particular.
_ANYBODY = re.compile(
    r"\b(?:[Ww]e|I|[Oo]ne|[Aa]nyone|[Yy]ou)(?:\s(?:also|have|would|had|can))?\s+$"
    r"|\b(?:[Nn]obody|[Nn]o one|[Nn]one|[Ff]ew)\b[^,;:]*$"
)
_SOMEBODY = re.compile(r"(?:the|an?|one|two|people|those)\s(?!.*\b(?:\w+ed|is|was|were|are|had|has|would|will)\b)")

# ---- What stands before a verb ---------------------------------------------------------------------------------------

# It bears on the verb within so many characters.
_NEAR = 60
_AUXILIARY = re.compile(
    r"\s+(?:has|have|had|having|also|however|later|earlier|repeatedly|again|previously|reportedly|publicly|once|then"
    r"|been|was|is|were"
    r"|are|be|being|will|would|not|did|does|do|never|long|now|still|both|all|even|only|just|may|might|could|can"
    r"|twice|[a-z]+ly"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s*$"
)
_WILL = re.compile(r"\b(?:to|will|would|could|should|may|might|must|can|cannot)(?:\s\w+ly|\salso)?\s*$")
_NEGATED = re.compile(r"(?:\b(?:not|never|without)|n['’]t)\s*$")
_DOES_NOT = re.compile(r"\b(?:do|does|did)(?:\snot|n['’]t)\s*$")
# "was accused of", "is believed to": the subject is not who speaks.
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|be|being|get|gets|got)(?:\s+\w+ly)?\s*$")
_IMPERSONAL = re.compile(r"\b[Ii]t (?:is|was|has been|had been)(?:\s\w+)?\s*$")
# "his demands", "the reports": a noun.
_NOUN = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|his|her|its|their|our|my|these|those|such|any|no|some|new|of|for|in|on|by|to|with"
    r"|despite|foreign)|['’]s)"
    r"\s*$"
)
# "US reveals claims of": two forms in -s do not follow each other.
_PLURAL_NOUN = re.compile(r"\b[a-z]+s\s$(?<!ss\s)")
_PLURAL_SUBJECT = re.compile(
    r"(?:\b(?!(?:as|has|is|its|this|us|was)\s)[\w'’-]*[a-z]s|\b[A-Z][\w.]* and (?:the )?[A-Z]\w*(?: [A-Z]\w*)?"
    r"|\b(?:[Tt]hey|[Pp]eople|[Pp]olice|data|media|authorities|who))\s*$"
)
_PARTICIPLE = re.compile(
    r"(?:[,;:–—”\"-]|\b(?:is|are|was|were|be|been|by|and|but|while|after|before|statement|report|letter|article"
    r"|interview"
    r"|post))\s(?:\w+ly\s)?$"
)
_JOINED = re.compile(r"\b(?:and|but|then)\s*$")
_LISTED = re.compile(r"\s*[A-Z][\w.]*(?: [A-Z][\w.]*)?, (?!the |a )[\w. ]{1,40}$")
# What opens a clause that ends at its comma: "After Lavrov said that, …".
_SUBORDINATE = re.compile(
    r"\b(?:after|when|as|what|while|since|if|although|though|which|who|whose|because|before)$", re.IGNORECASE
)
_MEANWHILE = re.compile(r"\s(?:as|while)\s?$")
# The end of what was said in so many words, as opposed to a word held at arm's length.
_SPOKEN = re.compile(r"(?:[,.!?…—–-][”\"'’»]+|[”\"'’»],)$")
# Where a speaker's name cannot reach across.
_BORDER = re.compile(
    r",(?!\d)|[;:“”\"«»()]|\s[-–—]\s|\.\s(?=[A-Z])(?<!\b[A-Z]\.\s)(?<!\b[A-Z][a-z]\.\s)(?<!\b[A-Z][a-z]{2}\.\s)"
    r"|\b(?:but|while|as|that|which|who|whom|whose|because|after|when|where|if|although|though|what|since|before|than"
    r"|While|As|Because|After|When|If|Although|Though|Since|Before)\b"
    r"|and(?<=[a-z] and) (?=(?:the|a|an|its|his|her) )|,? and(?= [A-Z])(?=.*,)"
)
_LEADING = re.compile(
    r"(?:\s|[-–—,'’“”\"]|(?:But|And|and|but|Yet|So|In a statement|On \w+day|Meanwhile|Earlier|Later|Also|Still"
    r"|However|Then"
    r"|Yesterday|Today|Last \w+|This \w+|In (?:January|February|March|April|May|June|July|August|September"
    r"|October|November"
    r"|December)(?: \d+)?|In \d{4}|yet|so|whether|how|why|once|until|unless)\b)+"
)
_ADVERBIAL = re.compile(
    r"(?:In|At|On|After|Before|While|As|When|Since|If|Although|Though|Despite|During|With|For|From|By|Amid"
    r"|Following|Under"
    r"|\w+ing|which|who|whose|Asked|Based|Once|Last|This|To|Like|Unlike|Until|Because)\b"
)
# "Kuleba in a phone call with …": circumstances and verbs are no part of the name.
_CIRCUMSTANCE = re.compile(
    r"\s(?:(?:in|on|at|with|after|from|by) (?:an?|his|her|its|their|\w+day)|during|via|through)\b|,"
)
_NOT_A_NAME = re.compile(
    _CIRCUMSTANCE.pattern + r"|\s\w+n['’]t\b"
    r"|\s(?:has|have|had|was|were|is|are|will|would|did|does|also|now|later|[a-z]{3,}(?<!un)(?:ed|ied))\b(?!-)"
)
_ANY_WORD = re.compile(r"[^\s“”\",]+")
# A phrase's head stands before the first of these: "the *envoy* to Ukraine".
_HEAD = re.compile(r"\s(?:of|for|in|at|to|on|from|with|and|about|after)\s|,")
_OPENING = re.compile(
    r"(?:As|While|Although|Though|When|After|Since|Before|But|And|Yet|Mr|Mrs|Ms|President|Chancellor|\s|\.)*"
)
_CAPITALISED = re.compile(r"\s*[A-Z][\w’'.-]*(?:\s[A-Z][\w’'-]*)*")
# "Germany's *Maj Gen Christian Freuding*", "Russian foreign minister *Sergei Lavrov*".
_INTRODUCED = re.compile(
    r"(?:['’]s)?,?(?:\s(?!in |on |at |by |to |and |for |with |as |after )[a-z-]+){0,4}(?:,?\s[A-Z][\w.'’-]+){2,5}"
)
_LONGEST_SPEAKER = 90

# ---- What stands behind a verb ---------------------------------------------------------------------------------------

# When, where, to whom: what may follow a verb that closes what was said.
_AFTERTHOUGHT = re.compile(
    r"\s*(?:$|[.,;#@”\"]|(?:on|in|at|to|during|after|when|as|while|late|early|earlier|later|yesterday|today"
    r"|this|last|via|by"
    r"|of|with|without|from|again|ahead|about|through|before|since|for|and|but|who|reporters|journalists|lawmakers"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!\s(?:he|she|it|they|the|that)\b|\s[A-Z])|\w+ly)\b(?!.*\bthat\b)"
    r"|[A-Z]\w+(?: [A-Z]\w+)*\.?$)"
)
# "…, said the minister on Monday."
_INVERTED = re.compile(
    r"\s+(?!that\b)(?P<speaker>(?:[Tt]he |an? |one |its |his |her |their )?[^\s,;:.”\"]"
    r"(?:[^,;:“”\".]|\.(?=\S|\s[A-Z])|(?<=[A-Z])\.){1,80}?)"
    r"(?=\s*(?:[,;“”\"]|\.?\s*$|\b(?:on|in|at|after|as|during|who|when|while|told)\b))"
)
# "Turkey, the envoy said, has …": what was said goes on.
_PARENTHESIS = re.compile(r"(?:\s\w+){0,4}[,;]\s(?!where|when|which|who|as|after|before|during|in |on |at )")
# Whom somebody tells: up to "that" or a quotation, else an article and a word, or a word; behind what was said, all.
_TOLD_WHOM = re.compile(
    r"\s(?:[^,.;“”\"]{1,60}?(?=\sthat\s|\s?[“‘\"])|(?:the|an?|his|her|its|their|my|our)(?:(?:\s[A-Z][\w’'-]*)+|\s\S+)"
    r"|[A-Z][\w’'-]*\sMinister\s\S+|\S+)"
)
_TOLD_AFTER = re.compile(r"\s(?!.*\sthat\s)[^,.;“”\"]{1,60}(?=[,.;]|$)")
_MEANT = re.compile(r"(?:\s[\w-]+){0,3}\s(?:“[^”]+”|‘[^’]+’|\"[^\"]+\"|'[^']+')|[^,.;:]*?(?=[,.;:]|\sand\b|$)")
_AS_SAID = re.compile(r"\s*(?:[,.]|$|earlier|at the time|on \w+day|before)")
_END = re.compile(r";|,\s(?:as|but|while|although|though)\b")
_END_IN_HEADLINE = re.compile(r";|,?\s(?:as|while|after|amid|ahead of|despite|but)\b")

# ---- Sources and headlines -------------------------------------------------------------------------------------------

_ACCORDING = re.compile(r"\s+to\s+(?P<speaker>[^,;:]{2,90}?)(?=[,;:]|\.?\s*$|\.\s|\s[-–—]\s)")
_IN_WORDS = re.compile(r"\s+of\s+(?P<speaker>[^,;:.]{2,60})")
_IN_HIS = re.compile(r"\b[Ii]n (?P<speaker>[^,;:.]{2,50}(?=['’]s\s)|his|her|its|their)(?:['’]s)?\s\Z")
_COLON = re.compile(r"(?P<speaker>[^\s:][^:!?]{1,70}?):\s+(?=\S)")
_OF = re.compile(r"\s(?:of|and)\s")
_TAIL = re.compile(
    r"(?:\s[-–—]\s?|(?<=[a-z\d’'”\"])(?P<colon>:)\s)(?P<speaker>[^\W\d](?:[^-–—:,.!?/(]|(?<=\b[A-Z])\.){2,60})"
    r"(?:\s\(@.*)?\.?$"
)
_LONGEST_TAIL = 8
# There stands more often what is said.
_LONGEST_BEHIND_COLON = 5
_HEADED = re.compile(r":\s|\s[-–—]")
_ABOUT = re.compile(r"\s(?:about|on)\s")
# "WASHINGTON (AP) — …", "KYIV, March 3 (Reuters) - …"
_DATELINE = re.compile(r"[A-Z][A-Z .,]{3,}(?:\w+ \d+ )?(?:\([\w ]+\) ?)?[-–—]+ ")
# Headlines that open with a topic and a colon do not name a speaker.
_TOPIC = re.compile(
    r"\b(?:war|crisis|conflict|invasion|updates?|live|latest|news|watch|video|analysis|opinion|explainer"
    r"|explained|tensions?"
    r"|attack|sanctions|elections?|brexit|talks|summit|photos?|map|factbox|exclusive|breaking|territories|deal"
    r"|grain|meeting|guests|pictures|more|thread|timeline|weather)\b|^\w+ing\b",
    re.IGNORECASE,
)
# Behind a colon, what nobody says: "Timeline: How …".
_HEADING = re.compile(r"(?:How|Why|What|Who|Where|When|This is|These are|Five|Ten|\d)\b")


class _Speaker(NamedTuple):
    name: str | None
    actor: str | None


class _Speech(NamedTuple):
    """A stretch of a sentence that is somebody's words or view, and where in it this one is named."""

    start: int
    end: int
    speaker: _Speaker
    who: Span = (0, 0)


class _Line(NamedTuple):
    """A sentence, with the actors and quotations in it, in its own offsets.

    `label` is where it goes on behind a topic such as "Ukraine war:".
    """

    text: str
    named: Sequence[Found]
    quoted: Sequence[Span]
    label: int
    headline: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What the sentences so far told of who speaks.

    Attributes
    ----------
    speaker : str or None
        The last speaker named, or the person that the last sentence was about.
    actor : str or None
        The actor that this one speaks for.
    introduced : mapping of str to str
        Actors of people and offices that were introduced in full, by their last word: "Freuding" speaks for Germany
        after "Germany's Maj Gen Christian Freuding".
    """

    speaker: str | None = None
    actor: str | None = None
    introduced: Mapping[str, str] = field(default_factory=dict)


# Before the first sentence.
NOBODY = Heard()


def quotations(text: str) -> list[Span]:
    """Find what stands in quotation marks.

    Returns
    -------
    list of (int, int)
        Spans without overlaps, in order, marks included; of nested quotations the outermost. A mark that is never
        closed counts to the end of its paragraph where it opens it, where the next paragraph opens a quotation again,
        or where a colon, a comma or "that" announces it. One that is never opened counts from the beginning of its
        sentence where it ends one. Any other is stray and counts for nothing: it cannot take the rest of the text
        with it.
    """
    spans: list[Span] = []
    opened: list[tuple[int, str]] = []
    # Where the paragraph begins, and from where on a closing mark without an opening one may reach back.
    paragraph = free = 0
    for mark in _MARK.finditer(text):
        character, at, after = mark[0], mark.start(), mark.end()
        if character == "\n":
            _leave_open(text, spans, opened, paragraph, at)
            opened.clear()
            paragraph = free = after
            continue
        spaced_before = at == paragraph or text[at - 1].isspace() or text[at - 1] in "([—–-‘'"
        spaced_after = after >= len(text) or text[after].isspace() or text[after] in ".,;:!?)"
        partner = next((i for i in reversed(range(len(opened))) if opened[i][1] in _PARTNERS.get(character, "")), None)
        if character in "”»":
            opening = False
        elif character in "“„«":
            # Some write “ for both.
            opening = not spaced_after
        else:
            opening = (spaced_before and not spaced_after) or (partner is None and spaced_before == spaced_after)
        if opening:
            opened.append((at, character))
            # A text of nothing but marks must not cost the square of its length.
            del opened[:-_DEEPEST]
        elif partner is not None:
            begin = opened[partner][0]
            del opened[partner:]
            while spans and spans[-1][0] > begin:
                spans.pop()
            spans.append((begin, after))
            free = after
        elif not opened and spaced_after and text[at - 1 : at] in ".,!?…" and at > free:
            last = max((end.end() for end in _SENTENCE_END.finditer(text, free, at)), default=free)
            spans.append((last, after))
            free = after
    _leave_open(text, spans, opened, paragraph, len(text))
    if "'" in text or "‘" in text:
        doubles = spans.copy()
        spans += [single.span() for single in _SINGLE.finditer(text) if not _overlapping(doubles, *single.span())]
        spans.sort()
    return spans


def _leave_open(text: str, spans: list[Span], opened: Sequence[tuple[int, str]], paragraph: int, end: int) -> None:
    """Decide at the end of a paragraph which of the marks that were never closed opens a quotation."""
    for at, _ in opened:
        before = text[paragraph:at]
        if spans and spans[-1][0] > at:
            continue
        if not before.strip() or _ANNOUNCED.search(before) or text[end : end + 9].lstrip()[:1] in tuple('“„«"'):
            spans.append((at, end))
            return


def attribute(
    text: str, sentence: Span, found: Sequence[Found], quoted: Sequence[Span], heard: Heard
) -> tuple[tuple[Mention, ...], Heard]:
    """Tell for each actor named in a sentence who says it, and for whom the speaker speaks.

    Parameters
    ----------
    text : str
        The whole text.
    sentence : (int, int)
        The sentence's span in it.
    found : sequence of Found
        The actors named in the whole text, in order.
    quoted : sequence of (int, int)
        From `quotations`.
    heard : Heard
        What the sentence before returned, `NOBODY` for the first.

    Returns
    -------
    mentions : tuple of Mention
        In order.
    heard : Heard
        For the next sentence.
    """
    start, end = sentence
    marks = [(a - start, b - start) for a, b in _overlapping(quoted, start, end)] if quoted else []
    # In a quotation that nobody closes or goes on with, a verb of saying shows that the mark was the error.
    sure = [mark for mark in marks if _closed(text, start + mark[1])]
    line = _line(text[start:end], _within(found, start, end), sure)
    words, named = line.text, line.named
    subject = _subject(line, marks, _introduced(line, heard))
    # "As Putin left, he said" speaks of Putin; "Putin left, he said" of whoever spoke before.
    if _SUBORDINATE.match(line.text.partition(" ")[0]):
        heard = subject
    speeches, heard = _speeches(line, heard)
    heard = _introduced(line, heard) if speeches else subject
    speaking = next((speech.speaker for speech in speeches if speech.speaker.name), None)
    mentions = []
    for a, b, actor in named:
        speaker = _speaker_of(speeches, a)
        mark = _holding(marks, a)
        if mark and not speaker:
            speaker = speaking or _speaker_after(text, found, quoted, start + mark[1], end, heard)
            if not speaker and (mark[0] <= 0 or len(words[slice(*mark)].split()) > _LONGEST_SCARE):
                speaker = _Speaker(heard.speaker, heard.actor)
        surface = words[a:b]
        if speaker:
            mentions.append(Mention(actor, start + a, start + b, surface, "attributed", *speaker))
        else:
            mentions.append(Mention(actor, start + a, start + b, surface))
    return tuple(mentions), heard


def _line(text: str, named: Sequence[Found], quoted: Sequence[Span]) -> _Line:
    return _Line(text, named, quoted, _label(text), text[-1:] not in '.!?”"’…')


def _speaker_of(speeches: Sequence[_Speech], position: int) -> _Speaker | None:
    """Whose words stand there; where a speaker is named in between, the words are the outlet's."""
    for start, end, speaker, (first, last) in speeches:
        if start <= position < end and not first <= position < last:
            return speaker
    return None


def _closed(text: str, end: int) -> bool:
    """Whether a quotation that ends there was closed, or is continued by the next paragraph."""
    return text[end - 1] in "”»\"'’“" or text[end : end + 9].lstrip()[:1] in tuple('“„«"')


def _holding(spans: Sequence[Span], position: int) -> Span | None:
    index = bisect_right(spans, (position, 1 << 62)) - 1
    return spans[index] if index >= 0 and spans[index][0] <= position < spans[index][1] else None


def _overlapping(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those of the ordered, disjoint `spans` that share a character with another."""
    first = max(0, bisect_right(spans, (start, 1 << 62)) - 1)
    if first < len(spans) and spans[first][1] <= start:
        first += 1
    last = first
    while last < len(spans) and spans[last][0] < end:
        last += 1
    return spans[first:last]


@cache
def _kinds(*kinds: str) -> frozenset[str]:
    return frozenset(name for name, actor in default_list().actors.items() if actor.kind in kinds)


@cache
def _names(*fields: str) -> frozenset[str]:
    return frozenset(name for aliases in default_aliases().values() for field in fields for name in aliases[field])


def _subject(line: _Line, quoted: Sequence[Span], heard: Heard) -> Heard:
    """Take the person with whom a sentence opens as the one whom "he" and "she" mean from here on."""
    opening = _OPENING.match(line.text)
    phrase = _CAPITALISED.match(line.text, opening.end() if opening else 0)
    if not phrase or _holding(quoted, phrase.start()):
        return heard
    name = phrase[0].strip()
    inside = [mention for mention in line.named if phrase.start() <= mention.start < phrase.end()]
    if any(line.text[a:b] in _names("people") for a, b, _ in inside):
        return replace(heard, speaker=name, actor=inside[0].actor)
    key = _key(name)
    return replace(heard, speaker=name, actor=heard.introduced[key]) if key in heard.introduced else heard


def _speaker_after(
    text: str, found: Sequence[Found], quoted: Sequence[Span], close: int, end: int, heard: Heard
) -> _Speaker | None:
    """The speaker who is named behind a quotation that goes on beyond the sentence."""
    # A paragraph that never closes its quotation is continued by the next that opens one.
    for _ in range(_MOST_PARAGRAPHS):
        if text[close : close + 1] != "\n":
            break
        near = text[close : close + 9]
        following = _holding(quoted, close + len(near) - len(near.lstrip()))
        if not following:
            break
        close = following[1]
    if close <= end or text[close - 2 : close - 1] not in ",?!":
        return None
    tail = text[close - 2 : close + 200].partition("\n")[0]
    if over := _SENTENCE_END.search(tail, 3):
        tail = tail[: over.end()]
    line = _line(tail, _within(found, close - 2, close - 2 + len(tail)), [(0, 2)])
    speeches, _ = _speeches(line, heard)
    return next((speech.speaker for speech in speeches if speech.start == 0), None)


def _within(found: Sequence[Found], start: int, end: int) -> list[Found]:
    """The actors named between two places, in offsets from the first."""
    here = found[bisect_left(found, (start,)) : bisect_left(found, (end,))]
    return [Found(a - start, b - start, actor) for a, b, actor in here] if start else list(here)


def _speeches(line: _Line, heard: Heard) -> tuple[list[_Speech], Heard]:
    """The stretches of a sentence that are somebody's words or view, and who was heard last."""
    text = line.text
    titled, after = _titled(line, heard) if _HEADED.search(text) else ([], heard)
    # "… — Ida Moe (@idamoe) 3 May": a message is its writer's, whatever it tells.
    if titled and (titled[0].speaker.actor or "(@" in text[titled[0].end :]):
        return titled, after
    speeches: list[_Speech] = []
    sources: list[_Speech] = []
    hearsay: int | None = None
    opinion = False
    for start, end, verb, form in _cued(text):
        if _holding(line.quoted, start):
            continue
        if form == "source":
            source = (_ACCORDING if verb == "according" else _IN_WORDS).match(text, end)
            if source and (verb == "according" or text[:start].lower().endswith("in the ")):
                speaker, heard = _speaker(line, source.span("speaker"), heard)
                sources += [_Speech(line.label, start, speaker), _Speech(source.end(), len(text), speaker)]
            elif verb != "according" and (his := _IN_HIS.search(text, 0, start)):
                speaker, heard = _speaker(line, his.span("speaker"), heard)
                sources += [_Speech(line.label, his.start(), speaker), _Speech(end, len(text), speaker)]
        elif form == "hearsay":
            hearsay = line.label if verb == "reportedly" else start
        elif governed := _governed(line, (start, end), verb, form, bool(speeches)):
            stretch, who = governed
            if speeches and start < max(speech.end for speech in speeches):
                # Inside what somebody says only a verb behind it all tells of a speaker: "X blamed Y, a lawyer said".
                if stretch[0] <= speeches[0].start:
                    speeches.clear()
                elif who and _MEANWHILE.search(text, max(0, who[0] - 9), who[0]):
                    # "Tusk says Russia is ready as NATO warns …"
                    speeches[-1] = speeches[-1]._replace(end=who[0])
                else:
                    continue
            speaker = _Speaker(heard.speaker, heard.actor)
            if who:
                speaker, heard = _speaker(line, who, heard)
            opinion = opinion or (not speeches and verb in _OPINIONS)
            speeches.append(_Speech(*stretch, speaker, who or (0, 0)))
    if sources and (not speeches or opinion):
        speeches = sources
    if titled and not speeches:
        return titled, after
    if not speeches and hearsay is not None:
        speeches.append(_Speech(hearsay, len(text), _Speaker(None, None)))
    return speeches, heard


def _cued(text: str) -> list[tuple[int, int, str, str]]:
    """Where cues stand as words of their own, and their verbs and forms, in order."""
    cued = []
    for cue, start, end in _FINDER.find_matches_as_indexes(text, overlapping=True):
        before, behind = text[start - 1 : start] if start else " ", text[end : end + 1] or " "
        if not (before.isalnum() or before in "_-" or behind.isalnum() or behind in "_'’-"):
            cued.append((start, end, *_CUE_AT[cue]))
    return sorted(cued)


def _introduced(line: _Line, heard: Heard) -> Heard:
    """Remember the people whom a sentence introduces by the name of their actor."""
    known = {}
    for _, end, actor in line.named:
        if line.text[end : end + 1] in " '’," and (phrase := _INTRODUCED.match(line.text, end)):
            key = _key(phrase[0])
            if key.lower() not in _OFFICES:
                known[key] = actor
    if known.keys() <= heard.introduced.keys():
        return heard
    return replace(heard, introduced={**known, **heard.introduced})


def _key(phrase: str) -> str:
    """The last word, by which somebody is named again."""
    return phrase.split()[-1].removesuffix("'s").removesuffix("’s")


def _label(sentence: str) -> int:
    """Where a headline goes on behind a topic such as "Ukraine war:"; 0 where it has none."""
    if dateline := _DATELINE.match(sentence):
        return dateline.end()
    colon = _COLON.match(sentence) if ":" in sentence[:72] else None
    if not colon or len(colon["speaker"]) >= 50 or _headlike(colon["speaker"]):
        return 0
    # "Stoltenberg says: …"
    return 0 if any(word in _CUES for word in colon["speaker"].split()) else colon.end()


def _speakerlike(phrase: str) -> bool:
    """Whether a phrase can be who speaks: a name of capitalised words, or one that ends in an office."""
    words = phrase.split()
    if not words or len(words) > 8 or _TOPIC.search(phrase):
        return False
    head = _HEAD.split(phrase, maxsplit=1)[0].split()
    if words[-1].lower() in _ROLES or (head and head[-1].lower().split("-")[-1] in _ROLES):
        return True
    return (
        (words[0][0].isupper() or words[0] in ("de", "van", "von"))
        and words[-1][0].isupper()
        and all(word[0].isupper() or word in _PARTICLES for word in words)
        and not (phrase.isupper() and len(phrase) > 5)
    )


def _headlike(phrase: str) -> bool:
    """Whether a phrase before a colon can be who speaks; "Sinking of …" and "Malta and …" are topics."""
    return _speakerlike(phrase) and (not _OF.search(phrase) or not _ROLES.isdisjoint(phrase.lower().split()))


def _titled(line: _Line, heard: Heard) -> tuple[list[_Speech], Heard]:
    """What a headline puts behind "Putin:" or before "- Putin"."""
    text = line.text
    if tail := _tail(line):
        speaker, heard = _speaker(line, tail.span("speaker"), heard)
        return [_Speech(line.label if line.label < tail.start() else 0, tail.start(), speaker)], heard
    head = _COLON.match(text)
    if head and text[0].isupper():
        about = _ABOUT.search(text, 0, head.end("speaker"))
        span = (0, about.start()) if about else head.span("speaker")
        shouted = text[slice(*span)].isupper() and not any(mention.start < span[1] for mention in line.named)
        if not shouted and _headlike(text[slice(*span)]):
            speaker, heard = _speaker(line, span, heard)
            if speaker.actor or not _HEADING.match(text, head.end()):
                return [_Speech(span[1], len(text), speaker)], heard
    return [], heard


def _tail(line: _Line) -> re.Match[str] | None:
    """The speaker at the end: "… - Putin", "… : Putin"; behind ", -" whoever stands there."""
    text = line.text
    tail = _TAIL.search(text, max(0, len(text) - _LONGEST_SPEAKER))
    if tail is None or len(tail["speaker"].split()) > (_LONGEST_BEHIND_COLON if tail["colon"] else _LONGEST_TAIL):
        return None
    if tail["colon"]:
        return tail if line.headline and _speakerlike(tail["speaker"]) else None
    anybody = text[: tail.start()].endswith(",")
    return tail if anybody or _speakerlike(tail["speaker"].removeprefix("the ")) else None


def _says(near: str, word: str, after: str, verb: str, form: str) -> bool:
    """Whether a word that can be a verb of saying is one here, and not denied."""
    denied = _DOES_NOT.search(near) if verb in _HOLDING else None
    if _NEGATED.search(near) and not denied:
        return False
    if _NOUN.search(near) and not (form == "ing" and near.endswith("by ")):
        return False
    if form == "state":
        return bool(_PASSIVE.search(near)) and bool(_VIEW.match(after))
    if form == "plain":
        if _WILL.search(near) or not (verb in _NEVER_NOUNS or denied or _PLURAL_SUBJECT.search(near)):
            return False
    elif form == "ing":
        if near and not _PARTICIPLE.search(near):
            return False
    elif form == "s" and _PLURAL_NOUN.search(near):
        return False
    if _ANYBODY.search(near) or (word in _NOUNLIKE and not _CLAUSE.match(after)):
        return False
    exception = _EXCEPTIONS.get(verb)
    return not (exception and exception.match(after))


def _governed(line: _Line, at: Span, verb: str, form: str, running: bool) -> tuple[Span, Span | None] | None:
    """What a verb of saying governs and where its speaker stands.

    The verb governs the clause behind it, or the one before it where it closes that, or both where it stands between.
    The speaker is None where the verb has no subject of its own and goes on with the last one.
    """
    text, label = line.text, line.label
    before, after = text[: at[0]], text[at[1] :]
    near = before[-_NEAR:]
    if not _says(near, text[slice(*at)], after, verb, form):
        return None
    if verb == "point":
        # "…, he pointed out" closes what was said.
        at = at[0], at[1] + len(" out")
        after = text[at[1] :]
    if form == "past" and _IMPERSONAL.search(near):
        return (at[1], len(text)), (0, 0)
    while auxiliary := _AUXILIARY.search(near):
        if form == "past" and _PASSIVE.search(near):
            return None
        near = near[: auxiliary.start()]
    subject = before[: max(0, at[0] - _NEAR) + len(near)]
    # What was said before the verb is no place for its subject.
    floor = max((b for _, b in line.quoted if b <= at[0] and _SPOKEN.search(text[: b + 1].rstrip())), default=label)
    floor = max(floor, label)
    borders = [border for border in _BORDER.finditer(subject) if border.start() >= floor]
    start = borders[-1].end() if borders else floor
    if line.headline and len(borders) == 1 and _LISTED.match(subject, floor):
        # "EU, 42 countries call on …"
        start = floor
    clause = before[label:start].rstrip()
    quote = bool(_SPOKEN.search(clause))
    closing = quote or (clause.endswith((",", "—", "–", "-")) and len(clause.split()) > 2)
    behind = at[1], _stretch_end(text, at[1], line.headline)
    if borders and (opening := _SUBORDINATE.search(text, max(0, start - 9), start)):
        if opening[0] in ("as", "As") and _AS_SAID.match(after):
            return (label, len(text)), (start, len(subject))
        if opening[0] == "what":
            # "what they call a crime": so much, and nothing behind it.
            mark = _MEANT.match(text, at[1])
            return (at[1], mark.end() if mark else at[1]), (start, len(subject))
        comma = text.find(", ", at[1])
        behind = at[1], min(behind[1], comma if comma >= 0 else behind[1])
    joined = _JOINED.search(near) and not _PLURAL_SUBJECT.search(near)
    if not joined and _LEADING.sub("", subject[start:] + " ", count=1).strip():
        whom = None
        if verb in _TELLING:
            whom = (closing and _TOLD_AFTER.match(text, at[1])) or _TOLD_WHOM.match(text, at[1])
        rest = whom.end() if whom else at[1]
        # "In Oslo, Lavrov called on Norway to …" closes nothing.
        if (
            closing
            and not (verb == "call" and after.startswith(" on "))
            and (_AFTERTHOUGHT.match(text, at[1]) or (whom and _AFTERTHOUGHT.match(text, rest)))
        ):
            aside = _PARENTHESIS.match(text, rest) and not quote
            # "…," she said of the envoy.
            beyond = aside or after.startswith(" of ")
            return (label, len(text) if beyond else start), (start, len(subject))
        if not quote and clause.endswith(",") and _PARENTHESIS.match(text, rest):
            # "Turkey, the envoy said, has …"
            return (label, len(text)), (start, len(subject))
        if whom:
            behind = min(whom.end(), behind[1]), behind[1]
        return behind, (start, len(subject))
    comma = clause.endswith(",") and not line.headline
    if (
        (closing or comma)
        and form in ("s", "past", "plain")
        and verb not in _JUDGING
        and subject.rstrip() == before.rstrip()
    ):
        inverted = _INVERTED.match(text, at[1]) if verb not in _TELLING else None
        if inverted:
            who = _CIRCUMSTANCE.split(inverted["speaker"])[0]
            simple = quote or (len(borders) == 1 and not line.headline and _SOMEBODY.match(who))
            if not closing and text[inverted.end() : inverted.end() + 1] == "," and _speakerlike(who):
                # "The bridge, said the envoy, will …"
                return (label, len(text)), inverted.span("speaker")
            if closing and (_speakerlike(who) or (simple and not running and len(who.split()) < 8)):
                return (label, start), inverted.span("speaker")
    if running and (joined or form == "ing" or line.headline or not subject.rstrip().endswith(",")):
        return behind, None
    commas = sum(border[0] == "," for border in borders)
    if form == "past" and not joined and commas == 1 and subject.rstrip().endswith(","):
        # "the ban, announced on Monday, …"
        return None
    # "Orban, the prime minister, said …": the speaker stands before the insertion.
    chunks = [floor, *(border.end() for border in borders if border[0].strip() in (",", "—", "–", "-"))]
    begin = next((chunk for chunk in chunks if not _ADVERBIAL.match(subject[chunk:].lstrip(" ”\"’'"))), floor)
    if begin > label and closing and _AFTERTHOUGHT.match(after):
        return (label, begin), (begin, len(subject))
    return behind, (begin, _noun_phrase(subject, begin) if joined else len(subject))


def _noun_phrase(text: str, start: int) -> int:
    """Where a name or an office that begins there ends: before the first word that is part of neither."""
    end = start
    for word in _ANY_WORD.finditer(text, start):
        bare = word[0].strip(".,'’").lower()
        if not word[0][0].isupper() and bare not in _OFFICES and bare not in _IN_OFFICES:
            break
        end = word.end()
    return end


def _stretch_end(sentence: str, start: int, headline: bool) -> int:
    pattern = _END_IN_HEADLINE if headline else _END
    # Not at once: "admits after a year that …".
    end = pattern.search(sentence, start + 10)
    return end.start() if end else len(sentence)


def _speaker(line: _Line, span: Span, heard: Heard) -> tuple[_Speaker, Heard]:
    """Who stands in a span, apposition included, and the actor that he speaks for."""
    start, end = span
    if leading := _LEADING.match(line.text, start, end):
        start = leading.end()
    phrase = line.text[start:end]
    name = _NOT_A_NAME.split(phrase, maxsplit=1)[0].strip(" \t-–—'’“”\"")
    if not name or len(name) > _LONGEST_SPEAKER or not any(map(str.isalpha, name)):
        return _Speaker(None, None), heard
    if _PRONOUN.match(name):
        return _Speaker(heard.speaker or name, heard.actor), heard
    key = _key(name)
    actor = _represented(line, (start, start + len(name)), (start, end))
    if actor is None and not _UNOFFICIAL.search(phrase):
        actor = _unsaid(line, name, start, heard)
    introduced = heard.introduced if actor is None or key in heard.introduced else {**heard.introduced, key: actor}
    return _Speaker(name, actor), Heard(name, actor, introduced)


def _unsaid(line: _Line, name: str, start: int, heard: Heard) -> str | None:
    """For whom somebody speaks whose name and office do not tell: "Freuding", "its army", "the premier", "an aide"."""
    about = [mention for mention in line.named if mention.start < start]
    if _HIS.match(name):
        # "Israel tested a laser, its army said": whom the sentence is about.
        return (about[0].actor if about else heard.actor) if _official(name) else None
    if (key := _key(name)) in heard.introduced:
        return heard.introduced[key]
    if _BLOC.search(name):
        return next((who for _, _, who in about if who not in _kinds("state")), None)
    if about and about[0].start <= len("The "):
        opening = line.text[about[0].start : about[0].end]
        if _SPOKESMAN.search(name) or (_AIDE.match(name) and opening in _names("capital", "people")):
            return about[0].actor
    if _HOME_OFFICES.isdisjoint(name.lower().split()):
        return None
    return next((who for _, _, who in about if who in _kinds("state")), None)


def _official(name: str) -> bool:
    """Whether somebody holds an office, or a body is one: "the Dutch prime minister", "state media"."""
    head = _HEAD.split(name, maxsplit=1)[0].lower().split()
    return bool(head) and (head[-1].split("-")[-1] in _OFFICES or "state" in head)


def _represented(line: _Line, name: Span, phrase: Span) -> str | None:
    """The actor for whom somebody speaks: the first that his name and office, or else an apposition, tell."""
    text = line.text
    for start, end in (name, (name[1], phrase[1])):
        start += len(text[start:end]) - len(text[start:end].lstrip(", "))
        his = _HIS.match(text, start)
        if _UNOFFICIAL.search(text, start, end) or (his and not any(a == his.end() + 1 for a, _, _ in line.named)):
            return None
        official = _official(text[start:end])
        for a, b, actor in line.named:
            if start <= a < end and not _ATTACHED.match(text, b):
                # In a state many speak in their own name, in an alliance few.
                if (
                    official
                    or text[b : b + 1] in "'’"
                    or (actor in _kinds("alliance", "union", "organisation") and b < end <= name[1])
                ):
                    return actor
                if end > name[1] or _PLACE.search(text, start, a):
                    return None
                # The name itself, or that of a person or body behind it.
                return actor if b >= end or any(map(str.isupper, text[b:end])) else None
    return None


def overall(mentions: Iterable[Mention]) -> Mention:
    """The mention that stands for all of one actor's in a sentence: the first attributed one, else the first.

    "Lavrov said Russia had won" puts Russia in a light by Lavrov's words, and only names it in the outlet's.
    """
    every = list(mentions)
    return next((mention for mention in every if mention.voice == "attributed"), every[0])
