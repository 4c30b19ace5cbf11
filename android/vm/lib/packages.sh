# Packages of another Debian suite and architecture, through an apt of our own: its sources, lists and archives
# all lie in the workspace, so this machine's apt never learns of the foreign suite. What the machine has set
# besides (a proxy, say) still holds, for its configuration is read first.

readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# open_archive SUITE ARCH [SUITE...]: readies $workspace/apt and downloads the suites' package lists.
open_archive() {
    local suite=$1 arch=$2 root=$workspace/apt
    mkdir -p "$root"/{none,state/lists/partial,cache/archives/partial}
    : >"$root/status"
    private_sources "$suite" "${@:3}" >"$root/sources.list"
    private_configuration "$root" "$arch" >"$root/apt.conf"
    apt_private get update -qq >"$root/log" 2>&1 || explain_refusal "$suite" "$root/log"
}

apt_private() { "apt-$1" -c "$workspace/apt/apt.conf" "${@:2}"; }

private_sources() {
    local mirror
    mirror=$(debian_mirror)
    [[ $mirror ]] || die "this machine's apt sources name no Debian mirror: set FAULTLINE_DEBIAN_MIRROR"
    [[ -r $keyring ]] || die "$keyring is missing: run '${0##*/} setup'"
    printf "deb [signed-by=$keyring] $mirror %s main\n" "$@"
}

# apt itself reads the machine's sources, in either format, and needs no downloaded lists for that. The archive is
# the entry without a suffix (-updates, -security) whose address has a part named debian, as all mirrors' have.
debian_mirror() {
    [[ ! ${FAULTLINE_DEBIAN_MIRROR-} ]] || { echo "$FAULTLINE_DEBIAN_MIRROR" && return; }
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk '!uri && $1 !~ /[-\/]/ && $2 == "main" && $3 ~ /\/debian([.\/]|$)/ { uri = $3 } END { print uri }'
}

private_configuration() {
    local root=$1 arch=$2
    cat <<END
Dir::Etc::SourceList "$root/sources.list";
Dir::Etc::SourceParts "$root/none";
Dir::Etc::Preferences "$root/none/preferences";
Dir::Etc::PreferencesParts "$root/none";
Dir::State "$root/state";
Dir::State::Status "$root/status";
Dir::Cache "$root/cache";
Dir::Cache::PkgCache "pkgcache.bin";
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
// apt's unprivileged download user cannot enter a folder below a home.
APT::Sandbox::User "root";
// A list that cannot be had is an error, not a warning.
APT::Update::Error-Mode "any";
// The machine's hooks tidy the machine's apt; ours is thrown away whole.
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb::DEP-11;
END
}

explain_refusal() {
    local suite=$1 log=$2
    cat "$log" >&2
    if grep -q NO_PUBKEY "$log"; then
        die "$suite is signed with a key that $keyring lacks: a newer debian-archive-keyring package has it"
    fi
    die "cannot read the package lists of $suite"
}

# unpack FOLDER PACKAGE...: downloads and unpacks packages without installing them.
unpack() {
    local folder=$1 archive
    mkdir -p "$folder" "$workspace/debs"
    (cd "$workspace/debs" && apt_private get download -qq "${@:2}" >&2)
    for archive in "$workspace"/debs/*.deb; do
        dpkg -x "$archive" "$folder"
    done
}
