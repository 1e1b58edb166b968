"""How much memory a process has held, for programs that tests start."""

PEAK = '''
import resource, sys
from pathlib import Path

def peak_gib():
    """Return the most memory that this process has held, in GiB."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would be the peak of the process that this one was forked from, where it is higher
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
'''
