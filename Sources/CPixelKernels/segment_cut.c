// Maximum flow after Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms for Energy
// Minimization in Vision" (PAMI 2004): two trees grow from the terminals, meet, push, and adopt their orphans.
#include <stdlib.h>

#include "segment_kernels.h"

enum { FREE = 0, SOURCE = 1, SINK = 2 };
enum { NO_ARC = -1, TERMINAL = -2, ORPHAN = -3 };

typedef struct {
  int32_t head, next, residual;
} arc;

typedef struct {
  int32_t first;     // arc list
  int32_t parent;    // arc from this node to its parent, or a mark above
  int32_t residual;  // > 0: left from the source; < 0: left to the sink
  int32_t distance, stamp;
  int32_t next_active;  // -1: not queued; itself: last
  uint8_t tree;
} node;

struct cpk_cut {
  node *nodes;
  arc *arcs;
  int32_t *orphans;
  int32_t node_count, arc_count, arc_limit, orphan_count, orphan_limit;
  int32_t active_first, active_last, time;
  int64_t flow;
};

cpk_cut *cpk_cut_create(int32_t nodes, int32_t edges) {
  cpk_cut *cut = calloc(1, sizeof *cut);
  if (!cut) return NULL;
  cut->node_count = nodes;
  cut->arc_limit = edges * 2;
  cut->nodes = calloc((size_t)nodes + 1, sizeof *cut->nodes);
  cut->arcs = malloc(((size_t)cut->arc_limit + 1) * sizeof *cut->arcs);
  cut->orphan_limit = nodes + 1;
  cut->orphans = malloc((size_t)cut->orphan_limit * sizeof *cut->orphans);
  if (!cut->nodes || !cut->arcs || !cut->orphans) {
    cpk_cut_destroy(cut);
    return NULL;
  }
  for (int32_t i = 0; i < nodes; i++) {
    cut->nodes[i].first = NO_ARC;
    cut->nodes[i].parent = NO_ARC;
    cut->nodes[i].next_active = -1;
  }
  cut->active_first = cut->active_last = -1;
  return cut;
}

void cpk_cut_destroy(cpk_cut *cut) {
  if (!cut) return;
  free(cut->nodes);
  free(cut->arcs);
  free(cut->orphans);
  free(cut);
}

void cpk_cut_set_terminals(cpk_cut *cut, int32_t i, int32_t from_source, int32_t to_sink) {
  cut->flow += from_source < to_sink ? from_source : to_sink;
  cut->nodes[i].residual = from_source - to_sink;
}

int32_t cpk_cut_add_edge(cpk_cut *cut, int32_t a, int32_t b, int32_t forward, int32_t backward) {
  if (cut->arc_count + 2 > cut->arc_limit) return 0;
  int32_t k = cut->arc_count;
  cut->arcs[k] = (arc){b, cut->nodes[a].first, forward};
  cut->arcs[k + 1] = (arc){a, cut->nodes[b].first, backward};
  cut->nodes[a].first = k;
  cut->nodes[b].first = k + 1;
  cut->arc_count += 2;
  return 1;
}

static void activate(cpk_cut *cut, int32_t i) {
  if (cut->nodes[i].next_active >= 0) return;
  cut->nodes[i].next_active = i;
  if (cut->active_last >= 0) cut->nodes[cut->active_last].next_active = i;
  else cut->active_first = i;
  cut->active_last = i;
}

static int32_t next_active(cpk_cut *cut) {
  while (cut->active_first >= 0) {
    int32_t i = cut->active_first;
    int32_t next = cut->nodes[i].next_active;
    if (next == i) cut->active_first = cut->active_last = -1;
    else cut->active_first = next;
    cut->nodes[i].next_active = -1;
    if (cut->nodes[i].tree != FREE) return i;
  }
  return -1;
}

static void push_orphan(cpk_cut *cut, int32_t i) {
  cut->nodes[i].parent = ORPHAN;
  cut->orphans[cut->orphan_count++] = i;
}

// The residual that counts for a tree: parent to child in the source's, child to parent in the sink's.
static inline int32_t toward(const cpk_cut *cut, int tree, int32_t k) {
  return cut->arcs[tree == SOURCE ? k : k ^ 1].residual;
}

// Grows both trees until they touch; the arc from the source's side to the sink's, or -1.
static int32_t grow(cpk_cut *cut, int32_t i) {
  node *n = &cut->nodes[i];
  for (int32_t k = n->first; k >= 0; k = cut->arcs[k].next) {
    if (toward(cut, n->tree, k) <= 0) continue;
    int32_t j = cut->arcs[k].head;
    node *m = &cut->nodes[j];
    if (m->tree == FREE) {
      m->tree = n->tree;
      m->parent = k ^ 1;
      m->stamp = n->stamp;
      m->distance = n->distance + 1;
      activate(cut, j);
    } else if (m->tree != n->tree) {
      return n->tree == SOURCE ? k : k ^ 1;
    } else if (m->stamp <= n->stamp && m->distance > n->distance + 1) {
      m->parent = k ^ 1;
      m->stamp = n->stamp;
      m->distance = n->distance + 1;
    }
  }
  return -1;
}

