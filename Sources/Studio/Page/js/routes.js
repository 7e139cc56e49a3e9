// The address: #/ for the projects, #/p/ID for one of them. A reload comes back to the same place.

export const currentProject = () => location.hash.match(/^#\/p\/([A-Za-z0-9]+)$/)?.[1] ?? null;

export function go(project) {
  location.hash = project ? `#/p/${project}` : "#/";
}
