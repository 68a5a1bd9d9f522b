/// How far a quadratic or cubic model may be trusted: what f fell by, over what the model foretold
/// (Nocedal, Wright 2006, eq. 4.4).
///
/// A trial that is not finite agrees by −∞. Where the predicted fall is within 10 roundings of the
/// value, the ratio means nothing: a trial that is no higher then agrees by ½, which takes it and
/// leaves the trust as it is; for a higher one there is no ratio (Conn, Gould, Toint 2000, §17.4).
func agreement<T: Scalar>(from value: T, to trial: T, predicted: T) -> T? {
  guard trial.isFinite else { return -.infinity }
  if predicted <= 10 * T.ulpOfOne * value.magnitude { return trial <= value ? 0.5 : nil }
  return (value - trial) / predicted
}
