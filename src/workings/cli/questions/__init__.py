"""What can be asked of each subject on the command line: ``workings explain SUBJECT``, ``workings plot SUBJECT``.

A question reads the words behind its subject and returns what is to be explained or drawn; the two commands are made
of it (:mod:`workings.cli.asking`).
"""

from __future__ import annotations

from workings.cli.asked import Question
from workings.cli.questions.chain_rule import chain_rule
from workings.cli.questions.confusion import confusion
from workings.cli.questions.convolution import convolution
from workings.cli.questions.integration import integration
from workings.cli.questions.normalization import normalization
from workings.cli.questions.regression import regression
from workings.cli.questions.roc import roc
from workings.cli.questions.sigmoid import sigmoid

__all__ = ["QUESTIONS"]

QUESTIONS: tuple[Question, ...] = (
    sigmoid,
    normalization,
    convolution,
    chain_rule,
    integration,
    confusion,
    roc,
    regression,
)
