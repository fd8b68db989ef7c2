"""`python -m icms_calendar`, and the entry point of the `icms-calendar` command."""

import os
import sys


def main() -> None:
    """Run the command line; a bug in icms-calendar exits with 3."""
    # pydantic would look through every installed distribution for its plugins, of which a command has no use.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from icms_calendar.command.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
