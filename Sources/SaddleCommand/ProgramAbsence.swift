import Oracles

/// There is no program to be judged: what is wrong is the machine, the command or the limit.
struct ProgramAbsence: Error, CustomStringConvertible {
  let failure: ProgramError

  var description: String {
    var text = "nothing is said of the optimizer: \(failure)"
    if case .silent = failure.cause { text += "; --start-limit gives it longer" }
    return text
  }
}
