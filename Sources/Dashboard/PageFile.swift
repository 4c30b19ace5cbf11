/// The page's files, which are part of the program.
struct PageFile: Sendable {
    let name: String
    let bytes: [UInt8]

    static let index = PageFile(name: "index.html", bytes: PackageResources.index_html)
    static let style = PageFile(name: "page.css", bytes: PackageResources.page_css)
    /// In the order in which they are to be read.
    static let scripts = [
        ("theme.js", PackageResources.theme_js), ("format.js", PackageResources.format_js), ("charts.js", PackageResources.charts_js),
        ("flame.js", PackageResources.flame_js), ("tables.js", PackageResources.tables_js), ("app.js", PackageResources.app_js),
    ].map { PageFile(name: $0.0, bytes: $0.1) }
}
