# lab boot: QEMU.

lab_boot() {
    (($# >= 3)) || { usage >&2 && exit 64; }
    local suite=$1 arch=$2 image=$3 network=user,id=net0 append='' memory=1024 disks=() qemu console
    shift 3
    while (($#)) && [[ $1 != -- ]]; do
        (($# >= 2)) || die "$1 wants a value"
        case $1 in
            --forward) network+=$(forwarding "$2") ;;
            --append) append=$2 ;;
            --memory) memory=$2 ;;
            --disk) add_disk "$2" ;;
            --pid-file) echo $$ >"$2" ;;
            *) die "unknown option: $1" ;;
        esac
        shift 2
    done
    [[ ${1-} != -- ]] || shift
    [[ -r $image ]] || die "no image $image"
    emulator "$arch"
    need "${qemu[0]}"
    fetch_kernel "$suite" "$arch"
    # exec: the process id that the caller knows, and that --pid-file got, becomes QEMU's.
    # romfile=: the network boot ROM is in a package of its own, and nobody boots from the network here.
    # Not -nographic: with it a PC's firmware writes escape sequences to the console.
    exec "${qemu[@]}" -smp 2 -m "$memory" -display none -vga none -serial mon:stdio -no-reboot \
        -kernel "$(kernel_folder "$suite" "$arch")/kernel" -initrd "$image" \
        -append "console=$console quiet panic=-1 $append" \
        -netdev "$network" -device virtio-net-pci,netdev=net0,romfile= "${disks[@]}" "$@"
}

# Sets qemu and console for an architecture.
#
# A PC's two CPUs share one thread: an x86-64 kernel turns a tracepoint on by writing a breakpoint over an instruction that the
# other CPU may be running (text_poke_bp() of arch/x86/kernel/alternative.c), and emulated in two threads that one can keep
# the breakpoint after the kernel has forgotten it, and panics ("int3" in do_user_addr_fault(), seen on 6.1 in QEMU 7.2).
emulator() {
    case $1 in
        arm64) qemu=(qemu-system-aarch64 -M virt -cpu cortex-a76) console=ttyAMA0 ;;
        amd64) qemu=(qemu-system-x86_64 -M q35 -cpu max -accel tcg,thread=single) console=ttyS0 ;;
        *) die "unknown architecture: $1" ;;
    esac
}

# What the guest writes is forgotten with it, so that one file serves many guests.
add_disk() {
    local name=disk${#disks[@]}
    [[ -r $1 ]] || die "no disk $1"
    disks+=(-drive "file=${1//,/,,},format=raw,if=none,id=$name,snapshot=on" -device "virtio-blk-pci,drive=$name")
}

# 127.0.0.1 only: a guest under test is nobody else's business on the network.
forwarding() {
    [[ $1 =~ ^([0-9]+):([0-9]+)$ ]] || die "--forward wants HOSTPORT:GUESTPORT, not '$1'"
    echo ",hostfwd=tcp:127.0.0.1:${BASH_REMATCH[1]}-:${BASH_REMATCH[2]}"
}
