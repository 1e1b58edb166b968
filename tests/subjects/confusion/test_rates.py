"""Every rate: its value against exact fractions and scikit-learn, and what is said where it is undefined."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn import metrics

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.subjects.confusion import RATES, ConfusionCounts
from workings.subjects.confusion.interval import two_sided_quantile

COUNT = st.one_of(st.integers(0, 4), st.integers(0, 10**9))
CELLS = st.tuples(COUNT, COUNT, COUNT, COUNT)


def matrix(tp, fp, fn, tn):
    return wk.ConfusionMatrix.from_counts([[tn, fp], [fn, tp]])


# Written with rates as the textbooks have them, not with counts as the package has them.
TEXTBOOK = {
    "accuracy": lambda r, c: (c.tp + c.tn) / c.n,
    "error_rate": lambda r, c: 1 - r("accuracy"),
    "prevalence": lambda r, c: (c.tp + c.fn) / c.n,
    "predicted_positive_rate": lambda r, c: (c.tp + c.fp) / c.n,
    "recall": lambda r, c: c.tp / (c.tp + c.fn),
    "specificity": lambda r, c: c.tn / (c.tn + c.fp),
    "precision": lambda r, c: c.tp / (c.tp + c.fp),
    "npv": lambda r, c: c.tn / (c.tn + c.fn),
    "fpr": lambda r, c: 1 - r("specificity"),
    "fnr": lambda r, c: 1 - r("recall"),
    "fdr": lambda r, c: 1 - r("precision"),
    "false_omission_rate": lambda r, c: 1 - r("npv"),
    "no_information_rate": lambda r, c: max(r("prevalence"), 1 - r("prevalence")),
    "lift": lambda r, c: r("precision") / r("prevalence"),
    "balanced_accuracy": lambda r, c: (r("recall") + r("specificity")) / 2,
    "adjusted_balanced_accuracy": lambda r, c: (r("balanced_accuracy") - mpmath.mpf(1) / 2) / (1 - mpmath.mpf(1) / 2),
    "f1": lambda r, c: c.tp / (c.tp + (c.fp + c.fn) / 2),
    "jaccard": lambda r, c: c.tp / (c.n - c.tn),
    "fowlkes_mallows": lambda r, c: mpmath.sqrt(r("precision") * r("recall")),
    "geometric_mean": lambda r, c: mpmath.sqrt(r("recall") * r("specificity")),
    "mcc": lambda r, c: (
        (c.tp * c.tn - c.fp * c.fn) / mpmath.sqrt((c.tp + c.fp) * (c.tp + c.fn) * (c.tn + c.fp) * (c.tn + c.fn))
    ),
    "cohen_kappa": lambda r, c: (r("accuracy") - c.chance) / (1 - c.chance),
    "scott_pi": lambda r, c: (
        (r("accuracy") - c.pooled**2 - (1 - c.pooled) ** 2) / (1 - c.pooled**2 - (1 - c.pooled) ** 2)
    ),
    "gwet_ac1": lambda r, c: (r("accuracy") - 2 * c.pooled * (1 - c.pooled)) / (1 - 2 * c.pooled * (1 - c.pooled)),
    "informedness": lambda r, c: r("recall") + r("specificity") - 1,
    "markedness": lambda r, c: r("precision") + r("npv") - 1,
    "lr_positive": lambda r, c: r("recall") / r("fpr"),
    "lr_negative": lambda r, c: r("fnr") / r("specificity"),
    "diagnostic_odds_ratio": lambda r, c: c.tp * c.tn / (c.fp * c.fn),
    "yule_q": lambda r, c: (c.tp * c.tn - c.fp * c.fn) / (c.tp * c.tn + c.fp * c.fn),
    "prevalence_threshold": lambda r, c: mpmath.sqrt(r("fpr")) / (mpmath.sqrt(r("recall")) + mpmath.sqrt(r("fpr"))),
}


class Exact:
    def __init__(self, tp, fp, fn, tn):
        self.tp, self.fp, self.fn, self.tn = (mpmath.mpf(count) for count in (tp, fp, fn, tn))
        self.n = self.tp + self.fp + self.fn + self.tn

    @property
    def chance(self):
        actual, called = (self.tp + self.fn) / self.n, (self.tp + self.fp) / self.n
        return actual * called + (1 - actual) * (1 - called)

    @property
    def pooled(self):
        return (2 * self.tp + self.fp + self.fn) / (2 * self.n)

    def rate(self, name):
        return TEXTBOOK[name](self.rate, self)


def test_every_rate_has_an_oracle():
    assert set(TEXTBOOK) == set(RATES)


@given(CELLS)
def test_every_rate_is_the_textbooks_to_the_last_digits(cells):
    rates = matrix(*cells).rates
    with mpmath.workdps(60):
        for name, value in rates.items():
            try:
                expected = Exact(*cells).rate(name)
            except ZeroDivisionError:
                assert math.isnan(value), name
            else:
                assert abs(value - expected) <= 4e-16 * abs(expected) + mpmath.mpf("1e-40"), name


def test_rates_of_a_perfect_prediction_are_exactly_one():
    for right in (2, 3, 7, 10**9 + 7):
        rates = matrix(right, 0, 0, right + 1).rates
        assert [rates[name] for name in ("accuracy", "f1", "mcc", "cohen_kappa", "fowlkes_mallows")] == [1.0] * 5


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40))
def test_rates_are_those_of_scikit_learn(rows):
    y_true, y_pred = zip(*rows, strict=True)
    rates = wk.confusion_matrix(y_true, y_pred, labels=[0, 1]).rates if 0 in y_true or 1 in y_true else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = {
            "accuracy": metrics.accuracy_score(y_true, y_pred),
            "precision": metrics.precision_score(y_true, y_pred, zero_division=np.nan),
            "recall": metrics.recall_score(y_true, y_pred, zero_division=np.nan),
            "f1": metrics.f1_score(y_true, y_pred, zero_division=np.nan),
            "jaccard": metrics.jaccard_score(y_true, y_pred),
            "mcc": metrics.matthews_corrcoef(y_true, y_pred),
        }
    for name, expected in theirs.items():
        if not math.isnan(rates[name]):
            assert rates[name] == pytest.approx(expected, rel=1e-12, abs=1e-15), name


@pytest.mark.parametrize(
    ("cells", "name", "cause"),
    [
        ((0, 0, 5, 5), "precision", "no row was predicted positive"),
        ((0, 5, 0, 5), "recall", "no row is actually positive"),
        ((5, 0, 5, 0), "specificity", "no row is actually negative"),
        ((5, 5, 0, 0), "npv", "no row was predicted negative"),
        ((0, 0, 0, 0), "accuracy", "there are no rows"),
        ((0, 0, 0, 5), "f1", "neither actually nor by prediction"),
        ((5, 0, 0, 0), "cohen_kappa", "all rows are of one class"),
        ((5, 0, 5, 0), "mcc", "no row is actually negative"),
        ((5, 0, 5, 5), "lr_positive", "no false positive"),
        ((5, 5, 5, 0), "lr_negative", "no true negative"),
        ((5, 5, 0, 5), "diagnostic_odds_ratio", "no false negative"),
        ((0, 0, 5, 5), "prevalence_threshold", "no row was predicted positive"),
        ((0, 5, 0, 5), "lift", "no row is actually positive"),
        ((5, 5, 0, 0), "yule_q", "TP·TN and FP·FN are both 0"),
        ((0, 0, 0, 5), "scott_pi", "all rows are of one class"),
        ((0, 0, 0, 0), "gwet_ac1", "there are no rows"),
        ((0, 0, 0, 0), "no_information_rate", "there are no rows"),
    ],
)
def test_an_undefined_rate_is_nan_and_says_why(cells, name, cause):
    cm = matrix(*cells)
    with pytest.warns(UndefinedWarning, match=cause):
        assert math.isnan(getattr(cm, name))
    assert math.isnan(cm.rates[name])
    assert cm.rate(name, undefined=0.0) == 0.0


def test_names_of_the_field_lead_to_the_same_rate():
    cm = matrix(5, 2, 3, 7)
    assert cm.rate("sensitivity") == cm.rate("tpr") == cm.sensitivity == cm.tpr == cm.recall
    assert cm.rate("ppv") == cm.ppv == cm.precision
    assert cm.rate("youden_j") == cm.informedness
    assert cm.rate("hamming_loss") == cm.rate("zero_one_loss") == cm.error_rate
    assert cm.rate("f2") == cm.f_beta(2)
    assert cm.rate("f0.5") == cm.f_beta(0.5)
    assert cm.rate("f1.0") == cm.f1
    for name in ("f", "f-1", "f2x", "f١", "f" + "9" * 400):
        with pytest.raises(InputError, match="rate must be the name of a rate"):
            cm.rate(name)
    assert cm.tnr == cm.specificity
    for name in RATES:
        assert getattr(cm, name) == cm.rate(name)
    with pytest.raises(InputError, match="rate must be the name of a rate"):
        cm.rate("acuracy")


def test_f_beta_counts_recall_beta_times():
    cm = matrix(5, 2, 3, 7)
    y_true, y_pred = np.repeat([1, 0, 1, 0], [5, 2, 3, 7]), np.repeat([1, 1, 0, 0], [5, 2, 3, 7])
    for beta in (0, 0.5, 1, 2):
        assert cm.f_beta(beta) == pytest.approx(metrics.fbeta_score(y_true, y_pred, beta=beta), rel=1e-15)
    assert cm.f_beta(1) == cm.f1
    for beta in (-1, math.nan, math.inf):
        with pytest.raises(InputError, match="beta"):
            cm.f_beta(beta)


def test_wilsons_interval_is_that_of_newcombe():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    for part, whole, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = matrix(part, 0, whole - part, 10).interval("recall")
        assert [round(end, 4) for end in found] == [low, high]


@given(st.integers(0, 50), st.integers(1, 50), st.floats(0.01, 0.999))
def test_wilsons_interval_solves_its_equation(part, rest, level):
    low, high = matrix(part, 0, rest, 10).interval("recall", level)
    n, z = part + rest, norm.ppf((1 + level) / 2)
    for end in (low, high):
        assert abs(part / n - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n), abs=1e-12)
    assert 0 <= low <= part / n <= high <= 1


def test_an_interval_needs_a_share_of_counted_rows():
    cm = matrix(5, 2, 3, 7)
    with pytest.raises(InputError, match="share of rows"):
        cm.interval("f1")
    with pytest.raises(InputError, match="level must be between 0 and 1"):
        cm.interval("recall", 95)
    with pytest.raises(InputError, match="weighted"):
        wk.ConfusionMatrix.from_counts([[1.5, 2], [3, 4]]).interval("recall")
    with pytest.warns(UndefinedWarning, match="no row is actually positive"):
        assert np.isnan(matrix(0, 1, 0, 1).interval("recall")).all()


def test_the_normal_quantile_is_scipys():
    for level in (1e-6, 0.5, 0.9, 0.95, 0.99, 0.999999):
        assert two_sided_quantile(level, function="t") == pytest.approx(norm.ppf((1 + level) / 2), rel=1e-14)


THREE = ([0, 1, 2, 2, 1, 0, 0, 2, 2], [0, 2, 2, 1, 1, 0, 1, 2, 0])


def test_rates_of_all_classes_are_those_of_scikit_learn():
    cm = wk.confusion_matrix(*THREE)
    assert cm.accuracy == metrics.accuracy_score(*THREE)
    assert cm.error_rate == 1 - metrics.accuracy_score(*THREE)
    assert cm.mcc == pytest.approx(metrics.matthews_corrcoef(*THREE), rel=1e-14)
    assert cm.cohen_kappa == pytest.approx(metrics.cohen_kappa_score(*THREE), rel=1e-14)
    assert cm.balanced_accuracy == pytest.approx(metrics.balanced_accuracy_score(*THREE), rel=1e-14)
    theirs = metrics.balanced_accuracy_score(*THREE, adjusted=True)
    assert cm.adjusted_balanced_accuracy == pytest.approx(theirs, rel=1e-14)
    assert cm.no_information_rate == 4 / 9
    low, high = cm.interval("accuracy")
    assert 0 < low < cm.accuracy < high < 1


def test_rates_of_all_classes_agree_with_those_of_two():
    cm = matrix(5, 2, 3, 7)
    from workings.subjects.confusion import overall

    for name in overall.RATES:
        assert overall.overall_rate(name, cm.counts.tolist()) == pytest.approx(cm.rate(name), rel=1e-15)


def agreement(counts, by_chance):
    """Return (p_o - p_e) / (1 - p_e) in fractions, p_e of the classes' shares actual and predicted."""
    total = sum(map(sum, counts))
    actual = [Fraction(sum(row), total) for row in counts]
    predicted = [Fraction(sum(column), total) for column in zip(*counts, strict=True)]
    chance = by_chance(actual, predicted)
    return (Fraction(sum(row[k] for k, row in enumerate(counts)), total) - chance) / (1 - chance)


