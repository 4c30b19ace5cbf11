/// The page's files, which are part of the program.
struct PageFile: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    static let index = PageFile(path: "/", type: "text/html; charset=utf-8", bytes: PackageResources.index_html)
    static let style = PageFile(path: "/page.css", type: "text/css; charset=utf-8", bytes: PackageResources.page_css)
    /// In the order in which they are to be read.
    static let scripts = [
        ("theme.js", PackageResources.theme_js), ("format.js", PackageResources.format_js), ("charts.js", PackageResources.charts_js),
        ("flame.js", PackageResources.flame_js), ("tables.js", PackageResources.tables_js), ("app.js", PackageResources.app_js),
    ].map { PageFile(path: "/" + $0.0, type: "text/javascript; charset=utf-8", bytes: $0.1) }

    static let all = [index, style] + scripts
}
