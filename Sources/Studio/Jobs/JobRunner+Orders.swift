import Foundation
import ObjectRemoval
import ProjectStore

extension JobRunner {
  /// What a worker is told of a job.
  func order(for job: Job, _ state: ProjectState) async throws -> WorkOrder {
    let project = state.project
    let range = range(of: job, project)
    let needsMarks = job.kind == .track
    let marks = needsMarks ? try await self.marks.marks(of: state, within: range[0]...range[1]) : []
    if needsMarks, marks.isEmpty {
      throw StudioError(
        .conflict, "nothing_marked", "nothing is marked on frames \(range[0]) to \(range[1]); click on the object first"
      )
    }
    return WorkOrder(
      kind: job.kind, form: job.form, range: range, direction: job.direction ?? .both, frame: job.frame,
      input: project.source.path, name: project.source.name, folder: data.project(project.id).path, marks: marks,
      objects: state.objects.filter(\.included).map(\.id), settings: project.settings,
      engines: configuration.engines, memory: memory(of: job, project), threads: RemovalSettings.availableThreads,
      limits: configuration.limits, fileBytes: max(1 << 20, await disk.left()))
  }

  /// Bytes that a job may hold.
  func memory(of job: Job, _ project: Project) -> Int {
    if job.kind == .ingest { return 384 << 20 }
    return min(configuration.memory, project.settings.memory ?? configuration.memory)
  }

  /// The frames of a job: its own, those around a preview's frame, or the project's.
  private func range(of job: Job, _ project: Project) -> [Int] {
    if let range = job.range { return range }
    guard job.kind == .preview, let frame = job.frame else {
      return job.kind == .ingest ? [0, project.media.frames - 1] : project.range
    }
    let rate = Double(project.media.rate[0]) / Double(max(1, project.media.rate[1]))
    let reach = max(8, Int(rate * 1.5))
    return [max(project.range[0], frame - reach), max(frame, min(project.range[1], frame + reach))]
  }
}
