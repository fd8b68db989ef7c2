"""Words that leave a window open, deny it, make it one of many, or tell of another matter: a person must decide.

    open       tentative, proposed, to be confirmed, subject to approval, weather permitting, reserve or rain date,
               may be postponed, until further notice, a draft or an example of a notice; and in the sentence of a
               window if, unless, likely, possibly, optional, "or" between two days, a question
    denied     "the maintenance was not …", whatever is not, unless that is what the maintenance does to a service
               (not available, not affected); to be disregarded
    recurring  every, Sundays, Saturday mornings, weekends, first Sunday of, once a week, following nights
    another    a sentence with a time that names neither maintenance nor what it does, and is no label, row or line of
               a list (nor is a row one beside windows that are in sentences of maintenance); or that invites to a
               training, a meeting, an interview
    past       a sentence that tells what was, without what will be

The words are looked for in the text with every term blanked out: a day is \\x00, a time \\x02, a length \\x03.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from icms_calendar.notice.dates import MONTH, WEEKDAY

Doubt = tuple[str, "re.Match[str]"]

_SPARE = (
    r"reserve|back-?up|alternative|alternate|fall-?back|contingency|rain|snow|spare|stand-?by|optional|secondary|"
    r"provisional|substitute|make-?up"
)
_OPEN = re.compile(
    r"\b(?:(?:might|may|could)\s(?:also\s|still\s)?(?:be\s(?:held|carried|done|undertaken|performed|conducted|"
    r"needed|required)|take\splace|happen|go\sahead|occur)|"
    r"(?:may|might|could|can|likely\sto)\s(?:still\s|also\s|yet\s|be\s|have\sto\sbe\s|need\sto\sbe\s)"
    r"{0,3}(?:postponed|moved|cancel\w*|chang\w+|delayed|rescheduled|shift\w*|deferred|called\soff|brought\sforward|"
    r"not\s(?:take|go|happen|proceed|be\s(?:held|carried|done)))|"
    r"tentative(?:ly)?|provisional(?:ly)?|indicative|to\sbe\s(?:re-?)?(?:confirmed|advised|communicated|announced|"
    r"determined|"
    r"agreed|decided|fixed|finali[sz]ed)|"
    r"tbc|tba|tbd|subject\sto\s(?!(?:[a-z]+\s){0,2}(?:interrupt\w*|delays?|outages?|disrupt\w*|downtime|maintenance|"
    r"intermitten\w*|terms|tax|duty|degrad\w*|slow\w*)\b)[a-z]+|"
    r"weather\s(?:conditions?\s)?(?:permitting|allowing|dependent)|depend(?:s|ing|ent)\s(?:up)?on|(?:dates?|times?|"
    r"start|schedule|it|this|works?|maintenance)\sdepends?|only\s(?:if|when|once)|"
    r"(?:so|as)\slong\sas|provided\sthat|on\shold|another\s(?:day|date|time|night|week|weekend)|"
    r"(?:times?|dates?|schedule|start|end|duration)\s(?:[a-z]+\s){0,2}(?:may|might|could|can)\s(?:vary|differ|shift|"
    r"slip|move)|"
    r"(?:status|approval|state|decision)\s?:?\s?(?:is\s)?(?:draft|rejected|declined|await\w*|pending|proposed|on\shold|"
    r"not\s|"
    r"unapproved|denied|withdrawn|required|requested|submitted|under|to\sbe|open\b)|"
    r"(?:we|they|and)\s(?:will|shall)\s(?:re-?)?confirm\s(?:the\s)?(?:date|time|window|closer|nearer|later|whether|if|"
    r"schedule|"
    r"exact|final)|confirmation\s(?:will|to|shall)\sfollow|(?:we|i)\s(?:suggest|recommend|request|ask\sfor|want|"
    r"would(?!\slike\sto\s(?:inform|notify|advise|remind|thank|apologi|let|announce|alert))|"
    r"could|might|target|aim|hope)|sent\sin\serror|by\smistake|objections?|vote|suits?|"
    r"the\s(?:correct|right|actual|real)\s(?:year|date|time|day|month)s?\s(?:is|are|should|was)|"
    r"(?:overruns?|not\s(?:be\s)?(?:completed?|finished)\s[^.]{0,30}),?\s(?:it|we|works?|"
    r"the\s[a-z]+)\s(?:will\s)?(?:continue|resume)s?\s(?:on|at|the)|no\slonger\s(?:the\scase|true|correct|valid|"
    r"applies|applicable|planned|needed)|plans?\s(?:has|have)\schanged|"
    r"(?:date|time|day|year|month)s?\s(?:above\s)?(?:is|are|was|were)\s(?:wrong|incorrect|mistaken|outdated|"
    r"not\scorrect)|"
    r"wrong\s(?:date|time|day|year)|(?:ignore|disregard|scratch|forget)\s(?:this|that|it|the\sabove)|"
    r"(?:that|this|it|all)\s(?:is|was|are)\s(?:now\s|all\s)?off(?!-)|not\s(?:for|to\sbe)\s(?:publication|circulation|"
    r"release|released|distribution|published|circulated)|not\syet\s(?:announced|published|public|approved)|embargo\w*|"
    r"agenda\sitem|exercise\sexercise|decided\s(?:against|not|otherwise)|(?:stopped|"
    r"halted|vetoed|blocked|overruled)\s(?:it|this|that)|"
    r"(?:earlier|later)\sinstead|happen\s(?:earlier|later)|same\shours|candidate\s(?:date|window|slot)s?|"
    r"maintenance-free|(?:maintenance|change|upgrade)\s(?:freeze|moratorium|embargo|ban)|mode\soff|no\supgrades?|"
    r"without\s(?:any\s)?(?:maintenance|upgrades?)|(?:maintenance|upgrade)\s(?:(?:was|is|has\sbeen|"
    r"will\sbe)\s)?(?:avoided|refused|"
    r"declined|rejected|skipped|omitted|waived|denied|stopped|halted|shortened)|"
    r"target(?:ed|ing|s)?\s(?:for|date|window|start|on|\x00)|we\sare\starget\w*|pencil\w*|"
    r"(?:pending|awaiting|await)\s(?:[a-z]+\s){0,3}(?:approval|confirmation|clearance|decision|sign-?off|permission)|"
    r"unconfirmed|not\s(?:yet\s)?(?:been\s)?(?:confirmed|final|finali[sz]ed|fixed|decided|approved|agreed)|"
    r"yet\sto\sbe\s[a-z]+ed|(?:till?|until)\sfurther\snotice|"
    r"(?:at|to|until|till|on)\sa\s(?:later|future|new)\s(?:date|time)|later\sdate|"
    r"new\s(?:dates?|times?|schedule)\s(?:for\s[^.]{0,40})?(?:will|shall|to|is\sto)\sbe\s(?:[a-z]+\s)?"
    r"(?:communicated|announced|advised|shared|notified|confirmed|published|provided)|"
    rf"(?:{_SPARE})\s(?:(?:maintenance|downtime|outage|service)\s)?(?:date|day|night|window|slot|period|time)s?|"
    r"(?:proposed|suggested|possible|potential|probable|likely)\s(?:[a-z]+\s){0,2}(?:maintenance|date|window|"
    r"outage|downtime|upgrade|schedule|shutdown|time)s?|"
    r"(?:is|are|being|was|were)\s(?:only\s)?(?:proposed|considered|contemplated)|under\s(?:consideration|discussion)|"
    r"(?:we|to|and)\s(?:propose|consider\w*|contemplat\w*)|considering|proposing|"
    r"(?:hope|hoping|aim|aiming|intend|intending|wish|wishing|would\slike|like)s?\sto\s(?:carry|do|perform|conduct|"
    r"take|schedule|undertake|hold|start|begin|run)|(?:if|once|when|after)\s(?:it\sis\s|this\sis\s|they\sare\s)"
    r"?(?:approved|agreed|confirmed)|if\s(?:necessary|required|needed),?\s[^.]{0,40}(?:on|from|at|until)|"
    r"or\salternatively|(?:draft|sample|specimen|template|example|dummy|test)\s(?:of\s(?:a|the)\s)?(?:notice|"
    r"announcement|message|text|e-?mail|notification|communication)|this\sis\s(?:only\s|just\s)?(?:a|an)\s(?:test|"
    r"example|draft|template|drill)|rumou?rs?|hoax|fake|untrue|not\strue|misinformation|"
    r"(?:disregard|ignore)\s(?:[a-z]+\s){0,4}(?:notice|message|e-?mail|communication|announcement|notification|"
    r"maintenance|times?|dates?|alert|advisory))\b|(?:\A|\n|[.\]]\s)\W{0,2}(?:test|template|example|sample|draft|hold|"
    r"specimen|proposal|idea)"
    r"\W{0,2}[:\]-]|\bnot\s?!|\{\{|\$\{|\[(?:[a-z]+\s)?(?:name|date|time|system|service|insert|xx+)(?:\s[a-z]+)?\]|"
    r"\bthere\s(?:is|are|will\sbe)\sno\s(?:[a-z0-9]+\s){0,3}(?:maintenance|upgrade|migration)\b"
)
_OPEN_BESIDE = re.compile(
    r"\b(?:if(?!\s(?:you|your|they)\b)|unless|provided(?!\sby|\sfor|\sto)|in\scase|in\sthe\sevent(?!\slog)|likely|"
    r"unlikely|"
    r"(?<!be\s)(?<!as\s)(?<!not\s)(?<!is\s)possibl[ey]|perhaps|maybe|probabl[ey]|presumably|optional|"
    r"conditional(?:ly)?|whether|either|"
    r"approval|approved\sby|proposed?|potential(?:ly)?|preferably|ideally|hopefully|should\s(?:the|it|this|any|a|we)|"
    rf"(?:{_SPARE})(?=\s?(?:on|is|from|at)?\s?[:,)\x00\x02])|else|otherwise(?!\s(?:stated|noted|indicated|specified|"
    rf"advised|communicated))|failing\swhich|whichever|"
    r"(?:first|second|third)\s(?:choice|option|preference)|one\sof|(?:would|should|could|might)\shave|must\snot|"
    r"cannot\sbe|"
    r"(?:was|were|had\sbeen)\s(?:scheduled|planned|slated|fixed|booked|announced)\s(?:for|on|to|from|between)|"
    r"asked\sfor|"
    r"requested|clash\w*|lessons|invoices?|quotation|overtime|unlike|contrary\sto|shortened|in\sprinciple|in\stheory|"
    r"some\s(?:point|time|stage|"
    r"moment)|sometime|"
    r"any\s(?:point|time|stage|moment|of)|any\s\x03|(?:was|were)\s(?:to|due|supposed|meant|originally|initially|set)\b|"
    r"hypothetical(?:ly)?|imagine|suppose|for\s(?:example|instance),|example:|e\.g\.,)"
    r"|\x03\s(?:less|more|longer|shorter)\b|\?\s*\Z"
)
_MIGHT = re.compile(r"\b(?:may|might|could)\s[a-z]+")
_CERTAIN = re.compile(r"\b(?:will|shall|due\sto|scheduled|planned|routine|to\sallow|essential|because|owing)\b")
_OR = re.compile(
    r"[\x00-\x02]\)?,?\s(?:or|and/or)\s(?:else\s|also\s)?(?:on\s|from\s|the\s){0,2}\x00|[\x00\x02]\)?,?\s(?:or|"
    r"and/or)\s(?:else\s|also\s)?(?:on\s|at\s|from\s|the\s){0,2}[\x00\x02]"
)
_EXCEPT = re.compile(
    r"\b(?:except|excluding|excepting|apart\sfrom|other\sthan|with\sthe\sexception\sof|but\snot|not\sincluding)\s"
    r"(?:for\s)?(?:between|from|on|during|the)?\s?[\x00\x02]|\bwith\sa\s(?:break|pause|gap)\b"
)
_TURNED = re.compile(  # what makes the hours of a text those in which there is no maintenance, or of other places
    r"\boutside\s(?:of\s)?(?:the\s)?(?:hours?|periods?|times?|window|\x00|\x02)|"
    r"\b(?:prohibited|forbidden|banned|disallowed|not\s(?:allowed|permitted))\s(?:on|from|between|during|at|\x00)|"
    r"\b(?:not|never|don't|refrain\sfrom|avoid)\s(?:to\s)?(?:schedul\w+|plann?\w*|book\w*|carry\w*|perform\w*|"
    r"undertak\w+|start\w*)\s(?:out\s)?[^.\x00-\x04]{0,60}\b(?:maintenance|upgrades?|works?|changes?)|"
    r"\bmaintenance(?:\s(?:work|works|activities))?(?:\s(?!will\sbe)[a-z]+){0,4}\s(?:is|are|will\sbe|remains?)\s"
    r"(?:suspended|frozen|paused)|"
    r"\b(?:own|respective)\s(?:local\s)?(?:clock|time)s?\b|\blocal\s(?:times?\s)?(?:to|at|of|in|for)\s(?:each|every)|"
    r"\b(?:hours?|times?|dates?)\s(?:will|shall|to)\sfollow|\bstill\sto\s(?:be|come)|\byet\sto\s[a-z]+|"
    r"\b(?:hours|window)\s(?:[a-z]+\s){0,4}(?:moves?|changes?|shifts?|will\s(?:be|move|change|become))\s(?:to\s)?\x02|"
    r"\blast\syear'?s?\b|\b(?:older|old|earlier|previous|former)\s(?:announcements?|notices?|copy|version|wording)\b|"
    r"\bnot\s(?:quite\s)?sure\s(?:whether|if|that)\b"
)
_NONE = re.compile(
    r"\bno\s(?:planned\s|scheduled\s|further\s|such\s)?(?:maintenance|downtime|outages?)\b(?!\s(?:is|are)\s(?:expected|"
    r"anticipated))"
)
_DONE_TO = (  # what maintenance does to a service, or not
    r"available|accessible|able|operational|affect\w*|reachable|working?|function\w*|possible|impact\w*|usable|"
    r"expect\w*|anticipat\w*|requir\w*|need\w*|process\w*|operat\w*|respond\w*|open|load\w*|receiv\w*|send|caus\w*|"
    r"interrupt\w*|disrupt\w*|support\w*|exceed\w*|includ\w*|involv\w*|appl\w+|serv\w+|provid\w*|result\w*|chang\w*|"
    r"last|los\w+|limited|online|visible|reflect\w*|in\suse|see|notice|necessary|accept\w*|permit\w*|allow\w*|log\w*|"
    r"be\s(?:a|an)\b|only|in\soperation|up\b|out\sof|offer\w*|used?\b|reach\w*|access\w*|run\b|displayed|shown|active"
)
_DENIED = re.compile(
    r"\b(?:maintenance|upgrade|outage|downtime|exercise|works?|activit(?:y|ies)|migration|interruption|shut\s?down|"
    r"window)(?:[\s,(-]{1,3}(?:[a-z]+|[\x00-\x04]+)\)?){0,12},?\s(?:(?:will|would|shall|does|do|did|is|are|was|were|"
    r"has|have|had|can|could)\s"
    r"(?:now\s|also\s|therefore\s|actually\s)?(?:not|never)|[a-z]+n't)\s(?:yet\s|been\s|be\s|now\s|have\s|being\s)"
    rf"{{0,3}}(?!yet\b|been\b|be\b|now\b|have\b|being\b|{_DONE_TO})[a-z]+"
)
_INSTEAD = re.compile(
    r"\b(?:instead\sof|rather\sthan|in\splace\sof|in\slieu\sof)\b|\bnot\s(?:on\s|from\s|at\s|the\s)"
    r"{0,2}[\x00\x02]|\bas\s(?:was\s)?(?:earlier|previously|initially)\b"
)
_COUNTED = r"(?:two|three|four|five|six|seven|eight|nine|ten|several|few|many|[2-9]|[1-9][0-9])"
_RECURRING = re.compile(
    r"\b(?:every|each)\s(?:other\s|second\s|first\s|last\s)?(?:[\x00]+|(?:day|night|week|weekend|month|"
    r"morning|evening|quarter|year)s?\b)|\b(?:sun|satur|mon|tues|wednes|thurs|fri)days\b|\b(?:nightly|"
    r"fortnightly|bi-?weekly|bi-?monthly|semi-?weekly)\b|"
    r"\b(?:daily|weekly|monthly|quarterly)\s(?:from|between|at|on|until|[\x02])|"
    r"(?:first|second|third|fourth|last|1st|"
    r"2nd|3rd|4th)\s[\x00]+\s(?:of\s(?:the|each|every)\smonth)|\b(?:on\sweekdays|weekday\snights|"
    r"until\sfurther\snotice)\b|[\x02]\s?(?:daily|each\s(?:day|night)|every\s(?:day|night)|nightly)|"
    r"[\x00]\s(?:mornings|nights|evenings|afternoons)\b|\bweek-?ends\b|\bweek-?nights\b|\b(?:once|twice|"
    r"[a-z]+\stimes)\s"
    r"(?:a|per|each|every)\s(?:day|week|month|quarter|year)|\bper\s(?:week|month)\b|"
    r"\bon\sa\s(?:[a-z]+\s)?(?:daily|nightly|weekly|monthly|quarterly|regular|recurring)\s(?:basis|schedule)|"
    r"\brecurr\w+|"
    r"\b(?:weekly|daily|nightly|monthly|fortnightly|regularly|weeks?|days?|months?|nights?)\sthereafter\b|"
    r"[\x03]\slater\b|\b(?:a|one|two|three)\s(?:weeks?|months?)\s(?:later|after)\b|\bagain\s(?:a|one|in|the|\x03)|"
    r"\b(?:and|then)\s(?:weekly|monthly|nightly|fortnightly|daily|quarterly)\b|"
    r"\balternate\s(?:[\x00]+|weeks?|days|nights|months)|"
    rf"\b{_COUNTED}\s(?:nights|mornings|evenings|weekends)\b|"
    rf"\b(?:following|next|subsequent|consecutive|successive)\s(?:{_COUNTED}\s)?(?:days|nights|weeks|weekends|months|"
    r"mornings|evenings)\b|"
    r"\b(?:repeat(?:s|ed|ing)?(?:\sthe)?\s(?:on|at|again|weekly|daily|nightly|until|following|next|same|maintenance)|"
    r"same\stimes?\s(?:on|every|each|next|the|until))"
)
_NTH_WEEKDAY = re.compile(
    rf"\b{WEEKDAY[:-9]}\sweek\b|\bweek\son\s{WEEKDAY}|"
    r"\b(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th|alternate|other)\s"
    rf"(?:(?:and|&|or)\s(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s)?{WEEKDAY[:-9]}s?\s"
    r"(?:of|in|each|every|monthly|per)\b"
)
_MATTER = re.compile(
    r"\b(?:maint\w+|maintain\w*|upgrad\w*|unavailab\w+|outages?|down\s?times?|off-?line|down|interrupt\w*|disrupt\w*|"
    r"windows?|works?|exercise|activit(?:y|ies)|migrat\w+|shut\w*|(?:in)?accessible|available|experienc\w+|undergo\w*|"
    r"suspen\w+|updat\w+|patch\w*|blackouts?|switch\w*|cut-?over|relocat\w+|replac\w+|restor\w+|affect\w*|impact\w*|"
    r"degrad\w+|intermitten\w+|drill|fail-?over|reboot\w*|restart\w*|deploy\w*|roll-?out|releas\w+|install\w*|"
    r"(?:prd-)?service\s?windows?|power\scut|load\sshedding|access|unreachable|inoperat\w+)\b"
)
_COMPOUND = re.compile(
    r"\b(?:child|weight|spousal|horse|garden|lawn|car|vehicle|elevator|lift)\smaintenance\b|\A\W*upgrade\s(?:your|to|"
    r"now|today)\b|"
    r"\b(?:roll-?back|buffer|monitoring|observation|testing|verification|freeze|support|booking|sales?)\s(?:window|"
    r"period|slot)s?\b|"
    r"\b(?:maintenance|upgrade|outage|migration)\s(?:and\s[a-z]+\s)?(?:staff|hot-?line|teams?|crews?|officers?|"
    r"technicians?|"
    r"engineers?|contracts?|contractors?|quer(?:y|ies)|fees?|department|managers?|charges?|budgets?|polic(?:y|ies)|"
    r"guides?|"
    r"manuals?|training|workers?|personnel|supervisors?|costs?|levy|levies|agreements?|courses?|conference|engineering|"
    r"assistants?|positions?|roles?|jobs?|interns?|pilots?|surveys?|reviews?|rehearsals?|dry\srun|tests?|"
    r"testing|loans?|payments?|allowances?|class(?:es)?|kits?|tips|shop|invoice|grants?)\b"
)
_ODD_LEAD = re.compile(
    r"\b(?:before|after|since|until|till|by|eve\sof|weeks?\s(?:of|beginning|commencing|on|from|starting|ending)|"
    r"weekend\s(?:of|starting|beginning)|days?\s(?:after|before|from)|as\sof|as\sfrom|following|within|around|about|"
    r"towards?|"
    r"near|mid|circa|ahead\sof|prior\sto|not|month\sof)\s(?:the\s|on\s)?\Z"
)
_COMMAND = re.compile(
    r"\A\W*(?:avoid|do\snot|don't|file|submit|plan|use|visit|book|complete|expect|kindly|remember|come|bring|send|pay|"
    r"log)\b"
)
_SAYS = re.compile(
    r"\b(?:will|shall|is|are|was|were|be|been|has|have|had|must|should|can|may|might|could|takes?|took|opens?|held|"
    r"starts?\b(?!\s?(?:date|time|:))|begins?\b|runs?|invite\w*|join|attend|apply|apologi[sz]e\w*|please|contact|"
    r"call)\b"
)
_LABEL = {
    *("date", "dates", "day", "days", "time", "times", "start", "starts", "starting", "begin", "begins", "beginning"),
    *(
        "end",
        "ends",
        "finish",
        "from",
        "between",
        "on",
        "at",
        "the",
        "and",
        "of",
        "when",
        "period",
        "schedule",
        "scheduled",
    ),
    *("planned", "expected", "estimated", "duration", "completion", "commencement", "commencing", "commences", "new"),
    *("night", "morning", "evening", "afternoon", "this", "coming", "local", "stage", "phase", "is", "for", "hours"),
}
_ROW = re.compile(r"[:|\t-]\s{0,2}\Z")
_IT = re.compile(
    r"\W{0,4}(?:update:\s)?(?:it|this|these|the\s(?:process|event|team|engineers|(?:new|next|revised|second|first|"
    r"third|"
    r"final|other|actual|exact|scheduled|planned)\s(?:dates?|times?|one|phase|part|stage|night|is|will|slot|schedule))|"
    r"we|our\s(?:team|engineers)|they|both|that|start\w*|begin\w*|(?:the\s)?(?:phase|stage|part|date|time)s?|next)\b|"
    r"\W{0,2}\x04{4,}\s(?:will|shall|is|starts|begins)\b"
)
_MEETING = re.compile(
    r"\b(?:trainings?|webinars?|workshops?|seminars?|meetings?|briefings?|interviews?|exam\w*|conferences?|ceremon\w+|"
    r"hearings?|auctions?|elections?|courses?|class(?:es)?|lectures?|demos?|demonstrations?|q&a|town\shalls?|"
    r"open\sdays?|site\svisits?|induction|orientation|sensiti[sz]ation|registration|sale|promotion|competition)\b"
    r"(?:[^.]{0,120}\b(?:held|hold|holds|take\splace|takes\splace|taking\splace|conducted|organi[sz]ed|hosted?|run|"
    r"runs|"
    r"opens?|closes?|join|attend|scheduled|planned)\b|\s?(?::|on|from|at|-|\()\s?[\x00\x02])|"
    r"\A\W*(?:the\s)?(?:[a-z]+\s)?(?:trainings?|webinars?|workshops?|seminars?|meetings?|interviews?|courses?|"
    r"demos?)\b|"
    r"\A\W*(?:please\s)?(?:come|drop\sin|visit\sus)\b|\b(?:join|attend|invit\w+|register\sfor)\b[^.]{0,160}\b(?:training|webinar|workshop|seminar|meeting|briefing|"
    r"session|demo\w*|course)"
)
_WAS = re.compile(
    r"\b(?:was|were|had|went\sdown|suffered|experienced|occurred|failed|crashed|started|began|ran|happened|hit|broke|"
    r"stopped|lost|reported|took|finished|"
    r"ended|saw|faced|caused|lasted|last\s(?:week|month|night|year|weekend)|yesterday)\b|\A\W*(?:following|after|"
    r"since)\b|"
    r"\bapologi[sz]\w*\sfor\s(?:the|this|an|yesterday's)\s(?:[a-z0-9]+\s){0,4}(?:outage|downtime|interruption|"
    r"disruption|"
    r"unavailability|maintenance)\b"
)
_MAY_FOLLOW = {
    *("due", "for", "to", "because", "owing", "as", "while", "when", "during", "and", "each", "both", "will"),
    *("shall", "that", "which", "we", "the", "our", "all", "with", "so", "us", "inclusive", "local", "on"),
    *("users", "following", "is", "are", "was", "were", "has", "have", "had", "would", "in", "causing"),
    *("affecting", "maintenance", "scheduled", "planned"),
}
_FOLLOWS = re.compile(r"[)\]]?\s{1,2}[(]?([a-z']+)(?:\s([a-z']+))?")
_PREDICATE = (  # what may be said of a window that takes place: `will affect`, `is planned`, `has been scheduled`
    r"(?:is|are|was|were|has|have|had|will|shall|would|needs?|must|should|can|could)"
    r"\s(?:(?:now|also|be|been|to|likely|fully|temporarily|have|therefore|then|not)\s){0,4}"
    r"(?!(?:now|also|be|been|to|likely|fully|temporarily|have|therefore|then|not)\b|unavail|avail|inaccess|access|"
    r"offline|"
    r"down\b|affect|impact|interrupt|disrupt|caus|render|requir|result|includ|"
    r"involv|touch|last|tak|carried|conduct|perform|undert|undergo|experienc|done|suspend|shut|schedul|planned|held|"
    r"operat|improv|allow|enabl|go\b|complet|conclud|cover|make|able|no\slonger|limit|degrad|intermit|able|reach|"
    r"expected|"
    r"out\sof|remain|cancel|postpon|resched|moved|extend|success|[\x00-\x02]|necess|mean|bring|see|lead|prevent|stop\s)"
    r"[a-z]+"
)
_THEN = re.compile(rf"[)\]]?,?\s(?:which\s|and\s|that\s)?{_PREDICATE}")
_AFTERWARDS = re.compile(
    r"(?:[.!?]\s{1,2}|\n|:\s)(?:it|this|the\s(?:dates?|times?|plans?|schedule|maintenance|upgrade|exercise|activity|"
    r"works?|"
    r"window|outage|downtime))\s(?!is\s(?:a\s(?!mistake|hoax|joke|lie|proposal|draft|test)|"
    r"an\s(?!error|example|idea)|the|to|in|part|"
    r"due|because|for|our|your|being|important|only|essential|"
    r"taking|subject|of|as|with|intended|designed|aimed|meant)\b|are\s(?:to|for|in|the|being)\b|will\s(?:end|start|"
    r"begin|"
    rf"finish|commence|run|resume|help|give|also|provide|ensure|serve|be\s(?:back|restored|used|in)|"
    rf"not\sbe)\b){_PREDICATE}"
)
_NUMBER_LEFT = re.compile(
    r"(?<![\w.,/:'#-])[0-9]{1,5}(?:st|nd|rd|th)?(?![\w/])(?![.,-][0-9])"
    r"(?!\s?(?:x\s)?(?!from\b|until\b|till\b|between\b|and\b|the\b|for\b|due\b|will\b|starting\b)[a-z]{3,})"
)
_DAY_NAME_LEFT = re.compile(rf"(?<![a-z])(?:(?!may(?![a-z])|mar(?![a-z])|march){MONTH}|{WEEKDAY})")
_AHEAD = re.compile(
    r"\b(?:will|shall|going\sto|is\sto|are\sto|to\sbe|(?:is|are)\s(?:planned|scheduled|due)|(?:planned|scheduled)\sfor|"
    r"would|this|coming|upcoming|next)\b"
)
_HABIT = re.compile(r"\b(?:is|are|runs?|takes?|occurs?|happens?|performed|carried|period|timetable|hours)\b")
_COMING = re.compile(
    r"\b(?:will|shall|would|to\sbe|going\sto|is|are|upcoming|(?:planned|scheduled)\s(?:for|to|from|on|between))\b"
)


def doubts_in(low: str, masked: str) -> Iterator[Doubt]:
    """What makes a whole notice doubtful, with the words; each kind once."""
    for name, pattern, words in (
        ("recurring", _RECURRING, masked),
        ("recurring", _NTH_WEEKDAY, low),
        ("undecided", _OPEN, masked),
        ("undecided", _EXCEPT, masked),
        ("undecided", _TURNED, masked),
        ("undecided", _NONE, masked),
        ("undecided", _OR, masked),
    ):
        if match := pattern.search(words):
            yield name, match


def denials_in(masked: str) -> Iterator[Doubt]:
    """What denies a window of a notice that does not cancel one."""
    if match := _INSTEAD.search(masked):
        yield "extended-end", match
    for pattern in (_DENIED, _AFTERWARDS):
        if match := pattern.search(masked):
            yield "undecided", match


def doubt_beside(sentence: str) -> re.Match[str] | None:
    """What leaves a window open in its own sentence."""
    if match := _OPEN_BESIDE.search(sentence):
        return match
    match = _MIGHT.search(sentence)
    return match if match and not _CERTAIN.search(sentence) else None


def doubt_behind(rest: str, written: str) -> re.Match[str] | None:
    """What follows a window in its sentence and is not known to leave it as it is; `written` has its capitals."""
    match = _FOLLOWS.match(rest)
    if not match:
        return _THEN.match(rest)
    first = written[match.start(1)]
    if first.isupper() or re.match(r"[a-z]{1,2}[A-Z]", written[match.start(1) :]):
        return None
    if match[1] == "at" and re.match(r"at\s(?:the|our|all)\s(?!earliest)", rest[match.start(1) :]):
        return None
    if match[1] == "in" and match[2] not in ("order", "all", "the", "parts", "both", "our", "preparation", "line"):
        return match
    return match if match[1] not in _MAY_FOLLOW else _THEN.match(rest)


def doubt_before(lead: str) -> re.Match[str] | None:
    """A word in front of the day of a window that makes it another day, or many: before, the week of, as of."""
    return _ODD_LEAD.search(lead)


def left_over_in(sentence: str) -> re.Match[str] | None:
    """A number, a month or a weekday that nothing was made of, in a sentence with a window."""
    return _NUMBER_LEFT.search(sentence) or _DAY_NAME_LEFT.search(sentence)


def kind_of(sentence: str, lead: str) -> str:
    """What a sentence with a window is: `matter`, which names maintenance or what it does; `label`, which has at most
    words like date and time in front of it; `row`, of a table or a list; `other`, which tells of something else."""
    if _MEETING.search(sentence):
        return "other"
    bare = _COMPOUND.sub("", sentence)
    if _MATTER.search(bare):
        return "matter"
    if bare != sentence or _COMMAND.match(sentence):
        return "other"
    if _IT.match(sentence) or _LABEL.issuperset(re.findall("[a-z]+", lead)):
        return "label"
    return "row" if _ROW.search(lead) and not _SAYS.search(lead) else "other"


def is_habit(sentence: str, masked: str) -> bool:
    """Whether a weekday without a date may be that of every week: the sentence tells what is, nothing what will be."""
    return bool(_HABIT.search(sentence)) and not _AHEAD.search(masked)


def is_of_the_past(sentence: str) -> bool:
    """Whether a sentence tells only what was."""
    return bool(_WAS.search(sentence)) and not _COMING.search(sentence)
