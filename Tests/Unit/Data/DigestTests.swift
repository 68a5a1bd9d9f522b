import Saddle
import Testing

@Suite struct DigestTests {
  // RFC 1321, A.5, and FIPS 180-4's example of one block.
  @Test func `known answers`() throws {
    let abc = Array("abc".utf8)
    #expect(try Digest(.md5, of: abc).hexadecimal == "900150983cd24fb0d6963f7d28e17f72")
    #expect(
      try Digest(.sha256, of: abc).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try Digest(.md5, of: []).hexadecimal == "d41d8cd98f00b204e9800998ecf8427e")
  }

  @Test func `a file in many pieces hashes as its bytes at once`() throws {
    let scratch = try DataScratch()
    let bytes = (0..<600_001).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    let path = try scratch.write(bytes, to: "pieces")
    #expect(try Digest(.sha256, ofFile: path) == Digest(.sha256, of: bytes))
  }

  @Test func `the case of digits does not matter`() {
    #expect(Digest(.md5, "AB") == Digest(.md5, "ab"))
    #expect(Digest(.md5, "ab") != Digest(.sha256, "ab"))
  }

  @Test func `a file that is not there is named`() {
    let error = dataError { () throws(DataError) in try Digest(.md5, ofFile: "/no/such/file") }
    #expect(error == .inaccessible(path: "/no/such/file", cause: "No such file or directory"))
  }
}
