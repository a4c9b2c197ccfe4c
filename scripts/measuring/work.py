"""The work: one large file and many small ones, up and down."""
import mmap
import multiprocessing
import os
import shutil
import subprocess
import sys

MIB = 1 << 20


class Job:
    """One direction of one input: what a client is timed on."""

    def __init__(self, name, is_upload, source, size, files):
        self.name, self.is_upload, self.source, self.size, self.files = name, is_upload, source, size, files


def make_large(path, size_mib):
    """Random bytes: nothing compresses, nothing is a hole."""
    with open(path, "wb") as file:
        for _ in range(size_mib):
            file.write(os.urandom(MIB))


def make_small(folder, files, file_kib):
    """A folder of small files, a hundred to a subfolder."""
    for index in range(files):
        subfolder = os.path.join(folder, f"{index // 100:03}")
        os.makedirs(subfolder, exist_ok=True)
        with open(os.path.join(subfolder, f"{index:05}"), "wb") as file:
            file.write(os.urandom(file_kib * 1024))


def make_jobs(root, large_mib, files, file_kib):
    """The inputs in `root`, and what to do with them, in order."""
    jobs = []
    if large_mib:
        large = os.path.join(root, "large")
        make_large(large, large_mib)
        name, size = f"{large_mib} MiB", large_mib * MIB
        jobs += [Job(f"upload {name}", True, large, size, 1), Job(f"download {name}", False, large, size, 1)]
    if files:
        small = os.path.join(root, "small")
        make_small(small, files, file_kib)
        name, size = f"{files} x {file_kib} KiB", files * file_kib * 1024
        jobs += [Job(f"upload {name}", True, small, size, files), Job(f"download {name}", False, small, size, files)]
    return jobs


def check_space(root, jobs, rounds, expansion):
    """Stops before it starts a run that the disk cannot hold: every round stores everything anew."""
    size = sum(job.size for job in jobs if job.is_upload)
    needed = int(size * (1 + rounds * expansion))
    free = shutil.disk_usage(root).free
    if needed > free:
        sys.exit(f"the run may need {needed / 1e9:.0f} GB in {root}, where {free / 1e9:.0f} GB are free")


def touch_memory(share=0.5):
    """Uses this share of the available memory once: on a virtual machine the first use of a page costs the host's time,
    which would be charged to whoever comes first."""
    # In a process of its own: what a process has ever used counts as the peak of those it starts.
    child = multiprocessing.Process(target=_touch, args=[share])
    child.start()
    child.join()


def _touch(share):
    with open("/proc/meminfo") as file:
        available = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable:")) * 1024
    block = bytes(MIB)
    with mmap.mmap(-1, int(available * share) // MIB * MIB) as memory:
        for _ in range(len(memory) // MIB):
            memory.write(block)


def check_same(source, copy):
    """Stops the run unless every byte came back."""
    if subprocess.run(["diff", "-rq", source, copy]).returncode != 0:
        sys.exit(f"{copy} differs from {source}")
