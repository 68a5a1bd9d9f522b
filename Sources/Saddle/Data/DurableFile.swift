import Foundation

/// What the system said when a file could not be written.
public struct FileError: Error, Equatable, CustomStringConvertible {
  public let path: String
  public let cause: String

  /// - Parameter code: an `errno`.
  init(_ path: String, _ code: Int32) {
    self.path = path
    cause = String(cString: strerror(code))
  }

  public var description: String { "\(path): cannot be written: \(cause)" }
}

/// Files that are old or new after a crash and never a part of either: written beside, brought to
/// the disk (`fsync`), renamed, and the folder's names brought there too.
public enum DurableFile {
  /// Replaces the file at `path` as a whole, in the folder that is there.
  ///
  /// A link is followed. Into a device, a pipe or a socket the bytes are written: it is not replaced.
  /// - Throws: `FileError`; the old file is then as it was, but that what is no file may have taken
  ///   a part.
  public static func replace(_ path: String, with bytes: Data) throws(FileError) {
    let path = resolved(path)
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      let file = try opened(path, O_WRONLY | O_CLOEXEC)
      try fill(file, path, with: bytes)
      return
    }
    let folder = Self.folder(of: path)
    sweep(folder)
    let (temporary, file) = try makeTemporary(in: folder)
    do throws(FileError) {
      if isThere { fchmod(file, status.st_mode & 0o7777) }
      try fill(file, temporary, with: bytes, isDurable: true)
      try move(temporary, to: path)
    } catch {
      unlink(temporary)
      throw FileError(path: path, cause: error.cause)
    }
    try sync(folder: folder)
  }

  /// Makes a file of these bytes, on the disk when this returns; a file of that name is lost.
  static func create(_ path: String, _ bytes: Data) throws(FileError) {
    let file = try opened(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
    try fill(file, path, with: bytes, isDurable: true)
  }

  static func move(_ old: String, to new: String) throws(FileError) {
    guard rename(old, new) == 0 else { throw FileError(new, errno) }
  }

  /// Removes what may not be there.
  static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path, errno) }
  }

  /// Brings a folder's names to the disk.
  static func sync(folder: String) throws(FileError) {
    let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // One that may be written to and not read is left to the system.
    if file < 0, errno == EACCES { return }
    guard file >= 0 else { throw FileError(folder, errno) }
    defer { close(file) }
    // Some file systems know no such thing for folders, and say so.
    guard fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw FileError(folder, errno)
    }
  }

  /// Makes a folder and those above it that are missing.
  static func makeFolder(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path, ENOTDIR) }
      return
    }
    let above = folder(of: path)
    if above != path { try makeFolder(above) }
    // Another process may be the first.
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError(path, errno) }
    try sync(folder: above)
  }

  /// The folder that a path's last name is in.
  static func folder(of path: String) -> String {
    let names = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
    let joined = names.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }

  /// Writes all of it and closes the file, whatever comes.
  private static func fill(
    _ file: Int32, _ path: String, with bytes: Data, isDurable: Bool = false
  ) throws(FileError) {
    let code: Int32 = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let start = buffer.baseAddress {
        // Linux writes no more than 2³¹ bytes at once.
        let count = write(file, start + done, min(buffer.count - done, 1 << 30))
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        done += count
      }
      return isDurable && fsync(file) != 0 ? errno : 0
    }
    // What was only buffered may fail here (NFS).
    let closing = close(file) == 0 ? 0 : errno
    guard code == 0, closing == 0 else { throw FileError(path, code == 0 ? closing : code) }
  }

  private static func opened(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let file = open(path, flags, 0o666)
    guard file >= 0 else { throw FileError(path, errno) }
    return file
  }

  /// A new file that is named for this process.
  private static func makeTemporary(
    in folder: String
  ) throws(FileError) -> (path: String, file: Int32) {
    var number = 0
    while true {
      let path = "\(folder)/\(temporaryPrefix)\(processes)-\(getpid())-\(number)"
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (path, file) }
      guard errno == EEXIST, number < 1000 else { throw FileError(path, errno) }
      number += 1
    }
  }

  package static let temporaryPrefix = ".saddle-"

  /// Where a process's number is that process's: on this machine since it was started, and in a
  /// container by itself. Another machine that shares the folder has processes that this one cannot see.
  package static let processes: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let bytes =
      name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      + Array(((namespace ?? "") + (boot ?? "")).utf8)
    // FNV-1a: short, and no secret.
    return String(
      bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 },
      radix: 36)
  }()

  /// Removes what processes left that are no more: by their numbers, or where those are another
  /// machine's by age, since nothing is written for a day.
  private static func sweep(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(temporaryPrefix) {
      let parts = name.dropFirst(temporaryPrefix.count).split(separator: "-")
      guard parts.count == 3, let owner = pid_t(parts[1]), Int(parts[2]) != nil, owner > 0 else {
        continue
      }
      let path = "\(folder)/\(name)"
      if parts[0] == processes ? hasEnded(owner) : isOld(path) { unlink(path) }
    }
  }

  private static func hasEnded(_ process: pid_t) -> Bool {
    process != getpid() && kill(process, 0) != 0 && errno == ESRCH
  }

  private static func isOld(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let written = attributes?[.modificationDate] as? Date else { return false }
    return written.timeIntervalSinceNow < -86_400
  }

  /// Where links lead, so that a link stays one.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

extension FileError {
  fileprivate init(path: String, cause: String) {
    self.path = path
    self.cause = cause
  }
}
