"""The records that flow through the package: plain, frozen, and owners of their own arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeVar

StanceLabel = Literal["against", "neutral", "favor"]
SentimentLabel = Literal["negative", "neutral", "positive"]
Voice = Literal["narrator", "attributed", "mixed"]

STANCES: tuple[StanceLabel, ...] = ("against", "neutral", "favor")
SENTIMENTS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was published.

    Attributes
    ----------
    id : str
        Unique within its corpus.
    outlet : str
        Who published it.
    date : datetime.date or None
        Day of publication.
    title : str
        Headline; may be empty.
    text : str
        Body; may be empty where there is a title.
    url : str or None
        Where it was found.
    """

    id: str
    outlet: str
    date: date | None
    title: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names an actor.

    Attributes
    ----------
    actor : str
        Name of the actor as in ``actors.toml``.
    start, end : int
        Character offsets in the text that was handed in, end exclusive.
    surface : str
        The words themselves.
    voice : {"narrator", "attributed"}
        Whether the outlet or somebody it quotes says the words around the mention.
    speaker : str or None
        Who says them, as written, where the voice is attributed and a name was found.
    speaker_actor : str or None
        The actor that the speaker speaks for, where there is one.
    """

    actor: str
    start: int
    end: int
    surface: str
    voice: Voice = "narrator"
    speaker: str | None = None
    speaker_actor: str | None = None


class Dropped(NamedTuple):
    """A line of a text that is not read: character offsets (end exclusive), and the name of the rule that says so."""

    start: int
    end: int
    rule: str


Label = TypeVar("Label", bound=str)


def _prediction_set(probabilities: Mapping[Label, float], threshold: float | None) -> tuple[Label, ...]:
    best = max(probabilities, key=probabilities.__getitem__)
    if threshold is None:
        return (best,)
    return tuple(label for label, value in probabilities.items() if value >= threshold or label == best)


@dataclass(frozen=True, slots=True)
class Stance:
    """In what light a sentence, or a whole text, puts an actor.

    Attributes
    ----------
    actor : str
        Name of the actor.
    p_against, p_neutral, p_favor : float
        Calibrated probabilities; they add up to 1.
    voice : {"narrator", "attributed", "mixed"}
        Whose view it is; "mixed" only over several sentences.
    speaker : str or None
        The source as written, where there is exactly one.
    speaker_actor : str or None
        The actor that the source speaks for, where there is exactly one.
    sentences : int
        How many sentences the record stands for: 1 for a sentence, all that name the actor for a text.
    threshold : float or None
        Where a coverage was asked for, the probability from which on a label belongs to the prediction set.
    """

    actor: str
    p_against: float
    p_neutral: float
    p_favor: float
    voice: Voice = "narrator"
    speaker: str | None = None
    speaker_actor: str | None = None
    sentences: int = 1
    threshold: float | None = None

    @property
    def probabilities(self) -> dict[StanceLabel, float]:
        """The three probabilities by label."""
        return {"against": self.p_against, "neutral": self.p_neutral, "favor": self.p_favor}

    @property
    def labels(self) -> tuple[StanceLabel, ...]:
        """The prediction set: all labels from the threshold on, or the most probable one."""
        return _prediction_set(self.probabilities, self.threshold)

    @property
    def label(self) -> StanceLabel | None:
        """The most probable label; None where a coverage was asked for that takes more than one."""
        return self.labels[0] if len(self.labels) == 1 else None

    @property
    def best(self) -> StanceLabel:
        """The most probable label, whatever coverage was asked for."""
        return max(STANCES, key=self.probabilities.__getitem__)

    @property
    def score(self) -> float:
        """``P(favor) - P(against)``, from -1 to 1."""
        return self.p_favor - self.p_against

    @classmethod
    def mean(cls, stances: Sequence[Stance]) -> Stance:
        """Average over the sentences of a text that name one actor; each sentence weighs the same."""
        total = sum(stance.sentences for stance in stances)
        voices = {stance.voice for stance in stances}
        speakers = {stance.speaker for stance in stances}
        speaker_actors = {stance.speaker_actor for stance in stances}
        return cls(
            actor=stances[0].actor,
            p_against=sum(stance.p_against * stance.sentences for stance in stances) / total,
            p_neutral=sum(stance.p_neutral * stance.sentences for stance in stances) / total,
            p_favor=sum(stance.p_favor * stance.sentences for stance in stances) / total,
            voice=voices.pop() if len(voices) == 1 else "mixed",
            speaker=speakers.pop() if len(speakers) == 1 else None,
            speaker_actor=speaker_actors.pop() if len(speaker_actors) == 1 else None,
            sentences=total,
            threshold=stances[0].threshold,
        )


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The tone of what a sentence, or a whole text, tells, whoever is meant.

    Attributes
    ----------
    p_negative, p_neutral, p_positive : float
        Calibrated probabilities; they add up to 1.
    threshold : float or None
        Where a coverage was asked for, the probability from which on a label belongs to the prediction set.
    """

    p_negative: float
    p_neutral: float
    p_positive: float
    threshold: float | None = None

    @property
    def probabilities(self) -> dict[SentimentLabel, float]:
        """The three probabilities by label."""
        return {"negative": self.p_negative, "neutral": self.p_neutral, "positive": self.p_positive}

    @property
    def labels(self) -> tuple[SentimentLabel, ...]:
        """The prediction set: all labels from the threshold on, or the most probable one."""
        return _prediction_set(self.probabilities, self.threshold)

    @property
    def label(self) -> SentimentLabel | None:
        """The most probable label; None where a coverage was asked for that takes more than one."""
        return self.labels[0] if len(self.labels) == 1 else None

    @property
    def score(self) -> float:
        """``P(positive) - P(negative)``, from -1 to 1."""
        return self.p_positive - self.p_negative

    @classmethod
    def mean(cls, sentiments: Sequence[Sentiment]) -> Sentiment:
        """Average over sentences; a text without any is neutral for certain."""
        if not sentiments:
            return cls(0.0, 1.0, 0.0)
        count = len(sentiments)
        return cls(
            sum(sentiment.p_negative for sentiment in sentiments) / count,
            sum(sentiment.p_neutral for sentiment in sentiments) / count,
            sum(sentiment.p_positive for sentiment in sentiments) / count,
            sentiments[0].threshold,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text with all that was found in it.

    Attributes
    ----------
    text : str
        The sentence.
    start, end : int
        Character offsets in the text that was handed in, end exclusive.
    mentions : tuple of Mention
        Actors named, in order.
    stances : mapping of str to Stance
        One per actor named.
    sentiment : Sentiment
        Tone of the sentence.
    headline : bool
        Whether it belongs to the title; the offsets are then those in the title.
    repeats : int or None
        The number, from 0, of the earlier sentence that it says once more, alone or with the next; it then counts for nothing in
        the whole.
    """

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...]
    stances: Mapping[str, Stance]
    sentiment: Sentiment
    headline: bool = False
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Prediction(Mapping[str, Stance]):
    """What a text says of whom: a mapping from actor name to `Stance`.

    Attributes
    ----------
    stances : mapping of str to Stance
        Per actor, averaged over the sentences that name it; what the text says twice counts once.
    sentiment : Sentiment
        Averaged over all sentences.
    sentences : tuple of Sentence
        Sentence by sentence, the title's first.
    dropped : tuple of Dropped
        Lines of the text that are furniture of a page and were not read.
    """

    stances: Mapping[str, Stance]
    sentiment: Sentiment
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def gather(cls, sentences: Sequence[Sentence], dropped: Sequence[Dropped] = ()) -> Prediction:
        """Put the sentences of a text together, actors in order of first mention."""
        counted = [sentence for sentence in sentences if sentence.repeats is None]
        return cls(
            _means(stance for sentence in counted for stance in sentence.stances.values()),
            Sentiment.mean([sentence.sentiment for sentence in counted]),
            tuple(sentences),
            tuple(dropped),
        )

    def voiced(self, voice: Literal["narrator", "attributed"]) -> dict[str, Stance]:
        """Return the stance per actor as `stances`, of the sentences alone in which it has this voice."""
        every = (
            stance for sentence in self.sentences if sentence.repeats is None for stance in sentence.stances.values()
        )
        return _means(stance for stance in every if stance.voice == voice)

    def strongest(self, actor: str, label: Literal["against", "favor"]) -> Sentence | None:
        """Return the sentence that is most probably against, or for, an actor; None where there is none with this label."""
        return max(self._labelled(actor, label), key=lambda one: one.stances[actor].probabilities[label], default=None)

    def flags(self, actor: str) -> tuple[str, ...]:
        """Return what a reader of the headline should know.

        Returns
        -------
        tuple of str
            "headline contradicts the text" where the title is for or against the actor and more sentences of the text are the
            opposite than are the same; "headline goes beyond the text" where the text names the actor and no sentence of it has
            the title's label; empty without a title, or where it is neutral toward the actor.
        """
        titles = [one.stances[actor] for one in self.sentences if one.headline and actor in one.stances]
        leaning = max(titles, key=lambda stance: abs(stance.score), default=None)
        if leaning is None or leaning.best == "neutral":
            return ()
        if not any(actor in one.stances for one in self.sentences if not one.headline):
            return ()
        same, opposite = (
            sum(not one.headline for one in self._labelled(actor, label))
            for label in (leaning.best, "favor" if leaning.best == "against" else "against")
        )
        if opposite > same:
            return ("headline contradicts the text",)
        return () if same else ("headline goes beyond the text",)

    def _labelled(self, actor: str, label: str) -> list[Sentence]:
        return [
            one
            for one in self.sentences
            if one.repeats is None and actor in one.stances and one.stances[actor].best == label
        ]

    def __getitem__(self, actor: str) -> Stance:
        return self.stances[actor]

    def __iter__(self) -> Iterator[str]:
        return iter(self.stances)

    def __len__(self) -> int:
        return len(self.stances)


def _means(stances: Iterable[Stance]) -> dict[str, Stance]:
    """The mean per actor, in order."""
    by_actor: dict[str, list[Stance]] = {}
    for stance in stances:
        by_actor.setdefault(stance.actor, []).append(stance)
    return {actor: every[0] if len(every) == 1 else Stance.mean(every) for actor, every in by_actor.items()}


@dataclass(frozen=True, slots=True)
class OutletFrame:
    """How one outlet treats one actor, over a set of articles.

    Attributes
    ----------
    outlet, actor : str
        Who writes, of whom.
    period : str or None
        Month ("2025-03"), quarter ("2025-Q1") or year ("2025"), or None for the whole corpus.
    articles, rows : int
        Articles that name the actor, and sentences in them that do.
    net : float
        Mean stance score of the rows, -1 (all against) to 1 (all favor); NaN without rows.
    low, high : float
        Ends of the 95 % interval; NaN where there are fewer than `minimum` articles.
    against, neutral, favor : float
        Mean probabilities of the three labels.
    minimum : int
        Articles needed for an interval.
    """

    outlet: str
    actor: str
    period: str | None
    articles: int
    rows: int
    net: float
    low: float
    high: float
    against: float
    neutral: float
    favor: float
    minimum: int

    @property
    def enough(self) -> bool:
        """Whether there are articles enough to show a figure."""
        return self.articles >= self.minimum

    @property
    def leans(self) -> Literal["against", "favor"] | None:
        """The side on which the whole interval lies, or None where it holds zero or does not exist."""
        if self.enough and self.high < 0:
            return "against"
        if self.enough and self.low > 0:
            return "favor"
        return None
