"""What `export` and `report --html` do to the files that they make, and to those that are there."""
import os
import signal
import subprocess
import time


def check(same, faultline, recording, folder):
    kept = _read(recording)
    for command in (["report", recording, "--html", recording, "--force"], ["export", recording, "--to", "csv", "--force", "--output", recording]):
        same(f"{command[0]} onto its recording", (_status(faultline, *command), _read(recording) == kept), (2, True))

    page = os.path.join(folder, "page.html")
    first, second = (_status(faultline, "report", recording, "--html", page) for _ in range(2))
    same("a page twice", (first, second, _status(faultline, "report", recording, "--html", page, "--force")), (0, 2, 0))

    both = os.path.join(folder, "both.json")
    users = both + ".part"
    open(users, "w").write("mine")
    exports = [_begun(faultline, recording, both, "--force") for _ in range(2)]
    same("two exports to one name", [export.wait() for export in exports], [0, 0])
    alone = os.path.join(folder, "alone.json")
    same("an export alone", _begun(faultline, recording, alone).wait(), 0)
    same("what two exports made", _read(both) == _read(alone), True)
    same("a file of another's", _read(users), b"mine")

    # A pipe that has half of it: no machine is too fast for the signal.
    half = os.path.join(folder, "half.flt")
    os.mkfifo(half)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        before = sorted(os.listdir(folder))
        export = _begun(faultline, half, os.path.join(folder, "ended.json"))
        with open(half, "wb") as pipe:
            pipe.write(kept[: len(kept) // 2])
            pipe.flush()
            while sorted(os.listdir(folder)) == before and export.poll() is None:
                time.sleep(0.001)
            export.send_signal(number)
            status = export.wait()
        same(f"an export ended by {number.name}", (status, sorted(os.listdir(folder)) == before), (-number, True))


def _begun(faultline, recording, output, *options):
    return subprocess.Popen([faultline, "export", recording, "--to", "json", "--output", output, *options])


def _status(*command):
    return subprocess.run(command, capture_output=True).returncode


def _read(path):
    with open(path, "rb") as file:
        return file.read()
