import Foundation
import ProjectStore

/// The masks that prompts mean, kept one file for each object and frame, as the person saw them.
struct MarkDesk: Sendable {
  let sessions: SessionPool
  let data: DataFolder
  let metrics: Metrics

  /// Answers a prompt and keeps the chosen answer.
  func answer(_ prompt: Prompt, in project: Project) async throws -> SessionProcess.Reply {
    let keep = data.project(project.id).mark(frame: prompt.frame, object: prompt.object)
    let selection = SessionSelection(prompt: prompt, still: project.settings.still, keep: keep)
    let reply = try await sessions.ask(project.id, project.source, .select(selection))
    metrics.add("selections_total")
    return reply
  }

  func forget(_ prompt: Prompt, of project: String) {
    unlink(data.project(project).mark(frame: prompt.frame, object: prompt.object))
  }

  /// The kept masks of all prompts that lie in a range, made where they are missing.
  func marks(of state: ProjectState, within range: ClosedRange<Int>) async throws -> [WorkOrder.Mark] {
    var marks: [WorkOrder.Mark] = []
    for prompt in state.prompts where range.contains(prompt.frame) {
      let path = data.project(state.project.id).mark(frame: prompt.frame, object: prompt.object)
      if DataFolder.bytes(of: path) == nil { _ = try await answer(prompt, in: state.project) }
      marks.append(WorkOrder.Mark(frame: prompt.frame, path: path))
    }
    return marks
  }
}

/// Tells everybody who looks at a project how it stands.
struct ProjectNews: Sendable {
  let store: ProjectStore
  let events: EventHub

  func tell(_ id: String) async {
    if let state = try? await store.state(id) { events.send("project", ProjectView(state), to: id) }
  }
}
