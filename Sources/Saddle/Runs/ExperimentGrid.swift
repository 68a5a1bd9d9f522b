import Foundation

/// Experiments as data: groups of runs, each the product of its lists.
///
/// Written as JSON, with comments where they are wanted; `data`, `test` and the networks read as in a run's own `run.json`.
public struct ExperimentGrid: Codable, Equatable, Sendable {
  public var name: String
  public var groups: [ExperimentGroup]
  /// The claims that its runs are to decide, and how; nil where the survey's rules do.
  public var claims: [ClaimProtocol]?

  public init(name: String, groups: [ExperimentGroup], claims: [ClaimProtocol]? = nil) {
    self.name = name
    self.groups = groups
    self.claims = claims
  }

  /// The groups' slices.
  ///
  /// - Throws: `GridError.empty` where no group has one.
  public func slice() throws(GridError) -> ExperimentGrid {
    let slices = groups.compactMap(\.slice)
    guard !slices.isEmpty else { throw .empty(list: "sliceSeeds of every group") }
    return ExperimentGrid(name: name, groups: slices, claims: claims)
  }

  /// The grid in a JSON file.
  ///
  /// - Throws: `GridError`: a file that cannot be read, a key that means nothing, a group that is
  ///   empty or holds what no run can be made of.
  public init(from path: String) throws {
    try self.init(json: WrittenJSON.bytes(of: path), path: path)
  }

  /// - Parameter path: what the text is called in errors.
  /// - Throws: `GridError`.
  public init(json: Data, path: String) throws(GridError) {
    do {
      self = try WrittenJSON.read(Self.self, from: json)
    } catch let error as GridError {
      throw error
    } catch {
      throw .invalid(path: path, cause: describe(error))
    }
    guard !groups.isEmpty else { throw .invalid(path: path, cause: "it has no groups") }
    for group in groups {
      do {
        try group.check()
      } catch {
        throw .invalid(path: path, cause: "group \(group.name): \(error)")
      }
    }
    let names = Set(groups.map(\.name))
    for claim in claims ?? [] {
      if let unknown = claim.groups.first(where: { !names.contains($0) }) {
        throw .invalid(path: path, cause: "claim \(claim.id): there is no group \(unknown)")
      }
    }
  }
}

/// Why a grid, or an experiment, cannot be run.
public enum GridError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, cause: String)
  case invalid(path: String, cause: String)
  case noExperiment(path: String, cause: String)
  case unknownKey(String)
  case empty(list: String)
  case tuning(optimizer: String, cause: String)
  case shard(number: Int, count: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let cause): "\(path): cannot be read: \(cause)"
    case .invalid(let path, let cause): "\(path): is no grid of experiments: \(cause)"
    case .noExperiment(let path, let cause): "\(path): is no experiment: \(cause)"
    case .unknownKey(let key): "'\(key)' is no key that means anything there"
    case .empty(let list): "\(list) is empty: list at least one"
    case .tuning(let optimizer, let cause): "learning rates of \(optimizer): \(cause)"
    case .shard(let number, let count): "part \(number) of \(count): parts go from 1 to their number"
    }
  }
}
