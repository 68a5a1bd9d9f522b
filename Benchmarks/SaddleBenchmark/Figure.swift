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
  /// The counted flops in the best time, over what the machine allows in that time.
  case rooflineFraction = "roofline_fraction"
  /// What the machine allows: the most of the next three, in 10⁹ flops a second.
  case rooflineGigaflops = "roofline_gflops"
  /// What the processor's vector units allow.
  case peakGigaflops = "peak_gflops"
  /// What the product of the peers' best BLAS reached in the same run.
  case peersProductGigaflops = "peers_gemm_gflops"
  /// What Saddle's matrix product reached in the same run.
  case productGigaflops = "gemm_gflops"
  /// Its median: far below the best, something else was running.
  case medianProductGigaflops = "gemm_gflops_median"

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

  /// Of a density, how many probes its error takes, and the mean error with so many.
  case probes
  case densityError = "density_error"

  case assemblySeconds = "assembly_seconds"
  case eigenvaluesSeconds = "eigenvalues_seconds"
  case peakMemory = "peak_memory_bytes"
  /// The time of one vector among eight that are multiplied at once.
  case secondsPerVectorOfEight = "seconds_per_vector_of_8"
  /// The counted flops in the best time, over what Saddle's matrix product reached in the same run.
  case productFraction = "gemm_fraction"
  /// The same of one vector among eight.
  case productFractionOfEight = "gemm_fraction_of_8"
}

extension [Figure: Double] {
  /// The best and the median time.
  init(_ timings: Timings) { self = [.seconds: timings.best, .medianSeconds: timings.median] }

  /// Adds what the roofline is.
  mutating func add(roofline: Roofline.Sample) {
    self[.rooflineGigaflops] = roofline.flops / 1e9
    self[.peakGigaflops] = roofline.peak / 1e9
    self[.peersProductGigaflops] = roofline.peersProduct.map { $0 / 1e9 }
    self[.productGigaflops] = Roofline.gigaflops(roofline.product.best)
    self[.medianProductGigaflops] = Roofline.gigaflops(roofline.product.median)
  }

  /// Adds what the roofline of `T` is and how near to it `flops` in `seconds` come.
  mutating func compare<T: Scalar>(
    flops: Double, in seconds: Double, with roofline: inout Roofline, _: T.Type
  ) {
    let sample = roofline.sample(T.self)
    add(roofline: sample)
    self[.rooflineFraction] = flops / seconds / sample.flops
  }
}
