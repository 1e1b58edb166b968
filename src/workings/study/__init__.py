"""The main job: a table in, a fitted and judged model out, and a report in which every number opens."""

from workings.study.account import DataAccount
from workings.study.evaluation import evaluate
from workings.study.fitting import fit
from workings.study.formula_fitting import fit_formula
from workings.study.model import Model
from workings.study.modelfile import read_model
from workings.study.prediction import predict
from workings.study.results import Study

__all__ = ["DataAccount", "Model", "Study", "evaluate", "fit", "fit_formula", "predict", "read_model"]
