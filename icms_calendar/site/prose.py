"""The sentences of the pages, in English and Swahili side by side, so that neither language can lack one.

Words for times are in record/words.py; labels and impacts, which feeds and notices also have, in record/labels.py.
`{name}` in a sentence is filled in by the page, by its template or by the script. A pair of sentences is for one system
and for several.
"""

from __future__ import annotations

from types import SimpleNamespace

from icms_calendar.record.labels import Language

# fmt: off
_SENTENCES: dict[str, tuple[object, object]] = {
    "skip": ("Skip to coming maintenance", "Ruka hadi matengenezo yajayo"),
    "other_languages": ("Other languages", "Lugha nyingine"),
    "unofficial": ("Not an official calendar of {operators}.", "Si kalenda rasmi ya {operators}."),
    "operator": ("the operator", "mwendeshaji wa mfumo"),
    "official": ("The operator's own calendar.", "Kalenda rasmi ya mwendeshaji wa mfumo."),
    "kept_by": ("Kept by {publisher}.", "Inatunzwa na {publisher}."),
    "up": ("available", "inapatikana"),
    "in_part": ("partly unavailable", "haipatikani kwa sehemu"),
    "available": (("{systems} is available", "{systems} are available"),
                  ("{systems} inapatikana", "{systems} zinapatikana")),
    "unavailable": (("{systems} is unavailable now", "{systems} are unavailable now"),
                    ("{systems} haipatikani sasa", "{systems} hazipatikani sasa")),
    "partly": (("{systems} is partly unavailable now", "{systems} are partly unavailable now"),
               ("Sehemu ya {systems} haipatikani sasa", "Sehemu za {systems} hazipatikani sasa")),
    "degraded": (("{systems} is degraded now", "{systems} are degraded now"),
                 ("{systems} inafanya kazi kwa kiwango cha chini sasa",
                  "{systems} zinafanya kazi kwa kiwango cha chini sasa")),
    "back": ("Expected back {when}", "Inatarajiwa kurejea {when}"),
    "meanwhile": ("What to do meanwhile", "La kufanya kwa sasa"),
    "calm": ("This page shows planned maintenance only, not faults.",
             "Ukurasa huu unaonyesha matengenezo yaliyopangwa tu, si hitilafu."),
    "none": ("No maintenance is planned.", "Hakuna matengenezo yaliyopangwa."),
    "ended_records": ("The latest maintenance ended on {when}. Past maintenance is listed below.",
                      "Matengenezo ya mwisho yalikwisha {when}. Yaliyopita yako hapa chini."),
    "stale": ("This page may be out of date", "Huenda ukurasa huu umepitwa na wakati"),
    "stale_explained": ("It was last updated {when}. Newer announcements may be missing: ask the operator.",
                        "Ulisasishwa mara ya mwisho {when}. Huenda matangazo mapya hayapo hapa: muulize mwendeshaji."),
    "as_of": ("As of {when}.", "Hali ya {when}."),
    "next": ("Next interruption", "Ukatizaji unaofuata"),
    "next_calm": ("Next maintenance", "Matengenezo yanayofuata"),
    "next_of": ("Next: {title}, {when}", "Yanayofuata: {title}, {when}"),
    "next_none": ("Nothing planned", "Hakuna yaliyopangwa"),
    "ends": ("ends {distance}", "yanakwisha {distance}"),
    "your_time": ("Your time", "Saa za eneo lako"),
    "coming": ("Coming maintenance", "Matengenezo yajayo"),
    "coming_now": ("Under way and coming", "Yanayoendelea na yajayo"),
    "nothing_else": ("Nothing else is planned.", "Hakuna mengine yaliyopangwa."),
    "system": ("System", "Mfumo"),
    "every_system": ("All systems", "Mifumo yote"),
    "show_systems": ("Show {number} more systems", "Onyesha mifumo mingine {number}"),
    "find": ("Find", "Tafuta"),
    "later": (("Show 1 later window", "Show {number} later windows"),
              ("Onyesha 1 la baadaye", "Onyesha {number} ya baadaye")),
    "left_out": ("{number} more are in {file}.", "Mengine {number} yako katika {file}."),
    "not_confirmed": ("Not confirmed", "Hayajathibitishwa"),
    "confirmed": ("Planned", "Yamepangwa"),
    "changed": ("Changed", "Yamebadilishwa"),
    "now": ("Now", "Sasa"),
    "done": ("Done", "Yamekamilika"),
    "cancelled": ("Cancelled", "Yameghairiwa"),
    "emergency": ("Emergency", "Dharura"),
    "all_services": ("all services", "huduma zote"),
    "more_days": ("and {number} more whole days", "na siku nzima {number} zaidi"),
    "once": ("Add this event only", "Ongeza tukio hili tu"),
    "office_hours": ("office hours", "saa za kazi"),
    "subscribe": ("Subscribe", "Jiunge"),
    "subscribe_intro": (("Subscribe once and your calendar stays up to date: when maintenance is moved or cancelled, "
                         "it changes there too. An empty calendar means that no maintenance is planned."),
                        ("Jiunge mara moja na kalenda yako itajisasisha: matengenezo yakihamishwa au yakighairiwa, "
                         "yatabadilika humo pia. Kalenda tupu inamaanisha kwamba hakuna matengenezo yaliyopangwa.")),
    "maintenance_of": ("Maintenance of", "Matengenezo ya"),
    "remind": ("Remind me {before} before", "Nikumbushe {before} kabla"),
    "remind_hint": ("Google Calendar and Outlook ignore these reminders; set your own there.",
                    "Google Calendar na Outlook hupuuza vikumbusho hivi; weka vyako humo."),
    "no_address": (("The address of this calendar is that of this link. Copy it, and paste it where your calendar "
                    "program subscribes to a calendar:"),
                   ("Anwani ya kalenda hii ni ya kiungo hiki. Inakili na uibandike mahali programu yako ya kalenda "
                    "inapojiunga na kalenda:")),
    "address": ("For any other program, paste this address where it says “subscribe”, “from web” or “from URL”:",
                ("Kwa programu nyingine yoyote, bandika anwani hii mahali inaposema “subscribe”, “from web” au “from "
                 "URL”:")),
    "copy": ("Copy", "Nakili"),
    "copied": ("Copied", "Imenakiliwa"),
    "pasted": ("Address copied. Paste it there.", "Anwani imenakiliwa. Ibandike hapo."),
    "today": ("For same-day changes, check this page: calendar apps can take up to a day to update.",
              "Kwa mabadiliko ya leo, angalia ukurasa huu: programu za kalenda zinaweza kuchelewa hadi siku moja."),
    "computer": ("On a computer", "Kwenye kompyuta"),
    "android": ("On an Android phone", "Kwenye simu ya Android"),
    "iphone": ("On an iPhone or iPad", "Kwenye iPhone au iPad"),
    "other_devices": ("On another device", "Kwenye kifaa kingine"),
    "google": (("Copies the address and opens Google’s “From URL” page. Paste it there. A change shows within a day, "
                "also on your phone."),
               ("Hunakili anwani na kufungua ukurasa wa Google wa “From URL”. Ibandike hapo. Mabadiliko huonekana "
                "ndani ya siku moja, hata kwenye simu yako.")),
    "google_click": ("Or try Google’s one-click link; it does not work for everyone.",
                     "Au jaribu kiungo cha Google cha mbofyo mmoja; hakifanyi kazi kwa kila mtu."),
    "office": ("Outlook at work. A change shows within 3 to 24 hours.",
               "Outlook ya kazini. Mabadiliko huonekana baada ya muda wa saa 3 hadi 24."),
    "outlook": ("A personal account. A change shows within 3 to 24 hours.",
                "Akaunti binafsi. Mabadiliko huonekana baada ya muda wa saa 3 hadi 24."),
    "apple": (("Or another program on this computer. Most show a change within the hour. In the new Outlook, paste "
               "the address below instead."),
              ("Au programu nyingine kwenye kompyuta hii. Nyingi huonyesha mabadiliko ndani ya muda wa saa 1. Katika "
               "Outlook mpya, bandika anwani iliyo hapa chini.")),
    "send_button": ("Send this page to my computer", "Tuma ukurasa huu kwenye kompyuta yangu"),
    "send": (("Google Calendar: its phone app cannot subscribe. Press the Google button on a computer once. The "
              "calendar then shows on this phone as well."),
             ("Google Calendar: programu yake ya simu haiwezi kujiunga. Bonyeza kitufe cha Google kwenye kompyuta "
              "mara moja. Kisha kalenda itaonekana pia kwenye simu hii.")),
    "once_way_button": ("Add only the next event", "Ongeza tukio linalofuata tu"),
    "once_way": ("One tap. It does not change if the maintenance is moved.",
                 "Mguso mmoja. Halibadiliki matengenezo yakihamishwa."),
    "icsx_button": ("ICSx⁵ and other apps", "ICSx⁵ na programu nyingine"),
    "icsx": ("Works if such an app is installed on this phone.",
             "Hufanya kazi kama programu hiyo ipo kwenye simu hii."),
    "iphone_way_button": ("Add to Apple Calendar", "Ongeza kwenye Apple Calendar"),
    "iphone_way": ("Apple Calendar asks for your consent, then looks for changes as often as you set it to.",
                   "Apple Calendar huomba idhini yako, kisha hutafuta mabadiliko kwa kadiri ulivyoiwekea."),
    "help": ("All addresses, and help", "Anwani zote, na msaada"),
    "help_caption": ("Copy an address and paste it where your program says “subscribe”, “from web” or “from URL”.",
                     ("Nakili anwani na uibandike mahali programu yako inaposema “subscribe”, “from web” au “from "
                      "URL”.")),
    "download": ("Download once (will not update)", "Pakua mara moja tu (haitasasishwa)"),
    "qr": ("This page on your phone", "Ukurasa huu kwenye simu yako"),
    "qr_alt": ("QR code with the address of this page", "Msimbo wa QR wenye anwani ya ukurasa huu"),
    "months": ("Months", "Miezi"),
    "today_key": ("Today", "Leo"),
    "month_zone": ("Days in {zone}", "Siku za {zone}"),
    "month_hint": ("Later days are not shown here.", "Siku za mbele zaidi hazionyeshwi hapa."),
    "past": ("Past maintenance", "Matengenezo yaliyopita"),
    "updated": ("Updated {when}.", "Ulisasishwa {when}."),
    "zone": ("Times are in {zone} unless another zone is named.",
             "Saa ni za {zone} isipokuwa ukanda mwingine umetajwa."),
    "programs": ("For programs:", "Kwa programu:"),
    "made_with": ("Made with icms-calendar.", "Imetengenezwa kwa icms-calendar."),
    "embed_title": ("Planned maintenance", "Matengenezo yaliyopangwa"),
    "embed_all": ("All planned maintenance", "Matengenezo yote yaliyopangwa"),
    "description_none": ("No maintenance is planned. Subscribe, and coming maintenance appears in your calendar.",
                         "Hakuna matengenezo yaliyopangwa. Jiunge ili kalenda yako ikujulishe."),
    "not_found": ("Page not found", "Ukurasa haukupatikana"),
    "not_found_explained": ("The calendar and its feeds are on this page:",
                            "Kalenda na milisho yake iko katika ukurasa huu:"),
}
# fmt: on
PROSE: dict[Language, SimpleNamespace] = {
    "en": SimpleNamespace(**{name: english for name, (english, _) in _SENTENCES.items()}),
    "sw": SimpleNamespace(**{name: swahili for name, (_, swahili) in _SENTENCES.items()}),
}
