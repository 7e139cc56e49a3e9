import Foundation

/// What the hidden subcommand runs: a process of its own for everything that touches media.
public enum StudioWorker {
  /// Serves one clip's session, or does one job, on standard input and output.
  /// - Returns: the exit code.
  public static func run(_ mode: Mode) -> Int32 {
    ParentWatch.start()
    switch mode {
    case .session:
      WorkerLimits.session.apply()
      SessionWorker(output: claimStandardOutput()).run(input: STDIN_FILENO)
      return 0
    case .job:
      return JobWorker(output: claimStandardOutput()).run(input: STDIN_FILENO)
    }
  }

  public enum Mode: String, CaseIterable, Sendable { case session, job }

  /// The pipe to the server; whatever else prints goes to standard error from here on.
  private static func claimStandardOutput() -> Int32 {
    let pipe = dup(STDOUT_FILENO)
    dup2(STDERR_FILENO, STDOUT_FILENO)
    return pipe
  }
}

/// Bounds that the system holds a worker to.
struct WorkerLimits {
  /// Bytes of address space; nil: as it comes.
  var memory: Int?
  /// Bytes of a file written.
  var file: Int?
  /// Seconds of processor time.
  var processor: Int?
  /// Added to the process's nice value.
  var niceness: Int32

  static let session = WorkerLimits(memory: 16 << 30, file: 1 << 30, processor: 12 * 3600, niceness: 0)

  /// Below everything that answers a person.
  static func job(_ order: WorkOrder) -> WorkerLimits {
    WorkerLimits(memory: 3 * order.memory + 4 << 30, file: order.fileBytes, processor: 7 * 24 * 3600, niceness: 10)
  }

  func apply() {
    Self.set(RLIMIT_AS, memory)
    Self.set(RLIMIT_FSIZE, file)
    Self.set(RLIMIT_CPU, processor)
    Self.set(RLIMIT_NOFILE, 512)
    Self.set(RLIMIT_CORE, 0)
    // A file that outgrows its limit is an error to be told, not an end.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    if niceness != 0 { _ = nice(niceness) }
  }

  #if canImport(Glibc)
    private static func set(_ resource: __rlimit_resource, _ value: Int?) {
      set(__rlimit_resource_t(resource.rawValue), value)
    }

    private typealias Resource = __rlimit_resource_t
  #else
    private typealias Resource = Int32
  #endif

  private static func set(_ resource: Resource, _ value: Int?) {
    guard let value else { return }
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(rlim_t(value), limit.rlim_max)
    limit.rlim_max = limit.rlim_cur
    setrlimit(resource, &limit)
  }
}

/// Ends this process when the one that started it is gone, however that ended.
enum ParentWatch {
  static func start() {
    let parent = getppid()
    Thread.detachNewThread {
      while getppid() == parent { usleep(200_000) }
      _exit(1)
    }
  }
}
