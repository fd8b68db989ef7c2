"""Where a page is in the site, and the way from it to others: one page a language, and one a system.

Paths of feeds and events are decided in feed/ and build.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from icms_calendar.feed.publication import Publication, address_of
from icms_calendar.record.addresses import ALL
from icms_calendar.record.checks import is_file_name
from icms_calendar.record.labels import LANGUAGE_NAMES, Language
from icms_calendar.record.model import MaintenanceCalendar


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its language and its system; without `system` it is the root page of the language."""

    calendar: MaintenanceCalendar
    language: Language
    system: str = ""

    @property
    def folder(self) -> str:
        """The folder of the language: the first one is at the root."""
        return "" if self.language == self.calendar.languages[0] else f"{self.language}/"

    @property
    def path(self) -> str:
        return f"{self.folder}{self.system}/index.html" if self.system else f"{self.folder}index.html"

    @property
    def root(self) -> str:
        """From this page to the root of the site."""
        return "../" * self.path.count("/")

    @property
    def up(self) -> str:
        """From this page to the root page in its language."""
        return "../" if self.system else ""

    @property
    def home(self) -> str:
        """The root of the site, from wherever: a page that is not found may be asked for at any depth."""
        return f"{urlsplit(self.calendar.url).path.rstrip('/')}/" if self.calendar.url else "./"

    @property
    def address(self) -> str | None:
        return address_of(self.path.removesuffix("index.html"), self.calendar)

    @property
    def link(self) -> str:
        """From the root of the site to this page."""
        return self.path.removesuffix("index.html") or "./"

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES[self.language]

    @property
    def translations(self) -> tuple[Place, ...]:
        """The same page in the other languages."""
        return tuple(replace(self, language=each) for each in self.calendar.languages if each != self.language)


def places(published: Publication) -> Iterator[Place]:
    """The places of all pages: of each language the root page, and then the pages of systems."""
    for language in published.calendar.languages:
        for id_ in ("", *paged_systems(published)):
            yield Place(published.calendar, language, id_)


def paged_systems(published: Publication) -> tuple[str, ...]:
    """The systems with a page each: all, if there are several; also one that only the previous feed names."""
    calendar = published.calendar
    own = {spec.id for spec in calendar.feeds}
    fed = {feed.path for feed in published.feeds if "/" not in feed.path} - {ALL} - own
    ids = [*calendar.systems_by_id, *sorted(fed - calendar.systems_by_id.keys())]
    return tuple(id_ for id_ in ids if is_file_name(id_, "system")) if len(ids) > 1 else ()
