"""Write the API's pages into a folder: python .ci/docs.py FOLDER. Any warning is an error."""

import sys
import warnings
from pathlib import Path
from pkgutil import iter_modules

import pdoc
import pdoc.render

import riindex

warnings.simplefilter("error")
# Public names are imported when first used; pdoc sees only those that are there.
vars(riindex).update({name: getattr(riindex, name) for name in riindex.__all__})
rooms = [room.name for room in iter_modules(riindex.__path__, "riindex.") if room.name != "riindex.__main__"]
pdoc.render.configure(docformat="google")
pdoc.pdoc("riindex", *rooms, output_directory=Path(sys.argv[1]))
