"""The catalogue of rules: every finding, by a code that never changes its meaning; a test runs every example.

What a finding is, and how a rule becomes one, is in findings.py.
"""

from __future__ import annotations

from icms_calendar.catalogue import feeds, imports, notices, publishing, records
from icms_calendar.catalogue.rule import Rule, Severity

__all__ = ["RETIRED", "RULES", "RULES_BY_NAME", "Rule", "Severity", "rule_by"]

_RULES = (*records.RULES, *publishing.RULES, *feeds.RULES, *imports.RULES, *notices.RULES)
RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
RULES_BY_NAME: dict[str, Rule] = {rule.name: rule for rule in _RULES}

# Codes that are not used any more, and what took their place. They are never used again.
RETIRED: dict[str, str] = {
    **notices.RETIRED,
    "ICM401": "a first build into an absent or empty folder is not a finding; a lost feed is ICM402",
    **{old: f"it is reported as {rule.code}" for rule in _RULES for old in rule.retires if old.startswith("ICM")},
}
_MERGED = {old: rule for rule in _RULES for old in rule.retires}


def rule_by(code_or_name: str) -> Rule:
    """The rule with this code (`ICM104`, in any case) or name (`time-in-gap`); KeyError for any other.

    A code or name that is retired gives the rule that reports the same fault today.
    """
    code, name = code_or_name.upper(), code_or_name.lower()
    return RULES.get(code) or RULES_BY_NAME.get(name) or _MERGED.get(code) or _MERGED[name]
