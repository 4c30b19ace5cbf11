public import JSONText

extension PreflightReport {
    /// Appends the report as one JSON object.
    public func write(to json: inout JSONText) {
        json.beginObject()
        json.key("verdict"); json.string(verdict.name)
        json.key("basis"); json.string(basis.name)
        json.key("source"); json.string(source?.name)
        json.key("columns"); json.strings(columns.map { $0.name })
        json.key("kernel"); kernel.write(to: &json)
        json.key("selinux"); selinux.write(to: &json)
        json.key("sources")
        json.beginArray()
        for verdict in sources { verdict.write(to: &json) }
        json.endArray()
        json.key("checks")
        json.beginArray()
        for check in checks { check.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension PreflightReport.Kernel {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("release"); json.string(release)
        json.key("arch"); json.string(arch)
        json.key("page_size"); json.integer(UInt64(pageSize))
        json.endObject()
    }
}

extension PreflightReport.SELinux {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("mode"); json.string(mode.name)
        json.key("domain"); json.string(domain)
        json.endObject()
    }
}

extension SourceVerdict {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("name"); json.string(source.name)
        json.key("usable"); json.bool(usable)
        json.key("reason"); json.string(reason)
        json.key("columns"); json.strings(columns.map { $0.name })
        json.key("missing")
        json.beginArray()
        for gap in missing { gap.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension MissingColumn {
    public func write(to json: inout JSONText) {
        json.beginObject()
        json.key("column"); json.string(column.name)
        json.key("reason"); json.string(reason)
        json.endObject()
    }
}

extension Check {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("id"); json.string(id.rawValue)
        json.key("status"); json.string(status.name)
        json.key("found"); json.string(found)
        json.key("remedy"); json.string(remedy)
        json.endObject()
    }
}

extension JSONText {
    /// An array of strings.
    public mutating func strings(_ values: [String]) {
        beginArray()
        for value in values { string(value) }
        endArray()
    }
}
