import {
  LineageWalk,
  MAX_EDGES,
  MAX_NODES,
  stateBehind,
} from '../../../src/trace/lineage.rules.js';
import type {
  LineageEdgeKind,
  LineageLink,
  LineageNodeKind,
  LineageState,
} from '../../../src/trace/lineage.rules.js';

function link(
  of: string,
  key: string,
  time: { from?: number; to?: number; kind?: LineageEdgeKind; node?: LineageNodeKind } = {},
): LineageLink {
  const { from = -Infinity, to = Infinity, kind = 'CONTAINMENT', node = 'UNIT' } = time;
  const edge = { from: of, to: key, kind, since: from, until: null, eventId: null };
  return { of, node: { key, kind: node }, edge, from, to };
}

const during = (from: number, to: number): LineageState => ({
  key: 'p',
  kind: 'CONTAINER',
  from,
  to,
});

describe('behind a link', () => {
  test('contents belong only for the time their container belongs', () => {
    expect(stateBehind(during(3, 9), link('p', 'u', { from: 1, to: 5 }), 'FORWARD')).toMatchObject({
      from: 3,
      to: 5,
    });
    expect(stateBehind(during(3, 9), link('p', 'u', { from: 1, to: 3 }), 'FORWARD')).toBeNull();
    expect(
      ['UNIT', 'CONTAINER', 'LOT', 'PRODUCT'].map(
        (node) =>
          stateBehind(during(3, 9), link('p', 'u', { node: node as LineageNodeKind }), 'BACK')
            ?.part,
      ),
    ).toEqual([undefined, undefined, true, true]);
  });

  test('units of a lot belong at any time', () => {
    expect(
      stateBehind(during(3, 9), link('p', 'lot', { from: 1, to: 2, kind: 'LOT' }), 'BACK'),
    ).toMatchObject({ from: -Infinity, to: Infinity });
  });

  test('an output belongs from when it came out, an input until it was put in', () => {
    const made = link('p', 'q', { from: 7, to: 8, kind: 'TRANSFORMATION' });

    expect(stateBehind(during(3, 5), made, 'FORWARD')).toMatchObject({ from: 7, to: Infinity });
    expect(stateBehind(during(3, 9), made, 'BACK')).toMatchObject({ from: -Infinity, to: 8 });
  });
});

describe('a walk', () => {
  test('goes on from each node once, though links go round in a circle', () => {
    const walk = new LineageWalk();
    const start = walk.begin({ key: 'a', kind: 'CONTAINER' });

    const second = walk.take([start], [link('a', 'b')], 'FORWARD');
    const third = walk.take(second, [link('b', 'a')], 'FORWARD');

    expect(second.map(({ key }) => key)).toEqual(['b']);
    expect(third).toEqual([]);
    expect(walk.edges).toHaveLength(2);
    expect(walk.cuts).toEqual([]);
  });

  test('goes on again for a time not yet walked', () => {
    const walk = new LineageWalk();
    const start = walk.begin({ key: 'p', kind: 'CONTAINER' });

    const first = walk.take([start], [link('p', 'u', { from: 1, to: 4 })], 'FORWARD');
    const again = walk.take([start], [link('p', 'u', { from: 6, to: 9 })], 'FORWARD');

    expect(first).toHaveLength(1);
    expect(again).toMatchObject([{ key: 'u', from: 6, to: 9 }]);
  });

  test('leaves out what was inside at another time', () => {
    const walk = new LineageWalk();
    walk.begin({ key: 'p', kind: 'CONTAINER' });

    expect(walk.take([during(3, 9)], [link('p', 'u', { from: 9, to: 12 })], 'FORWARD')).toEqual([]);
    expect(walk.nodes).toHaveLength(1);
  });

  test('says that it was cut by depth only if something lay behind', () => {
    const walk = new LineageWalk();
    const start = walk.begin({ key: 'p', kind: 'CONTAINER' });

    walk.endAtDepth([start], [], 'FORWARD');
    expect(walk.cuts).toEqual([]);

    walk.endAtDepth([start], [link('p', 'u')], 'FORWARD');
    expect(walk.cuts).toEqual(['DEPTH']);
  });

  test('stops at the limit of nodes and says so', () => {
    const walk = new LineageWalk();
    const start = walk.begin({ key: 'p', kind: 'CONTAINER' });
    const links = Array.from({ length: MAX_NODES }, (_, i) => link('p', `u${i}`));

    walk.take([start], links, 'FORWARD');

    expect(walk.nodes).toHaveLength(MAX_NODES);
    expect(walk.edges).toHaveLength(MAX_NODES - 1);
    expect(walk.cuts).toEqual(['NODES']);
    const [known, more] = [link('u1', 'u0'), link('u1', 'x')];
    expect(walk.add([known.node], known.edge)).toBe(true);
    expect(walk.add([more.node], more.edge)).toBe(false);
  });

  test('stops at the limit of edges and says so; an edge it has is no more of them', () => {
    const walk = new LineageWalk();
    const [edge, ...edges] = Array.from({ length: MAX_EDGES + 1 }, (_, i) => {
      return { ...link('p', 'u').edge, eventId: `e${i}` };
    });

    expect(edges.every((one) => walk.add([], one))).toBe(true);
    expect(walk.cuts).toEqual([]);
    expect([walk.add([], edges[0]!), walk.add([], edge!)]).toEqual([true, false]);
    expect([walk.edges.length, walk.cuts]).toEqual([MAX_EDGES, ['EDGES']]);
  });

  test('looks at a lot again as a whole of which it saw a part, and not the other way round', () => {
    const part = link('p', 'lot', { node: 'LOT' });
    const whole = link('p', 'lot', { node: 'LOT', kind: 'LOT' });
    const begun = (): [LineageWalk, LineageState] => {
      const walk = new LineageWalk();
      return [walk, walk.begin({ key: 'p', kind: 'CONTAINER' })];
    };
    const found = (...links: LineageLink[]): string[] => {
      const [walk, start] = begun();
      return links
        .flatMap((one) => walk.take([start], [one], 'FORWARD'))
        .map((one) => (one.part === true ? 'part' : 'whole'));
    };

    expect(found(part, whole)).toEqual(['part', 'whole']);
    expect(found(whole, part)).toEqual(['whole']);
    expect(found(part, part)).toEqual(['part']);
  });
});
