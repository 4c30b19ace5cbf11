"""Command lines, and what adb, a device's shell and `am` say."""

from .places import texts

# An argument a line, as the target reads them.
FILTERS = {
    "processes": "--pid 12,99 7 --follow --exclude-pid 4",
    "names": r"--comm Rend* tru[a-z] \*x [!a-c]? --exclude-comm kworker/* [^]a-]*",
    "users": "--uid 0 10123 --exclude-uid 1000",
    "threads": "--tid 4120,4163",
    "packages": "--package com.example.app com.android.chrome",
    "traits": "--access write,read --mode user --present no --outcome major,failed",
    "addresses": "--address 0x7f0000000000-0x7fffffffffff",
    "decimal": "--address 4096-0X2000",
    "times": "--min-latency 1.5ms --sample 100 --rate-limit 5000",
    "long": "--comm aaaaaaaaaaaaaaa bbbbbbbbbbbbbbb ccccccccccccccc ddddddddddddddd",
    "wrong": "--min-latency 0 --sample 0 --address 2-1",
    "all": "--pid 1 --tid 2 --uid 3 --comm a --access execute --mode kernel --present yes --outcome minor --min-latency 100us --sample 2",
}

TESTS = ("ADB/ListedDeviceTests", "ADB/DeviceProfileTests", "Launch/ActivityStartTests", "Launch/LaunchedActivityTests")

ANSWERS = {
    "usb": "List of devices attached\n0123456789ABCDEF       no permissions (user in plugdev group; are your udev rules wrong?); see "
           "[http://developer.android.com/tools/device.html] usb:3-2 transport_id:2\n????????????           no permissions\n",
    "root": "WARNING: linker: odd\nroot=su -c\r\n",
    "refused": "refused=Permission denied\n",
    "adb-root": "adbd cannot run as root in production builds\n",
    "push": "adb: error: failed to copy 'a' to '/data/local/tmp/a': remote couldn't create file: Permission denied\n",
    "launcher": "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true\ncom.example.app/.ui.Main$1\n",
    "launch": "faultline_began=123.45 1700000000.123456\nStarting: Intent { cmp=com.example.app/.Main }\nStatus: ok\nLaunchState: COLD\n"
              "Activity: com.example.app/.Main\nTotalTime: 586\nWaitTime: 589\nComplete\nfaultline_ended=124.05 1700000000.723456\n",
    "endpoint": "[::1]:7777",
}


def seeds():
    for name, line in FILTERS.items():
        yield "filters", name, "\n".join(line.split()).encode()
    for test in TESTS:
        for place, text in enumerate(texts(f"Tests/DeviceLinkTests/{test}.swift")):
            yield "adb-answers", f"{test.split('/')[1]}-{place}", text
    for name, text in ANSWERS.items():
        yield "adb-answers", name, text.encode()
