import Motion
import Testing

struct HomographyTests {
  static let map = Homography([1.02, 0.03, -4, -0.02, 0.98, 6, 1e-4, -5e-5, 1])

  @Test func inverseUndoes() throws {
    let back = try #require(Self.map.inverse)
    let p = SIMD2<Double>(123.4, 56.7)
    let q = back.apply(Self.map.apply(p)) - p
    #expect((q * q).sum() < 1e-18)
    #expect(Homography([1, 2, 3, 2, 4, 6, 0, 0, 1]).inverse == nil)
    #expect(Homography([Double](repeating: .nan, count: 9)).inverse == nil)
  }

  @Test func productAppliesTheRightOneFirst() {
    let p = SIMD2<Double>(10, 20)
    let q = (Self.map * .translation(5, 7)).apply(p) - Self.map.apply(p + SIMD2(5, 7))
    #expect((q * q).sum() < 1e-18)
  }

  @Test(arguments: Homography.Model.allCases)
  func fitsRecoverTheirOwnKind(model: Homography.Model) throws {
    let truth: Homography =
      switch model {
      case .translation: .translation(3.5, -2.25)
      case .similarity: Homography([0.99, -0.05, 7, 0.05, 0.99, -3, 0, 0, 1])
      case .affine: Homography([1.05, 0.02, -7, -0.04, 0.93, 11, 0, 0, 1])
      case .homography: Self.map
      }
    var from: [SIMD2<Double>] = []
    for y in stride(from: 0.0, through: 200, by: 50) {
      for x in stride(from: 0.0, through: 300, by: 60) { from.append(SIMD2(x, y)) }
    }
    let fitted = try #require(Homography.fit(model, from: from, to: from.map(truth.apply)))
    for p in from {
      let d = fitted.apply(p) - truth.apply(p)
      #expect((d * d).sum() < 1e-12)
    }
  }

  @Test func pointsThatDetermineNothingGiveNil() {
    let line = (0..<6).map { SIMD2<Double>(Double($0), Double($0)) }
    #expect(Homography.fit(.affine, from: line, to: line) == nil)
    #expect(Homography.fit(.homography, from: line, to: line) == nil)
    let same = [SIMD2<Double>](repeating: SIMD2(3, 3), count: 8)
    #expect(Homography.fit(.similarity, from: same, to: same) == nil)
    #expect(Homography.fit(.translation, from: [], to: []) == nil)
    #expect(Homography.fit(.translation, from: [SIMD2(.nan, 0)], to: [SIMD2(0, 0)]) == nil)
  }

  @Test func unrolledGivesTheSamePlaces() {
    let tilted = Homography([1.1, 0.2, -30, -0.1, 0.9, 12, 1e-4, -2e-3, 1])
    for map in [tilted, .identity, Homography([1, 0, 0, 0, 1, 0, 1, 0, 0])] {
      let unrolled = Homography.Unrolled(map)
      for x in stride(from: Float(-40), to: 500, by: 17.3) {
        for y in stride(from: Float(-40), to: 500, by: 23.1) { #expect(unrolled(SIMD2(x, y)) == map(SIMD2(x, y))) }
      }
      #expect(unrolled(.zero) == map(.zero))
    }
  }
}
