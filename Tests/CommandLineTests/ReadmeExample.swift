import ObjectRemoval

func cleanPlate(of clip: String, to output: String) async throws {
  var settings = RemovalSettings()
  settings.memory = 1 << 30
  let prompts: [ObjectPrompt] = [.point(420, 310), .avoid(500, 330), .box(610, 40, 200, 80, frame: 12, object: 2)]
  let job = RemovalJob(input: clip, output: output, prompts: prompts, settings: settings)
  let report = try await job.run { print($0.stage.rawValue, $0.done, "of", $0.total) }
  print("borrowed \(report.borrowed), made up \(report.madeUp); look at frames \(report.framesToCheck())")
}
