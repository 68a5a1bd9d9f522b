import Foundation
import Testing

/// A page that was written, and what holds of each.
public struct ReportPage {
  let text: String

  public init(text: String) { self.text = text }

  /// The pictures stand in the page, each with identifiers of its own, in variables of colour that the
  /// style has for a dark ground.
  public func expectInline(pictures: Int) {
    // Apart, so that a failure does not show all of the page.
    let count = text.components(separatedBy: "<svg role=\"img\"").count - 1
    #expect(count == pictures)
    let isClean = ["<?xml", "gnuplot_svg.", "<img"].allSatisfy { !text.contains($0) }
    #expect(isClean)
    let identifiers = text.matches(of: /\bid=["']([^"']+)["']/).map { String($0.1) }
    #expect(identifiers.count == Set(identifiers).count)
    let known = Set(identifiers)
    for found in text.matches(of: /href='#([^']+)'/) { #expect(known.contains(String(found.1))) }
    let used = Set(text.matches(of: /var\((--c-[0-9a-f]{6}), #/).map { String($0.1) })
    #expect(used.count >= 4)
    for variable in used {
      let hasDark = text.contains("\(variable): #")
      #expect(hasDark, "\(variable) has no dark form")
    }
    // No colour that a dark ground would swallow.
    let swallowed = text.matches(of: /(fill|stroke|color)=['"](black|rgb)/).count
    #expect(swallowed == 0)
  }

  /// The page has a picture's figures as CSV, as many numbers in each row as the row above has names.
  public func expectCSV(_ name: String) throws {
    let pattern = try Regex(
      "download=\"\(name)\\.csv\" href=\"data:text/csv;charset=utf-8;base64,([^\"]*)\"",
      as: (Substring, Substring).self)
    let link = try #require(text.firstMatch(of: pattern))
    let data = try #require(Data(base64Encoded: String(link.output.1)))
    let tables = String(decoding: data, as: UTF8.self).components(separatedBy: "\n\n")
    for table in tables {
      let rows = table.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let head = try #require(rows.first)
      #expect(head.allSatisfy { Double($0) == nil } && rows.count > 1, "\(name)")
      for row in rows.dropFirst() {
        #expect(row.count == head.count && row.contains { Double($0) != nil }, "\(name): \(row)")
      }
    }
  }
}
