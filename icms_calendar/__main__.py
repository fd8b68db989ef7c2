"""`python -m icms_calendar`, and the entry point of the `icms-calendar` command."""

import sys


def main() -> None:
    """Run the command line; a fault of ours exits with 3."""
    from icms_calendar.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
