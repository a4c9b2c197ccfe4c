"""Servers that die while clients work."""
import concurrent.futures
import os
import tempfile
import threading
import time

from clients import fresh_bucket
from content import MIB, content, difference
from libuplink import Access, UplinkError
from rclone import Rclone
from suite import equal, eventually, expect, test


@test("an upload succeeds while a node is dead", seconds=120)
def dead_node_upload(network):
    dead = network.nodes[0]
    with fresh_bucket(network) as (project, rclone, bucket):
        network.kill(dead)
        try:
            # At once, while the satellite may still offer the node.
            for index, size in enumerate([5000, 3 * MIB, 65 * MIB]):
                data = content(size)
                project.put(bucket, f"libuplink-{index}", data)
                rclone.run("rcat", f"net:{bucket}/rclone-{index}", data=data)
                for client in ["libuplink", "rclone"]:
                    wrong = difference(project.get(bucket, f"{client}-{index}"), data)
                    expect(not wrong, f"{client}, {size}: {wrong}")
        finally:
            network.restart_nodes([dead])


@test("a download finishes, byte for byte, while two of ten nodes are killed", seconds=150)
def killed_during_download(network):
    data, dead = content(150 * MIB), network.nodes[1:3]
    with fresh_bucket(network) as (project, _, bucket), tempfile.TemporaryDirectory(prefix="storj-down-") as folder:
        project.put(bucket, "big", data)
        target = os.path.join(folder, "big")
        process = Rclone(network.grant).start(
            "copyto", f"net:{bucket}/big", target, "--bwlimit", "30M", "--inplace", retries=10)
        try:
            eventually(lambda: os.path.exists(target) and os.path.getsize(target) > 20 * MIB, 30, "20 MiB arrived")
            for node in dead:
                network.kill(node)
            expect(process.poll() is None, "the download still ran when the nodes died")
            _, said = process.communicate(timeout=90)
            equal(process.returncode, 0, f"rclone's exit status ({said.decode()[-500:]})")
            with open(target, "rb") as file:
                wrong = difference(file.read(), data)
            expect(not wrong, wrong)
        finally:
            process.kill()
            process.wait()
            network.restart_nodes(dead)


@test("with n − k nodes dead everything is still readable by both clients", seconds=150, network="patient")
def dead_nodes_download(network):
    dead = network.nodes[:6]
    sizes = [100, 5000, 2 * MIB, 65 * MIB]
    with fresh_bucket(network) as (project, rclone, bucket):
        for size in sizes:
            project.put(bucket, str(size), content(size))
        for node in dead:
            network.kill(node)
        try:
            left = {node["id"] for node in network.nodes[6:]}
            eventually(lambda: network.online() == left, 60, "the satellite noticed")
            for size in sizes:
                wrong = difference(project.get(bucket, str(size)), content(size))
                expect(not wrong, f"libuplink, {size}: {wrong}")
                wrong = difference(rclone.run("cat", f"net:{bucket}/{size}"), content(size))
                expect(not wrong, f"rclone, {size}: {wrong}")
            start, big = 64 * MIB - 50, 65 * MIB
            equal(project.get(bucket, str(big), start, 100), content(big)[start:start + 100], "a range")
        finally:
            network.restart_nodes(dead)
        project.put(bucket, "after", content(100_000))
        equal(project.get(bucket, "after"), content(100_000), "upload and download after the nodes' return")


@test("every upload acknowledged before kill -9 of the satellite is there afterwards, whole", seconds=150)
def killed_satellite(network):
    acknowledged, begun, lock, stop = {}, set(), threading.Lock(), threading.Event()
    with fresh_bucket(network) as (project, _, bucket):

        def write(worker):
            number = 0
            with Access.parse(network.grant).open() as own:
                while not stop.is_set():
                    size = [50, 4096, 20_000, 300_000][number % 4]
                    key, number = f"{worker}/{number}", number + 1
                    with lock:
                        begun.add(key)
                    try:
                        own.put(bucket, key, content(size, key))
                    except UplinkError:
                        return  # The satellite is dead: this one was not acknowledged.
                    with lock:
                        acknowledged[key] = size

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            writers = [pool.submit(write, worker) for worker in range(8)]
            try:
                eventually(lambda: len(acknowledged) >= 200, 60, "200 uploads acknowledged")
                network.kill(network.satellite)
            finally:
                stop.set()
            concurrent.futures.wait(writers, timeout=60)
        for writer in writers:
            writer.result()
        network.restart(network.satellite, "satellite")
        eventually(lambda: len(network.online()) == 10, 60, "the nodes are online again")
    with Access.parse(network.grant).open() as project:
        listed = {item.key: item.size for item in project.list(bucket, recursive=True)}
        lost = sorted(set(acknowledged) - set(listed))
        expect(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged objects lost: {lost[:5]}")
        expect(set(listed) <= begun, "nothing is listed that was not written")
        for key in listed:
            wrong = difference(project.get(bucket, key), content(listed[key], key))
            expect(not wrong, f"{key}: {wrong}")
        project.put(bucket, "after", content(100_000))
        equal(project.get(bucket, "after"), content(100_000), "upload and download after the restart")


@test("every piece acknowledged before kill -9 of all nodes is there afterwards", seconds=150)
def killed_nodes(network):
    with fresh_bucket(network) as (project, _, bucket):
        sizes = {f"{index}": size for index, size in enumerate([5000, 70_000, 1 * MIB, 8 * MIB] * 3)}
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda item: project.put(bucket, item[0], content(item[1], item[0])), sizes.items()))
        for node in network.nodes:
            network.kill(node)
        network.restart_nodes(network.nodes)
        for key, size in sizes.items():
            wrong = difference(project.get(bucket, key), content(size, key))
            expect(not wrong, f"{key}: {wrong}")


@test("a network that stopped continues with the same grant and data", seconds=120, network="patient")
def stop_and_start(network):
    with fresh_bucket(network) as (project, _, bucket):
        project.put(bucket, "small", b"data")
        project.put(bucket, "big", content(10 * MIB))
        grant, begin = network.grant, time.monotonic()
        equal(network.stop(), 0, "exit status of storj up")
        expect(time.monotonic() - begin < 30, "it stops soon")
        equal(network.pids(), [], "processes left behind")
        network.children = []
        network._start()
        equal(network.grant, grant, "the grant")
    with Access.parse(grant).open() as project:
        eventually(lambda: len(network.online()) == 10, 60, "the nodes are online again")
        equal(project.get(bucket, "small"), b"data", "an inline object")
        expect(not (wrong := difference(project.get(bucket, "big"), content(10 * MIB))), wrong)


@test("a whole network in one process stores and returns files", seconds=90, network="single")
def one_process(network):
    with fresh_bucket(network) as (project, rclone, bucket):
        for size in [0, 4096, 4097, 65 * MIB]:
            project.put(bucket, str(size), content(size))
            wrong = difference(rclone.run("cat", f"net:{bucket}/{size}"), content(size))
            expect(not wrong, f"{size}: {wrong}")
        equal({node["pid"] for node in network.nodes}, {network.satellite["pid"]}, "one process")
