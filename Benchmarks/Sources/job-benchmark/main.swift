import Foundation
import ObjectRemoval

// job-benchmark SIZE [--frames N] [--memory 1G] [--threads N] …: several jobs one after the other, smallest first, since
// the memory is the highest of the process so far.
// Whole jobs on a rendered walker: what they take beside what was foretold.

var jobs: [MeasuredJob] = []
var words = Array(CommandLine.arguments.dropFirst())
while !words.isEmpty {
  let word = words.removeFirst()
  if word == "--frames", let count = words.first.flatMap({ Int($0) }) {
    jobs[jobs.count - 1].frames = count
    words.removeFirst()
  } else if word == "--memory", let bytes = words.first.flatMap(MeasuredJob.bytes) {
    jobs[jobs.count - 1].memory = bytes
    words.removeFirst()
  } else if word == "--threads", let count = words.first.flatMap({ Int($0) }) {
    jobs[jobs.count - 1].threads = count
    words.removeFirst()
  } else if let job = MeasuredJob(size: word) {
    jobs.append(job)
  } else {
    FileHandle.standardError.write(Data("job-benchmark: what is \(word)?\n".utf8))
    exit(2)
  }
}
if jobs.isEmpty { jobs = ["426x240", "854x480", "1280x720"].compactMap { MeasuredJob(size: $0) } }

print(MeasuredJob.title)
do {
  for job in jobs {
    print(try job.line())
    // Lines come as they are measured, whoever listens.
    fflush(nil)
  }
} catch {
  FileHandle.standardError.write(Data("job-benchmark: \(error)\n".utf8))
  exit(1)
}
