#if canImport(Glibc)
  import Glibc
#endif

extension Array where Element: Scalar {
  /// `count` zeros. Where they take many pages, the kernel is asked for large ones: a matrix of
  /// 100 MB then costs 50 page faults instead of 25,000.
  static func zeros(_ count: Int) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
      buffer.initialize(repeating: 0)
      initialized = count
    }
  }
}

private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  #if canImport(Glibc)
    let page = 1 << 21
    guard let start = memory.baseAddress, memory.count >= 8 * page else { return }
    let skipped = (page - Int(bitPattern: start) % page) % page
    // Advice only: where the kernel has no large pages, nothing is lost.
    _ = madvise(start + skipped, (memory.count - skipped) / page * page, MADV_HUGEPAGE)
  #endif
}
