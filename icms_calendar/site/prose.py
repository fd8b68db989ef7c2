"""The sentences of the pages, in English and Swahili: one table, so that neither language can lack one.

Words for times are in record/words.py; labels, statuses and impacts, which feeds and notices also have, in
record/labels.py. `{name}` in a sentence is filled in by page.py or by the script.
"""

from __future__ import annotations

from typing import NamedTuple

from icms_calendar.record.labels import Language


class Way(NamedTuple):
    """One way to subscribe: what its button says, and one sentence on what happens and how soon a change shows."""

    button: str
    sentence: str


class Prose(NamedTuple):
    """Everything that the pages say in one language."""

    skip: str
    other_languages: str
    unofficial: str
    unofficial_of: str
    official: str
    kept_by: str
    up: str
    in_part: str
    available: tuple[str, str]  # for one system, and for several
    unavailable: tuple[str, str]
    partly: tuple[str, str]
    degraded: tuple[str, str]
    all_systems: str
    back: str
    meanwhile: str
    calm: str
    none: str
    ended_records: str
    stale: str
    stale_explained: str
    no_script: str
    next: str
    next_calm: str
    next_of: str
    next_none: str
    ends: str
    your_time: str
    coming: str
    coming_now: str
    nothing_else: str
    system: str
    every_system: str
    show_systems: str
    find: str
    later: str
    later_many: str
    left_out: str
    statuses: dict[str, str]
    emergency: str
    all_services: str
    more_days: str
    once: str
    office_hours: str
    subscribe: str
    subscribe_intro: str
    maintenance_of: str
    remind: str
    remind_hint: str
    no_address: str
    address: str
    copy: str
    copied: str
    pasted: str
    today: str
    computer: str
    android: str
    iphone: str
    other_devices: str
    google: Way
    google_click: str
    office: Way
    outlook: Way
    apple: Way
    send: Way
    once_way: Way
    icsx: Way
    iphone_way: Way
    help: str
    help_caption: str
    download: str
    qr: str
    qr_alt: str
    months: str
    today_key: str
    month_zone: str
    month_hint: str
    past: str
    updated: str
    zone: str
    programs: str
    made_with: str
    embed_title: str
    embed_all: str
    description_none: str
    not_found: str
    not_found_explained: str


