"""Phones as sellers and buyers type them, read into E.164 numbers that may be dialled."""

from models.phones.gates import can_message, is_dialable, mask
from models.phones.numbers import Kind, PhoneNumber, PhoneProblem, PhoneReading
from models.phones.reading import read_phones
from models.phones.writing import spaced

__all__ = [
    "Kind",
    "PhoneNumber",
    "PhoneProblem",
    "PhoneReading",
    "can_message",
    "is_dialable",
    "mask",
    "read_phones",
    "spaced",
]
