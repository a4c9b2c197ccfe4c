"""A large past for a network of ours: 10 000 objects, 1 000 nodes, 24 months. Pages must stay fast on it."""
import contextlib
import os
import secrets
import sqlite3
import subprocess
import tempfile
import time

import rlp
from storj import Storj
from suite import eventually

OBJECTS, NODES, MONTHS = 10_000, 1_000, 24
_DAY, _GET, _PUT = 86_400, 2, 1
_TB = 10**12
# One heartbeat of so many is not shown.
_MISSED = 50


def grow(network, objects=OBJECTS, nodes=NODES, months=MONTHS):
    """Gives a network all of it; it is stopped and started meanwhile."""
    upload(network, objects)
    # Nodes show a heartbeat and agree to statements.
    _trigger(network, "ranged-loop", "storage-tally", "heartbeat-period")
    with contextlib.suppress(AssertionError):  # Pages are judged without statements rather than not at all.
        eventually(lambda: _statements(network), 45, "the first statements")
    network.stop_and_start(lambda: _grow(network, nodes, months))
    # The satellite makes up for the invoices of all months.
    _trigger(network, "billing")


def _trigger(network, *chores):
    for name in chores:
        subprocess.run(
            [network.program, "satellite", "chores", "trigger", name, "--dir", network.satellite["dir"]], check=True,
            capture_output=True, timeout=120)


def _statements(network):
    """Whether the first node has agreed to a statement."""
    path = os.path.join(network.nodes[0]["dir"], "farming.db")
    with _opened(f"file:{path}?mode=ro") as database:
        return database.execute("SELECT 1 FROM farming_statements").fetchone() is not None


def upload(network, count):
    """Real objects, as any customer has them: a wide folder, and a deep one."""
    storj = Storj(network, network.grant)
    with tempfile.TemporaryDirectory(prefix="storj-fixture-") as folder:
        for number in range(count):
            place = os.path.join(folder, "photos" if number % 10 else f"years/{2000 + number % 25}/{number % 12 + 1:02}")
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, f"picture {number:05}.txt"), "w", encoding="utf-8") as file:
                file.write(f"number {number}\n" * (number % 40 + 1))
        storj.run("mb", "sj://archive")
        # Small ones lie with the satellite; nodes need something to prove too.
        for number in range(3):
            with open(os.path.join(folder, f"film {number}.bin"), "wb") as file:
                file.write(secrets.token_bytes(5_000_000))
        storj.run("cp", "--recursive", folder + "/", "sj://archive/", seconds=900)