PROSE: dict[Language, Prose] = {
    "en": Prose(
        skip="Skip to coming maintenance",
        other_languages="Other languages",
        unofficial="Not an official calendar of the operator.",
        unofficial_of="Not an official calendar of {operators}.",
        official="The operator's own calendar.",
        kept_by="Kept by {publisher}.",
        up="available",
        in_part="partly unavailable",
        available=("{systems} is available", "{systems} are available"),
        unavailable=("{systems} is unavailable now", "{systems} are unavailable now"),
        partly=("{systems} is partly unavailable now", "{systems} are partly unavailable now"),
        degraded=("{systems} is degraded now", "{systems} are degraded now"),
        all_systems="All systems",
        back="Expected back {when}",
        meanwhile="What to do meanwhile",
        calm="This page shows planned maintenance only, not faults.",
        none="No maintenance is planned.",
        ended_records="The latest maintenance ended on {when}. Past maintenance is listed below.",
        stale="This page may be out of date",
        stale_explained="It was last updated {when}. Newer announcements may be missing: ask the operator.",
        no_script="As of {when}.",
        next="Next interruption",
        next_calm="Next maintenance",
        next_of="Next: {title}, {when}",
        next_none="Nothing planned",
        ends="ends {distance}",
        your_time="Your time",
        coming="Coming maintenance",
        coming_now="Under way and coming",
        nothing_else="Nothing else is planned.",
        system="System",
        every_system="All systems",
        show_systems="Show {number} more systems",
        find="Find",
        later="Show 1 later window",
        later_many="Show {number} later windows",
        left_out="{number} more are in {file}.",
        statuses={
            "tentative": "Not confirmed",
            "confirmed": "Planned",
            "changed": "Changed",
            "in-process": "Now",
            "completed": "Done",
            "cancelled": "Cancelled",
        },
        emergency="Emergency",
        all_services="all services",
        more_days="and {number} more whole days",
        once="Add this event only",
        office_hours="office hours",
        subscribe="Subscribe",
        subscribe_intro="Subscribe once and your calendar stays up to date: when maintenance is moved or cancelled, it "
        "changes there too. An empty calendar means that no maintenance is planned.",
        maintenance_of="Maintenance of",
        remind="Remind me {before} before",
        remind_hint="Google Calendar and Outlook ignore these reminders; set your own there.",
        no_address="The address of this calendar is that of this link. Copy it, and paste it where your calendar "
        "program subscribes to a calendar:",
        address="For any other program, paste this address where it says “subscribe”, “from web” or “from URL”:",
        copy="Copy",
        copied="Copied",
        pasted="Address copied. Paste it there.",
        today="For same-day changes, check this page: calendar apps can take up to a day to update.",
        computer="On a computer",
        android="On an Android phone",
        iphone="On an iPhone or iPad",
        other_devices="On another device",
        google=Way(
            "Google Calendar",
            "Copies the address and opens Google’s “From URL” page. Paste it there. A change shows within a day, also "
            "on your phone.",
        ),
        google_click="Or try Google’s one-click link; it does not work for everyone.",
        office=Way("Microsoft 365", "Outlook at work. A change shows within 3 to 24 hours."),
        outlook=Way("Outlook.com", "A personal account. A change shows within 3 to 24 hours."),
        apple=Way(
            "Apple, Thunderbird",
            "And any other program on this computer. A change shows within the hour in most of them.",
        ),
        send=Way(
            "Send this page to my computer",
            "Google Calendar: its phone app cannot subscribe. Press the Google button on a computer once. The calendar "
            "then shows on this phone as well.",
        ),
        once_way=Way("Add only the next event", "One tap. It does not change if the maintenance is moved."),
        icsx=Way("ICSx⁵ and other apps", "Works if such an app is installed on this phone."),
        iphone_way=Way(
            "Add to Apple Calendar",
            "Apple Calendar asks for your consent, then looks for changes as often as you set it to.",
        ),
        help="All addresses, and help",
        help_caption="Copy an address and paste it where your program says “subscribe”, “from URL” or “new calendar on "
        "the network”.",
        download="Download once (will not update)",
        qr="This page on your phone",
        qr_alt="QR code with the address of this page",
        months="Months",
        today_key="Today",
        month_zone="Days in {zone}",
        month_hint="Later days are not shown here.",
        past="Past maintenance",
        updated="Updated {when}.",
        zone="Times are in {zone} unless another zone is named.",
        programs="For programs:",
        made_with="Made with icms-calendar.",
        embed_title="Planned maintenance",
        embed_all="All planned maintenance",
        description_none="No maintenance is planned. Subscribe to be told in your calendar.",
        not_found="Page not found",
        not_found_explained="The calendar and its feeds are on this page:",
    ),
    "sw": Prose(
        skip="Ruka hadi matengenezo yajayo",
        other_languages="Lugha nyingine",
        unofficial="Si kalenda rasmi ya mwendeshaji wa mfumo.",
        unofficial_of="Si kalenda rasmi ya {operators}.",
        official="Kalenda rasmi ya mwendeshaji wa mfumo.",
        kept_by="Inatunzwa na {publisher}.",
        up="inapatikana",
        in_part="haipatikani kwa sehemu",
        available=("{systems} inapatikana", "{systems} zinapatikana"),
        unavailable=("{systems} haipatikani sasa", "{systems} hazipatikani sasa"),
        partly=("Sehemu ya {systems} haipatikani sasa", "Sehemu za {systems} hazipatikani sasa"),
        degraded=(
            "{systems} inafanya kazi kwa kiwango cha chini sasa",
            "{systems} zinafanya kazi kwa kiwango cha chini sasa",
        ),
        all_systems="Mifumo yote",
        back="Inatarajiwa kurejea {when}",
        meanwhile="La kufanya kwa sasa",
        calm="Ukurasa huu unaonyesha matengenezo yaliyopangwa tu, si hitilafu.",
        none="Hakuna matengenezo yaliyopangwa.",
        ended_records="Matengenezo ya mwisho yalikwisha {when}. Yaliyopita yako hapa chini.",
        stale="Huenda ukurasa huu umepitwa na wakati",
        stale_explained="Ulisasishwa mara ya mwisho {when}. Huenda matangazo mapya hayapo hapa: muulize mwendeshaji.",
        no_script="Hali ya {when}.",
        next="Ukatizaji unaofuata",
        next_calm="Matengenezo yanayofuata",
        next_of="Yanayofuata: {title}, {when}",
        next_none="Hakuna yaliyopangwa",
        ends="yanakwisha {distance}",
        your_time="Saa za eneo lako",
        coming="Matengenezo yajayo",
        coming_now="Yanayoendelea na yajayo",
        nothing_else="Hakuna mengine yaliyopangwa.",
        system="Mfumo",
        every_system="Mifumo yote",
        show_systems="Onyesha mifumo mingine {number}",
        find="Tafuta",
        later="Onyesha 1 la baadaye",
        later_many="Onyesha {number} ya baadaye",
        left_out="Mengine {number} yako katika {file}.",
        statuses={
            "tentative": "Hayajathibitishwa",
            "confirmed": "Yamepangwa",
            "changed": "Yamebadilishwa",
            "in-process": "Sasa",
            "completed": "Yamekamilika",
            "cancelled": "Yameghairiwa",
        },
        emergency="Dharura",
        all_services="huduma zote",
        more_days="na siku nzima {number} zaidi",
        once="Ongeza tukio hili tu",
        office_hours="saa za kazi",
        subscribe="Jiunge",
        subscribe_intro="Jiunge mara moja na kalenda yako itajisasisha: matengenezo yakihamishwa au yakighairiwa, "
        "yatabadilika humo pia. Kalenda tupu inamaanisha kwamba hakuna matengenezo yaliyopangwa.",
        maintenance_of="Matengenezo ya",
        remind="Nikumbushe {before} kabla",
        remind_hint="Google Calendar na Outlook hupuuza vikumbusho hivi; weka vyako humo.",
        no_address="Anwani ya kalenda hii ni ya kiungo hiki. Inakili na uibandike mahali programu yako ya kalenda "
        "inapojiunga na kalenda:",
        address="Kwa programu nyingine yoyote, bandika anwani hii mahali inaposema “subscribe”, “from web” au "
        "“from URL”:",
        copy="Nakili",
        copied="Imenakiliwa",
        pasted="Anwani imenakiliwa. Ibandike hapo.",
        today="Kwa mabadiliko ya leo, angalia ukurasa huu: programu za kalenda zinaweza kuchelewa hadi siku moja.",
        computer="Kwenye kompyuta",
        android="Kwenye simu ya Android",
        iphone="Kwenye iPhone au iPad",
        other_devices="Kwenye kifaa kingine",
        google=Way(
            "Google Calendar",
            "Hunakili anwani na kufungua ukurasa wa Google wa “From URL”. Ibandike hapo. Mabadiliko huonekana ndani ya "
            "siku moja, hata kwenye simu yako.",
        ),
        google_click="Au jaribu kiungo cha Google cha mbofyo mmoja; hakifanyi kazi kwa kila mtu.",
        office=Way("Microsoft 365", "Outlook ya kazini. Mabadiliko huonekana baada ya muda wa saa 3 hadi 24."),
        outlook=Way("Outlook.com", "Akaunti binafsi. Mabadiliko huonekana baada ya muda wa saa 3 hadi 24."),
        apple=Way(
            "Apple, Thunderbird",
            "Na programu nyingine yoyote kwenye kompyuta hii. Kwa nyingi mabadiliko huonekana ndani ya saa moja.",
        ),
        send=Way(
            "Tuma ukurasa huu kwenye kompyuta yangu",
            "Google Calendar: programu yake ya simu haiwezi kujiunga. Bonyeza kitufe cha Google kwenye kompyuta mara "
            "moja. Kisha kalenda itaonekana pia kwenye simu hii.",
        ),
        once_way=Way("Ongeza tukio linalofuata tu", "Mguso mmoja. Halibadiliki matengenezo yakihamishwa."),
        icsx=Way("ICSx⁵ na programu nyingine", "Hufanya kazi kama programu hiyo ipo kwenye simu hii."),
        iphone_way=Way(
            "Ongeza kwenye Apple Calendar",
            "Apple Calendar huomba idhini yako, kisha hutafuta mabadiliko kwa kadiri ulivyoiwekea.",
        ),
        help="Anwani zote, na msaada",
        help_caption="Nakili anwani na uibandike mahali programu yako inaposema “subscribe”, “from URL” au “new "
        "calendar on the network”.",
        download="Pakua mara moja tu (haitasasishwa)",
        qr="Ukurasa huu kwenye simu yako",
        qr_alt="Msimbo wa QR wenye anwani ya ukurasa huu",
        months="Miezi",
        today_key="Leo",
        month_zone="Siku za {zone}",
        month_hint="Siku za mbele zaidi hazionyeshwi hapa.",
        past="Matengenezo yaliyopita",
        updated="Ulisasishwa {when}.",
        zone="Saa ni za {zone} isipokuwa ukanda mwingine umetajwa.",
        programs="Kwa programu:",
        made_with="Imetengenezwa kwa icms-calendar.",
        embed_title="Matengenezo yaliyopangwa",
        embed_all="Matengenezo yote yaliyopangwa",
        description_none="Hakuna matengenezo yaliyopangwa. Jiunge ili kalenda yako ikujulishe.",
        not_found="Ukurasa haukupatikana",
        not_found_explained="Kalenda na milisho yake iko katika ukurasa huu:",
    ),
}
