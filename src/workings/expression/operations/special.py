"""The error function, the gamma function and its logarithmic derivatives, and the normal distribution."""

from __future__ import annotations

from workings.expression import floats_special as floats
from workings.expression import multiprecision_special as precise
from workings.expression.floats_special import special
from workings.expression.operations.row import function

__all__ = ["ROWS"]

_NO_POLE = "a > 0 or a != floor(a)"
_NORMAL_QUANTILE = '<msup><mi mathvariant="normal">Φ</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup>'

# A table is read across.
# fmt: off
ROWS = (
    function("erf",  special("erf"),  precise.erf,  "2/sqrt(pi)*exp(-a^2)",  rule="error_function"),
    function("erfc", special("erfc"), precise.erfc, "-2/sqrt(pi)*exp(-a^2)", rule="error_function"),

    function("gamma", floats.gamma, precise.gamma, "gamma(a)*digamma(a)", defined=_NO_POLE,
             sign="Γ", latex=r"\Gamma"),
    function("loggamma", floats.loggamma, precise.loggamma, "digamma(a)", defined=_NO_POLE,
             domain="log|Γ(a)|, infinite at 0, -1, -2, ...", also="lgamma gammaln", python="lgamma({0})",
             latex=r"\log\Gamma", mathml='<mi>log</mi><mi mathvariant="normal">Γ</mi>'),
    function("digamma", special("digamma"), precise.digamma, "polygamma(1, a)", defined=_NO_POLE,
             sign="ψ", latex=r"\psi", also="psi"),
    function("polygamma", floats.polygamma, precise.polygamma, "", "polygamma(a + 1, b)", layout="ordered",
             latex=r"\psi", mathml="<mi>ψ</mi>", defined="a >= 0 and a == floor(a) and (b > 0 or b != floor(b))"),

    function("normal_pdf", floats.normal_pdf, precise.normal_pdf, "-a*normal_pdf(a)", rule="normal_density",
             sign="φ", latex=r"\varphi"),
    function("normal_cdf", floats.normal_cdf, precise.normal_cdf, "normal_pdf(a)", rule="normal_distribution",
             sign="Φ", latex=r"\Phi"),
    function("normal_quantile", special("ndtri"), precise.normal_quantile, "1/normal_pdf(normal_quantile(a))",
             defined="0 < a and a < 1", sign="Φ⁻¹", latex=r"\Phi^{-1}", mathml=_NORMAL_QUANTILE),
)