def _grow(network, nodes, months):
    now = int(time.time())
    days = [now // _DAY * _DAY - day * _DAY for day in range(1, months * 30)]
    with _opened(os.path.join(network.satellite["dir"], "satellite.db")) as database:
        ids = _nodes(database, nodes, days)
        _traffic(database, ids, days)
        _usage(database, days)
        _periods(database, ids, days)
        # Invoices are written by the satellite itself, for the months it believes not to have billed.
        database.execute("INSERT OR REPLACE INTO billing_counters (name, value) VALUES ('billed-month', ?)",
                         (_month(now) - months,))
    for node in network.nodes[:1]:
        path = os.path.join(node["dir"], "history.db")
        if os.path.exists(path):
            with _opened(path) as database:
                _history(database, days)
        with _opened(os.path.join(node["dir"], "farming.db")) as database:
            _pay(database, days)


def _month(seconds):
    moment = time.gmtime(seconds)
    return moment.tm_year * 12 + moment.tm_mon - 1


class _opened:
    """A database that nobody else has open; written in one transaction."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, uri=path.startswith("file:"))

    def __enter__(self):
        return self.database

    def __exit__(self, kind, *_):
        if kind is None:
            self.database.commit()
        self.database.close()


def _columns(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def _insert(database, table, rows):
    """Rows as dictionaries with the same columns each."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    names = list(first)
    statement = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    database.execute(statement, list(first.values()))
    database.executemany(statement, (list(row.values()) for row in rows))


def _nodes(database, count, days):
    """Nodes like the first one, full, so that nobody uploads to them, at addresses that lead nowhere."""
    names = _columns(database, "nodes")
    model = dict(zip(names, database.execute("SELECT * FROM nodes LIMIT 1").fetchone()))
    known = [row[0] for row in database.execute("SELECT id FROM nodes")]
    fresh = [secrets.token_bytes(24) + known[0][24:] for _ in range(count - len(known))]
    countries = ["DE", "US", "FR", "NL", "GB", "FI", "PL", "CA", "AU", "JP"]
    now = int(time.time()) * 1_000_000
    _insert(database, "nodes", ({
        **model, "id": id, "address": f"198.18.{number // 250}.{number % 250 + 1}:28967",
        "last_ip_port": f"198.18.{number // 250}.{number % 250 + 1}:28967", "last_net": f"198.18.{number // 250}.0",
        "country_code": countries[number % len(countries)], "email": f"farmer{number}@example.com", "free_disk": 0,
        "wallet": f"0x{number + 4096:040x}", "created_at": days[number % len(days)] * 1_000_000,
        "last_contact_success": now - (number % 20 == 0) * 30 * 3_600_000_000,
        "vetted_at": days[number % 600] * 1_000_000 if number % 3 else None} for number, id in enumerate(fresh)))
    return known + fresh


def _traffic(database, ids, days):
    """What nodes kept and moved every day, and what is summed up of it."""
    _insert(database, "accounting_rollups", ({
        "node_id": id, "day": day, "put_total": 3_000_000_000 + number * 10**6, "get_total": 9_000_000_000 + number * 10**6,
        "get_audit_total": 10**6, "get_repair_total": 5 * 10**7, "put_repair_total": 5 * 10**7,
        "at_rest_total": 24.0 * (_TB + number * 10**9), "interval_end": (day + _DAY) * 1_000_000}
        for number, id in enumerate(ids) for day in days))
    recent = days[:30]
    _insert(database, "storagenode_bandwidth_rollups", (
        {"node_id": id, "hour": day + 3600 * hour, "action": action, "settled": 10**9}
        for id in ids for day in recent for hour in (0, 12) for action in (_GET, _PUT)))
    database.execute("INSERT OR REPLACE INTO accounting_times (name, time) VALUES ('rollup', ?)", (days[0] * 1_000_000,))


def _usage(database, days):
    """What the projects' buckets held and gave every day."""
    buckets = [b"archive", b"backups", b"media"]
    projects = [row[0] for row in database.execute("SELECT id FROM projects")]
    _insert(database, "bucket_storage_tallies", ({
        "project_id": project, "bucket": bucket, "interval_start": day, "interval_end": day + _DAY,
        "bytes": _TB * (place + 1) + (len(days) - age) * 10**9, "segments": 40_000 * (place + 1), "objects": 10_000}
        for project in projects for place, bucket in enumerate(buckets) for age, day in enumerate(days)))
    _insert(database, "bucket_bandwidth_rollups", ({
        "project_id": project, "bucket": bucket, "hour": day + 3600 * 12, "action": action, "inline": 10**6,
        "allocated": 3 * 10**10, "settled": 2 * 10**10 + age * 10**7}
        for project in projects for bucket in buckets for age, day in enumerate(days) for action in (_GET, _PUT)))
    _insert(database, "project_bandwidth_daily_rollups", ({
        "project_id": project, "day": day, "egress_allocated": 9 * 10**10, "egress_settled": 6 * 10**10, "egress_dead": 0}
        for project in projects for day in days))


def _model(database, table, condition="1"):
    """A row to make others like it; None when there is none."""
    row = database.execute(f"SELECT * FROM {table} WHERE {condition} LIMIT 1").fetchone()
    return row and dict(zip(_columns(database, table), row))


def _periods(database, ids, days):
    """A heartbeat and a statement a day: periods are named by the second in which they begin."""
    period, node = _model(database, "heartbeat_periods", "state = 3"), _model(database, "heartbeat_nodes", "is_covered = 1")
    payment, statement = _model(database, "market_payments", "state = 1"), _model(database, "market_statements", "state = 1")
    if period:
        _insert(database, "heartbeat_periods", ({
            **period, "number": day, "start_at": day * 1_000_000, "commit_until": (day + 7200) * 1_000_000,
            "end_at": (day + _DAY) * 1_000_000, "as_of": day * 1_000_000, "challenged_at": (day + 7200) * 1_000_000,
            "passed": len(ids) - 3, "failed": 1, "unreachable": 2} for day in days))
    if payment:
        _insert(database, "market_payments", ({**payment, "period": day} for day in days))
    if node:
        # A satellite keeps the evidence of 90 days.
        _insert(database, "heartbeat_nodes", (
            {**node, "period": day, "node": id} for day in days[:90] for id in ids))
    if statement:
        _insert(database, "market_statements", (
            {**statement, "period": day, "node": id, "until_at": day + _DAY} for day in days for id in ids))
        database.execute("UPDATE market_statement_counts SET count = (SELECT count(*) FROM market_statements m WHERE m.state = "
                         "market_statement_counts.state)")


def _pay(database, days):
    """What a node was paid for, day by day."""
    period, statement = _model(database, "farming_periods"), _model(database, "farming_statements")
    if period:
        _insert(database, "farming_periods", ({
            **period, "period": day, "starts": day * 1_000_000, "ends": (day + _DAY) * 1_000_000,
            "answered_at": None if number % _MISSED == 7 else (day + 9000) * 1_000_000} for number, day in enumerate(days)))
    if statement:
        shown = [day for number, day in enumerate(days) if number % _MISSED != 7]
        _insert(database, "farming_statements", _statements_of(statement, shown))


def _statements_of(model, days):
    """Statements like a node's first one, of whole days and a full disk, each adding to the one before; unsigned."""
    signed = rlp.decode(model["statement"])
    statement, total = signed[0], 0
    # Fields by their place: `Statement.rlp` in the room Contracts.
    period, begin, end, lines, amount, cumulative = 6, 8, 9, 16, 19, 20
    kind, price = 0, 3
    for number, day in enumerate(reversed(days)):
        pay = 40_000_000 + number * 10_000
        total += pay
        statement[period], statement[begin], statement[end] = day, day, day + _DAY
        statement[lines] = [[line[kind], 2 * _TB + number * 10**9, _DAY, line[price], pay] for line in statement[lines][:1]]
        statement[amount], statement[cumulative] = pay, total
        yield {**model, "period": day, "amount": pay, "received_at": (day + _DAY + 600) * 1_000_000,
               "statement": rlp.encode(signed)}


def _history(database, days):
    """A node's memory of its days."""
    satellites = [row[0] for row in database.execute("SELECT DISTINCT satellite FROM history_space")]
    _insert(database, "history_uptime", (
        {"span": _DAY, "start": day, "seconds": _DAY - (number % 40 == 0) * 7200, "reached": _DAY // 3600}
        for number, day in enumerate(days)))
    for satellite in satellites:
        _insert(database, "history_space", ({
            "satellite": satellite, "span": _DAY, "start": day, "byte_hours": 24 * (2 * _TB + (len(days) - age) * 10**9),
            "content": 2 * _TB + (len(days) - age) * 10**9, "live": 2 * _TB, "trash": 10**10, "pieces": 900_000}
            for age, day in enumerate(days)))
        _insert(database, "history_traffic", (
            {"satellite": satellite, "span": _DAY, "start": day, "action": action, "bytes": 9 * 10**9 * action,
             "transfers": 4000} for day in days for action in (_PUT, _GET, 3, 4, 5)))
