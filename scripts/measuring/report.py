"""Medians, ranges and ratios of several rounds."""
import statistics

GIB = 1 << 30


def report(results, groups, limits):
    """Prints a table for each job; `results` maps a job to the costs of each client, by its name."""
    for job, clients in results.items():
        print(f"\n{job.name}".ljust(29), *(name.rjust(24) for name in clients))
        for title, figure in _figures(job, groups):
            cells = [_cell([figure(cost) for cost in costs]) for costs in clients.values()]
            print(f"  {title}".ljust(28), *(cell.rjust(24) for cell in cells))
        if limits and job.files == 1 and "storj" in clients:
            achieved = _median(clients["storj"], lambda cost: cost.client) / (job.size / GIB)
            limit = limits[job.is_upload]
            print(f"  the formula's limit for a client's CPU: {limit:.2f} s/GiB; "
                  f"storj reaches {limit / achieved:.0%} of it")
        if len(clients) == 2:
            _ratios(*clients.items())


def _figures(job, groups):
    gib = job.size / GIB
    yield "wall s", lambda cost: cost.wall
    yield "MB/s", lambda cost: job.size / cost.wall / 1e6
    if job.files > 1:
        yield "files/s", lambda cost: job.files / cost.wall
    yield "client CPU s", lambda cost: cost.client
    yield "client CPU s/GiB", lambda cost: cost.client / gib
    yield "client peak MB resident", lambda cost: cost.memory
    yield "client peak MB of its own", lambda cost: cost.own_memory
    for group in groups:
        yield f"{group} CPU s", lambda cost, group=group: cost.servers[group]
    yield "everything else's CPU s", lambda cost: cost.others


def _cell(values):
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _median(costs, figure):
    return statistics.median(map(figure, costs))


def _ratios(first, second):
    (name, costs), (other, others) = first, second
    parts = []
    for title, figure in [("wall", lambda cost: cost.wall), ("client CPU", lambda cost: cost.client),
                          ("peak memory", lambda cost: cost.memory),
                          ("everybody's CPU", lambda cost: cost.client + sum(cost.servers.values()))]:
        parts.append(f"{title} {_median(costs, figure) / max(_median(others, figure), 1e-9):.2f}")
    print(f"  {name}/{other}: {', '.join(parts)}")


def report_servers(target):
    """Prints the servers' memory."""
    from .processes import memory_mb
    print()
    for group, pids in target.groups.items():
        resident = max(memory_mb(pid, "VmHWM") for pid in pids)
        own = target.own_peak_mb.get(group, 0.0)
        print(f"peak memory, {group}: {own:.0f} MB of its own, {resident:.0f} MB with shared code")
