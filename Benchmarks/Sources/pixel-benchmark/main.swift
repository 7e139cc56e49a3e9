import CPixelKernels
import Foundation
import Imaging

let levels: [(name: String, level: cpk_level)] = [
  ("baseline", CPK_BASELINE), ("avx2", CPK_AVX2), ("avx512", CPK_AVX512),
].filter { $0.1.rawValue <= cpk_detect().rawValue }

func column(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

print(
  "Kernels on a row of 1920: user CPU of the Swift reference in microseconds, and how many times faster each level is")
print(
  "kernel".padding(toLength: 18, withPad: " ", startingAt: 0) + column("Swift", 9)
    + levels.map { column($0.name, 10) }.joined())
let outputs = Outputs()
for item in colorCases(outputs) + filterCases(outputs) {
  let reference = milliseconds(item.reference)
  let ratios = levels.map { level in
    cpk_force_level(level.level)
    let table = cpk_pixel().pointee
    return column(String(format: "%.1f", reference / milliseconds { item.kernel(table) }), 10)
  }
  print(
    item.name.padding(toLength: 18, withPad: " ", startingAt: 0)
      + column(String(format: "%.1f", reference * 1000), 9) + ratios.joined())
}

print("\nOperations on one thread: milliseconds of user CPU")
print("operation".padding(toLength: 40, withPad: " ", startingAt: 0) + levels.map { column($0.name, 10) }.joined())
for operation in operations() {
  let times = levels.map { level in
    cpk_force_level(level.level)
    return column(String(format: "%.2f", milliseconds(rounds: 3, operation.run)), 10)
  }
  print(operation.name.padding(toLength: 40, withPad: " ", startingAt: 0) + times.joined())
}
