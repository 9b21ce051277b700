"""How a spreadsheet's locale writes and reads dates and decimals; unknown locales follow en_US."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Locale:
    """`order` tells how a date of three numbers is read when the year does not come first."""

    order: str = "mdy"
    date: str = "M/d/yyyy"
    decimal: str = "."
    thousands: str = ","
    currency: str = "$#,##0.00"

    @property
    def date_time(self) -> str:
        """The pattern of a date with a time of day."""
        return f"{self.date} H:mm:ss"


_DOTTED = Locale("dmy", "dd.MM.yyyy", ",", ".", "#,##0.00 €")
_ASIAN = Locale("ymd", "yyyy/M/d")
_LOCALES = {
    "en_US": Locale(),
    "en": Locale(),
    "en_GB": Locale("dmy", "dd/MM/yyyy", currency="£#,##0.00"),
    "en_AU": Locale("dmy", "dd/MM/yyyy"),
    "de_DE": _DOTTED,
    "de": _DOTTED,
    "fr_FR": Locale("dmy", "dd/MM/yyyy", ",", "\u202f", "#,##0.00 €"),
    "es_ES": Locale("dmy", "d/M/yyyy", ",", ".", "#,##0.00 €"),
    "zh_CN": Locale("ymd", "yyyy/M/d", currency="¥#,##0.00"),
    "zh_TW": _ASIAN,
    "ja_JP": Locale("ymd", "yyyy/M/d", currency="¥#,##0"),
}


def locale_named(name: str) -> Locale:
    """The rules of a locale such as `en_US`."""
    return _LOCALES.get(name, Locale())