SQUARES = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 50), min_size=k, max_size=k), min_size=k, max_size=k)
)


@given(SQUARES)
def test_agreement_beyond_chance_is_by_its_definition_for_any_number_of_classes(counts):
    assume(sum(map(sum, counts)))
    rates = wk.ConfusionMatrix.from_counts(counts).rates
    mean = {
        "scott_pi": lambda x: sum(q * q for q in x),
        "gwet_ac1": lambda x: sum(q * (1 - q) for q in x) / (len(x) - 1),
    }
    definitions = {
        "cohen_kappa": lambda a, b: sum(x * y for x, y in zip(a, b, strict=True)),
        **{name: lambda a, b, of=of: of([(x + y) / 2 for x, y in zip(a, b, strict=True)]) for name, of in mean.items()},
    }
    for name, by_chance in definitions.items():
        try:
            expected = agreement(counts, by_chance)
        except ZeroDivisionError:
            assert math.isnan(rates[name]), name
        else:
            assert rates[name] == float(expected), name


def test_figures_of_gwet_and_of_scott():
    # Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high agreement", table 1: 118
    # and 2 agreements, 5 and 0 disagreements.
    cm = wk.ConfusionMatrix.from_counts([[118, 5], [2, 0]])
    assert round(cm.gwet_ac1, 4) == 0.9408
    assert round(cm.scott_pi, 4) == -0.0288
    assert round(cm.cohen_kappa, 4) == -0.0234


