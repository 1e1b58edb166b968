"""The rates as attributes, each with its formula: what a confusion matrix of two classes answers by name."""

from __future__ import annotations

from abc import abstractmethod

__all__ = ["BinaryRates"]


class BinaryRates:
    """Every rate of the two-class matrix. A rate of 0/0 is NaN, with an ``UndefinedWarning`` that names the cause."""

    @abstractmethod
    def rate(self, name: str, undefined: float | None = None) -> float:
        """Return the rate of this name."""

    @property
    def accuracy(self) -> float:
        r"""Share of rows that were predicted right, :math:`(TP + TN) / n`; any number of classes."""
        return self.rate("accuracy")

    @property
    def error_rate(self) -> float:
        r"""Share of rows that were predicted wrong, :math:`(FP + FN) / n`; any number of classes."""
        return self.rate("error_rate")

    @property
    def prevalence(self) -> float:
        r"""Share of rows that are actually positive, :math:`(TP + FN) / n`."""
        return self.rate("prevalence")

    @property
    def predicted_positive_rate(self) -> float:
        r"""Share of rows that were predicted positive, :math:`(TP + FP) / n`."""
        return self.rate("predicted_positive_rate")

    @property
    def recall(self) -> float:
        r"""Share of the positive that were found, :math:`TP / (TP + FN)`."""
        return self.rate("recall")

    @property
    def sensitivity(self) -> float:
        r"""The same as :attr:`recall`."""
        return self.rate("recall")

    @property
    def tpr(self) -> float:
        r"""True positive rate, the same as :attr:`recall`."""
        return self.rate("recall")

    @property
    def specificity(self) -> float:
        r"""Share of the negative that were recognised, :math:`TN / (TN + FP)`."""
        return self.rate("specificity")

    @property
    def tnr(self) -> float:
        r"""True negative rate, the same as :attr:`specificity`."""
        return self.rate("specificity")

    @property
    def precision(self) -> float:
        r"""Share of the predicted positive that are, :math:`TP / (TP + FP)`."""
        return self.rate("precision")

    @property
    def ppv(self) -> float:
        r"""Positive predictive value, the same as :attr:`precision`."""
        return self.rate("precision")

    @property
    def npv(self) -> float:
        r"""Negative predictive value, :math:`TN / (TN + FN)`."""
        return self.rate("npv")

    @property
    def fpr(self) -> float:
        r"""False positive rate (fall-out), :math:`FP / (FP + TN)`."""
        return self.rate("fpr")

    @property
    def fnr(self) -> float:
        r"""False negative rate (miss rate), :math:`FN / (FN + TP)`."""
        return self.rate("fnr")

    @property
    def fdr(self) -> float:
        r"""False discovery rate, :math:`FP / (FP + TP)`."""
        return self.rate("fdr")

    @property
    def false_omission_rate(self) -> float:
        r"""False omission rate, :math:`FN / (FN + TN)`."""
        return self.rate("false_omission_rate")

    @property
    def no_information_rate(self) -> float:
        r"""Share of the largest actual class, :math:`\max_k a_k / n`, which calling every row so would get right; any
        number of classes.
        """
        return self.rate("no_information_rate")

    @property
    def lift(self) -> float:
        r"""How many times more often a row predicted positive is so than any row, :math:`PPV / \text{prevalence}`."""
        return self.rate("lift")

    @property
    def balanced_accuracy(self) -> float:
        r"""Mean of the classes' recalls, :math:`(TPR + TNR) / 2`; any number of classes."""
        return self.rate("balanced_accuracy")

    @property
    def adjusted_balanced_accuracy(self) -> float:
        r"""Balanced accuracy BA rescaled so that chance among K classes is 0, :math:`(K \cdot BA - 1) / (K - 1)`.

        For two classes it is :attr:`informedness`; it is what scikit-learn's ``adjusted=True`` gives.
        """
        return self.rate("adjusted_balanced_accuracy")

    @property
    def f1(self) -> float:
        r"""Harmonic mean of precision and recall, :math:`2 TP / (2 TP + FP + FN)`.

        Written with counts it is 0, not 0/0, where positive rows exist and none was predicted.
        """
        return self.rate("f1")

    @property
    def jaccard(self) -> float:
        r"""Jaccard index (threat score), :math:`TP / (TP + FP + FN)`."""
        return self.rate("jaccard")

    @property
    def fowlkes_mallows(self) -> float:
        r"""Geometric mean of precision and recall (G-measure), :math:`TP / \sqrt{(TP + FP)(TP + FN)}`."""
        return self.rate("fowlkes_mallows")

    @property
    def geometric_mean(self) -> float:
        r"""Geometric mean of sensitivity and specificity, :math:`\sqrt{TPR \cdot TNR}`."""
        return self.rate("geometric_mean")

    @property
    def mcc(self) -> float:
        r"""Matthews correlation coefficient; any number of classes.

        .. math:: \frac{TP \cdot TN - FP \cdot FN}{\sqrt{(TP + FP)(TP + FN)(TN + FP)(TN + FN)}}

        Source: Matthews (1975), BBA 405, 442; for more classes Gorodkin (2004), Comput. Biol. Chem. 28, equation 8.
        """
        return self.rate("mcc")

    @property
    def cohen_kappa(self) -> float:
        r"""Cohen's kappa, :math:`(p_o - p_e) / (1 - p_e)`: agreement beyond chance; any number of classes.

        Source: Cohen (1960), Educ. Psychol. Meas. 20, 37.
        """
        return self.rate("cohen_kappa")

    @property
    def scott_pi(self) -> float:
        r"""Scott's pi, :math:`(p_o - p_e) / (1 - p_e)` with :math:`p_e = \sum_k ((a_k + b_k) / 2n)^2`.

        Kappa with one distribution for truth and prediction, the mean of the two; any number of classes.
        Source: Scott (1955), Public Opinion Quarterly 19, 321.
        """
        return self.rate("scott_pi")

    @property
    def gwet_ac1(self) -> float:
        r"""Gwet's AC1, :math:`(p_o - p_e) / (1 - p_e)` with :math:`p_e = \sum_k q_k (1 - q_k) / (K - 1)`.

        Here :math:`q_k = (a_k + b_k) / 2n`. Unlike kappa it stays near the accuracy where one class is rare; any
        number of classes. Source: Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29.
        """
        return self.rate("gwet_ac1")

    @property
    def informedness(self) -> float:
        r"""Youden's J, :math:`TPR + TNR - 1`.

        Source: Youden (1950), Cancer 3, 32.
        """
        return self.rate("informedness")

    @property
    def markedness(self) -> float:
        r"""Markedness, :math:`PPV + NPV - 1`."""
        return self.rate("markedness")

    @property
    def lr_positive(self) -> float:
        r"""Positive likelihood ratio, :math:`TPR / FPR`; NaN, not infinity, where there is no false positive."""
        return self.rate("lr_positive")

    @property
    def lr_negative(self) -> float:
        r"""Negative likelihood ratio, :math:`FNR / TNR`; NaN where there is no true negative."""
        return self.rate("lr_negative")

    @property
    def diagnostic_odds_ratio(self) -> float:
        r"""Diagnostic odds ratio, :math:`TP \cdot TN / (FP \cdot FN)`; NaN where an error does not occur."""
        return self.rate("diagnostic_odds_ratio")

    @property
    def yule_q(self) -> float:
        r"""Yule's Q, the odds ratio brought to -1 to 1.

        .. math:: \frac{TP \cdot TN - FP \cdot FN}{TP \cdot TN + FP \cdot FN}

        Source: Yule (1900), Phil. Trans. R. Soc. A 194, 257.
        """
        return self.rate("yule_q")

    @property
    def prevalence_threshold(self) -> float:
        r"""Prevalence below which precision falls off most sharply.

        .. math:: \frac{\sqrt{FPR}}{\sqrt{TPR} + \sqrt{FPR}}

        Source: Balayla (2020), PLoS ONE 15, e0240215.
        """
        return self.rate("prevalence_threshold")
