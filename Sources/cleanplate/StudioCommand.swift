import ArgumentParser
import Foundation
import Logging
import NeuralRuntime
import ObjectRemoval
import Studio

struct StudioCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "Serves the web page on which a person does the whole job.",
    discussion: """
      Open the address that it prints. Projects are kept in the data folder: stop it at any moment and start it again.

        cleanplate studio
        cleanplate studio --folder ~/Videos --memory 4G
        cleanplate studio --segmenter sam --tracker xmem --weights sam_vit_b_01ec64.pth --weights XMem.pth
        cleanplate studio --host 0.0.0.0 --port 8080      other machines too: a token is printed
      """)

  @Option(help: "The port to listen on.")
  var port = 7860

  @Option(help: "The address to listen on; any but this machine's own needs a token, which is printed.")
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("A host name that browsers may use for this machine.", valueName: "name"))
  var hostName: [String] = []

  @Option(
    help: ArgumentHelp("A folder whose clips can be opened where they are.", valueName: "path"), completion: .directory)
  var folder: [String] = []

  @Option(help: ArgumentHelp("Where projects are kept.", valueName: "path"), completion: .directory)
  var data: String?

  @Option(help: ArgumentHelp("Memory that all jobs together may hold, such as 4G.", valueName: "size"))
  var memory = ByteCount(bytes: 2 << 30)

  @Option(help: ArgumentHelp("Disk that the data folder may take.", valueName: "size"))
  var disk = ByteCount(bytes: 50 << 30)

  @Option(help: ArgumentHelp("Largest upload, such as 20G.", valueName: "size"))
  var maxBytes: ByteCount?

  @OptionGroup(title: "Engines") var marking: MarkingEngines
  @OptionGroup(title: "Engines") var filling: FillingEngines
  @OptionGroup(title: "Engines") var networks: NetworkOptions

  func run() async throws {
    guard 0...65535 ~= port else { throw ValidationError("--port is 0 to 65535") }
    var configuration = StudioConfiguration(
      data: data ?? Self.usualFolder, executable: Self.executable, version: Version.text)
    configuration.host = host
    configuration.port = port
    configuration.hostNames = hostName
    configuration.folders = folder
    configuration.memory = memory.bytes
    configuration.disk = disk.bytes
    if let maxBytes { configuration.limits.bytes = maxBytes.bytes }
    configuration.engines = engines
    try configuration.engines.check()
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let studio = try Studio(configuration)
    guard Studio.isFree(port: port, host: host) else {
      throw StudioFailure(sentence: "port \(port) of \(host) is taken or not ours to take; choose another with --port")
    }
    let shown = host == "0.0.0.0" ? "127.0.0.1" : host
    Terminal.say("The studio is at http://\(shown):\(port)/ and keeps its projects in \(configuration.data)")
    if let token = studio.token { Terminal.say("Token: \(token)") }
    try await studio.run()
  }

  private var engines: EngineChoice {
    var settings = RemovalSettings()
    marking.apply(to: &settings)
    filling.apply(to: &settings)
    networks.apply(to: &settings)
    // Workers are started elsewhere.
    func path(_ file: String) -> String { URL(fileURLWithPath: file).standardizedFileURL.path }
    settings.upscaler = settings.upscaler.map(path)
    settings.weights = settings.weights.map(path)
    return EngineChoice(of: settings)
  }

  private static var usualFolder: String {
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    return ProcessInfo.processInfo.environment["XDG_DATA_HOME"].map { $0 + "/cleanplate" } ?? home
      + "/.local/share/cleanplate"
  }

  /// This program's own file: workers are run of it.
  private static var executable: String {
    Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? CommandLine.arguments[0]
  }
}

/// The server could not begin to serve.
struct StudioFailure: Error {
  let sentence: String
}