# What pycm 4.6 gives for the counts of the test below, by our names.
PYCM = {
    "accuracy": 0.7666666666666667, "error_rate": 0.23333333333333328, "prevalence": 0.4666666666666667,
    "recall": 0.7142857142857143, "specificity": 0.8125, "precision": 0.7692307692307693,
    "npv": 0.7647058823529411, "fpr": 0.1875, "fnr": 0.2857142857142857, "fdr": 0.23076923076923073,
    "false_omission_rate": 0.23529411764705888, "f1": 0.7407407407407407, "jaccard": 0.5882352941176471,
    "mcc": 0.5303491306562569, "informedness": 0.5267857142857144, "markedness": 0.5339366515837103,
    "lr_positive": 3.8095238095238098, "lr_negative": 0.3516483516483516, "lift": 1.6483516483516485,
    "diagnostic_odds_ratio": 10.833333333333336, "yule_q": 0.8309859154929577, "geometric_mean": 0.7618117502750551,
    "balanced_accuracy": 0.7633928571428572, "cohen_kappa": 0.5291479820627804, "scott_pi": 0.5286195286195287,
    "gwet_ac1": 0.537953795379538, "no_information_rate": 0.5333333333333333, "fowlkes_mallows": 0.7412493166611012,
}  # fmt: skip


