"""From vectors to personas on planted groups, stage by stage."""

import numpy as np
import pytest
from corpora import THROUGH_ASSIGN, Listener, ask, blobs, start, talk, through, with_vectors
from sklearn.metrics import adjusted_rand_score

from riindex.errors import BuildError
from riindex.pipeline.stages.layout import place

BEFORE = THROUGH_ASSIGN


def planted(folder, groups=4, each=60, stages=BEFORE, noise=0, **settings):
    rows, labels = blobs(groups, each, width=16, spread=0.5)
    if noise:
        stray = np.random.default_rng(9).uniform(-4, 4, (noise, rows.shape[1])).astype(np.float32)
        rows, labels = np.vstack([rows, stray]), np.concatenate([labels, np.full(noise, -1)])
    texts = [f"quite an ordinary text of number {i} here" for i in range(len(rows))]
    plain = {"denoise.template_repeats": 0, "denoise.near_duplicate_similarity": 1.0, "embed.encoder": "column:vec",
             "fuse.text_share": 1.0, "fit.restarts": 5, "fit.dimensions": 4}  # fmt: skip
    run = start(folder, with_vectors(texts, rows), settings={**plain, **settings}, report=Listener(), threads=2)
    return run, through(run, *stages), labels


def test_planted_groups_come_back(tmp_path):
    _, store, labels = planted(tmp_path, **{"fit.personas": 4})
    found = [r[0] for r in ask(store, "select persona_id from assignments order by doc_id")]
    assert adjusted_rand_score(found, labels) == 1
    assert ask(store, "select count(*) from assignments where is_core") == [(240,)]


def test_runner_up_and_distances_are_those_of_the_reduced_space(tmp_path):
    _, store, _ = planted(tmp_path, **{"fit.personas": 4})
    rows = ask(store, "select vector, persona_id, distance, runner_up_id, runner_up_distance, confidence "
                      "from assignments join reduced using (doc_id) order by doc_id")  # fmt: skip
    points, persona = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    middles = np.array([points[persona == k].mean(axis=0) for k in range(4)])
    distance = np.linalg.norm(points[:, None] - middles[None], axis=2)
    order = np.argsort(distance, axis=1)
    assert persona.tolist() == order[:, 0].tolist()
    assert [r[3] for r in rows] == order[:, 1].tolist()
    assert [r[2] for r in rows] == pytest.approx(np.sort(distance, axis=1)[:, 0], abs=1e-4)
    assert [r[4] for r in rows] == pytest.approx(np.sort(distance, axis=1)[:, 1], abs=1e-4)
    assert all(0.25 <= r[5] <= 1 for r in rows)


def test_noise_keeps_its_null_label_beside_the_nearest_persona(tmp_path):
    settings = {"fit.method": "hdbscan", "fit.min_cluster_size": 30, "fit.min_samples": 5}
    run, store, labels = planted(tmp_path, noise=15, **settings)
    noise = ask(store, "select count(*) from raw_labels where raw_label is null")[0][0]
    assert noise >= 5
    assert ask(store, "select count(*) from assignments") == [(len(labels),)]
    assert ask(
        store,
        """select count(*) from assignments a join raw_labels r using (doc_id)
        where a.is_core <> (r.raw_label is not null) or (r.raw_label is not null and r.raw_label <> a.persona_id)""",
    ) == [(0,)]
    assert ask(
        store,
        """select count(*) from assignments a join raw_labels r using (doc_id)
        where r.raw_label is null and a.runner_up_distance < a.distance""",
    ) == [(0,)]
    found = np.array([r[0] for r in ask(store, "select persona_id from assignments order by doc_id")])
    assert adjusted_rand_score(found[labels >= 0], labels[labels >= 0]) > 0.98
    assert any(f"{noise:,} of" in w for w in run.report.warnings), "the noise is said loudly"
    through(run, "evaluate")
    assert dict(ask(store, "select metric, value from quality"))["noise_ratio"] == pytest.approx(noise / len(labels))


