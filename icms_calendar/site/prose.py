"""The sentences of the pages, in English and Swahili: one table, so that neither language can lack one.

Words for times, statuses and impacts are in words.py, since feeds and messages have them, too. `{name}` in a sentence
is filled in by page.py.
"""

from __future__ import annotations

from typing import NamedTuple

from icms_calendar.record.labels import Language


class Client(NamedTuple):
    """How one family of calendar programs subscribes, and how soon it shows a change (as reported, not promised)."""

    name: str
    how: str
    delay: str


class Prose(NamedTuple):
    """Everything that the pages say in one language."""

    language_name: str
    skip: str
    other_languages: str
    unofficial: str
    unofficial_of: str
    official: str
    next: str
    now: str
    none: str
    none_explained: str
    checked: str
    stale: str
    ends: str
    ended: str
    your_time: str
    subscribe: str
    subscribe_intro: str
    feed_all: str
    other_feeds: str
    apple: str
    copy: str
    copied: str
    address: str
    reminders: str
    qr: str
    qr_alt: str
    download: str
    no_address: str
    how_to: str
    how_to_caption: str
    program: str
    how: str
    delay: str
    today: str
    empty_is_right: str
    clients: tuple[Client, ...]
    coming: str
    coming_caption: str
    when: str
    what: str
    status: str
    statuses: dict[str, str]
    months: str
    month_hint: str
    months_shared: str
    months_left_out: str
    strip_hint: str
    more_days: str
    concerns: str
    channels: str
    reason: str
    meanwhile: str
    notice: str
    announced: str
    changed: str
    source: str
    reference: str
    contact: str
    once: str
    more: str
    past: str
    past_caption: str
    files: str
    files_intro: str
    file_kinds: dict[str, str]
    built: str
    kept_by: str
    made_with: str
    not_found: str
    not_found_explained: str


