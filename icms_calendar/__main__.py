"""`python -m icms_calendar`, and the entry point of the `icms-calendar` command."""

import gc
import os
import sys


def main() -> None:
    """Run the command line; a bug in icms-calendar exits with 3."""
    gc.disable()  # the process is short, and its records live to the end
    # pydantic would look through every installed distribution for its plugins, of which a command has no use; pytz
    # would open the file of each of its 600 zones to see that it is there.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.environ.setdefault("PYTZ_SKIPEXISTSCHECK", "1")
    from icms_calendar.command.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