def test_figures_are_those_of_pycm():
    rates = wk.ConfusionMatrix.from_counts([[26, 6], [8, 20]]).rates
    assert {name: rates[name] for name in PYCM} == pytest.approx(PYCM, rel=1e-14)


@pytest.mark.parametrize("unit", [2.0**-400, 2.0**-40, 2.0**330, 2.0**480])
def test_rates_of_three_classes_do_not_depend_on_the_unit_of_the_weights(unit):
    weight = np.array([1, 2, 0.5, 1, 0.3, 0.7])
    plain, other = (
        wk.confusion_matrix([0, 1, 2, 2, 1, 0], [0, 1, 2, 1, 1, 2], sample_weight=weight * by) for by in (1.0, unit)
    )
    assert other.rates == plain.rates
    assert not any(math.isnan(rate) for rate in plain.rates.values())
    assert other.weighted_kappa() == plain.weighted_kappa()


@pytest.mark.parametrize(
    ("counts", "name", "cause"),
    [
        ([[0, 0, 0]] * 3, "accuracy", "there are no rows"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 1]], "balanced_accuracy", "a class that it divides by has no rows"),
        ([[1, 2, 3], [0, 0, 0], [0, 0, 0]], "mcc", "actually or by prediction"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 0]], "cohen_kappa", "actually and by prediction"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 0]], "scott_pi", "actually and by prediction"),
        ([[5]], "adjusted_balanced_accuracy", "there is only one class"),
    ],
)
def test_an_undefined_rate_of_all_classes_says_why(counts, name, cause):
    cm = wk.ConfusionMatrix.from_counts(counts)
    with pytest.warns(UndefinedWarning, match=cause):
        assert math.isnan(getattr(cm, name))
    assert cm.rate(name, undefined=0.0) == 0.0


