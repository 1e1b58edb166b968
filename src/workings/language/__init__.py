"""Messages and their catalogues: what Workings says, in English and in Korean."""

from workings.language.catalogue import Language, get_language, set_language, use_language
from workings.language.korean import with_particle
from workings.language.sentence import Message, message

__all__ = ["Language", "Message", "get_language", "message", "set_language", "use_language", "with_particle"]
