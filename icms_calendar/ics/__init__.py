"""Everything that knows iCalendar (RFC 5545, 7986, and the X-MAINTNOTE properties of the BCOP)."""