@pytest.mark.parametrize("method", ["macro", "micro", "weighted"])
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("precision", "precision_score"), ("recall", "recall_score"), ("f1", "f1_score"), ("jaccard", "jaccard_score")],
)
def test_averages_over_classes_are_those_of_scikit_learn(name, theirs, method):
    ours = wk.confusion_matrix(*THREE).average(name, method)
    assert ours == pytest.approx(getattr(metrics, theirs)(*THREE, average=method), rel=1e-14)


def test_each_class_is_held_against_the_rest():
    cm = wk.confusion_matrix(*THREE)
    assert cm.per_class("recall") == {0: 2 / 3, 1: 1 / 2, 2: 2 / 4}
    one = cm.one_vs_rest(2)
    assert (one.tp, one.fp, one.fn, one.tn) == (2, 1, 2, 4)
    assert one.labels[1] == 2
    with pytest.raises(InputError, match="one of the classes"):
        cm.one_vs_rest(5)


def test_a_rate_of_one_class_needs_two_classes():
    cm = wk.confusion_matrix(*THREE)
    for name in ("recall", "tp", "npv"):
        with pytest.raises(InputError, match="two classes"):
            getattr(cm, name)
    with pytest.raises(InputError, match="method must be"):
        cm.average("recall", "mean")


def test_an_average_over_an_undefined_class_says_so_or_takes_what_it_is_given():
    cm = wk.confusion_matrix([0, 0, 1], [0, 2, 1])
    with pytest.warns(UndefinedWarning, match="no row is actually positive"):
        assert math.isnan(cm.average("recall"))
    assert cm.average("recall", undefined=0.0) == pytest.approx(0.5)
    assert cm.average("recall", "weighted") == pytest.approx(2 / 3)


@pytest.mark.parametrize("unit", [2.0**-400, 2.0**300])
def test_rates_do_not_depend_on_the_unit_of_the_weights(unit):
    y, called, weight = [0, 1, 1, 0, 1], [0, 1, 0, 1, 1], np.array([0.3, 1.7, 0.2, 0.9, 0.4])
    plain, other = (wk.confusion_matrix(y, called, sample_weight=weight * by) for by in (1.0, unit))
    assert other.rates == plain.rates
    assert not any(math.isnan(rate) for rate in plain.rates.values())


def test_counts_of_a_batch_without_weight_add_nothing():
    state = ConfusionCounts(weighted=True)
    state.update((["a"], ["b"], [2.0]))
    state.update((["a"], ["a"], [0.0]))
    assert state.result().tolist() == [[0.0, 2.0], [0.0, 0.0]]
