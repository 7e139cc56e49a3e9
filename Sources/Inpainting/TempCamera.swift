import Imaging
import Motion
enum CameraMotion {
  static func estimate(flow: FlowField, ignoring: Plane<UInt8>) -> Homography {
    // affine IRLS
    var m = [Double](repeating: 0, count: 6)
    var first = true
    for _ in 0..<8 {
      var a = [[Double]](repeating: [Double](repeating: 0, count: 3), count: 3)
      var bx = [0.0, 0, 0], by = [0.0, 0, 0]
      for y in stride(from: 2, to: flow.height, by: 5) { for x in stride(from: 2, to: flow.width, by: 5) where ignoring[x, y] == 0 {
        let v = flow[x, y]
        let px = Double(x) / 100, py = Double(y) / 100
        var w = 1.0
        if !first {
          let ex = m[0] + m[1]*px + m[2]*py - Double(v.x), ey = m[3] + m[4]*px + m[5]*py - Double(v.y)
          w = 1 / (1 + (ex*ex + ey*ey) / 0.5); w = w * w
        }
        let r = [1, px, py]
        for i in 0..<3 { for j in 0..<3 { a[i][j] += w * r[i] * r[j] }; bx[i] += w * r[i] * Double(v.x); by[i] += w * r[i] * Double(v.y) }
      } }
      func solve(_ b: [Double]) -> [Double] {
        var a = a, b = b
        for i in 0..<3 { a[i][i] += 1e-9; for j in 0..<3 where j != i { let f = a[j][i] / a[i][i]; for k in 0..<3 { a[j][k] -= f * a[i][k] }; b[j] -= f * b[i] } }
        return (0..<3).map { b[$0] / a[$0][$0] }
      }
      m = solve(bx) + solve(by); first = false
    }
    return Homography([1 + m[1]/100, m[2]/100, m[0], m[4]/100, 1 + m[5]/100, m[3], 0, 0, 1])
  }
}