def test_noise_can_be_left_out(tmp_path):
    settings = {"fit.method": "hdbscan", "fit.min_cluster_size": 30, "fit.min_samples": 5, "assign.noise": False,
                "evaluate.refits": 1}  # fmt: skip
    run, store, labels = planted(tmp_path, noise=15, stages=(*BEFORE, "evaluate", "enrich"), **settings)
    noise = ask(store, "select count(*) from raw_labels where raw_label is null")[0][0]
    assert noise >= 5
    assert ask(store, """select count(*), count(persona_id), count(confidence), count(distance), count(runner_up_id),
        bool_or(is_core) from assignments join raw_labels using (doc_id) where raw_label is null""") == [
        (noise, 0, 0, 0, 0, False)]  # fmt: skip
    assert dict(ask(store, "select metric, value from quality"))["coverage"] == pytest.approx(1 - noise / len(labels))
    assert ask(store, "select sum(size) from personas") == [(len(labels) - noise,)]
    assert any(f"{noise:,} of" in w and "no persona" in w for w in run.report.warnings)


def test_terms_and_names_never_come_from_noise(tmp_path):
    rows, _ = blobs(3, 60, width=16, spread=0.5)
    stray = np.random.default_rng(9).uniform(-4, 4, (30, 16)).astype(np.float32)
    texts = [f"an ordinary text of number {i} here" for i in range(180)]
    texts += [f"xylophone marmalade text of number {i} here" for i in range(30)]
    run = start(tmp_path, with_vectors(texts, np.vstack([rows, stray])), threads=2, settings={
        "denoise.template_repeats": 0, "denoise.near_duplicate_similarity": 1.0, "embed.encoder": "column:vec",
        "fuse.text_share": 1.0, "fit.method": "hdbscan", "fit.min_cluster_size": 30, "fit.min_samples": 5,
        "evaluate.refits": 0})  # fmt: skip
    store = through(run, *BEFORE, "evaluate", "enrich")
    strays = (
        "select count(*) from raw_labels join documents using (doc_id) where raw_label is null and text like 'xyl%'"
    )
    assert ask(store, strays)[0][0] >= 25
    assert ask(store, "select count(*) from persona_terms where term like '%xylophone%' and kind <> 'absent_term'") == [
        (0,)
    ]
    assert ask(store, "select count(*) from personas where lower(name) like '%xylophone%'") == [(0,)]
    assert ask(store, "select count(*) from persona_evidence where text like 'xyl%'") == [(0,)]


def test_only_noise_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(BuildError) as problem:
        planted(tmp_path, each=10, **{"fit.method": "hdbscan", "fit.min_cluster_size": 1000})
    assert problem.value.stage == "fit"
    assert "fit.min_cluster_size" in problem.value.hint


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 3, 9])
def test_a_forced_number_of_personas(tmp_path, number):
    stages = (*BEFORE, "evaluate", "enrich")
    _, store, _ = planted(tmp_path, stages=stages, **{"fit.personas": number, "evaluate.refits": 1})
    assert ask(store, "select count(*) from personas") == [(number,)]
    assert ask(store, "select count(*) from granularity") == [(0,)]
    if number == 1:
        assert ask(store, "select distinct runner_up_id, runner_up_distance, confidence from assignments") == [
            (None, None, 1.0)
        ]


def test_a_sampled_fit_assigns_everybody(tmp_path):
    _, store, labels = planted(tmp_path, **{"fit.personas": 4, "fit.max_documents": 100})
    assert ask(store, "select count(*) from raw_labels") == [(100,)]
    assert ask(store, "select count(*) from reduced") == [(240,)]
    found = [r[0] for r in ask(store, "select persona_id from assignments order by doc_id")]
    assert adjusted_rand_score(found, labels) == 1


def test_the_seed_changes_a_sample_and_nothing_else_does(tmp_path):
    samples = []
    for number, seed in enumerate((1, 1, 2)):
        (tmp_path / str(number)).mkdir()
        _, store, _ = planted(tmp_path / str(number), **{"fit.personas": 4, "fit.max_documents": 100, "seed": seed})
        samples.append(ask(store, "select doc_id from raw_labels order by 1"))
    assert samples[0] == samples[1] != samples[2]


# -- quality -------------------------------------------------------------------------------------------------------


