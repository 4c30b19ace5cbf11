import CConfinement
import Foundation
import Testing

/// Each forbidden call is made in a process of its own, and ends it.
struct FilterTests {
    @Test func `who traces opens nothing to write to`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = open("/dev/null", O_WRONLY)
        }
    }

    @Test func `who traces makes no file`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = open("/tmp/faultline-none", O_RDONLY | O_CREAT, 0o600)
        }
    }

    @Test func `who traces begins no program`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = execve("/bin/true", [nil], [nil])
        }
    }

    @Test func `who traces makes no process`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = forked()
        }
    }

    @Test func `who traces connects nowhere`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        }
    }

    @Test func `who traces makes no memory that can be run`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = mmap(nil, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        }
    }

    @Test func `who traces loads no BPF program`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = rawCall(.bpf, 5)
        }
    }

    @Test func `who traces looks into no process`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = rawCall(.ptrace, 16)
        }
    }

    @Test func `who traces kills the command and nobody else`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let parent = getppid()
            tracing(child: parent)
            exit(kill(parent, 0) == 0 ? 7 : 1)
        }
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing(child: getppid())
            _ = kill(1, 0)
        }
        await #expect(processExitsWith: .signal(SIGSYS)) {
            tracing()
            _ = kill(0, 0)
        }
    }

    @Test func `who traces goes on with maps, perf events and files to be read`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            tracing()
            let file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
            var byte: UInt8 = 0
            guard file >= 0, read(file, &byte, 1) == 1, rawCall(.bpf, 1) == -1, errno != EPERM else { exit(1) }
            exit(7)
        }
    }

    // MARK: Who reads files

    @Test func `who reads files writes to none`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            reading()
            _ = open("/proc/self/mem", O_RDWR)
        }
    }

    @Test func `who reads files connects nowhere`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            reading()
            _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        }
    }

    @Test func `who reads files signals nobody`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            reading()
            _ = kill(getppid(), 0)
        }
    }

    @Test func `who reads files makes no memory that is both written to and run`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            reading()
            _ = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        }
    }

    @Test func `what begins anew stays confined`() async {
        await #expect(processExitsWith: .success) {
            reading()
            begin("/bin/true", "true")
        }
        await #expect(processExitsWith: .signal(SIGSYS)) {
            reading()
            begin("/usr/bin/touch", "/tmp/faultline-none")
        }
    }
}

/// A process that traces has no capability but those of tracing, and gets none back.
struct CapabilityTests {
    @Test func `who traces keeps less than who may trace`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            tracing()
            let kept = status("CapPrm:")
            let allowed: UInt64 = 1 << 2 | 1 << 14 | 1 << 19 | 1 << 21 | 1 << 38 | 1 << 39
            guard kept & ~allowed == 0, status("CapEff:") == kept, status("CapInh:") == 0, status("NoNewPrivs:") == 1,
                status("Seccomp:") == 2
            else { exit(1) }
            exit(7)
        }
    }

    @Test func `what is put aside is taken up again`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let before = status("CapEff:")
            guard confine_rest() == 0, status("CapEff:") == 0, confine_wake() == 0, status("CapEff:") == before else { exit(1) }
            exit(7)
        }
    }
}
