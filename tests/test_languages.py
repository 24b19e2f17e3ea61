"""Posts in any language: none is lost for its script, and personas are not named by function words."""

import re

import duckdb
import pytest
from corpora import QUICK, ask, start, table, through
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyword_counts import holding, words_of

from riindex import RIIndex, build
from riindex.profiles.terms import count_terms
from riindex.store.statements import sql_text
from riindex.text.keywords import is_found_inside
from riindex.text.stop_words import stop_words_by_language, term_stop_words


def test_stop_words_of_forty_languages_and_more():
    languages = {language for language, _ in stop_words_by_language()}
    assert len(languages) >= 40
    assert {"Russian", "Arabic", "Thai", "Chinese", "Japanese", "Korean", "Hindi", "Spanish", "Hebrew"} <= languages
    words = set(term_stop_words())
    assert {"не", "это", "من", "ولكن", "ค่ะ", "the", "hai"} <= words
    assert not words & {"die", "pour", "сбербанк", "банк"}, "a subject in another language"


def rows(count, opening, subjects):
    """Posts that begin with function words, each with one of some subjects."""
    return [f"{opening} {subjects[n % len(subjects)]} {n % 7}" for n in range(count)]


CASES = {
    "Spanish": ("pero no me gusta nada esto porque la", ["entrega", "factura", "tienda"], {"pero", "porque", "esto"}),
    "Russian": ("но это не так потому что для меня", ["доставка", "кредит", "тариф"], {"это", "потому", "меня"}),
    "Albanian": ("nuk mund të them se kjo është një", ["fatura", "dyqani", "porosia"], {"nuk", "kjo", "një"}),
    # No list has words in Tamil.
    "Tamil": ("இது ஒரு", ["வங்கி", "பொருள்கள்", "கடைக்காரர்"], {"இது", "ஒரு"}),
}


@pytest.mark.parametrize("language", CASES)
def test_function_words_are_no_terms(tmp_path, language):
    opening, subjects, function = CASES[language]
    run = start(tmp_path, table(rows(60, opening, subjects)))
    store = through(run, "ingest", "embed")
    store.run("denoise/schema")
    store.connection.execute(
        "create temp table members as select doc_id, 0 as persona_id, true as is_core, author, text from documents"
    )
    store.connection.execute("create table assignments as select doc_id from documents")
    count_terms(store, 3)
    found = {term for (term,) in ask(store, "select term from said where kind = 'term'")}
    assert set(subjects[1:]) <= found
    assert not function & found


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("name", ["russian_1500", "arabic_800", "thai_600", "five_languages_600"])
def test_no_function_word_names_a_persona_of_real_posts(tmp_path, real_data, name):
    build(real_data / "languages" / f"{name}.csv", tmp_path / "x.duckdb", settings=QUICK)
    stop = set(term_stop_words())
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as file:
        terms = file.execute("select term from persona_terms where kind = 'term' and rank <= 6").fetchall()
        names = file.execute("select lower(name) from personas").fetchall()
    assert not [term for (term,) in terms if term in stop]
    titles = [name.partition(" (")[0] for (name,) in names]
    assert not [title for title in titles if stop.intersection(title.replace(" & ", " ").split()) and " " not in title]


CHINESE = [
    "我的快递三天没动了客服也不回",
    "这家店的快递包装很差退款也慢",
    "手机屏幕很好看电池不行",
    "银行的信用卡积分换了一杯咖啡",
    "地铁太挤了每天上班都累",
]
JAPANESE = [
    "追跡番号を見ても荷物が動いていない、どうなってるの",
    "カメラの配送が遅れていて困っています、返金してほしい",
    "猫がキーボードの上で遊んでいる、癒やされる",
    "ラーメンが食べたくて居酒屋に行った、行列がすごかった",
]
THAI = [
    "ส่งของช้ามากครับรอเป็นอาทิตย์แล้วไม่พอใจ",
    "พนักงานบริการดีมากร้านสะอาดอาหารอร่อย",
    "แอปล่มอีกแล้วโอนเงินไม่ได้เลยธนาคารนี้",
    "สั่งของออนไลน์ได้ของปลอมคืนเงินยากมาก",
]
ARABIC = [
    "الطلب تأخر كثيرا والشركة لا ترد على الرسائل",
    "وصلت الطلبية لكن المنتج مختلف عن الصورة",
    "خدمة العملاء في البنك سيئة جدا هذا الشهر",
    "والبنك رفض البطاقة مرتين في السوق",
]
HINDI = [
    "मेरा पार्सल अभी तक नहीं आया कंपनी जवाब नहीं देती",
    "दुकानदार ने नकली सामान भेजा पैसे वापस चाहिए",
    "बैंक की सेवा बहुत खराब है कार्ड बंद हो गया",
    "कामयाबी के लिए काम करना पड़ता है हर रोज",
]
CORPUS = {"Chinese": CHINESE, "Japanese": JAPANESE, "Thai": THAI, "Arabic": ARABIC, "Hindi": HINDI}


