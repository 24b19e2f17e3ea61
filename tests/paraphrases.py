"""Other words for the same persona: synonyms, another order of the sentences, another beginning."""

import random
import re

SYNONYMS = {
    "researcher": "research specialist",
    "specializing": "focused",
    "focused": "concentrating",
    "analysis": "analytics work",
    "quantitative": "numbers-based",
    "products": "product lines",
    "consumer": "customer-facing",
    "key": "main",
    "primary": "biggest",
    "core": "principal",
    "challenges": "difficulties",
    "priorities": "goals",
    "expertise": "skills",
    "learning": "getting to know",
    "understanding": "making sense of",
    "limited": "little",
    "building": "developing",
    "large": "big",
    "complex": "complicated",
    "data": "figures",
    "survey": "questionnaire",
    "design": "planning",
    "team": "group",
    "users": "people who use it",
    "stakeholders": "decision makers",
    "ensuring": "making sure of",
    "managing": "handling",
    "improving": "raising",
    "measuring": "gauging",
    "methods": "techniques",
    "impact": "effect",
    "advanced": "sophisticated",
    "supporting": "assisting",
}


def paraphrase(text, seed, rate=0.6):
    """The description with ``rate`` of the words that have a synonym replaced, its later lines in another order."""
    rng = random.Random(seed)
    first, *rest = text.split("\n")
    rng.shuffle(rest)
    told = " ".join([first.replace("You are a", "This person works as a"), *rest])

    def other(match):
        synonym = SYNONYMS.get(match[0].lower())
        return synonym if synonym and rng.random() < rate else match[0]

    return re.sub(r"[A-Za-z]+", other, told)