PROSE: dict[Language, Prose] = {
    "en": Prose(
        language_name="English",
        skip="Skip to the announced maintenance",
        other_languages="Other languages",
        unofficial="This is not an official calendar of the operator.",
        unofficial_of="This is not an official calendar of {operators}.",
        official="This is the operator's own calendar.",
        next="Next maintenance",
        now="Under way now",
        none="No maintenance is announced.",
        none_explained="Nothing is wrong with this page or with your calendar: there is nothing to show.",
        checked="Last checked {when}.",
        stale="This page has not been built anew since then. Newer announcements may be missing.",
        ends="Ends {distance}",
        ended="Ended",
        your_time="In your time zone",
        subscribe="Subscribe",
        subscribe_intro="Your calendar then follows by itself: a window that moves is moved, one that is cancelled is "
        "marked.",
        feed_all="Everything",
        other_feeds="Only one system or service",
        apple="Apple, Thunderbird and others",
        copy="Copy",
        copied="Copied",
        address="Address to paste into any program:",
        reminders="With reminders ({before} before):",
        qr="QR code for a phone",
        qr_alt="QR code of {address}",
        download="Download once (will not update)",
        no_address="Copy the address of this link and paste it where your calendar program subscribes to a calendar:",
        how_to="How to subscribe, and how soon you see a change",
        how_to_caption="By calendar program, as their makers and users report it",
        program="Program",
        how="How",
        delay="A change is seen",
        today="For a change today, look here: calendar programs fetch hours later.",
        empty_is_right="A calendar without an event is not broken: no maintenance is announced then.",
        clients=(
            Client(
                "Google Calendar",
                "On a computer, press the Google button, or: Other calendars, +, From URL. The phone app cannot add a "
                "calendar by its address, and shows it once it was added on a computer.",
                "after several hours to a day",
            ),
            Client(
                "Outlook.com and Microsoft 365",
                "Press the button, or: Add calendar, Subscribe from web, paste the address.",
                "after 3 to 24 hours",
            ),
            Client(
                "Outlook for Windows",
                "Add calendar, Subscribe from web, paste the address. Classic Outlook: Open Calendar, From Internet.",
                "classic: after about an hour; new: after 3 to 24 hours",
            ),
            Client(
                "Apple Calendar (iPhone, iPad, Mac)",
                "Press the Apple button, or on a Mac: File, New Calendar Subscription.",
                "after 5 minutes to a week, as set there",
            ),
            Client("Thunderbird", "New Calendar, On the Network, paste the address.", "after 30 minutes"),
            Client("Fastmail, Proton", "Settings, Calendars, subscribe by address.", "after 1 to 16 hours"),
            Client(
                "Android, without Google", "An app such as ICSx5: paste the address.", "after a day, or as set there"
            ),
        ),
        coming="Announced maintenance",
        coming_caption="Announced maintenance, the earliest first; times are those of {zone}",
        when="When",
        what="What",
        status="Status",
        statuses={
            "tentative": "Not confirmed",
            "confirmed": "Planned",
            "changed": "Changed",
            "in-process": "Under way",
            "completed": "Done",
            "cancelled": "Cancelled",
        },
        months="Months with maintenance",
        month_hint="The hours affected stand below the day; each leads to the details.",
        months_shared="Of several windows on a day the worst is shown, and the others are counted.",
        months_left_out="Days further ahead are left out here.",
        strip_hint="A bar is a day from 00:00 to 24:00. The coloured part is affected; the line below marks 08:00 to "
        "17:00.",
        more_days="and {number} more whole days",
        concerns="Concerns",
        channels="By channel",
        reason="Reason",
        meanwhile="Meanwhile",
        notice="Notice",
        announced="Announced",
        changed="Last changed",
        source="Source",
        reference="Reference",
        contact="Contact",
        once="Add once",
        more="{number} more are in {file}.",
        past="Past maintenance",
        past_caption="Past maintenance, the latest first",
        files="For programs",
        files_intro="The same windows, for programs and spreadsheets:",
        file_kinds={
            "windows.json": "JSON",
            "windows.csv": "a spreadsheet (CSV)",
            "windows.xml": "news of changes (Atom)",
            "api/v2/summary.json": "in the shape of Statuspage",
            "status.json": "health check, with a digest of every file",
        },
        built="Built {when}",
        kept_by="Kept by",
        made_with="Made with icms_calendar.",
        not_found="There is no such page here",
        not_found_explained="The calendar and its feeds are on this page:",
    ),
    "sw": Prose(
        language_name="Kiswahili",
        skip="Ruka hadi matengenezo yaliyotangazwa",
        other_languages="Lugha nyingine",
        unofficial="Hii si kalenda rasmi ya mwendeshaji wa mfumo.",
        unofficial_of="Hii si kalenda rasmi ya {operators}.",
        official="Hii ni kalenda rasmi ya mwendeshaji wa mfumo.",
        next="Matengenezo yanayofuata",
        now="Yanaendelea sasa",
        none="Hakuna matengenezo yaliyotangazwa.",
        none_explained="Ukurasa huu na kalenda yako havina hitilafu: hakuna cha kuonyesha.",
        checked="Iliangaliwa mara ya mwisho {when}.",
        stale="Ukurasa huu haujasasishwa tangu wakati huo. Huenda matangazo mapya hayapo hapa.",
        ends="Yatakwisha {distance}",
        ended="Yamekwisha",
        your_time="Kwa saa za eneo lako",
        subscribe="Jiunge",
        subscribe_intro="Baada ya hapo kalenda yako hujisasisha yenyewe: matengenezo yakiahirishwa, huhamishwa humo "
        "pia; yakighairiwa, huwekewa alama.",
        feed_all="Yote",
        other_feeds="Mfumo mmoja au huduma moja tu",
        apple="Apple, Thunderbird na nyingine",
        copy="Nakili",
        copied="Imenakiliwa",
        address="Anwani ya kubandika katika programu yoyote:",
        reminders="Pamoja na vikumbusho ({before} kabla):",
        qr="Msimbo wa QR kwa simu",
        qr_alt="Msimbo wa QR wa {address}",
        download="Pakua mara moja tu (haitasasishwa)",
        no_address="Nakili anwani ya kiungo hiki na uibandike katika programu yako, mahali pa kujiunga na kalenda:",
        how_to="Jinsi ya kujiunga, na muda wa kuona mabadiliko",
        how_to_caption="Kwa kila programu ya kalenda, kama watengenezaji na watumiaji wanavyoeleza",
        program="Programu",
        how="Jinsi",
        delay="Mabadiliko huonekana",
        today="Kwa mabadiliko ya leo, angalia hapa: programu za kalenda huchelewa kwa saa kadhaa.",
        empty_is_right="Kalenda isiyo na tukio haijaharibika: hakuna matengenezo yaliyotangazwa.",
        clients=(
            Client(
                "Google Calendar",
                "Kwenye kompyuta, bonyeza kitufe cha Google, au: Other calendars, +, From URL. Programu ya simu "
                "haiwezi kuongeza kalenda kwa anwani; huionyesha ikishaongezwa kwenye kompyuta.",
                "baada ya saa kadhaa hadi siku moja",
            ),
            Client(
                "Outlook.com na Microsoft 365",
                "Bonyeza kitufe, au: Add calendar, Subscribe from web, bandika anwani.",
                "baada ya muda wa saa 3 hadi 24",
            ),
            Client(
                "Outlook ya Windows",
                "Add calendar, Subscribe from web, bandika anwani. Outlook ya zamani: Open Calendar, From Internet.",
                "ya zamani: baada ya muda wa saa moja hivi; mpya: baada ya muda wa saa 3 hadi 24",
            ),
            Client(
                "Apple Calendar (iPhone, iPad, Mac)",
                "Bonyeza kitufe cha Apple, au kwenye Mac: File, New Calendar Subscription.",
                "baada ya dakika 5 hadi wiki moja, kama ulivyoweka",
            ),
            Client("Thunderbird", "New Calendar, On the Network, bandika anwani.", "baada ya dakika 30"),
            Client("Fastmail, Proton", "Settings, Calendars, jiunge kwa anwani.", "baada ya muda wa saa 1 hadi 16"),
            Client(
                "Android, bila Google",
                "Programu kama ICSx5: bandika anwani.",
                "baada ya siku moja, au kama ulivyoweka",
            ),
        ),
        coming="Matengenezo yaliyotangazwa",
        coming_caption="Matengenezo yaliyotangazwa, ya mapema kwanza; saa ni za {zone}",
        when="Lini",
        what="Nini",
        status="Hali",
        statuses={
            "tentative": "Hayajathibitishwa",
            "confirmed": "Yamepangwa",
            "changed": "Yamebadilishwa",
            "in-process": "Yanaendelea",
            "completed": "Yamekamilika",
            "cancelled": "Yameghairiwa",
        },
        months="Miezi yenye matengenezo",
        month_hint="Saa zinazoathiriwa zimeandikwa chini ya siku; kila moja inaelekeza kwenye maelezo.",
        months_shared="Siku yenye matengenezo kadhaa huonyesha yaliyo mabaya zaidi, na mengine huhesabiwa.",
        months_left_out="Siku za mbele zaidi hazionyeshwi hapa.",
        strip_hint="Kila mstari ni siku moja kutoka 00:00 hadi 24:00. Sehemu yenye rangi imeathiriwa; alama ya chini "
        "ni 08:00 hadi 17:00.",
        more_days="na siku nzima {number} zaidi",
        concerns="Yanawahusu",
        channels="Kwa kila njia",
        reason="Sababu",
        meanwhile="Wakati huo",
        notice="Tangazo",
        announced="Yalitangazwa",
        changed="Yalibadilishwa mara ya mwisho",
        source="Chanzo",
        reference="Kumbukumbu",
        contact="Mawasiliano",
        once="Ongeza mara moja tu",
        more="Mengine {number} yako katika {file}.",
        past="Matengenezo yaliyopita",
        past_caption="Matengenezo yaliyopita, ya karibuni kwanza",
        files="Kwa programu",
        files_intro="Matengenezo hayo hayo, kwa programu na lahajedwali:",
        file_kinds={
            "windows.json": "JSON",
            "windows.csv": "lahajedwali (CSV)",
            "windows.xml": "habari za mabadiliko (Atom)",
            "api/v2/summary.json": "kwa muundo wa Statuspage",
            "status.json": "ukaguzi wa hali, pamoja na alama ya SHA-256 ya kila faili",
        },
        built="Ilitengenezwa {when}",
        kept_by="Inatunzwa na",
        made_with="Imetengenezwa kwa icms_calendar.",
        not_found="Hakuna ukurasa kama huo hapa",
        not_found_explained="Kalenda na milisho yake iko katika ukurasa huu:",
    ),
}
