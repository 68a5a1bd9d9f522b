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
    let label = "<svg role=\"img\" aria-label=\"\(HTMLPage.escaped(title))\""
    guard let start = svg.utf8.firstRange(of: "<svg".utf8) else { return svg }
    var text = PictureRewriting(String(svg[start.upperBound...]))
    text.put(label)
    while !text.isAtEnd {
      if !takesOut(of: &text), !givesHypertext(in: &text), !names(in: &text, "f\(number)-"),
        !colors(in: &text)
      {
        text.copy()
      }
    }
    return text.text
  }

  /// gnuplot's own title, and names of curves that have none with their numbers, which begin anew in
  /// each of several panels.
  private static func takesOut(of text: inout PictureRewriting) -> Bool {
    if text.isNext("<title>Gnuplot</title>") {
      return text.attempt { text in
        guard text.skip("<title>Gnuplot</title>") else { return false }
        text.skipSpace()
        return text.skip("<desc>") && text.skip(through: "</desc>") != nil
      }
    }
    if text.isNext("<title>gnuplot_plot_") { return text.skip(through: "</title>") != nil }
    guard text.skip(" id=\"gnuplot_plot_") else { return false }
    return text.skip(through: "\"") != nil
  }

  /// What the script gave as text to be shown at a place is the browser's to show.
  private static func givesHypertext(in text: inout PictureRewriting) -> Bool {
    guard text.isNext("<g onmousemove") else { return false }
    return text.attempt { text in
      guard text.skip("<g onmousemove=\"gnuplot_svg.showHypertext(evt,'"),
        let shown = text.skip(through: "'"), text.skip(")\" onmouseout=\""),
        text.skip(through: "\"") != nil, text.skip("><title>"), text.skip(through: "</title>") != nil
      else { return false }
      text.put("<g><title>\(shown)</title>")
      return true
    }
  }

  /// Identifiers, with what tells them from another picture's.
  private static func names(in text: inout PictureRewriting, _ prefix: String) -> Bool {
    let literals: [StaticString] = ["id=\"", "id='", "href='#", "url(#"]
    for (k, literal) in literals.enumerated() where text.isNext(literal) {
      guard k > 1 || text.isBetweenWords else { return false }
      _ = text.skip(literal)
      text.put("\(literal)\(prefix)")
      return true
    }
    return false
  }

  private static func colors(in text: inout PictureRewriting) -> Bool {
    if text.isNext("=\"black\"") {
      guard text.hasPut("fill") || text.hasPut("color") || text.hasPut("stroke") else { return false }
      text.put("=\"var(\(variable(ink)), \(ink))\"")
      return text.skip("=\"black\"")
    }
    guard text.isNext("rgb(") else { return false }
    return text.attempt { text in
      guard text.skip("rgb("), let inside = text.skip(through: ")") else { return false }
      let parts = inside.split(separator: ",").map { Int($0.filter { $0 != " " }) }
      guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else {
        return false
      }
      let color = String(format: "#%02x%02x%02x", red, green, blue)
      text.put(
        dark.contains { $0.light == color } ? "var(\(variable(color)), \(color))" : color)
      return true
    }
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
