"""Settings: every default holds, every bad value is told, the presets are what was published."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riindex.config import build_config as module
from riindex.config.build_config import BuildConfig, read_toml, setting_names, toml_preset
from riindex.config.presets import PRESETS, preset
from riindex.errors import ConfigError


@pytest.mark.parametrize("name", PRESETS)
def test_presets_pass_their_own_checks(name):
    assert preset(name).preset == name
    dataclasses.replace(preset(name))


def test_the_published_configuration_is_kept_to_the_letter():
    frozen = preset("ri-2025")
    assert frozen.seed == 42
    assert frozen.embed.encoder == "sentence:all-MiniLM-L6-v2"
    # "more than 20 characters and more than 5 words kept": the first that stay have 21 and 6.
    assert (frozen.denoise.min_chars, frozen.denoise.min_words) == (21, 6)
    assert frozen.denoise.near_duplicate_similarity == 0.95
    assert (frozen.fuse.text_share, frozen.fuse.text_dimensions) == (0.75, 0)
    assert dataclasses.asdict(frozen.fit).items() >= {
        "method": "hdbscan", "reduction": "umap", "dimensions": 50, "umap_neighbors": 40, "umap_min_dist": 0.4,
        "min_cluster_size": 75, "min_samples": 10}.items()  # fmt: skip


def test_the_default_is_what_was_found_by_trial():
    default = preset("tweets")
    assert default == BuildConfig()
    assert (default.embed.encoder, default.denoise.min_chars, default.denoise.min_words) == ("static", 20, 5)
    assert (default.fit.method, default.fit.reduction, default.fuse.text_dimensions) == ("kmeans", "none", 24)
    assert (default.fit.restarts, default.fit.default_personas, default.fit.personas) == (100, 12, 0)
    assert default.layout.max_documents <= 10_000
    assert default.evaluate.refits <= 5


def test_descriptions_drop_nothing_and_have_no_behaviour():
    rules = preset("descriptions")
    assert (rules.denoise.min_chars, rules.denoise.min_words, rules.denoise.template_repeats) == (0, 0, 0)
    assert not rules.denoise.exact_duplicates
    assert not rules.denoise.retweets
    assert rules.denoise.near_duplicate_similarity == 1
    assert rules.fuse.text_share == 1


def test_an_unknown_preset_lists_the_known():
    with pytest.raises(ConfigError) as problem:
        preset("nothing")
    assert all(name in problem.value.hint for name in PRESETS)


# -- one setting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", setting_names())
def test_every_setting_can_be_set_to_its_own_value_as_text(key):
    value = module._value(BuildConfig(), key)
    text = "text=body" if isinstance(value, dict) else str(value)
    changed = BuildConfig().with_setting(key, text)
    if not isinstance(value, dict):
        assert changed == BuildConfig()
        assert changed.digest == BuildConfig().digest


@pytest.mark.parametrize("key", [k for k in setting_names() if "." in k])
def test_a_unique_name_needs_no_section(key):
    section, _, name = key.partition(".")
    owners = [k for k in setting_names() if k.endswith("." + name)]
    if len(owners) == 1:
        value = module._value(BuildConfig(), key)
        if not isinstance(value, dict):
            assert BuildConfig().with_setting(name, value) == BuildConfig()
    else:
        with pytest.raises(ConfigError, match="ambiguous") as problem:
            BuildConfig().with_setting(name, 1)
        assert key in problem.value.hint
    assert section


@pytest.mark.parametrize("key", module._RANGES)
def test_ranges_hold_at_both_ends(key):
    low, high = module._RANGES[key]
    kind = type(module._value(BuildConfig(), key))
    for value in (low, high):
        assert module._value(BuildConfig().with_setting(key, kind(value)), key) == value
    step = 1 if kind is int else 0.001
    for value in (low - step, high + step):
        with pytest.raises(ConfigError, match=key) as problem:
            BuildConfig().with_setting(key, kind(value))
        assert "from" in problem.value.hint


def test_every_number_has_a_range():
    numbers = {k for k in setting_names() if type(module._value(BuildConfig(), k)) in (int, float)}
    assert numbers == set(module._RANGES)


BAD = [
    ("fit.personas", "many"), ("fit.personas", 2.5), ("denoise.retweets", "perhaps"), ("fit.method", "magic"),
    ("fit.reduction", "ica"), ("behave.timezone", "Mars/Base"), ("fuse.text_share", "half"), ("seed", "x"),
    ("seed", -1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), BAD)
def test_bad_values_are_told_with_a_hint(key, value):
    with pytest.raises(ConfigError) as problem:
        BuildConfig().with_setting(key, value)
    assert problem.value.hint


@pytest.mark.parametrize("value", [float("nan"), "nan"])
def test_not_a_number_is_no_value(value):
    with pytest.raises(ConfigError):
        BuildConfig().with_setting("fuse.text_share", value)


@pytest.mark.parametrize("key", ["nothing", "fit.nothing", "nothing.personas", "preset", ""])
def test_unknown_settings_are_told_with_the_known(key):
    with pytest.raises(ConfigError) as problem:
        BuildConfig().with_setting(key, 1)
    assert "fit.personas" in problem.value.hint


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("0", False), ("off", False)])
def test_truth_is_written_in_several_ways(text, value):
    assert BuildConfig().with_setting("denoise.retweets", text).denoise.retweets is value


def test_sections_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        BuildConfig().fit.personas = 3


# -- digests -------------------------------------------------------------------------------------------------------


def test_every_setting_but_threads_changes_the_digest():
    base = BuildConfig()
    assert base.with_setting("threads", 2).digest == base.digest
    changed = {base.digest}
    for key, value in [("seed", 1), ("fit.personas", 3), ("fuse.text_share", 0.5), ("behave.timezone", "Asia/Kolkata"),
                       ("ingest.map", {"text": "x"}), ("embed.encoder", "column:x")]:  # fmt: skip
        changed.add(base.with_setting(key, value).digest)
    assert len(changed) == 7


@given(st.integers(0, 500), st.floats(0, 1))
def test_json_holds_every_setting(personas, share):
    config = BuildConfig().with_setting("fit.personas", personas).with_setting("fuse.text_share", share)
    values = json.loads(config.to_json())
    assert values["fit"]["personas"] == personas
    assert values["fuse"]["text_share"] == share
    assert config.section("fit")["personas"] == personas
    assert config.section("seed") == {"seed": 42}
    assert config.section("fit.personas") == {"personas": personas}


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_file_sets_sections_and_top_keys(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(
        'preset = "ri-2025"\nseed = 7\n[fit]\npersonas = 8\n[ingest]\nmap = {text = "body"}\n', encoding="utf-8"
    )
    assert toml_preset(path) == "ri-2025"
    config = read_toml(path, BuildConfig())
    assert (config.seed, config.fit.personas, config.ingest.map) == (7, 8, {"text": "body"})


@pytest.mark.parametrize(
    "text", ["[fit\n", "[fit]\npersonas = 'many'\n", "[nothing]\nx = 1\n", "[fit]\nnothing = 1\n", "x = 1\n"]
)
def test_bad_files_are_told(tmp_path, text):
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        read_toml(path, BuildConfig())
    with pytest.raises(ConfigError, match="no file"):
        read_toml(tmp_path / "none.toml", BuildConfig())


def test_options_go_before_settings_before_the_file_before_the_preset(tmp_path):
    from riindex.pipeline.run import resolve_config

    path = tmp_path / "c.toml"
    path.write_text(
        'preset = "ri-2025"\n[fit]\npersonas = 5\nmin_samples = 3\nmin_cluster_size = 20\n', encoding="utf-8"
    )
    found = resolve_config(None, path, {"fit.personas": 6, "fit.min_samples": 4}, personas=7, timezone="Asia/Kolkata",
                           map={"text": "body"}, encoder="static")  # fmt: skip
    assert (found.fit.personas, found.fit.min_samples, found.fit.min_cluster_size) == (7, 4, 20)
    assert (found.preset, found.fit.method) == ("ri-2025", "hdbscan")
    assert (found.behave.timezone, found.ingest.map, found.embed.encoder) == (
        "Asia/Kolkata",
        {"text": "body"},
        "static",
    )
    assert resolve_config("tweets", path).fit.method == "kmeans"
    with pytest.raises(ConfigError):
        resolve_config(map={"colour": "x"})
