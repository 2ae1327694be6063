"""Tasks, under the name that componentize-py has for it."""

from dovetail_async import spawn as spawn
