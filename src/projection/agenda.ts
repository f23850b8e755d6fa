/** The instants that are still to be judged, each once, the earliest first. It is a binary heap. */
export class Agenda {
  private readonly heap: number[] = [];
  private readonly waiting = new Set<number>();

  add(t: number): void {
    if (this.waiting.has(t)) return;
    this.waiting.add(t);
    const heap = this.heap;
    let at = heap.push(t) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((heap[up] ?? 0) <= t) break;
      heap[at] = heap[up] ?? 0;
      at = up;
    }
    heap[at] = t;
  }

  next(): number | undefined {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.waiting.delete(first);
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(t: number): void {
    const heap = this.heap;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if ((heap[down + 1] ?? Infinity) < (heap[down] ?? Infinity)) down++;
      if ((heap[down] ?? Infinity) >= t) break;
      heap[at] = heap[down] ?? 0;
      at = down;
    }
    heap[at] = t;
  }
}