def test_figures_of_quality_equal_their_definitions(tmp_path):
    _, store, _ = planted(tmp_path, stages=(*BEFORE, "evaluate"), **{"fit.personas": 4, "evaluate.refits": 2})
    found = dict(ask(store, "select metric, value from quality"))
    rows = ask(store, "select persona_id, vector, distance, runner_up_distance, is_core, confidence "
                      "from assignments join embeddings using (doc_id) order by doc_id")  # fmt: skip
    persona, vectors = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], float)
    means = np.array([vectors[persona == k].mean(axis=0) for k in range(4)])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    sizes = np.bincount(persona)
    assert found["personas"] == 4
    assert found["coherence"] == pytest.approx(np.einsum("ij,ij->i", vectors, means[persona]).mean(), abs=1e-5)
    assert found["separation"] == pytest.approx((1 - means @ means.T + 9 * np.eye(4)).min(axis=1).mean(), abs=1e-5)
    assert found["silhouette"] == pytest.approx(np.mean([(r[3] - r[2]) / max(r[2], r[3]) for r in rows]), abs=1e-6)
    assert found["confidence"] == pytest.approx(np.mean([r[5] for r in rows]))
    assert found["unclear_ratio"] == pytest.approx(1 - np.mean([r[4] for r in rows]))
    assert (found["size_min"], found["size_max"]) == (sizes.min(), sizes.max())
    assert found["size_ratio"] == pytest.approx(sizes.max() / sizes.min())
    assert found["largest_share"] == pytest.approx(sizes.max() / sizes.sum())
    assert (found["coverage"], found["retention"], found["noise_ratio"], found["refits"]) == (1, 1, 0, 2)
    assert found["refit_ari"] == pytest.approx(1)
    assert ask(store, "select count(*) from quality where definition is null or length(definition) < 10") == [(0,)]
    stability = ask(store, "select min(stability) from persona_quality")[0][0]
    assert stability == pytest.approx(1)


def test_groups_of_nothing_are_not_stable(tmp_path):
    rng = np.random.default_rng(0)
    texts = [f"quite an ordinary text of number {i} here" for i in range(300)]
    run = start(tmp_path, with_vectors(texts, rng.normal(size=(300, 16))), settings={
        "denoise.template_repeats": 0, "embed.encoder": "column:vec", "fuse.text_share": 1.0, "fit.restarts": 4,
        "fit.personas": 6, "evaluate.refits": 3})  # fmt: skip
    store = through(run, *BEFORE, "evaluate")
    found = dict(ask(store, "select metric, value from quality"))
    assert found["refit_ari"] < 0.6
    assert found["silhouette"] < 0.2


def test_the_sample_has_every_figure(sample_report):
    assert sample_report.quality["refit_ari"] >= 0.7
    assert 0 < sample_report.quality["silhouette"] < 1
    assert sample_report.quality["coverage"] == 1
    assert [k for k, v in sample_report.quality.items() if v is None] == []


def test_a_flood_by_one_account_is_named_as_such(tmp_path):
    texts, authors = [], []
    for topic, words in enumerate(("parcel courier van tracking depot", "refund receipt cashier money store",
                                   "font layout colour button page")):  # fmt: skip
        rng = np.random.default_rng(topic)
        for i in range(80):
            own = " ".join(rng.permutation(words.split())[:4])
            texts.append(f"about the {own} and number {i} of {rng.integers(999)} things")
            authors.append("flooder" if topic == 1 and i % 10 else f"author{topic}_{i % 40}")
    vectors = np.eye(3)[np.repeat(np.arange(3), 80)] + np.random.default_rng(0).normal(0, 0.2, (240, 3))
    frame = with_vectors(texts, vectors, author=authors)
    run = start(tmp_path, frame, report=Listener(), settings={
        "denoise.template_repeats": 0, "denoise.near_duplicate_similarity": 1.0, "embed.encoder": "column:vec",
        "fuse.text_share": 1.0, "fit.personas": 3, "fit.restarts": 5})  # fmt: skip
    store = through(run, *BEFORE, "evaluate")
    found = ask(store, "select verdict, reason, top_author_share, author_gini, n_authors from persona_quality")
    flooded = [row for row in found if "flood" in row[1]]
    assert [row[0] for row in flooded] == ["fragile"]
    assert "one account wrote 90% of it" in flooded[0][1]
    assert "flooder" not in flooded[0][1]
    # Posts of five authors: 72 from one and two from each of the others.
    counts = np.array([72, 2, 2, 2, 2])
    gini = np.abs(counts[:, None] - counts[None]).sum() / (2 * len(counts) * counts.sum())
    assert flooded[0][2:] == (pytest.approx(0.9), pytest.approx(gini), 5)
    assert {row[0] for row in found if row not in flooded} == {"solid"}
    assert any("fragile" in warning for warning in run.report.warnings)


