"""The eleven planted personas: how many posts each has, and how their authors behave."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """How the posts of one persona are made; `slug` names its phrase file.

    Hours are UTC. `likes` is the median of a log-normal; `replies` a mean. `shapes` weighs the ways to
    put a post together: p a post, l a lead, t a tail, v a vague remark.
    """

    slug: str
    name: str
    size: int
    hour: float
    hour_spread: float
    weekend: float
    regulars: float
    shapes: dict[str, float]
    likes: float
    shares: float
    replies: float
    trend: float = 0.0
    self_threads: float = 0.0
    answers: float = 0.0
    mention_first: float = 0.0
    mention_later: float = 0.0
    hashtags: float = 0.0
    links: float = 0.0
    emoji: float = 0.0
    emoji_set: str = "🙂"
    loud: float = 0.0
    lower: float = 0.3
    typos: float = 0.01


SHORT = {"p": 6, "lp": 2, "pt": 2, "v": 1}
MEDIUM = {"p": 4, "lp": 2, "pt": 4, "lpt": 1, "v": 1}
LONG = {"pptt": 3, "lpptt": 2, "pptpt": 2, "lpptp": 2, "vppt": 1}

PERSONAS = (
    Persona(
        "sdk_builders", "Payment SDK Builders", 280, hour=16.5, hour_spread=2.2, weekend=0.05, regulars=1.0,
        shapes=MEDIUM, likes=14, shares=0.12, replies=3.0, self_threads=0.12, hashtags=0.15, links=0.12,
        mention_later=0.05, emoji=0.04, emoji_set="🚀🔧🦀", lower=0.55, typos=0.004,
    ),
    Persona(
        "india_watchers", "India Quick-Commerce Watchers", 165, hour=5.5, hour_spread=1.8, weekend=0.1,
        regulars=1.0, shapes=MEDIUM, likes=35, shares=0.45, replies=3.5, hashtags=2.2, links=0.85,
        mention_later=0.12, emoji=0.05, emoji_set="📈🇮🇳🛵", lower=0.0, typos=0.001,
    ),
    Persona(
        "ai_shoppers", "AI Shopping Enthusiasts", 190, hour=1.0, hour_spread=2.0, weekend=0.3, regulars=0.35,
        shapes=MEDIUM, likes=60, shares=0.15, replies=4.0, trend=1.6, hashtags=0.8, links=0.1,
        mention_later=0.05, emoji=0.55, emoji_set="🤖✨😍🛒🤯💜", loud=0.4, lower=0.45, typos=0.006,
    ),
    Persona(
        "chatbot_critics", "Customer Service Critics", 150, hour=19.0, hour_spread=1.8, weekend=0.06,
        regulars=0.0, shapes=MEDIUM, likes=2, shares=0.05, replies=2.6, answers=0.12, mention_first=0.85,
        mention_later=0.1, hashtags=0.15, links=0.05, emoji=0.1, emoji_set="🙄😤🤦", loud=0.15, lower=0.5,
        typos=0.012,
    ),
    Persona(
        "counterfeit_warriors", "Counterfeit Warriors", 110, hour=14.0, hour_spread=1.7, weekend=0.75,
        regulars=0.85, shapes=MEDIUM, likes=18, shares=0.6, replies=3.2, mention_later=1.0, hashtags=1.5,
        links=0.55, emoji=0.35, emoji_set="🚨⚠️🔍😡", loud=0.5, lower=0.1, typos=0.008,
    ),
    Persona(
        "ux_shoppers", "UX and Design Shoppers", 135, hour=21.5, hour_spread=1.5, weekend=0.85, regulars=1.0,
        shapes=LONG, likes=9, shares=0.06, replies=1.8, self_threads=0.08, hashtags=0.03, links=0.04,
        lower=0.0, typos=0.001,
    ),
    Persona(
        "delivery_trackers", "Delivery Trackers", 100, hour=11.0, hour_spread=2.0, weekend=0.12, regulars=0.0,
        shapes=SHORT, likes=1, shares=0.02, replies=1.4, mention_first=0.3, mention_later=0.1, hashtags=0.08,
        links=0.04, emoji=0.35, emoji_set="😭📦😩🫠", lower=0.85, typos=0.02,
    ),
    Persona(
        "payment_comparers", "Payment Option Comparers", 92, hour=22.5, hour_spread=2.0, weekend=0.35,
        regulars=0.9, shapes=MEDIUM, likes=5, shares=0.04, replies=6.5, answers=0.08, hashtags=0.3, links=0.1,
        mention_later=0.05, emoji=0.05, emoji_set="💳🤔", lower=0.6, typos=0.008,
    ),
    Persona(
        "trust_first_buyers", "Trust-First Buyers", 88, hour=8.0, hour_spread=1.6, weekend=0.7, regulars=0.95,
        shapes=MEDIUM, likes=3, shares=0.08, replies=1.2, hashtags=0.02, links=0.05, mention_later=0.02,
        emoji=0.02, lower=0.0, typos=0.003,
    ),
    Persona(
        "return_scrutinisers", "Return Policy Scrutinisers", 76, hour=3.5, hour_spread=1.4, weekend=0.08,
        regulars=0.9, shapes=MEDIUM, likes=3, shares=0.1, replies=2.0, trend=-1.8, mention_first=0.12,
        mention_later=0.15, hashtags=0.2, links=0.15, emoji=0.06, emoji_set="🧾🤨", lower=0.6, typos=0.006,
    ),
    Persona(
        "platform_complainers", "Platform Complainers", 42, hour=18.5, hour_spread=1.5, weekend=0.4,
        regulars=1.0, shapes=MEDIUM, likes=8, shares=0.5, replies=7.0, mention_first=0.3, mention_later=1.3,
        hashtags=1.2, links=0.15, emoji=0.6, emoji_set="😡🤬🙏😂", loud=0.6, lower=0.35, typos=0.02,
    ),
)  # fmt: skip

BY_SLUG = {persona.slug: persona for persona in PERSONAS}
