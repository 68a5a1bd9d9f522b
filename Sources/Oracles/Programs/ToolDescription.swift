/// What a program says that it is: docs/protocol.md.
public struct ToolDescription: Decodable, Sendable {
  public enum Tool: String, Decodable, Sendable {
    case eigensolver, sampler, law, trace, curvature, objective
  }

  public let `is`: Tool
  public let dtype: String?
  public let offers: [String]
  public let kinds: [String]?
}
