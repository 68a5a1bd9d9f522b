/// Kendall's τ between two rows of numbers: concordant less discordant pairs, over those whose x
/// differ and that count; nil where there is none.
///
/// - Parameter counts: whether the pair of the i-th and the j-th numbers counts.
package func concordance(
  _ x: [Double], _ y: [Double], counting counts: (Int, Int) -> Bool = { _, _ in true }
) -> Double? {
  var (sum, count) = (0, 0)
  for i in x.indices {
    for j in 0..<i where x[i] != x[j] && counts(i, j) {
      count += 1
      if y[i] != y[j] { sum += (x[i] > x[j]) == (y[i] > y[j]) ? 1 : -1 }
    }
  }
  return count > 0 ? Double(sum) / Double(count) : nil
}
