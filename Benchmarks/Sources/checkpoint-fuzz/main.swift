import Foundation
import NeuralGraph
import TestSupport

// checkpoint-fuzz FOLDER COUNT [SEED]: reads COUNT changed copies of the files in FOLDER. A trap ends the process and leaves
// the input; an answer, either way, is fine.
let arguments = CommandLine.arguments
guard arguments.count >= 3, let count = Int(arguments[2]) else {
  FileHandle.standardError.write(Data("checkpoint-fuzz FOLDER COUNT [SEED]\n".utf8))
  exit(2)
}
let names = try FileManager.default.contentsOfDirectory(atPath: arguments[1]).filter {
  $0.hasSuffix(".pth") || $0.hasSuffix(".safetensors")
}.sorted()
let files = try names.map { try ByteSurgery.bytes(arguments[1] + "/" + $0) }.filter { $0.count < 1 << 20 }
let first = arguments.count > 3 ? UInt64(arguments[3]) ?? 1 : 1
let shared = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
let input = shared + "/checkpoint-fuzz-\(getpid())"

/// - Returns: whether the file was read.
func reads(_ bytes: [UInt8]) throws -> Bool {
  try ByteSurgery.write(bytes, input)
  guard let checkpoint = try? Checkpoint(input) else { return false }
  _ = checkpoint.stateDictionary()
  for entry in checkpoint.entries.prefix(64) { _ = entry.tensor.floats() }
  return true
}

var read = 0
for step in 0..<count {
  var mutation = Mutation(seed: first &+ UInt64(step))
  let changed = mutation.apply(to: files[step % files.count], other: files[(step * 7 + 3) % files.count])
  if try reads(changed) { read += 1 }
  if (step + 1) % 100_000 == 0 { print("\(step + 1) inputs, \(read) of them read") }
}
try? FileManager.default.removeItem(atPath: input)
print("\(count) inputs, \(read) of them read, \(count - read) refused, no trap")
