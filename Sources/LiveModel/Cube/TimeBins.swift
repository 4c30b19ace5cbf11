/// Faults added up over time, in bins of one width. When there are too many bins, two become one: the whole trace stays in sight, in bounded memory.
struct TimeBins: Sendable {
    /// What fell into one bin, by four kinds of subject.
    struct Bin: Sendable {
        /// By process, and by step of latency as the detail.
        var processes = CellTable(limit: 1024)
        /// By process and mapping, and by region as the detail.
        var mappings = CellTable(limit: 512)
        var threads = CellTable(limit: 512)
        /// By process and stack; when half of it is taken, by process and file.
        var stacks = CellTable(limit: 2048)
        var lost: UInt64 = 0

        mutating func add(_ other: Bin) {
            processes.add(other.processes)
            mappings.add(other.mappings)
            threads.add(other.threads)
            stacks.add(other.stacks)
            lost &+= other.lost
        }

        mutating func rest() {
            processes.rest()
            mappings.rest()
            threads.rest()
            stacks.rest()
        }
    }

    static let limit = 600
    /// Faults come late by as many bins at the most, mostly.
    private static let awake = 8

    private(set) var bins: [Bin] = []
    private(set) var widthNs: UInt64
    private(set) var startNs: UInt64 = 0
    private var current: (place: Int, times: Range<UInt64>) = (0, 0..<0)

    init(widthNs: UInt64) { self.widthNs = widthNs }

    /// The bin of a time. What comes before the first goes there.
    @inline(__always)
    mutating func place(of timeNs: UInt64) -> Int {
        if !current.times.contains(timeNs) { move(to: timeNs) }
        return current.place
    }

    /// - Parameter place: from `place(of:)`, before any other time.
    @inline(__always)
    mutating func update(_ place: Int, _ body: (inout Bin) -> Void) { body(&bins[place]) }

    /// Everything up to a time has been seen.
    mutating func reach(_ timeNs: UInt64) { if timeNs >= endNs { move(to: timeNs) } }

    var endNs: UInt64 { startNs + UInt64(bins.count) * widthNs }

    private mutating func move(to timeNs: UInt64) {
        if bins.isEmpty { startNs = timeNs - timeNs % widthNs }
        let timeNs = max(timeNs, startNs)
        while (timeNs - startNs) / widthNs >= UInt64(Self.limit) { halve() }
        let place = Int((timeNs - startNs) / widthNs)
        while bins.count <= place { append() }
        let from = startNs + UInt64(place) * widthNs
        current = (place, from..<from + widthNs)
    }

    private mutating func append() {
        bins.append(Bin())
        if bins.count > Self.awake { bins[bins.count - 1 - Self.awake].rest() }
    }

    private mutating func halve() {
        widthNs *= 2
        for place in 0..<bins.count - bins.count / 2 { merge(into: place) }
        bins.removeLast(bins.count / 2)
        current = (0, 0..<0)
    }

    /// Makes one bin of two, and gives them back at once, so that halving takes no more memory than there was.
    private mutating func merge(into place: Int) {
        var bin = take(2 * place)
        if 2 * place + 1 < bins.count { bin.add(take(2 * place + 1)) }
        bin.rest()
        bins[place] = bin
    }

    private mutating func take(_ place: Int) -> Bin {
        var taken = Bin()
        swap(&taken, &bins[place])
        return taken
    }
}
