"""The text of a public notice to draft windows, strictly: never a silent guess.

`read.py` says what a notice is and puts the parts together; the grammar of each part stands at the head of its file:
text.py (what is seen), dates.py, times.py, offsets.py (how terms are written), references.py (what only looks like
one), spans.py (what ends what), resolve.py (to calendar and clock), roles.py (what is no window's), subject.py (what it
is about). Records from a reading are written in draft.py.
"""
