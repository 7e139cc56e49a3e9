import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import ProjectStore
import ServiceLifecycle

/// The web studio: one page, a JSON API, and the processes that do the work.
public final class Studio: Sendable {
  let configuration: StudioConfiguration
  let logger: Logger
  let store: ProjectStore
  let data: DataFolder
  let keys: AccessKeys
  let metrics = Metrics()
  let events = EventHub()
  let pictures = PictureCache(capacity: 96 << 20)
  let sessions: SessionPool
  let folders: FolderShelf
  let uploads: UploadDesk
  let disk: DiskLedger
  let marks: MarkDesk
  let news: ProjectNews
  let jobs: JobRunner

  /// Opens the data folder.
  /// - Throws: `ProjectStoreError`, or where the folder cannot be written.
  public init(_ configuration: StudioConfiguration, logger: Logger = Logger(label: "cleanplate.studio")) throws {
    self.configuration = configuration
    self.logger = logger
    data = try DataFolder(configuration.data)
    store = try ProjectStore(path: data.database)
    keys = AccessKeys(isTokenRequired: !configuration.isLoopback)
    folders = FolderShelf(configuration.folders)
    disk = DiskLedger(data: data, budget: configuration.disk)
    sessions = SessionPool(configuration, data: data, disk: disk, metrics: metrics)
    uploads = UploadDesk(data: data, store: store, disk: disk, limits: configuration.limits)
    marks = MarkDesk(sessions: sessions, data: data, metrics: metrics)
    news = ProjectNews(store: store, events: events)
    jobs = JobRunner(
      configuration: configuration, store: store, data: data, disk: disk, marks: marks, events: events,
      metrics: metrics, logger: logger)
  }

  /// What a person has to type in where the address is not this machine's own.
  public var token: String? { keys.token }

  /// Serves until the process is told to end; then lets requests finish and workers save their place.
  public func run() async throws { try await application().runService() }

  /// The server with its services, for tests and for running.
  public func application() -> some ApplicationProtocol {
    let builder = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
    return Application(
      router: router(), server: builder,
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections)),
      services: [jobs, EventService(events: events, sessions: sessions)],
      onServerRunning: { [logger] channel in
        logger.info("serving", metadata: ["address": "\(channel.localAddress.map { "\($0)" } ?? "")"])
      },
      logger: logger)
  }

  private func router() -> Router<StudioContext> {
    let router = Router(context: StudioContext.self)
    router.add(middleware: AnswerMiddleware(metrics: metrics))
    router.add(middleware: GuardMiddleware(keys: keys, hosts: HostList(configuration)))
    for endpoint in endpoints { endpoint.register(on: router) }
    return router
  }
}

/// One call of the API, or of what lies beside it.
struct Endpoint: Sendable {
  typealias Handler = @Sendable (Request, StudioContext) async throws -> Response

  let method: HTTPRequest.Method
  let path: String
  let handler: Handler

  init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
    self.method = method
    self.path = path
    self.handler = handler
  }

  func register(on router: Router<StudioContext>) {
    router.on(RouterPath(path), method: method, use: handler)
  }
}

extension Studio {
  /// Everything that is served, as `openapi.yaml` has it.
  var endpoints: [Endpoint] {
    sessionEndpoints + projectEndpoints + markEndpoints + jobEndpoints + uploadEndpoints + pictureEndpoints
      + pageEndpoints
  }
}

/// Keeps event streams alive, and ends them and the clips' processes when the server ends.
struct EventService: Service {
  let events: EventHub
  let sessions: SessionPool

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(15))
        events.beat()
      }
    }
    events.close()
    await sessions.closeAll()
  }
}
