import Foundation
import ProjectStore

/// The masks that prompts mean, kept one file for each object and frame, as the person saw them.
struct MarkDesk: Sendable {
  let sessions: SessionPool
  let data: DataFolder
  let metrics: Metrics

  /// Answers a prompt and keeps the chosen answer.
  /// - Parameter isFirst: whether nothing was marked of the object on that frame before.
  func answer(_ prompt: Prompt, in project: Project, isFirst: Bool = false) async throws -> SessionProcess.Reply {
    let folder = data.project(project.id)
    if isFirst { keepPrior(of: prompt, folder) }
    let keep = folder.mark(frame: prompt.frame, object: prompt.object)
    let reply = try await sessions.ask(
      project.id, project.source, .select(selection(prompt, in: project), keep: keep))
    metrics.add("selections_total")
    return reply
  }

  /// All that a stored prompt may mean.
  func candidates(for prompt: Prompt, in project: Project) async throws -> SessionAnswer {
    try await sessions.ask(project.id, project.source, .candidates(selection(prompt, in: project))).answer
  }

  private func selection(_ prompt: Prompt, in project: Project) -> SessionSelection {
    let prior = data.project(project.id).prior(frame: prompt.frame, object: prompt.object)
    return SessionSelection(
      prompt: prompt, still: project.settings.still, prior: DataFolder.bytes(of: prior) == nil ? nil : prior)
  }

  /// A first mark on a tracked frame corrects what was tracked there. Where the tracker began from a person's marks,
  /// new ones stand for themselves.
  private func keepPrior(of prompt: Prompt, _ folder: ProjectFolder) {
    let anchors =
      FileManager.default.contents(atPath: folder.anchors)
      .flatMap { try? JSONDecoder().decode([[Int]].self, from: $0) } ?? []
    guard let tracked = MaskShelf(folder).tracked(prompt.frame), !anchors.contains([prompt.frame, prompt.object]) else {
      return
    }
    let prior = folder.prior(frame: prompt.frame, object: prompt.object)
    unlink(prior)
    try? FileManager.default.copyItem(atPath: tracked.path, toPath: prior)
  }

  /// Forgets the mask of a prompt that changed.
  func forget(_ prompt: Prompt, of project: String) {
    unlink(data.project(project).mark(frame: prompt.frame, object: prompt.object))
  }

  /// Forgets all of a prompt that is no more.
  func drop(_ prompt: Prompt, of project: String) {
    forget(prompt, of: project)
    unlink(data.project(project).prior(frame: prompt.frame, object: prompt.object))
  }

  /// The kept masks of all prompts that lie in a range, made where they are missing.
  func marks(of state: ProjectState, within range: ClosedRange<Int>) async throws -> [WorkOrder.Mark] {
    var marks: [WorkOrder.Mark] = []
    for prompt in state.prompts where range.contains(prompt.frame) {
      let path = data.project(state.project.id).mark(frame: prompt.frame, object: prompt.object)
      if DataFolder.bytes(of: path) == nil { _ = try await answer(prompt, in: state.project) }
      let box = state.project.settings.still && prompt.isBoxAlone ? prompt.box : nil
      marks.append(WorkOrder.Mark(frame: prompt.frame, object: prompt.object, path: path, box: box))
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