static int32_t bottleneck(const cpk_cut *cut, int32_t middle) {
  int32_t least = cut->arcs[middle].residual;
  int32_t i = cut->arcs[middle ^ 1].head;
  for (int32_t k; (k = cut->nodes[i].parent) != TERMINAL; i = cut->arcs[k].head)
    if (cut->arcs[k ^ 1].residual < least) least = cut->arcs[k ^ 1].residual;
  if (cut->nodes[i].residual < least) least = cut->nodes[i].residual;
  i = cut->arcs[middle].head;
  for (int32_t k; (k = cut->nodes[i].parent) != TERMINAL; i = cut->arcs[k].head)
    if (cut->arcs[k].residual < least) least = cut->arcs[k].residual;
  if (-cut->nodes[i].residual < least) least = -cut->nodes[i].residual;
  return least;
}

static void augment(cpk_cut *cut, int32_t middle) {
  int32_t amount = bottleneck(cut, middle);
  cut->arcs[middle].residual -= amount;
  cut->arcs[middle ^ 1].residual += amount;
  int32_t i = cut->arcs[middle ^ 1].head;
  for (int32_t k; (k = cut->nodes[i].parent) != TERMINAL; ) {
    int32_t up = cut->arcs[k].head;
    cut->arcs[k].residual += amount;
    cut->arcs[k ^ 1].residual -= amount;
    if (cut->arcs[k ^ 1].residual == 0) push_orphan(cut, i);
    i = up;
  }
  cut->nodes[i].residual -= amount;
  if (cut->nodes[i].residual == 0) push_orphan(cut, i);
  i = cut->arcs[middle].head;
  for (int32_t k; (k = cut->nodes[i].parent) != TERMINAL; ) {
    int32_t up = cut->arcs[k].head;
    cut->arcs[k ^ 1].residual += amount;
    cut->arcs[k].residual -= amount;
    if (cut->arcs[k].residual == 0) push_orphan(cut, i);
    i = up;
  }
  cut->nodes[i].residual += amount;
  if (cut->nodes[i].residual == 0) push_orphan(cut, i);
  cut->flow += amount;
}

// How far node j is from its terminal, or -1 where its path is broken; marks the path on the way back.
static int32_t origin_distance(cpk_cut *cut, int32_t j) {
  int32_t steps = 0, i = j;
  for (;;) {
    node *n = &cut->nodes[i];
    if (n->stamp == cut->time) {
      steps += n->distance;
      break;
    }
    int32_t k = n->parent;
    steps++;
    if (k == TERMINAL) {
      n->stamp = cut->time;
      n->distance = 1;
      break;
    }
    if (k == ORPHAN || k == NO_ARC) return -1;
    i = cut->arcs[k].head;
  }
  int32_t distance = steps;
  for (i = j; cut->nodes[i].stamp != cut->time; i = cut->arcs[cut->nodes[i].parent].head) {
    cut->nodes[i].stamp = cut->time;
    cut->nodes[i].distance = steps--;
  }
  return distance;
}

static void adopt(cpk_cut *cut, int32_t i) {
  node *n = &cut->nodes[i];
  int32_t best = NO_ARC, best_distance = INT32_MAX;
  for (int32_t k = n->first; k >= 0; k = cut->arcs[k].next) {
    if (toward(cut, n->tree, k ^ 1) <= 0) continue;
    int32_t j = cut->arcs[k].head;
    if (cut->nodes[j].tree != n->tree || cut->nodes[j].parent == NO_ARC) continue;
    int32_t d = origin_distance(cut, j);
    if (d >= 0 && d < best_distance) {
      best = k;
      best_distance = d;
    }
  }
  if (best != NO_ARC) {
    n->parent = best;
    n->stamp = cut->time;
    n->distance = best_distance + 1;
    return;
  }
  for (int32_t k = n->first; k >= 0; k = cut->arcs[k].next) {
    int32_t j = cut->arcs[k].head;
    node *m = &cut->nodes[j];
    if (m->tree != n->tree) continue;
    if (toward(cut, n->tree, k ^ 1) > 0) activate(cut, j);
    if (m->parent >= 0 && cut->arcs[m->parent].head == i) push_orphan(cut, j);
  }
  n->tree = FREE;
  n->parent = NO_ARC;
}

int64_t cpk_cut_solve(cpk_cut *cut) {
  for (int32_t i = 0; i < cut->node_count; i++) {
    node *n = &cut->nodes[i];
    if (n->residual == 0) continue;
    n->tree = n->residual > 0 ? SOURCE : SINK;
    n->parent = TERMINAL;
    n->distance = 1;
    activate(cut, i);
  }
  for (int32_t i = next_active(cut); i >= 0;) {
    int32_t middle = cut->nodes[i].tree == FREE ? -1 : grow(cut, i);
    cut->time++;
    if (middle < 0) {
      i = next_active(cut);
      continue;
    }
    augment(cut, middle);
    while (cut->orphan_count > 0) adopt(cut, cut->orphans[--cut->orphan_count]);
  }
  return cut->flow;
}

int32_t cpk_cut_on_source_side(const cpk_cut *cut, int32_t i) { return cut->nodes[i].tree == SOURCE; }