@pytest.fixture(scope="module")
def many_scripts(tmp_path_factory):
    """An index of posts in five languages, each post four times with other words after it."""
    path = tmp_path_factory.mktemp("scripts") / "x.duckdb"
    ends = ["delivery was late", "refund please now", "great card offer", "page is slow today"]
    texts = [
        f"{text} {ends[n]} {place}{n}"
        for n in range(4)
        for posts in CORPUS.values()
        for place, text in enumerate(posts)
    ]
    build(table(texts), path, settings={**QUICK, "fit.personas": 2, "layout.max_documents": 60})
    return path


@pytest.mark.parametrize("language", CORPUS)
def test_keyword_search_finds_every_text_with_a_word(many_scripts, language):
    with RIIndex(many_scripts) as index, duckdb.connect(str(many_scripts), read_only=True) as file:
        texts = dict(file.execute("select tweet_id, text from tweets").fetchall())
        words = words_of(CORPUS[language], language)
        assert len(words) == 50
        for word in words:
            wanted = holding(texts, word)
            own = index.similar(word, mode="keyword", limit=len(texts))["tweet_id"].to_list()
            alone = [
                key for (key,) in file.execute("select tweet_id from search_tweets($q, 1000)", {"q": word}).fetchall()
            ]
            assert wanted
            assert wanted <= set(own), word
            assert set(own) == set(alone), word


def test_a_word_without_blanks_is_found_first(many_scripts):
    with RIIndex(many_scripts) as index:
        for word in ("快递", "ラーメン", "بنك", "पार्सल"):
            with_it = index.sql(f"select count(*) from tweets where contains(text, '{word}')").fetchall()[0][0]
            found = index.similar(word, mode="keyword", limit=with_it)["text"].to_list()
            assert all(word in text for text in found), word


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_the_same_where_duplicates_are_looked_for_and_in_the_file(connection, text):
    own, there = connection.execute("select word_list($t), keywords($t)", {"t": text}).fetchone()
    assert own == there


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as found:
        for name in ("shared/text", "words/keywords"):
            found.execute(sql_text(name))
        yield found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("快递到了 iPhone快递 茶", ["iphone", "快递", "递到", "到了", "快递", "茶"]),
        ("ส่งของ", ["ส่", "่ง", "งข", "ขอ", "อง"]),
        ("की कहाँ बहुत", ["की", "कहाँ", "बहुत"]),
        ("كِتاب café ЖИЗНЬ", ["كتاب", "cafe", "жизнь"]),
        ("It's 5月", ["it", "s", "5", "月"]),
        ("한국 배송이", ["한국", "배송이"]),
        ("", []),
    ],
)
def test_words_of_every_script(connection, text, wanted):
    assert connection.execute("select keywords($t)", {"t": text}).fetchone() == (wanted,)


@given(st.text(st.sampled_from("aé0жعक茶กが한"), min_size=1, max_size=3))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_found_inside_longer_words_is_the_same_in_the_file(connection, word):
    parts = re.search(r"where (regexp_matches\(term.*?)\n\),", sql_text("words/macros"), re.DOTALL)[1]
    there = connection.execute(f"select {parts} from (select $t as term)", {"t": word}).fetchone()
    assert there == (is_found_inside(word),)


def test_a_function_word_of_another_language_may_tell_two_posts_apart(tmp_path):
    """In Vietnamese tren is "on"; in Spanish it is the train."""
    post = "el {} de hoy ha llegado tarde otra vez y perdí la reunión porque nadie avisó de nada"
    others = [f"mi pedido número {n} no llega y la tienda {n} no contesta" for n in range(20)]
    run = start(tmp_path, table([post.format("tren"), post.format("vuelo"), post.format("vuelo") + " más", *others]))
    store = through(run, "ingest", "embed", "denoise")
    dropped = ask(store, "select doc_id from dropped where reason = 'near_duplicate' and doc_id < 3")
    assert dropped == [(2,)]
