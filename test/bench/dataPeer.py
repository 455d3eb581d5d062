"""pandas, NumPy or Pillow beside LatentLab: `dataPeer.py LIBRARY FILE TIMES` reads a file or a folder of images.

It answers with one line of JSON, {"seconds": [...], "memory": bytes, "reader": "pandas 2.2.0"}: seconds of each read, and
the bytes that the first added to the most that was resident.
"""

import json
import os
import resource
import sys
import time

library, path, times = sys.argv[1], sys.argv[2], int(sys.argv[3])

if library == "pandas":
    import pandas

    version = pandas.__version__
    kinds = {".csv": pandas.read_csv, ".parquet": pandas.read_parquet, ".json": pandas.read_json}
    read = kinds[os.path.splitext(path)[1]]
elif library == "numpy":
    import numpy

    version = numpy.__version__

    def read(file):
        loaded = numpy.load(file)
        return loaded if file.endswith(".npy") else loaded["x"]
else:
    import numpy
    import PIL
    from PIL import Image

    version = PIL.__version__

    def read(folder):
        names = sorted(os.listdir(folder))
        return numpy.stack([numpy.asarray(Image.open(os.path.join(folder, name))) for name in names])


def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


before = resident()
seconds = []
memory = 0
for i in range(times):
    start = time.perf_counter()
    read(path)
    seconds.append(time.perf_counter() - start)
    if i == 0:
        memory = resident() - before
print(json.dumps({"seconds": seconds, "memory": memory, "reader": f"{library} {version}"}))
