import Saddle

/// What a number in the results is; the raw value is its name there.
enum Figure: String, CodingKey {
  /// The best time.
  case seconds
  case medianSeconds = "seconds_median"
  /// The best rate, where a workload does many of the same.
  case perSecond = "per_second"
  case medianPerSecond = "per_second_median"

  case parameters = "P"
  case samples = "N"
  case threads

  /// Over 1 where Saddle is faster.
  case ratioToPeer = "ratio_to_peer"
  /// The counted flops in the best time, over what the matrix product reaches in that time.
  case rooflineFraction = "roofline_fraction"
  /// What the matrix product reached in the same run, in 10⁹ flops a second.
  case rooflineGigaflops = "roofline_gflops"
  /// Its median: far below the best, something else was running.
  case medianRooflineGigaflops = "roofline_gflops_median"

  /// Of a step, what changes parameters and state: without the search for NaN, which peers leave
  /// out.
  case updateSeconds = "update_seconds"
  case medianUpdateSeconds = "update_seconds_median"
  /// What a step must read and write.
  case bytesMoved = "bytes_moved"
  /// What a triad over vectors as long reached in the same run.
  case triadBytesPerSecond = "triad_bytes_per_second"
  /// The best time over what the triad would need for as many bytes.
  case timesBandwidthBound = "times_bandwidth_bound"

  case assemblySeconds = "assembly_seconds"
  case eigenvaluesSeconds = "eigenvalues_seconds"
  case peakMemory = "peak_memory_bytes"
  /// The time of one vector among eight that are multiplied at once.
  case secondsPerVectorOfEight = "seconds_per_vector_of_8"
}

extension [Figure: Double] {
  /// The best and the median time.
  init(_ timings: Timings) { self = [.seconds: timings.best, .medianSeconds: timings.median] }

  /// Adds what the roofline is.
  mutating func add(roofline: Timings) {
    self[.rooflineGigaflops] = Roofline.gigaflops(roofline.best)
    self[.medianRooflineGigaflops] = Roofline.gigaflops(roofline.median)
  }

  /// Adds what the roofline of `T` is and how near to it `flops` in `seconds` come.
  mutating func compare<T: Scalar>(
    flops: Double, in seconds: Double, with roofline: inout Roofline, _: T.Type
  ) {
    let product = roofline.sample(T.self)
    add(roofline: product)
    self[.rooflineFraction] = flops / seconds / 1e9 / Roofline.gigaflops(product.best)
  }
}
