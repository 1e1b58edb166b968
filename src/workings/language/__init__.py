"""Messages and their catalogues: what Workings says, in English and in Korean."""

from workings.language.catalogue import Language, get_language, set_language, use_language
from workings.language.korean import with_particle
from workings.language.sentence import Message, message
from workings.language.thousands import grouped, ungrouped

__all__ = [
    "Language",
    "Message",
    "get_language",
    "grouped",
    "message",
    "set_language",
    "ungrouped",
    "use_language",
    "with_particle",
]
