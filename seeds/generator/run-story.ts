import { commissioned, ingredientMade } from './events.js';
import type { GeneratedEvent } from './events.js';
import { partOfRange } from './identifiers.js';
import { UNITS_PER_RUN, countRuns, runsOf } from './lots.js';
import type { Run } from './lots.js';
import type { Lane, Timed } from './merge.js';
import { networkOf } from './network.js';
import type { Company, Network } from './network.js';
import type { GeneratorOptions } from './options.js';
import { LONGEST_STORY, PalletStory } from './pallet-story.js';
import { randomFor, roundRobin } from './random.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** From one commissioning to the next. */
const RUN_EVERY = 10 * HOUR;
/** Everything has happened by then. */
const END = Date.UTC(2026, 9, 20);
/** Runs whose stories overlap are fewer: a tote is free again when its name comes round. */
const TOTE_SLOTS = 64;
const PALLET_EVERY = 15 * MINUTE;

/** The story of each commissioning and of the pallets it fills, as lanes in order of time. */
export function* runLanes(options: GeneratorOptions): Generator<Lane<GeneratedEvent>> {
  const network = networkOf(options);
  const start = END - countRuns(options) * RUN_EVERY - 2 * LONGEST_STORY;
  for (const run of runsOf(options)) {
    const from = start + run.index * RUN_EVERY;
    yield { from, open: () => tellRun({ options, network, run, from }) };
  }
}

interface Telling {
  readonly options: GeneratorOptions;
  readonly network: Network;
  readonly run: Run;
  readonly from: number;
}

/** Every fourth lot is made by a packager, every other one from an ingredient lot that is told of. */
function tellRun(telling: Telling): readonly Timed<GeneratedEvent>[] {
  const { network, run, from } = telling;
  const { lot } = run;
  const makers = lot.index % 4 === 3 ? network.packagers : network.makers;
  const maker = roundRobin(makers, lot.index);
  const id = `run-${run.index + 1}`;
  const fromIngredient = lot.index % 2 === 1;
  const events: Timed<GeneratedEvent>[] = [];
  if (fromIngredient && run.opensLot) {
    const report = { id: `${id}/ingredient`, t: from, by: network.ingredients };
    events.push({ t: from, make: () => ingredientMade(report, lot) });
  }
  const made = { id: `${id}/commissioned`, t: from + HOUR, by: maker };
  events.push({ t: made.t, make: () => commissioned(made, run, fromIngredient) });
  for (const pallet of tellPallets(telling, maker)) events.push(...pallet.events);
  return events.sort((a, b) => a.t - b.t);
}

function* tellPallets(telling: Telling, maker: Company): Generator<PalletStory> {
  const { options, network, run, from } = telling;
  const { unitsPerCase, casesPerPallet, seed } = options;
  const unitsPerPallet = unitsPerCase * casesPerPallet;
  // Numbers leave room for a full run, so that a run need not know how many pallets those before it filled.
  const palletsPerRun = Math.ceil(UNITS_PER_RUN / unitsPerPallet);
  const casesPerRun = Math.ceil(UNITS_PER_RUN / unitsPerCase);
  for (let i = 0; i * unitsPerPallet < run.count; i++) {
    const random = randomFor(seed, 'pallet', run.index, i);
    yield new PalletStory({
      id: `run-${run.index + 1}/pallet-${i + 1}`,
      slot: `${run.index % TOTE_SLOTS}-${i + 1}`,
      number: run.index * palletsPerRun + i + 1,
      firstCase: run.index * casesPerRun + i * casesPerPallet + 1,
      units: partOfRange(run, i * unitsPerPallet, unitsPerPallet),
      unitsPerCase,
      maker,
      wholesaler: random.pick(network.wholesalers),
      pharmacies: network.pharmacies,
      random,
      start: from + 2 * HOUR + (i % 32) * PALLET_EVERY + random.between(0, 300) * 1000,
    });
  }
}
