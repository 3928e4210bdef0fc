"""What a visitor wrote into the one free field: its kind, and whether it can be true.

Nothing is refused here. What cannot be recognised is noted as it is; what looks like
junk is marked, so that nothing is mailed to it and staff know.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from urllib.parse import quote, urlsplit

try:
    import phonenumbers as _phonenumbers
except ImportError:  # the extra is not installed: numbers are judged by their shape
    _phonenumbers = None  # type: ignore[assignment]

phonenumbers: ModuleType | None = _phonenumbers

MAX_CONTACT_LENGTH = 200


class ContactKind(StrEnum):
    """By what somebody can be reached; empty when he gave nothing."""

    NONE = ""
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    VIBER = "viber"
    VK = "vk"
    LINK = "link"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Contact:
    """A recognised contact: ``value`` in its usual form, ``link`` to answer by."""

    kind: ContactKind
    value: str = ""
    link: str = ""
    is_junk: bool = False


NOTHING = Contact(ContactKind.NONE)

_WORDS = {
    ContactKind.TELEGRAM: r"telegram|telega|tg|t\.me|телеграмм?|телега|тг",
    ContactKind.WHATSAPP: r"whats\s?app|whatsup|wa|ват?сапп?|вотсапп?|вацап",
    ContactKind.VIBER: r"viber|вайбер",
    ContactKind.VK: r"vk|vkontakte|вк|вконтакте",
}
_NAMED = {
    kind: re.compile(rf"(?:{words})\s*[:\-–—]?\s+(?P<rest>\S.*)", re.I)
    for kind, words in _WORDS.items()
}
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")
_HANDLE = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")
_VK_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_.]{1,31})")
_PHONE = re.compile(r"[+(]?[\d\s().\-–‑/]{5,24}\d")
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-zа-яё]{2,}(?:[/?#]\S*)?", re.I)
_TRIED = re.compile(
    r"(.)\1*|(?:test|тест|qwe|qwerty|йцу|йцукен|asd|asdf|abc|xxx)\d*", re.I
)
_NOT_ONES = frozenset({"no", "none", "nope", "нет", "не надо", "n/a", "-"})
_NO_DOMAIN = re.compile(
    r"(?:.*\.)?(?:test|example|asdf?|qwe(?:rty)?|aaa|xxx|localhost|invalid)(?:\..+)?",
    re.I,
)
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15


def recognise_contact(text: str, *, language: str = "") -> Contact:
    """Return what ``text`` is; ``language`` says in which country a number may be."""
    text = " ".join(text.split())[:MAX_CONTACT_LENGTH]
    if not text:
        return NOTHING
    return (
        _as_email(text)
        or _as_named(text, language)
        or _as_address(text)
        or _as_phone(text, language)
        or _as_handle(text)
        or _noted(text)
    )


def _as_email(text: str) -> Contact | None:
    found = text.removeprefix("mailto:")
    if not _EMAIL.fullmatch(found):
        # "test@test": meant as an address, and no letter ever arrives there.
        is_try = (
            found.count("@") == 1 and not found.startswith("@") and " " not in found
        )
        return Contact(ContactKind.EMAIL, found, is_junk=True) if is_try else None
    name, _, domain = found.partition("@")
    is_junk = bool(_TRIED.fullmatch(name) or _NO_DOMAIN.fullmatch(domain))
    link = "" if is_junk else f"mailto:{quote(found, safe='@+')}"
    return Contact(ContactKind.EMAIL, found, link, is_junk=is_junk)


def _as_named(text: str, language: str) -> Contact | None:
    """Recognise "Telegram: @name", "WhatsApp +7 …" and the like."""
    for kind, pattern in _NAMED.items():
        named = pattern.fullmatch(text)
        if named:
            return _of_kind(kind, named["rest"], language)
    return None


def _of_kind(kind: ContactKind, rest: str, language: str) -> Contact | None:
    address = _as_address(rest)
    if address and address.kind == kind:
        return address
    phone = _as_phone(rest, language)
    if phone:
        return Contact(
            kind, phone.value, _link(kind, phone.value), is_junk=phone.is_junk
        )
    pattern = _VK_NAME if kind == ContactKind.VK else _HANDLE
    name = pattern.fullmatch(rest)
    if name and kind in (ContactKind.TELEGRAM, ContactKind.VK):
        return _with_name(kind, name[1])
    return None


def _as_address(text: str) -> Contact | None:
    if not _ADDRESS.fullmatch(text):
        return None
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    name = parts.path.strip("/")
    return _as_profile(host, name) or Contact(ContactKind.LINK, text, url)


def _as_profile(host: str, name: str) -> Contact | None:
    """Return whom an address of a messenger is about."""
    if host in ("t.me", "telegram.me") and _HANDLE.fullmatch(name):
        return _with_name(ContactKind.TELEGRAM, name)
    if host in ("vk.com", "vk.ru") and _VK_NAME.fullmatch(name):
        return _with_name(ContactKind.VK, name)
    if host == "wa.me" and name.isdigit():
        number = f"+{name}"
        return Contact(
            ContactKind.WHATSAPP, number, _link(ContactKind.WHATSAPP, number)
        )
    return None


def _as_phone(text: str, language: str) -> Contact | None:
    if not _PHONE.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return None
    is_junk = (
        len(set(digits.lstrip("78") or digits)) < 3 or digits in "01234567890123456"
    )
    number = _plain(text, digits) if is_junk else _international(text, digits, language)
    link = "" if is_junk else f"tel:{number}"
    return Contact(ContactKind.PHONE, number, link, is_junk=is_junk)


def _international(text: str, digits: str, language: str) -> str:
    """Return a number as one dials it from anywhere, where that can be known."""
    region = {"ru": "RU", "kk": "KZ", "be": "BY", "uk": "UA"}.get(language[:2])
    if phonenumbers is not None and (region or text.startswith("+")):
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed and phonenumbers.is_possible_number(parsed):
            e164 = phonenumbers.PhoneNumberFormat.E164
            return str(phonenumbers.format_number(parsed, e164))
    if len(digits) == 11 and digits[0] in "78" and not text.startswith("+8"):
        return f"+7{digits[1:]}"
    return _plain(text, digits)


def _plain(text: str, digits: str) -> str:
    return f"+{digits}" if text.startswith("+") else digits


def _as_handle(text: str) -> Contact | None:
    name = _HANDLE.fullmatch(text) if text.startswith("@") else None
    return _with_name(ContactKind.TELEGRAM, name[1]) if name else None


def _with_name(kind: ContactKind, name: str) -> Contact:
    if kind == ContactKind.TELEGRAM:
        return Contact(kind, f"@{name}", _link(kind, name))
    return Contact(kind, f"vk.com/{name}", _link(kind, name))


def _noted(text: str) -> Contact:
    is_junk = bool(_TRIED.fullmatch(text)) or text.casefold() in _NOT_ONES
    return Contact(ContactKind.NOTED, text, is_junk=is_junk)


def _link(kind: ContactKind, value: str) -> str:
    match kind:
        case ContactKind.TELEGRAM:
            return f"https://t.me/{quote(value, safe='+')}"
        case ContactKind.WHATSAPP:
            return f"https://wa.me/{value.lstrip('+')}"
        case ContactKind.VIBER:
            return f"viber://chat?number={quote(value)}"
        case _:
            return f"https://vk.com/{quote(value)}"
