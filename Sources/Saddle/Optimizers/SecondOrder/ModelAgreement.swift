/// How far a quadratic or cubic model may be trusted: what f fell by, over what the model foretold
/// (Nocedal, Wright 2006, eq. 4.4).
///
/// δ = 10·ε·|f(θ)|, ε the rounding unit, is added to both (Conn, Gould, Toint 2000, §17.4.2): where
/// both are lost in the rounding of f they agree, so that the last steps to a minimum are taken,
/// and not by chance. What is taken may lie higher by δ. A trial that is not finite agrees by −∞.
func agreement<T: Scalar>(from value: T, to trial: T, predicted: T) -> T {
  guard trial.isFinite else { return -.infinity }
  let rounding = 10 * T.ulpOfOne * value.magnitude
  return (value - trial + rounding) / (predicted + rounding)
}
