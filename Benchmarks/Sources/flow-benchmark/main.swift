import Foundation
import Imaging
import Motion
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

func userSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) * 1e-6
}

let rounds = 20
for path in CommandLine.arguments.dropFirst() {
  let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".ppm") }.sorted()
  let frames = try names.prefix(6).map { try PortableAnymap.image(at: path + "/" + $0).luma }
  let engine = OpticalFlow(.medium)
  var error = 0.0
  var count = 0.0
  let start = userSeconds()
  var flows: [FlowField] = []
  for _ in 0..<rounds / 5 {
    flows = (0..<5).map { engine.flow(from: frames[$0], to: frames[$0 + 1]) }
  }
  let seconds = (userSeconds() - start) / Double(rounds)
  for i in 0..<5 {
    for y in 0..<frames[i].height {
      for x in 0..<frames[i].width {
        let v = flows[i][x, y]
        let (px, py) = (Float(x) + v.x, Float(y) + v.y)
        guard px >= 0, py >= 0, px < Float(frames[i].width - 1), py < Float(frames[i].height - 1) else { continue }
        let (l, t) = (Int(px), Int(py))
        let (fx, fy) = (px - Float(l), py - Float(t))
        let p = frames[i + 1]
        let upper = Float(p[l, t]) * (1 - fx) + Float(p[l + 1, t]) * fx
        let lower = Float(p[l, t + 1]) * (1 - fx) + Float(p[l + 1, t + 1]) * fx
        error += Double(abs(upper * (1 - fy) + lower * fy - Float(frames[i][x, y])))
        count += 1
      }
    }
  }
  print(
    path, frames[0].width, "ms", seconds * 1000, "photometric", error / count, "share",
    count / Double(5 * frames[0].width * frames[0].height))
}
