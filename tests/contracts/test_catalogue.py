"""Every sentence is said in both languages, with the same values in it."""

from __future__ import annotations

import re
import string

import pytest

import workings as wk
from workings.errors import InputError
from workings.language import use_language
from workings.language.korean import PARTICLES, particle_after

from .sentences import SOURCE, korean, said

HANGUL = re.compile("[가-힣]")

# One term, one Korean term, throughout: what an English sentence calls this is called that, or it is code (seed=0).
TERMS = {
    "gradient descent": "경사 하강법",
    "gradient": "경사도 벡터|경사 하강법",
    "chain rule": "연쇄 법칙",
    "partial derivatives?": "편미분",
    "second derivatives?": "이계도함수",
    "derivatives?": "도함수|미분",
    "slopes?": "기울기|편미분|방향도함수",
    "central differences?": "중심차분",
    "curvature": "곡률",
    "learning rate": "학습률",
    "momentum": "모멘텀",
    "log-loss": "로그 손실",
    "costs?": "비용|손실",
    "penalty": "벌점",
    "coefficients?": "계수",
    "intercept": "절편",
    "iterations?": "반복",
    "degrees? of freedom": "자유도",
    "standard errors?": "표준오차",
    "standard deviations?": "표준편차",
    "variances?": "분산",
    "quantile": "분위수",
    "tolerance": "허용 오차",
    "confusion matrix": "혼동 행렬",
    "true positives?": "참 양성",
    "false positives?": "거짓 양성",
    "true negatives?": "참 음성",
    "false negatives?": "거짓 음성",
    "sensitivity": "민감도",
    "specificity": "특이도",
    "precision": "정밀도",
    "recall": "재현율",
    "prevalence": "유병률",
    "odds ratio": "오즈비",
    "likelihood ratio": "우도비",
    "thresholds?": "임계값",
    "roc curve": "ROC 곡선",
    "area under the (roc )?curve": "곡선 아래 면적",
    "areas?": "면적",
    "trapezoids?": "사다리꼴",
    "sigmoid": "시그모이드",
    "logistic": "로지스틱",
    "class(es)?": "클래스|레이블",
    "booleans?": "논리값",
    "floats?": "부동소수점",
    "shape": "형상",
    "missing values?": "결측값",
    "(rows )?held out": "평가",
    "traced": "추적",
    "pixels?": "픽셀",
    "kernel": "커널",
    "nodes?": "마디",
    "dashed": "파선",
}
# How these were said once, or might be said by somebody who does not look: 라벨 and 레이블 are one thing.
# "적합한 모델" reads as a suitable model, 적합된 모델 is one that was fitted.
NOT_SAID = (
    "라벨|넓이|불리언|표준 오차|질의|쌍반점|멈추었다|그래디언트|그라디언트|파라미터|파라메터|체인 룰|이계 도함수|"
    "화소|실제값|목표값|최대값|최소값|절대값|부동소수점수|신뢰구간|신뢰 띠|적합한 (모델|식|값|계수|직선)"
)
# 이다, 이고 and 이므로 are right after every sound, as books write them after a number: 0.5이므로.
BARE_PARTICLE = re.compile(
    r"""(?<!})}"?(은|는|을|를|과|와|가|로|으로|면|므로|여야|이어야|라|이라|라고|이라고)(?![가-힣])"""
)


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_its_korean():
    translated = {entry.id for entry in korean() if entry.id and entry.string and not entry.fuzzy}
    missing = {sentence: where[0] for sentence, where in said().items() if sentence not in translated}
    assert not missing


def test_thousands_are_parted_by_the_sentence_and_nowhere_else():
    # f"{count:,}" would stand as 1,234 beside 12 345.
    commas = re.compile(r"\{[^{}\n]*:,[.\w]*\}")
    assert not [path.name for path in SOURCE.rglob("*.py") if commas.search(path.read_text(encoding="utf-8"))]


def test_no_korean_is_kept_for_a_sentence_that_is_no_longer_said():
    assert {entry.id for entry in korean() if entry.id} <= set(said())


def test_a_translation_uses_the_values_of_its_sentence():
    assert not {e.id: e.string for e in korean() if e.id and places(e.string) != places(e.id)}


