/// What `LOBPCG` carries from step to step: X, A·X, the directions P and A·P.
struct LOBPCGState<T: Scalar> {
  let settings: LOBPCG<T>
  /// The deflated vectors.
  private let deflated: KrylovBasis<T>
  /// Ascending.
  private(set) var values: [T]
  /// X, orthonormal rows.
  private(set) var vectors: Matrix<T>
  private var images: Matrix<T>
  private var directions: Matrix<T>
  private var directionImages: Matrix<T>
  /// ‖A·x − θ·x‖, as the recurrence has it.
  private var residuals: [T] = []
  private(set) var products = 0
  private(set) var steps = 0
  /// The largest ‖A·s‖ seen of a unit vector.
  private(set) var scale: T = 0
  private let order: Int

  init(
    _ map: some LinearOperator<T>, settings: LOBPCG<T>, width: Int, deflated: Matrix<T>?,
    start: Matrix<T>?, using generator: inout some RandomNumberGenerator
  ) throws(KrylovError) {
    let order = map.dimension
    self.order = order
    self.settings = settings
    let fixed = deflated?.rows ?? 0
    var basis = KrylovBasis<T>(order: order, capacity: fixed)
    if let deflated { try basis.deflate(deflated) }
    self.deflated = basis
    let threshold = 64 * T(order).squareRoot() * T.ulpOfOne
    if let start {
      let count = min(start.rows, width)
      let rows = (0..<count).map(start.row).filter { $0.norm.isNormal }.flatMap {
        $0.scaled(by: 1 / $0.norm)
      }
      basis.append(
        independentRowsOf: Matrix(rows: rows.count / order, columns: order, elements: rows),
        threshold: threshold)
    }
    while basis.count < fixed + width {
      let row = (0..<order).map { _ in T(generator.normal()) }
      basis.append(
        independentRowsOf: Matrix(
          rows: 1, columns: order, elements: row.scaled(by: 1 / row.norm)), threshold: threshold)
    }
    vectors = Matrix(
      rows: width, columns: order, elements: Array(basis.matrix.elements.dropFirst(fixed * order)))
    images = vectors
    directions = Matrix(rows: 0, columns: order)
    directionImages = directions
    values = []
    images = try products(of: map, vectors)
    try select(from: vectors, images, retained: 0)
  }

  func hasConverged(_ wanted: Int) -> Bool {
    settings.ends.preference(values).prefix(wanted).allSatisfy { residuals[$0] <= threshold }
  }

  /// A half, since the images drift from A·X by rounding.
  private var threshold: T { settings.tolerance * scale / 2 }

  private mutating func products(
    of map: some LinearOperator<T>, _ rows: Matrix<T>
  ) throws(KrylovError) -> Matrix<T> {
    let images = map.apply(rows)
    if let at = firstNotFinite(images.elements) {
      throw .productNotFinite(product: products + at / order, coordinate: at % order)
    }
    products += rows.rows
    steps += 1
    for i in 0..<rows.rows {
      scale = max(
        scale, euclideanNorm(images.elements.span.extracting(i * order..<(i + 1) * order)))
    }
    return images
  }

  /// One step; false where the residuals have no direction that is new, and nothing can improve.
  mutating func step(
    _ map: some LinearOperator<T>, _ preconditioner: [T]?
  ) throws(KrylovError) -> Bool {
    var rows: [T] = []
    for i in values.indices where residuals[i] > threshold {
      var residual = images.row(i).adding(-values[i], times: vectors.row(i))
      if let preconditioner {
        for j in residual.indices { residual[j] *= preconditioner[j] }
      }
      let length = residual.norm
      if length.isNormal { rows += residual.scaled(by: 1 / length) }
    }
    var basis = deflated
    basis.append(vectors.elements)
    if directions.rows > 0 { basis.append(directions.elements) }
    let old = basis.count
    basis.append(
      independentRowsOf: Matrix(rows: rows.count / order, columns: order, elements: rows),
      threshold: 64 * T(order).squareRoot() * T.ulpOfOne)
    let all = basis.matrix
    let fresh = Matrix(
      rows: basis.count - old, columns: order, elements: Array(all.elements.dropFirst(old * order)))
    guard fresh.rows > 0 else { return false }
    let freshImages = try products(of: map, fresh)
    let space = Matrix(
      rows: basis.count - deflated.count, columns: order,
      elements: Array(all.elements.dropFirst(deflated.count * order)))
    let spaceImages = Matrix(
      rows: space.rows, columns: order,
      elements: images.elements + directionImages.elements + freshImages.elements)
    try select(from: space, spaceImages, retained: vectors.rows)
    return true
  }

  /// The best pairs of the span of orthonormal rows, of which the first `retained` are the last X.
  private mutating func select(
    from space: Matrix<T>, _ spaceImages: Matrix<T>, retained: Int
  ) throws(KrylovError) {
    let m = space.rows
    let width = vectors.rows
    let system: Eigensystem<T>
    do throws(LinearAlgebraError) {
      system = try (space * spaceImages.transpose).symmetrized().eigensystem()
    } catch {
      throw .projection(error)
    }
    let kept = settings.ends.preference(system.values).prefix(width).sorted()
    let weights = Matrix(rows: width, columns: m, elements: kept.flatMap(system.vectors.row))
    values = kept.map { system.values[$0] }
    vectors = weights * space
    images = weights * spaceImages
    residuals = values.indices.map { i in
      images.row(i).adding(-values[i], times: vectors.row(i)).norm
    }
    guard retained > 0 else { return }
    // P is what the new X has beside the old one, made orthogonal to X by its weights.
    var basis = KrylovBasis<T>(order: m, capacity: 2 * width)
    basis.append(weights.elements)
    var rows: [T] = []
    for i in values.indices where residuals[i] > threshold {
      var row = weights.row(i)
      for j in 0..<retained { row[j] = 0 }
      let length = row.norm
      if length.isNormal { rows += row.scaled(by: 1 / length) }
    }
    basis.append(
      independentRowsOf: Matrix(rows: rows.count / m, columns: m, elements: rows),
      threshold: 64 * T(m).squareRoot() * T.ulpOfOne)
    let turned = Matrix(
      rows: basis.count - width, columns: m,
      elements: Array(basis.matrix.elements.dropFirst(width * m)))
    directions = turned * space
    directionImages = turned * spaceImages
  }
}
