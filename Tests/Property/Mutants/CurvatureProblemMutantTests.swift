import Oracles
import Saddle
import Support
import Testing

@Suite struct CurvatureProblemMutantTests {
  @Test(arguments: CurvatureProblem.Kind.allCases.filter(\.isExact))
  func `the matrices themselves are not accused`(kind: CurvatureProblem.Kind) throws {
    for oracle in CurvatureProblemOracle.all {
      try oracle.check(CurvatureProblemMutant.right(kind), kind, count: 10)
    }
  }

  @Test(arguments: [CurvatureProblem.Kind.hessian, .gaussNewton, .fisher, .empiricalFisher])
  func `the core's products are not accused`(kind: CurvatureProblem.Kind) throws {
    let core = CurvatureImplementation(kinds: [kind]) { problem, kind, vectors in
      let plain = problem.network
      let labels = plain.targets.map { target in
        if case .label(let label) = target { Int32(label) } else { Int32(0) }
      }
      let objective = try NetworkObjective<Double>(
        network: .dense(plain.widths, Activation(rawValue: plain.activation.rawValue)!),
        loss: Loss(rawValue: plain.loss.rawValue)!, inputs: Matrix(plain.inputs),
        targets: .classes(labels), weightDecay: plain.weightDecay)
      let kinds: [CurvatureProblem.Kind: CurvatureKind] = [
        .hessian: .hessian, .gaussNewton: .gaussNewton, .fisher: .fisher,
        .empiricalFisher: .empiricalFisher,
      ]
      let products = objective.curvature(kinds[kind]!, at: problem.parameters, includingPenalty: true)
        .apply(Matrix(vectors))
      return (0..<vectors.count).map { Array(products.row($0)) }
    }
    var spoken = 0
    for oracle in CurvatureProblemOracle.all { spoken += try oracle.check(core, kind, count: 20) }
    #expect(spoken > 60)
  }

  @Test func `there are at least 40 faults`() { #expect(CurvatureProblemMutant.all.count >= 40) }

  @Test(arguments: CurvatureProblemMutant.all) func `a planted fault is found`(mutant: CurvatureProblemMutant)
  {
    let isFound = CurvatureProblemOracle.all.contains { oracle in
      do {
        try oracle.check(mutant.implementation, mutant.kind)
        return false
      } catch {
        return error is PropertyViolation
      }
    }
    #expect(isFound)
  }
}
