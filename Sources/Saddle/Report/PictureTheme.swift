import Foundation

/// gnuplot's pictures in the colours of the page that they stand in.
enum PictureTheme {
  /// Of series that are told apart by their colour alone.
  static let palette = [
    blue, red, "#2e8b57", "#8a5fbf", "#b8860b", "#4aa3a2", "#d0749a", "#555555",
    "#7fa65a", "#a0522d", "#3f51b5", "#e08e45", "#009688", "#9c27b0", "#795548", "#607d8b", "#c2185b",
  ]
  static let (blue, red) = ("#1b6ca8", "#c8553d")
  static let (ink, axis, grid, line) = ("#333333", "#666666", "#e4e4e4", "#999999")
  /// Of a law that was not fitted.
  static let limit = "#222222"
  /// What legends stand on: the page's own ground.
  static let paper = "#fdfdfc"
  static let (pale, grey) = ("#b9d4e8", "#9a9a9a")

  /// Each colour on a dark ground.
  private static let dark: [(light: String, dark: String)] =
    [
      (ink, "#d6d6d2"), (limit, "#f0f0ec"), (axis, "#9a9ca0"), (grid, "#303236"),
      (line, "#7a7c80"), (paper, "#17181a"), (pale, "#35566f"), (grey, "#6d6f73"),
    ] + palette.map { ($0, mixed($0, with: 255, share: 0.35)) }

  /// A page's style for what is drawn in it.
  static var css: String {
    let colors = dark.map { "\(variable($0.light)): \($0.dark);" }.joined(separator: " ")
    return "@media screen and (prefers-color-scheme: dark) { figure svg { \(colors) } }"
  }

  /// A picture's SVG as a part of a page.
  ///
  /// - Parameters:
  ///   - number: tells its identifiers from those of the page's other pictures.
  ///   - title: what it is called to who cannot see it.
  static func inline(_ svg: String, number: Int, title: String) -> String {
    var text = svg
    if let start = text.range(of: "<svg") { text.removeSubrange(..<start.lowerBound) }
    text = text.replacing(/<title>Gnuplot<\/title>\s*<desc>[^<]*<\/desc>/, with: "")
    // Names of curves that have none, and their numbers, which begin anew in each of several panels.
    text = text.replacing(/<title>gnuplot_plot_[^<]*<\/title>/, with: "")
    text = text.replacing(/\sid="gnuplot_plot_[^"]*"/, with: "")
    // What the script gave as text to be shown at a place is the browser's to show.
    text = text.replacing(
      /<g onmousemove="gnuplot_svg.showHypertext\(evt,'([^']*)'\)" onmouseout="[^"]*"><title>[^<]*<\/title>/
    ) { "<g><title>\($0.1)</title>" }
    text = text.replacing(/\bid=(["'])/) { "id=\($0.1)f\(number)-" }
    text = text.replacing(/href='#/, with: "href='#f\(number)-")
    text = text.replacing(/url\(#/, with: "url(#f\(number)-")
    text = text.replacing(/rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\)/) { found in
      let parts = [found.1, found.2, found.3].map { Int($0) ?? 0 }
      let color = "#" + parts.map { String(format: "%02x", $0) }.joined()
      return dark.contains { $0.light == color } ? "var(\(variable(color)), \(color))" : color
    }
    text = text.replacing(/(fill|color|stroke)="black"/) { "\($0.1)=\"var(\(variable(ink)), \(ink))\"" }
    let label = "role=\"img\" aria-label=\"\(HTMLPage.escaped(title))\""
    return text.replacing("<svg", with: "<svg \(label)", maxReplacements: 1)
  }

  private static func variable(_ color: String) -> String { "--c-\(color.dropFirst())" }

  private static func mixed(_ color: String, with other: Int, share: Double) -> String {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    return "#"
      + [16, 8, 0].map { shift in
        let own = Double(value >> shift & 0xFF)
        return String(format: "%02x", Int(own + share * (Double(other) - own)))
      }.joined()
  }
}
