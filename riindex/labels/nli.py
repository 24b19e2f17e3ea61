"""Labels by natural language inference: does the text entail "this person works in healthcare"?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from riindex.algorithms.types import Doubles
from riindex.errors import ConfigError, MissingExtra
from riindex.labels.dimensions import Dimension

# Pairs of a text and a sentence that the model reads at a time.
BATCH_PAIRS = 32
# Pieces at which a text is cut; the models were trained on shorter ones.
MAX_PIECES = 256


class Entailment:
    """Hugging Face model that was trained on NLI, by hub name or folder (Yin, Hay and Roth 2019).

    Raises MissingExtra without torch and transformers, ConfigError for a model that cannot be loaded or has no label
    for entailment.
    """

    def __init__(self, model: str) -> None:
        self._tokenizer, self._model = _load(model)
        ids = {str(name).lower(): int(number) for name, number in self._model.config.label2id.items()}
        entails = [number for name, number in ids.items() if name.startswith("entail")]
        if not entails or len(ids) < 2:
            raise ConfigError(
                f"the model {model!r} has no label for entailment: its labels are {', '.join(ids)}",
                "name one that was trained on NLI, like typeform/distilbert-base-uncased-mnli",
            )
        self._entails = entails[0]
        denies = [number for name, number in ids.items() if name.startswith("contra")]
        self._denies = denies[0] if denies else next(n for n in ids.values() if n != self._entails)

    def scores(self, texts: Sequence[str], dimension: Dimension) -> Doubles:
        """Compute log-odds of entailment against contradiction of every label's sentence, float64 (n, labels)."""
        sentences = [dimension.asks.replace("{}", label) for label in dimension.labels]
        order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), row))
        pairs = [(row, place) for row in order for place in range(len(sentences))]
        scores = np.zeros((len(texts), len(sentences)))
        for start in range(0, len(pairs), BATCH_PAIRS):
            batch = pairs[start : start + BATCH_PAIRS]
            odds = self._odds([texts[row] for row, _ in batch], [sentences[place] for _, place in batch])
            scores[[row for row, _ in batch], [place for _, place in batch]] = odds
        return scores

    def _odds(self, texts: list[str], sentences: list[str]) -> Doubles:
        import torch

        read = self._tokenizer(
            texts, sentences, truncation="only_first", max_length=MAX_PIECES, padding=True, return_tensors="pt"
        )
        with torch.inference_mode():
            logits = self._model(**read).logits
        return np.asarray((logits[:, self._entails] - logits[:, self._denies]).double().cpu().numpy())


def _load(model: str) -> tuple[Any, Any]:
    try:
        import torch  # noqa: F401 - transformers offers its models only with it
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("transformers", "nli") from error
    from safetensors import SafetensorError

    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        return tokenizer, AutoModelForSequenceClassification.from_pretrained(model).eval()
    # No such model, no network, files of another kind, weights that do not fit or are cut short.
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ConfigError(
            f"the model {model!r} cannot be loaded: {reason}",
            "give a folder that holds it, or check the hub name and the network; --engine embedding needs neither",
        ) from error
