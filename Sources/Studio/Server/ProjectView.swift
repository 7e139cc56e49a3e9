import Foundation
import ProjectStore

/// A project as clients see it.
struct ProjectView: Encodable, Sendable {
  struct OutputView: Encodable, Sendable {
    var id: String
    var kind: String
    var name: String
    var bytes: Int
  }

  var id: String
  var name: String
  var created: Date
  var updated: Date
  var bytes: Int
  var media: Media
  var cuts: [Int]
  var objects: [MarkedObject]
  var prompts: [Prompt]
  var range: [Int]
  var settings: ProjectSettings
  var track: WorkState
  var clean: WorkState
  var outputs: [OutputView]
  var jobs: [JobView]

  init(_ state: ProjectState) {
    let project = state.project
    (id, name, created, updated) = (project.id, project.name, project.created, project.updated)
    (bytes, media, cuts, range) = (project.bytes, project.media, project.cuts, project.range)
    (settings, track, clean) = (project.settings, project.track, project.clean)
    (objects, prompts) = (state.objects, state.prompts)
    outputs = project.outputs.map { OutputView(id: $0.id, kind: $0.kind, name: $0.name, bytes: $0.bytes) }
    jobs = state.jobs.map(JobView.init)
  }
}

/// A job as clients see it.
struct JobView: Encodable, Sendable {
  var id: String
  var project: String
  var kind: Job.Kind
  var state: Job.State
  var range: [Int]?
  var direction: Job.Direction?
  var frame: Int?
  var form: Job.Form?
  var stage: String
  var done: Double
  var total: Int
  var rate: Double
  var secondsLeft: Double?
  var message: String
  var attempt: Int

  init(_ job: Job) {
    (id, project, kind, state) = (job.id, job.project, job.kind, job.state)
    (range, direction, frame, form) = (job.range, job.direction, job.frame, job.form)
    (stage, done, total, rate) = (job.stage, job.done, job.total, job.rate)
    (secondsLeft, message, attempt) = (job.secondsLeft, job.message, job.attempt)
  }
}
