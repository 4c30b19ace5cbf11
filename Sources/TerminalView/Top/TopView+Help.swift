extension TopView {
    private typealias Entry = (key: String, text: String)

    private static let keys: [Entry] = [
        ("Up Down, k j", "select a row; PgUp PgDn Home End, too"),
        ("Enter", "look into the selected process"),
        ("Esc", "clear the filter, or go back to all processes"),
        ("Tab, 1 to 7", "the next view, or the one of that number"),
        ("< >, Left Right", "sort by another column;  r turns the order"),
        ("/", "filter by name as you type; by number for a process or thread"),
        ("Space", "stop the picture; faults are counted on"),
        ("Ctrl-L, Ctrl-Z", "draw everything anew; suspend, and fg comes back"),
        ("q, Ctrl-C", "end the trace"),
        ("", ""),
    ]

    private static let live: [Entry] = [
        ("/s", "of the last second; other numbers are since the beginning"),
        ("time/s", "time spent in faults per second, of all threads together"),
        ("CPU", "how busy CPUs are with the process; 100% is one CPU"),
    ]

    private static let ended: [Entry] = [
        ("trend", "the whole recording, from its beginning to its end"),
        ("time", "time spent in faults, of all threads together"),
        ("CPU", "how busy CPUs were with the process; 100% is one CPU"),
        ("+", "and more: it ended before its clock could be read again"),
    ]

    private static let both: [Entry] = [
        ("in flt", "share of its CPU time that minor faults took"),
        ("each", "mean time of a fault"),
        ("LOST", "faults that found the kernel buffer full: raise --buffer"),
    ]

    mutating func drawHelp(from line: Int) {
        for (step, entry) in (Self.keys + (now.isEnded ? Self.ended : Self.live) + Self.both).enumerated() where line + step < height - 1 {
            put(entry.key, line + step, 2, .bold)
            put(entry.text, line + step, 18, end: width - 1)
        }
    }
}
