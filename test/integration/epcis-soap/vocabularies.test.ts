import { hostView } from '../../../src/access/view.js';
import { masterDataOf } from '../../../src/epcis/master-data.js';
import { namedElements } from '../../../src/epcis-soap/vocabulary.read-model.js';
import type { Graph } from '../../../src/graph/graph.js';
import { storeMasterData } from '../../../src/master-data/index.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const VTYPE = 'urn:epcglobal:epcis:vtype';
const STEP = 'https://ns.example.com/step/blessing';
const DESCRIPTION = 'urn:epcglobal:cbv:mda#description';
const LOT = 'urn:epc:class:lgtin:9506000.067890.L1';

let graph: Graph;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
});
afterAll(() => graph.close());

async function elements(query: { names?: string[]; within?: string[] }): Promise<string[]> {
  const found: string[] = [];
  const asked = {
    includeAttributes: true,
    includeChildren: true,
    hasAttributes: [],
    equalAttributes: [],
  };
  for await (const { vocabulary, element } of namedElements(hostView(graph), {
    ...asked,
    ...query,
  })) {
    const said = element.attributes?.[0]?.attribute;
    const text = typeof said === 'string' ? said : '';
    found.push([vocabulary.split(':').at(-1), element.id, text].join(' ').trim());
  }
  return found.sort();
}

test('vocabularies of steps, dispositions and lots are kept and found as those of places are', async () => {
  const steps = [
    {
      id: STEP,
      attributes: [{ id: DESCRIPTION, attribute: 'Blessed' }],
      children: [`${STEP}/late`],
    },
    { id: `${STEP}/late` },
  ];
  const entries = masterDataOf([
    { type: `${VTYPE}:BusinessStep`, vocabularyElementList: steps },
    { type: `${VTYPE}:Disposition`, vocabularyElementList: [{ id: 'urn:x:blessed' }] },
    { type: 'https://ns.example.com/vocabulary', vocabularyElementList: [{ id: 'urn:x:blessed' }] },
    { type: `${VTYPE}:EPCClass`, vocabularyElementList: [{ id: LOT }] },
  ]);
  for (let times = 0; times < 2; times++) await graph.write((tx) => storeMasterData(tx, entries));

  expect(await elements({})).toEqual(
    [
      `BusinessStep ${STEP} Blessed`,
      `BusinessStep ${STEP}/late`,
      'Disposition urn:x:blessed',
      `EPCClass ${LOT}`,
      '//ns.example.com/vocabulary urn:x:blessed',
    ].sort(),
  );
  expect(await elements({ within: [STEP] })).toHaveLength(2);
  expect(await elements({ names: [`${STEP}/late`] })).toEqual([`BusinessStep ${STEP}/late`]);
  expect(await elements({ names: ['01/09506000678900/10/L1'] })).toEqual([`EPCClass ${LOT}`]);
});