def test_formats_in_a_translation_are_particles_or_those_of_the_sentence():
    for entry in korean():
        if entry.id:
            ours = {spec for _, _, spec, _ in string.Formatter().parse(entry.id) if spec}
            theirs = {spec for _, _, spec, _ in string.Formatter().parse(entry.string) if spec}
            assert {spec.strip('"') for spec in theirs - ours} <= set(PARTICLES), entry.id


def test_a_translation_is_in_the_plain_style():
    polite = re.compile(r"((?<!필)요|(?<!아)니다|십시오)[.!?]?$")
    assert not [e.string for e in korean() if e.id and polite.search(e.string.strip())]


def test_a_translation_is_written_as_korean_books_are():
    # No space before % or an opening parenthesis (but that of a tuple or a formula), particles chosen by their sound,
    # no semicolon (but between definitions, u = x*z; v = x^2), no double space; and Hangul wherever the English has a
    # word.
    slips = re.compile(
        r"[\d}] %|[가-힣] \((?!\w+(,| [-+]) )|을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로|;(?! [a-z] = )|  "
    )
    assert not [e.string for e in korean() if e.id and slips.search(e.string)]
    said_in_words = [e for e in korean() if e.id and re.search("[a-z]{4}", re.sub(r"{.*?}", "", e.id))]
    assert not [e.string for e in said_in_words if e.string and not HANGUL.search(e.string) and e.string != e.id]


def test_a_term_has_one_korean_term():
    wrong: dict[str, str] = {}
    for entry in korean():
        english, translated = re.sub("{.*?}", "{}", entry.id or ""), entry.string
        for term, ours in TERMS.items():
            said_so = re.search(rf"(?<![\w_\"'.])({term})(?![\w_=\"'.(])", english, re.IGNORECASE)
            # An argument is named as it is in the code.
            if said_so and not re.search(f"{ours}|{re.escape(said_so.group().lower())}", translated):
                wrong[entry.id] = f"{ours}: {translated}"
    assert not wrong
    assert not [entry.string for entry in korean() if entry.id and re.search(NOT_SAID, entry.string)]


def test_a_particle_follows_the_sound_of_its_value():
    assert not [entry.string for entry in korean() if entry.id and BARE_PARTICLE.search(entry.string)]
    # 0.5이다 here and 0.5다 there would be two voices.
    assert not [entry.string for entry in korean() if re.search(":이(다|고|면|므로)/", str(entry.string))]


def test_a_particle_that_is_typed_follows_the_sound_before_it():
    # After a digit, a letter or a sign every particle; after Hangul 을 and 를, which end no other words.
    typed = re.compile(r"(?P<word>[A-Za-z0-9²³′']+)(?P<form>을|를|은|는|과|와|이|가|으로|로)(?![가-힣])")
    object_of = re.compile(r"(?P<word>[가-힣])(?P<form>을|를)(?![가-힣])")
    particles = {form: key for key in ("을/를", "은/는", "과/와", "이/가", "으로/로") for form in PARTICLES[key]}
    wrong = [
        entry.string[found.start() - 10 :][:40]
        for entry in korean()
        for pattern in (typed, object_of)
        for found in pattern.finditer(re.sub("{.*?}", "{}", entry.string) if entry.id else "")
        if particle_after(found["word"], particles[found["form"]]) != found["form"]
    ]
    assert not wrong


def test_what_is_refused_is_said_in_whole_sentences():
    # "fit: 행이 너무 적다. 행을 늘리면 된다." ends as it began; English may leave the full stop out.
    refused = re.compile(r"(at|state|[{]?\w+[}]?|식|컴파일한 식): .*(다|는가)[.:] ")
    assert not [e.string for e in korean() if e.id and refused.match(e.string) and re.search("[가-힣]$", e.string)]


def test_a_status_leaves_the_full_stop_to_the_sentence_around_it():
    status = re.compile(r"\{status\}[;:]|(stopped|diverged|converged)\b.*iteration \{")
    statuses = [entry.string for entry in korean() if entry.id and status.match(entry.id)]
    assert len(statuses) > 10
    assert not [said for said in statuses if said.endswith(".")]


def test_a_cause_inside_a_sentence_brings_no_full_stop_of_its_own():
    with pytest.raises(InputError) as caught:
        wk.gradient_descent("log(x)", {"x": -1})
    with use_language("ko"):
        said = str(caught.value)
    assert "x > 0일 때만 정의되므로" in said
    assert ".." not in said
    assert said.endswith("면 된다.")
