import Foundation

/// Files as NumPy 2.4 and safetensors 0.8 wrote them; each is named with the call that made it.
enum Written {
  private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64)!) }

  /// save(array([[1.5, -2, 0.1], [1e-310, inf, -0.0]]))
  static let doubles = bytes(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLC\
    B9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4\
    PwAAAAAAAADAmpmZmZmZuT8r5nCLaBIAAAAAAAAAAPB/AAAAAAAAAIA=
    """)

  /// save(asfortranarray(array([[1.5, -2, 0.1], [1e-310, inf, -0.0]]).astype('>f4')))
  static let bigEndianFortran = bytes(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH\
    0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/wAAAAAAA\
    AMAAAAB/gAAAPczMzYAAAAA=
    """)

  /// save(array([3, -1, 2**40]))
  static let integers = bytes(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfS\
    AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoDAAAAAAAA\
    AP//////////AAAAAAABAAA=
    """)

  /// format.write_array(array([[7], [255]], uint8), version=(2, 0))
  static let bytesOfVersion2 = bytes(
    """
    k05VTVBZAgB0AAAAeydkZXNjcic6ICd8dTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMS\
    ksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoH/w==
    """)

  /// format.write_array(array(-5, '>i4'), version=(3, 0))
  static let scalarOfVersion3 = bytes(
    """
    k05VTVBZAwB0AAAAeydkZXNjcic6ICc+aTQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfS\
    AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr////7
    """)

  /// savez(**{'0.weight': array([[1, 2], [3, 4], [5, 6]], float32),
  /// '0.bias': array([.1, .2, .3], float32)})
  static let archive = bytes(
    """
    UEsDBC0AAAAAAAAAIQD/v0I1//////////8MABQAMC53ZWlnaHQubnB5AQAQAJgAAAAAAAAAmAAAAAAAAACTTlVNUF\
    kBAHYAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywgMiksIH0gICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAgD8AAABAAABAQA\
    AAgEAAAKBAAADAQFBLAwQtAAAAAAAAACEA5J2WDf//////////CgAUADAuYmlhcy5ucHkBABAAjAAAAAAAAACMAAAA\
    AAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLC\
    ksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKzczM\
    Pc3MTD6amZk+UEsBAi0DLQAAAAAAAAAhAP+/QjWYAAAAmAAAAAwAAAAAAAAAAAAAAIABAAAAADAud2VpZ2h0Lm5weV\
    BLAQItAy0AAAAAAAAAIQDknZYNjAAAAIwAAAAKAAAAAAAAAAAAAACAAdYAAAAwLmJpYXMubnB5UEsFBgAAAAACAAIA\
    cgAAAJ4BAAAAAA==
    """)

  /// savez_compressed(w=asfortranarray(arange(12.).reshape(3, 4)), y=array([1, 0, 2], uint8))
  static let compressed = bytes(
    """
    UEsDBC0AAAAIAAAAIQAjvkyx//////////8FABQAdy5ucHkBABAA4AAAAAAAAABmAAAAAAAAAJvsF+obEMnIUMZQrZ\
    6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaxjoKJpo6CrUK5AMuBhQg4AChFaD0B3sI\
    LQLlK0FpBigtAaVVoDQHlJaB0moOAFBLAwQtAAAACAAAACEAPrG/9P//////////BQAUAHkubnB5AQAQAIMAAAAAAA\
    AARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrG\
    Opo6CrUKFAAuRgYmAFBLAQItAy0AAAAIAAAAIQAjvkyxZgAAAOAAAAAFAAAAAAAAAAAAAACAAQAAAAB3Lm5weVBLAQ\
    ItAy0AAAAIAAAAIQA+sb/0RwAAAIMAAAAFAAAAAAAAAAAAAACAAZ0AAAB5Lm5weVBLBQYAAAAAAgACAGYAAAAbAQAA\
    AAA=
    """)

  /// zipfile, with ZIP64_LIMIT = 0, of array([1.25, -3.0])
  static let wideDirectory = bytes(
    """
    UEsDBC0AAAAAAEycd1028iCT//////////8FABQAYS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2\
    Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA9D8AAAAAAAAIwFBLAQ\
    ItAy0AAAAAAEycd1028iCT//////////8FABQAAAAAAAAAAACAAQAAAABhLm5weQEAEACQAAAAAAAAAJAAAAAAAAAA\
    UEsGBiwAAAAAAAAALQAtAAAAAAAAAAAAAQAAAAAAAAABAAAAAAAAAEcAAAAAAAAAxwAAAAAAAABQSwYHAAAAAA4BAA\
    AAAAAAAQAAAFBLBQYAAAAAAQABAEcAAADHAAAAAAA=
    """)

  /// safetensors.numpy.save({'0.weight': array([[1, 2], [3, 4], [5, 6]], float32),
  /// '0.bias': array([.1, .2, .3]), 'h': array([1.5, -65504, 6e-8, inf], float16), 'n': array(7)},
  /// {'format': 'pt'})
  static let safetensors = bytes(
    """
    CAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJuIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOl\
    tdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiMC5iaWFzIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlszXSwiZGF0YV9v\
    ZmZzZXRzIjpbOCwzMl19LCIwLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMywyXSwiZGF0YV9vZmZzZX\
    RzIjpbMzIsNTZdfSwiaCI6eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbNF0sImRhdGFfb2Zmc2V0cyI6WzU2LDY0XX19\
    ICAHAAAAAAAAAJqZmZmZmbk/mpmZmZmZyT8zMzMzMzPTPwAAgD8AAABAAABAQAAAgEAAAKBAAADAQAA+//sBAAB8
    """)

  /// safetensors.torch.save({'b': tensor([1.0, -3.140625, 1e30, 2**-133], dtype=bfloat16)})
  static let bfloat16 = bytes(
    """
    OAAAAAAAAAB7ImIiOnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUiOls0XSwiZGF0YV9vZmZzZXRzIjpbMCw4XX19IIA/\
    ScBKcQEA
    """)

  static let all = [
    doubles, bigEndianFortran, integers, bytesOfVersion2, scalarOfVersion3, archive, compressed,
    wideDirectory, safetensors, bfloat16,
  ]
}