def test_the_sample_keeps_its_word_about_confidence(sample):
    answer = sample.quality()
    assert answer["overall"]["calibration_error"] <= 0.05
    assert sum(row["n"] for row in answer["calibration"]) > 500
    assert {row["verdict"] for row in answer["personas"]} <= {"solid", "usable", "fragile"}
    assert all(row["reason"] for row in answer["personas"])
    assert sum(answer["overall"][word] for word in ("solid", "usable", "fragile")) == len(answer["personas"])


# -- the map -------------------------------------------------------------------------------------------------------


def test_everybody_has_a_place_on_the_map(sample):
    kept, placed, odd = sample.sql("""
        select (select count(*) from assignments), count(*), count(*) filter (where not isfinite(x) or not isfinite(y))
        from layout""").fetchall()[0]
    assert (kept, odd) == (placed, 0)


def test_the_unsampled_lie_beside_their_neighbours():
    rows, labels = blobs(3, 40)
    points = np.array([[0, 0], [50, 0], [0, 50]], np.float32)[labels]
    found = place(rows, rows[:60], points[:60])
    assert np.abs(found - points).max() < 1
    assert (place(rows, rows[:60], points[:60], 2) == found).all()
    assert np.abs(place(rows[:60], rows[:60], points[:60]) - points[:60]).max() < 1e-3


@pytest.mark.slow
def test_near_rows_are_near_on_the_map(tmp_path):
    _, store, labels = planted(tmp_path, stages=(*BEFORE, "layout"), **{"fit.personas": 4, "layout.max_documents": 80})
    points = np.array(ask(store, "select x, y from layout order by doc_id"))
    assert points.shape == (240, 2)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    same = labels[:, None] == labels[None]
    assert distance[same].mean() < distance[~same].mean()


# -- vectors that came with the input, and encoders ----------------------------------------------------------------


def test_given_vectors_are_scaled_to_unit_length(tmp_path):
    run = start(
        tmp_path, with_vectors(["some words", "more words"], [[3, 4], [0, 0]]), settings={"embed.encoder": "column:vec"}
    )
    store = through(run, "ingest", "embed")
    assert ask(store, "select vector from embeddings order by doc_id") == [
        (pytest.approx((0.6, 0.8)),), (pytest.approx((0, 0)),)]  # fmt: skip


@pytest.mark.parametrize("vectors", [[[1, 2], [1]], [[1], None]])
def test_uneven_vectors_are_an_error(tmp_path, vectors):
    import pyarrow as pa

    from riindex.errors import ConfigError

    frame = pa.table({"text": ["some words", "more words"], "vec": pa.array(vectors, pa.list_(pa.float32()))})
    with pytest.raises(ConfigError, match="differ in length"):
        through(start(tmp_path, frame, settings={"embed.encoder": "column:vec"}), "ingest", "embed")


def test_a_missing_vector_column_names_those_there_are(tmp_path):
    from riindex.errors import ConfigError

    frame = with_vectors(["some words"], [[1, 2]])
    with pytest.raises(ConfigError) as problem:
        through(start(tmp_path, frame, settings={"embed.encoder": "column:none"}), "ingest", "embed")
    assert "vec" in problem.value.hint


def test_every_document_has_the_vector_of_its_normalised_text(tmp_path):
    from riindex import encoders

    frame = talk(12)
    with through(start(tmp_path, frame), "ingest", "embed") as store:
        found = np.array([r[0] for r in ask(store, "select vector from embeddings order by doc_id")], np.float32)
    wanted = encoders.load("static").encode(frame.column("text").to_pylist())
    assert np.abs(found - wanted).max() < 1e-6
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(12), abs=1e-5)
