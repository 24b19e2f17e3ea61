"""Persona clustering as published: results, files, the index beside them, and what the commands say."""

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from corpora import REAL, blocks, collection
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.metrics.pairwise import cosine_similarity

import riindex
from riindex.compat.persona_clustering import ClusterAnalysis, PersonaClustering, common_words
from riindex.errors import BuildError, ConfigError, QueryError
from riindex.index import RIIndex
from riindex.share.verify import verify

ROWS = collection(36)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with personas.txt."""
    folder = tmp_path_factory.mktemp("personas")
    (folder / "personas.txt").write_text(blocks([text for text, _, _ in ROWS]), encoding="utf-8")
    return folder


def cluster(folder, *, name="other", **options):
    return riindex.cluster_personas(
        folder / "personas.txt", output_dir=folder / name, index=folder / f"{name}.duckdb", **options
    )


@pytest.fixture(scope="module")
def results(folder):
    return cluster(folder, name="whole", use_classification=True, color_by="industry")


@pytest.fixture(scope="module")
def index(results):
    with RIIndex(results["output_files"]["index_file"]) as opened:
        yield opened


# -- the results ---------------------------------------------------------------------------------------------------


def test_the_results_have_the_published_keys(results):
    assert set(results) == set(PersonaClustering.__annotations__)
    assert results["personas"] == [text for text, _, _ in ROWS]
    assert results["embeddings"].shape == (36, 256)
    assert results["embeddings_2d"].shape == (36, 2)
    assert len(results["silhouette_scores"]) == 14
    for number, own in results["cluster_analysis"].items():
        assert set(own) == set(ClusterAnalysis.__annotations__)
        assert own["indices"] == np.flatnonzero(results["cluster_labels"] == number).tolist()
        assert own["size"] == len(own["indices"]) == len(own["personas"])
        assert sum(own["classifications"]["seniority"].values()) == own["size"]
        matrix = results["dissimilarity_matrix"][np.ix_(own["indices"], own["indices"])]
        assert own["internal_dissimilarity"] == pytest.approx(matrix[np.triu_indices(own["size"], 1)].mean(), abs=1e-5)
    assert results["model"].encode(["a nurse"]).shape == (1, 256)


def test_k_is_the_published_choice(results):
    vectors = results["embeddings"]
    scores = [
        silhouette_score(vectors, KMeans(k, n_init=10, random_state=42).fit_predict(vectors), metric="cosine")
        for k in range(2, 16)
    ]
    assert results["silhouette_scores"] == pytest.approx(scores, abs=1e-5)
    assert results["n_clusters"] == 2 + int(np.argmax(scores)) == 3
    assert adjusted_rand_score(results["cluster_labels"], [field for _, _, field in ROWS]) == 1


def test_terms_set_clusters_apart_and_common_words_are_counted(results):
    terms = [set(own["terms"]) for own in results["cluster_analysis"].values()]
    assert all(terms)
    assert not set.intersection(*terms)
    assert common_words(["Nurses heal nurses; the nurses", "heal them"])[:2] == [("nurses", 3), ("heal", 2)]


def read(path):
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def test_the_files_have_their_published_names_and_columns(results):
    files = results["output_files"]
    patterns = {
        "cluster_file": r"persona_clusters_\d{8}_\d{6}\.csv",
        "dissimilarity_file": r"dissimilarity_matrix_\d{8}_\d{6}\.csv",
        "visualization_file": r"persona_clusters_visualization_\d{8}_\d{6}\.html",
        "classification_file": r"classification_details_\d{8}_\d{6}\.csv",
    }
    assert set(files) == {*patterns, "index_file"}
    assert all(re.fullmatch(pattern, Path(files[key]).name) for key, pattern in patterns.items())
    head, *rows = read(files["cluster_file"])
    assert head == ["persona_index", "cluster_id", *(f"{d}_{what}" for d in ("seniority", "industry", "expertise")
                                                     for what in ("label", "confidence"))]  # fmt: skip
    assert [int(row[1]) for row in rows] == results["cluster_labels"].tolist()
    assert [int(row[0]) for row in rows] == list(range(36))
    details = read(files["classification_file"])
    assert len(details) == 1 + 36 * (7 + 15 + 8)


def test_the_matrix_file_is_one_minus_cosine(results):
    head, *rows = read(results["output_files"]["dissimilarity_file"])
    assert head == ["", *map(str, range(36))]
    matrix = np.array([row[1:] for row in rows], float)
    assert np.abs(matrix - (1 - cosine_similarity(results["embeddings"]))).max() < 1e-6
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 0).all()


@pytest.mark.parametrize(
    ("options", "model"),
    [
        ({"n_clusters": 5}, KMeans(5, n_init=10, random_state=42)),
        (
            {"clustering_method": "dbscan", "eps": 0.35, "min_samples": 4},
            DBSCAN(eps=0.35, min_samples=4, metric="cosine"),
        ),
        pytest.param(
            {"clustering_method": "hdbscan", "min_samples": 4},
            HDBSCAN(min_cluster_size=4, min_samples=5, copy=True),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["kmeans", "dbscan", "hdbscan"],
)
def test_labels_are_scikit_learns_on_the_same_vectors(folder, options, model):
    found = cluster(folder, visualization_method="pca", **options)
    wanted = model.fit_predict(found["embeddings"])
    assert adjusted_rand_score(found["cluster_labels"], wanted) == 1
    assert ((found["cluster_labels"] < 0) == (wanted < 0)).all()
    assert found["silhouette_scores"] == []
    assert found["n_clusters"] == len(set(wanted) - {-1})


@pytest.mark.slow
def test_clusters_by_labels_follow_the_labels(folder):
    found = cluster(
        folder, n_clusters=3, classification_method="classification", classification_dimensions=["seniority"]
    )
    assert adjusted_rand_score(found["cluster_labels"], [level for _, level, _ in ROWS]) > 0.8
    both = cluster(folder, n_clusters=9, classification_method="hybrid", classification_dimensions=["seniority"])
    assert adjusted_rand_score(both["cluster_labels"], [f"{level} {field}" for _, level, field in ROWS]) > 0.6


@pytest.mark.slow
def test_a_matrix_that_is_not_wanted_is_not_written(folder):
    found = cluster(folder, n_clusters=3, matrix=False)
    assert found["dissimilarity_matrix"] is None
    assert "dissimilarity_file" not in found["output_files"]


@pytest.mark.slow
def test_everything_noise_is_an_error_that_names_what_was_tried(folder):
    with pytest.raises(BuildError) as problem:
        cluster(folder, clustering_method="dbscan", eps=1e-5, min_samples=3)
    eps, least = re.search(r"--eps (\S+) --min-samples (\d+)", problem.value.hint).groups()
    found = cluster(folder, clustering_method="dbscan", eps=float(eps), min_samples=int(least))
    assert found["n_clusters"] > 1


@pytest.mark.parametrize("options", [
    {"clustering_method": "spectral"}, {"visualization_method": "mds"}, {"classification_method": "magic"},
    {"color_by": "seniority"}, {"n_clusters": 0}, {"eps": 0.0}, {"model_name": "no/such model"},
    {"use_classification": True, "classification_dimensions": ["shoe size"]},
])  # fmt: skip
def test_what_cannot_be_is_an_error_with_a_hint(folder, options):
    with pytest.raises(ConfigError) as problem:
        cluster(folder, **options)
    assert problem.value.hint


def test_the_old_name_is_the_same_function():
    assert riindex.run_persona_clustering is riindex.cluster_personas


# -- the index beside them -----------------------------------------------------------------------------------------


def test_the_index_answers_as_any_other(index, tmp_path):
    assert index.sql("select count(*) from descriptions").fetchall() == [(36,)]
    assert index.sql("describe descriptions").fetchall() == index.sql("describe tweets").fetchall()
    best = index.similar("somebody who looks after patients in a hospital", limit=3)
    assert set(best["persona_id"]) == {index.tweets(where="text like '%patients%'")["persona_id"][0]}
    counts = index.sql("select sum(n) from persona_labels where dimension = 'seniority'").fetchall()
    assert counts == [(36,)]
    assert verify(index.path) == []
    assert "descriptions" in index.get_persona(0)["description"]
    assert not re.search(r"\bposts?\b|\btweets\b", index.get_persona(0)["description"])


@pytest.mark.slow
def test_it_ships_with_its_view_and_its_labels(index, tmp_path):
    index.ship(tmp_path / "copy.duckdb")
    with RIIndex(tmp_path / "copy.duckdb") as copy:
        assert copy.sql("select count(*) from descriptions").fetchall() == [(36,)]
        assert copy.sql("select count(*) from labels").fetchall() == [(108,)]
        assert len(copy.similar("patients", limit=2)) == 2


def test_paraphrases_are_found_and_one_of_each_is_kept(index):
    found = index.redundant(0.9)
    assert [pair["similarity"] for pair in found.pairs] == sorted((p["similarity"] for p in found.pairs), reverse=True)
    for group in found.groups:
        assert group["keep"] not in group["drop"]
        assert group["size"] == len(group["drop"]) + 1
    with pytest.raises(QueryError):
        index.redundant(0)


def test_diversity_tells_the_whole_and_each(index, results):
    whole = index.diversity()
    matrix = results["dissimilarity_matrix"]
    assert whole.mean_dissimilarity == pytest.approx(matrix[np.triu_indices(36, 1)].mean(), abs=1e-5)
    assert 1 < whole.effective_number < 36
    assert len(whole.each) == 36


def test_gaps_are_the_cells_that_nobody_fills(index):
    found = index.gaps("seniority", "industry")
    assert found.documents + found.unsure == 36
    assert len(found.cells) == 7 * 15
    assert sum(cell["n"] for cell in found.cells) == found.documents
    assert sum(cell["expected"] for cell in found.cells) == pytest.approx(found.documents)
    assert all(bool(cell["header"]) == (cell["n"] == 0) for cell in found.cells)
    numbers = [int(re.search(r"PERSONA (\d+)", c["header"])[1]) for c in found.cells if c["header"]]
    assert numbers == list(range(37, 37 + len(numbers)))
    told = {"seniority": {"junior": 1, "senior": 1, "director": 1}, "industry": {f: 1 for _, _, f in ROWS}}
    fair = index.gaps("seniority", "industry", told)
    assert fair.bias < 0.2 < found.bias
    for problem in (("seniority", "seniority"), ("seniority", "shoe size")):
        with pytest.raises(QueryError):
            index.gaps(*problem)
    with pytest.raises(QueryError):
        index.gaps("seniority", "industry", {"seniority": {"boss": 1}})


def test_a_subset_stands_for_all(index):
    chosen = index.select(3)
    assert {row["persona_id"] for row in chosen} == {0, 1, 2}
    balanced = index.select(6, balance="seniority")
    assert {row["seniority"] for row in balanced} >= {"junior", "senior", "director"}
    assert len(index.select(99)) == 36
    assert len({row["tweet_id"] for row in index.select(10, "determinantal")}) == 10
    for options in ({"method": "magic"}, {"balance": "shoe size"}, {"method": "determinantal", "balance": "persona"}):
        with pytest.raises(QueryError):
            index.select(3, **options)


# -- the commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def ri(run_ri, tmp_path, folder):
    """Run a command in this process, in a folder with personas.txt."""
    shutil.copyfile(folder / "personas.txt", tmp_path / "personas.txt")
    return run_ri


@pytest.mark.slow
def test_the_familiar_command_line_and_all_that_follows(ri, tmp_path):
    code, out, err = ri(
        "cluster",
        "personas.txt",
        "--use-classification",
        "--dimensions",
        "seniority",
        "industry",
        "--color-by",
        "seniority",
    )
    assert code == 0, err
    assert all(Path(line).exists() for line in out.splitlines())
    assert len(out.splitlines()) == 5
    assert "3 clusters of 36 personas" in err
    assert "k  3" in err
    assert "as diverse as" in err
    for command in (["personas"], ["redundant", "--threshold", "0.5"], ["redundant", "--groups", "--threshold", "0.8"],
                    ["redundant", "--each"], ["gaps"], ["gaps", "industry", "seniority", "--headers", "fill.txt"],
                    ["select", "-n", "4"], ["select", "--balance", "industry", "-f", "json"], ["similar", "patients"],
                    ["sql", "from persona_labels"], ["map", "map.html"]):  # fmt: skip
        code, out, err = ri(*command)
        assert code == 0, (command, err)
        assert out, command
    assert "=== PERSONA" in (tmp_path / "fill.txt").read_text(encoding="utf-8")
    assert re.search(r"seniority\s+\w+ \d+ \(\d+%\)", ri("persona", "0")[1])
    code, out, err = ri("classify", "--dimensions", "challenges", "--threshold", "0.2")
    assert code == 0, err
    assert "challenges" in out
    assert ri("sql", "select distinct dimension from labels order by 1", "-f", "csv")[1].split()[1:] == [
        "challenges", "industry", "seniority"]  # fmt: skip
    assert ri("verify", "personas.duckdb")[0] == 0
    code, out, _ = ri("gaps", "challenges", "seniority")
    assert code == 0
    assert "challenges" in out


@pytest.mark.slow
def test_dimensions_of_ones_own_by_file(ri, tmp_path):
    (tmp_path / "own.toml").write_text("[place]\nlabels = ['hospital wards', 'game studios']\n", encoding="utf-8")
    code, out, err = ri("cluster", "personas.txt", "--use-classification", "--dimensions-file", "own.toml")
    assert code == 0, err
    assert read(tmp_path / out.splitlines()[0])[0] == ["persona_index", "cluster_id", "place_label", "place_confidence"]


@pytest.mark.slow
def test_dbscan_says_what_would_be_better(ri):
    code, _, err = ri("cluster", "personas.txt", "--method", "dbscan", "--eps", "1.9")
    assert code == 0, err
    assert "bends at" in err
    assert re.search(r"grouping is not usable; tried: --eps \S+ --min-samples \d gives \d+ groups", err)


@pytest.mark.parametrize("arguments", [
    ["cluster", "missing.txt"], ["cluster", "personas.txt", "--color-by", "seniority"],
    ["cluster", "personas.txt", "--output", "personas.txt/x"],
    ["cluster", "personas.txt", "--use-classification", "--dimensions-file", "x.toml"],
    ["cluster", "personas.txt", "--model", "no/such model"], ["classify", "-i", "missing.duckdb"],
    ["gaps", "--expect", "missing.toml"],
])  # fmt: skip
def test_bad_input_is_two_lines(ri, arguments):
    code, _, err = ri(*arguments)
    assert code == 1
    assert "error: " in err
    assert "hint: " in err
    assert "Traceback" not in err


# -- the picture ---------------------------------------------------------------------------------------------------


def test_the_picture_holds_every_persona_its_labels_and_the_axes(results):
    page = Path(results["output_files"]["visualization_file"]).read_text(encoding="utf-8")
    data = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    assert [c["name"] for c in data["colourings"]] == ["persona", "seniority", "industry", "expertise"]
    assert data["colourings"][data["first"]]["name"] == "industry"
    assert len(data["points"]["x"]) == 36
    assert all(len(c["of"]) == 36 for c in data["colourings"])
    assert re.fullmatch(r"PCA 1: \d+\.\d% of the variance", data["axes"]["x"])
    shown = data["points"]["text"][0].replace("<br>", " ")
    assert shown == " ".join(ROWS[0][0].split())


@pytest.mark.slow
def test_the_picture_opens_in_a_browser_without_network(results, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium here")
    answer = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
         f"--user-data-dir={tmp_path}", "--virtual-time-budget=8000", "--dump-dom",
         "file://" + str(Path(results["output_files"]["visualization_file"]).resolve())],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    drawn = answer.stdout.split("<main")[1]
    assert drawn.count('class="point"') >= 36
    assert "PCA 1" in drawn


# -- real descriptions ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.real_data
def test_planted_paraphrases_are_found_among_real_personas(tmp_path):
    from paraphrases import paraphrase

    from riindex.sources.descriptions import read_blocks

    text = (REAL / "descriptions" / "uxr_personas_103.txt").read_text(encoding="utf-8")
    texts = list(read_blocks(text, "uxr").texts)
    planted = np.random.default_rng(1).choice(len(texts), 20, replace=False).tolist()
    whole = texts + [paraphrase(texts[i], i) for i in planted]
    (tmp_path / "personas.txt").write_text(blocks(whole), encoding="utf-8")
    riindex.build(tmp_path / "personas.txt", tmp_path / "a.duckdb")
    truth = {(str(i + 1), str(104 + place)) for place, i in enumerate(planted)}
    with RIIndex(tmp_path / "a.duckdb") as index:
        first = [(pair["tweet_id"], pair["other_id"]) for pair in index.redundant().pairs[:25]]
    assert len(truth & set(first)) >= 18
    assert len(set(first) - truth) <= 2


@pytest.mark.slow
@pytest.mark.real_data
def test_the_ai_personas_build_with_no_option(tmp_path):
    report = riindex.build(REAL / "descriptions" / "ai_personas_1562.json", tmp_path / "ai.duckdb")
    assert (report.documents, report.kept) == (1562, 1562)
    with RIIndex(report.path) as index:
        assert index.sql("select count(distinct tweet_id) from descriptions").fetchall() == [(1562,)]
