/// What one workload gave: a line of JSON, a row of the table.
struct WorkloadResult: Encodable {
  let name: String
  let figures: [Figure: Double]
  let peer: PeerFigure?
  /// Why nobody else does it, where nobody does.
  let whyNoPeer: String?
  /// Each target in words, and whether it was met. One that could not be measured is left out.
  let targets: [String: Bool]

  init(_ workload: any Workload, figures: [Figure: Double], peer: PeerFigure?) {
    var figures = figures
    if let ratio = peer?.ratio(of: figures) { figures[.ratioToPeer] = ratio }
    figures[.threads] = Double(threadCount)
    name = workload.name
    self.figures = figures
    self.peer = peer
    if case .absent(let reason) = workload.peer { whyNoPeer = reason } else { whyNoPeer = nil }
    targets = workload.targets.reduce(into: [:]) { $0[$1.text] = $1.isMet(by: figures) }
  }

  private enum Key: String, CodingKey {
    case name, peer, targets
    case whyNoPeer = "why_no_peer"
  }

  /// Figures stand beside the name, not below a key of their own.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(peer, forKey: .peer)
    try container.encodeIfPresent(whyNoPeer, forKey: .whyNoPeer)
    if !targets.isEmpty { try container.encode(targets, forKey: .targets) }
    var values = encoder.container(keyedBy: Figure.self)
    for (figure, value) in figures { try values.encode(value, forKey: figure) }
  }
}
