"""``python -m workings.cli``: the command line, where its console script is not on the path."""

from workings.cli.application import main

if __name__ == "__main__":
    main()
